using System.Security.Cryptography;
using Peony.Book;

namespace Peony.Edge;

/// <summary>Ids and nonces made at the edges, before a command exists: prefixed UUIDv7, random bytes of a cryptographic generator.</summary>
internal static class Ids
{
    public static TId New<TId>(TimeProvider clock)
        where TId : struct, IId<TId> => TId.Of($"{TId.Prefix}_{Bare(clock)}");

    /// <summary>A UUIDv7 as 32 hex digits.</summary>
    public static string Bare(TimeProvider clock) => Guid.CreateVersion7(clock.GetUtcNow()).ToString("n");

    public static byte[] Nonce(int length) => RandomNumberGenerator.GetBytes(length);
}
