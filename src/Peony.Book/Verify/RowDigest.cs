using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Peony.Book;

/// <summary>
/// Sixteen bytes that stand for a row: verify keeps these instead of the rows. Each run has its own salt, so that nobody can prepare a row with the digest of another.
/// </summary>
internal sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _salt = RandomNumberGenerator.GetBytes(16);
    private readonly byte[] _digest = new byte[32];

    public UInt128 Of(string table, ReadOnlySpan<Cell> cells)
    {
        _hash.AppendData(_salt);
        _hash.AppendData(System.Text.Encoding.UTF8.GetBytes(table));
        Span<byte> head = stackalloc byte[9];
        foreach (ref readonly var cell in cells)
        {
            head[0] = cell.Kind is { } kind ? (byte)(1 + (int)kind) : (byte)0;
            BinaryPrimitives.WriteInt64LittleEndian(head[1..], cell.Kind == ColumnKind.Int ? cell.Int : cell.Bytes.Length);
            _hash.AppendData(head);
            _hash.AppendData(cell.Bytes);
        }

        _hash.GetHashAndReset(_digest);
        return BinaryPrimitives.ReadUInt128LittleEndian(_digest);
    }

    public void Dispose() => _hash.Dispose();
}
