namespace Peony.Book;

/// <summary>
/// Rows on their way into one table, column by column, without boxing: PostgreSQL takes each column as an array, SQLite binds row by row.
/// Values are added in the order of the columns.
/// </summary>
internal sealed class Rows
{
    private readonly List<long>[] _ints;
    private readonly List<string?>[] _texts;
    private readonly List<byte[]>[] _bytes;
    private int _next;

    public Rows(TableShape shape)
    {
        Shape = shape;
        var columns = shape.Columns;
        _ints = new List<long>[columns.Count];
        _texts = new List<string?>[columns.Count];
        _bytes = new List<byte[]>[columns.Count];
        for (var column = 0; column < columns.Count; column++)
        {
            switch (columns[column].Kind)
            {
                case ColumnKind.Int:
                    _ints[column] = [];
                    break;
                case ColumnKind.Text:
                    _texts[column] = [];
                    break;
                case ColumnKind.Bytes:
                    _bytes[column] = [];
                    break;
            }
        }
    }

    public TableShape Shape { get; }

    public int Count { get; private set; }

    public Rows Int(long value)
    {
        _ints[_next].Add(value);
        return Step();
    }

    public Rows Text(string? value)
    {
        _texts[_next].Add(value);
        return Step();
    }

    public Rows Bytes(byte[] value)
    {
        _bytes[_next].Add(value);
        return Step();
    }

    public List<long> Ints(int column) => _ints[column];

    public List<string?> Texts(int column) => _texts[column];

    public List<byte[]> Blobs(int column) => _bytes[column];

    /// <summary>The numbers of the rows in the order of the first key column, so that a B-tree is walked once from left to right.</summary>
    public int[] ByKey()
    {
        var order = new int[Count];
        for (var row = 0; row < order.Length; row++)
        {
            order[row] = row;
        }

        switch (Shape.Columns[0].Kind)
        {
            case ColumnKind.Int:
                Array.Sort(_ints[0].ToArray(), order);
                break;
            case ColumnKind.Text:
                Array.Sort(_texts[0].ToArray(), order, StringComparer.Ordinal);
                break;
            case ColumnKind.Bytes:
                Array.Sort(_bytes[0].ToArray(), order, Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right)));
                break;
        }

        return order;
    }

    private Rows Step()
    {
        if (++_next == Shape.Columns.Count)
        {
            _next = 0;
            Count++;
        }

        return this;
    }
}
