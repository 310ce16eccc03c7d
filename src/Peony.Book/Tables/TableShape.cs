using System.Text.RegularExpressions;

namespace Peony.Book;

internal enum ColumnKind
{
    /// <summary>64-bit integer; times are microseconds since 1970 UTC.</summary>
    Int,
    Text,
    Bytes,
}

internal sealed record Column(string Name, ColumnKind Kind, bool IsNullable = false);

/// <param name="SkipsNull">Rows without a value in the first column are left out of the index.</param>
internal sealed record IndexShape(string Name, bool IsUnique, bool SkipsNull, params string[] Columns);

/// <summary>A table as both databases make it: its columns, of which the first few are the primary key, and its other indexes.</summary>
internal sealed class TableShape
{
    public TableShape(string name, int keyLength, IReadOnlyList<Column> columns, params IReadOnlyList<IndexShape> indexes)
    {
        Name = name;
        KeyLength = keyLength;
        Columns = columns;
        Indexes = indexes;
    }

    public string Name { get; }

    public int KeyLength { get; }

    public IReadOnlyList<Column> Columns { get; }

    public IReadOnlyList<IndexShape> Indexes { get; }

    /// <summary>The record type this table holds, or null for a table of the Book's own.</summary>
    public RecordDeclaration? Record { get; init; }

    /// <summary>The columns of the primary key alone, as rows that name what to delete.</summary>
    public TableShape Key => field ??= new TableShape(Name, KeyLength, [.. Columns.Take(KeyLength)]);

    public override string ToString() => Name;
}

/// <summary>Every table of a Book. The Book's own are fixed; one more follows from each record declaration.</summary>
internal sealed partial class TableShapes
{
    /// <summary>Raised when the Book's own tables change; tables of another format are rebuilt from the journal.</summary>
    public const long Format = 1;

    private readonly Dictionary<string, TableShape> _records;
    private readonly Dictionary<(TableShape, int), TableShape> _withKey = [];

    public TableShapes(BookSchema schema)
    {
        _records = schema.Records.ToDictionary(record => record.Name, OfRecord, StringComparer.Ordinal);
        All = [Position, Accounts, Postings, PostingRuns, Entries, Holds, Timers, Effects, Replies, Parked, .. _records.Values.OrderBy(shape => shape.Name, StringComparer.Ordinal)];
    }

    /// <summary>What tables there are and how they were declared; not part of the journal's view.</summary>
    public TableShape Shape { get; } = new("shape", 1, [new("name", ColumnKind.Text), new("declared", ColumnKind.Text)]);

    public TableShape Position { get; } = new("position", 1,
        [new("id", ColumnKind.Int), new("seq", ColumnKind.Int), new("hash", ColumnKind.Bytes), new("now", ColumnKind.Int)]);

    public TableShape Accounts { get; } = new("accounts", 1,
        [
            new("number", ColumnKind.Int), new("id", ColumnKind.Text), new("side", ColumnKind.Int), new("currency", ColumnKind.Text),
            new("floor", ColumnKind.Int), new("ceiling", ColumnKind.Int), new("debits_pending", ColumnKind.Int), new("debits_posted", ColumnKind.Int),
            new("credits_pending", ColumnKind.Int), new("credits_posted", ColumnKind.Int), new("last_posting", ColumnKind.Int),
        ],
        new IndexShape("accounts_id", IsUnique: true, SkipsNull: false, "id"));

    public TableShape Postings { get; } = new("postings", 1,
        [
            new("number", ColumnKind.Int), new("kind", ColumnKind.Int), new("entry", ColumnKind.Int), new("debit", ColumnKind.Int),
            new("credit", ColumnKind.Int), new("amount", ColumnKind.Int), new("hold", ColumnKind.Int), new("expires_at", ColumnKind.Int),
            new("prev_debit", ColumnKind.Int), new("prev_credit", ColumnKind.Int),
        ]);

    /// <summary>Postings of bulk entries, some dozens packed in a row that has the number of its first.</summary>
    public TableShape PostingRuns { get; } = new("posting_runs", 1, [new("first", ColumnKind.Int), new("entry", ColumnKind.Int), new("packed", ColumnKind.Bytes)]);

    public TableShape Entries { get; } = new("entries", 1,
        [
            new("number", ColumnKind.Int), new("key", ColumnKind.Text), new("kind", ColumnKind.Text), new("cites", ColumnKind.Text, IsNullable: true),
            new("seq", ColumnKind.Int), new("at", ColumnKind.Int), new("first_posting", ColumnKind.Int), new("postings", ColumnKind.Int),
        ],
        new IndexShape("entries_key", IsUnique: true, SkipsNull: false, "key"));

    public TableShape Holds { get; } = new("holds", 1,
        [
            new("number", ColumnKind.Int), new("debit", ColumnKind.Int), new("credit", ColumnKind.Int), new("amount", ColumnKind.Int),
            new("remaining", ColumnKind.Int), new("expires_at", ColumnKind.Int), new("status", ColumnKind.Int),
        ]);

    public TableShape Timers { get; } = new("timers", 1,
        [
            new("key", ColumnKind.Text), new("due", ColumnKind.Int), new("class", ColumnKind.Int), new("command", ColumnKind.Text),
            new("body", ColumnKind.Bytes),
        ],
        new IndexShape("timers_due", IsUnique: false, SkipsNull: false, "due", "key"));

    public TableShape Effects { get; } = new("effects", 2,
        [
            new("event", ColumnKind.Int), new("effect", ColumnKind.Text), new("type", ColumnKind.Text), new("lane", ColumnKind.Text),
            new("body", ColumnKind.Bytes), new("parked", ColumnKind.Int),
        ]);

    public TableShape Replies { get; } = new("replies", 1,
        [
            new("key", ColumnKind.Bytes), new("fingerprint", ColumnKind.Bytes), new("is_refusal", ColumnKind.Int), new("body", ColumnKind.Bytes),
            new("at", ColumnKind.Int),
        ],
        new IndexShape("replies_at", IsUnique: false, SkipsNull: false, "at"));

    public TableShape Parked { get; } = new("parked", 2,
        [
            new("what", ColumnKind.Text), new("key", ColumnKind.Text), new("error", ColumnKind.Text), new("command", ColumnKind.Text),
            new("body", ColumnKind.Bytes), new("at", ColumnKind.Int),
        ]);

    /// <summary>All that the applier writes, the position first.</summary>
    public IReadOnlyList<TableShape> All { get; }

    public IEnumerable<TableShape> Records => _records.Values;

    public TableShape Of(string record) => _records.TryGetValue(record, out var shape)
        ? shape
        : throw new InvalidOperationException($"The journal holds a {record} record, which this program does not know. Start a program that does.");

    /// <summary>A unique column with its key, as rows of <see cref="ITablesWriter.ClearChangedAsync"/>.</summary>
    public TableShape KeyAnd(TableShape shape, int column)
    {
        if (!_withKey.TryGetValue((shape, column), out var both))
        {
            both = new TableShape(shape.Name, 1, [shape.Columns[0], shape.Columns[column]]);
            _withKey.Add((shape, column), both);
        }

        return both;
    }

    /// <summary>What a record's table must look like, as text that changes when its declaration does.</summary>
    public static string Declared(RecordDeclaration record) => string.Join(' ',
        record.Indexes.Select(index => (index.IsUnique ? "unique:" : "index:") + index.Name).Prepend("schema:" + record.Schema.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private static TableShape OfRecord(RecordDeclaration record)
    {
        List<Column> columns =
            [new("id", ColumnKind.Text), new("version", ColumnKind.Int), new("schema", ColumnKind.Int), new("body", ColumnKind.Bytes), new("seq", ColumnKind.Int)];
        var indexes = new List<IndexShape>();
        var table = "r_" + Checked(record.Name);
        foreach (var index in record.Indexes)
        {
            var column = "ix_" + Checked(index.Name);
            columns.Add(new Column(column, ColumnKind.Text, IsNullable: true));
            var name = $"{table}_{(index.IsUnique ? "u" : "i")}_{index.Name}";
            indexes.Add(index.IsUnique
                ? new IndexShape(name, IsUnique: true, SkipsNull: true, column)
                : new IndexShape(name, IsUnique: false, SkipsNull: true, column, "id"));
        }

        return new TableShape(table, 1, columns, indexes) { Record = record };
    }

    /// <summary>Names go into SQL as they are, so they are plain words; PostgreSQL cuts names off at 63 bytes.</summary>
    private static string Checked(string name) => PlainName().IsMatch(name)
        ? name
        : throw new InvalidOperationException($"'{name}' is no name for a record or an index: at most 28 lower-case letters, digits and underscores, a letter first.");

    [GeneratedRegex("^[a-z][a-z0-9_]{0,27}$")]
    private static partial Regex PlainName();
}
