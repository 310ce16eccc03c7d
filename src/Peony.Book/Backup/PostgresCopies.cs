using System.Buffers.Binary;
using Npgsql;

namespace Peony.Book;

internal sealed record CopiedTable(string Schema, string Name, IReadOnlyList<string> Columns)
{
    public string Sql => $"{Schema}.\"{Name}\" ({string.Join(", ", Columns.Select(column => $"\"{column}\""))})";
}

/// <summary>Tables to and from files in PostgreSQL's own binary COPY format.</summary>
internal static class PostgresCopies
{
    /// <summary>The tables of the schemas with their columns; those that others refer to come first.</summary>
    public static async Task<IReadOnlyList<CopiedTable>> TablesAsync(NpgsqlConnection connection, string[] schemas, CancellationToken cancel)
    {
        var tables = new List<CopiedTable>();
        await using (var command = new NpgsqlCommand(
            """
            SELECT n.nspname::text, c.relname::text, array_agg(a.attname::text ORDER BY a.attnum)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
            WHERE c.relkind = 'r' AND n.nspname = ANY($1) GROUP BY 1, 2 ORDER BY array_position($1, n.nspname::text), 2
            """,
            connection)
        { Parameters = { new NpgsqlParameter<string[]> { TypedValue = schemas } } })
        await using (var row = await command.ExecuteReaderAsync(cancel))
        {
            while (await row.ReadAsync(cancel))
            {
                tables.Add(new CopiedTable(row.GetString(0), row.GetString(1), row.GetFieldValue<string[]>(2)));
            }
        }

        return ParentsFirst(tables, await ReferencesAsync(connection, schemas, cancel));
    }

    public static async Task ExportAsync(NpgsqlConnection connection, CopiedTable table, string path, CancellationToken cancel)
    {
        // Frames in their order, so that the last is the head.
        var order = table.Name == "frames" ? " ORDER BY seq" : "";
        var columns = string.Join(", ", table.Columns.Select(column => $"\"{column}\""));
        await using var copy = await connection.BeginRawBinaryCopyAsync($"COPY (SELECT {columns} FROM {table.Schema}.\"{table.Name}\"{order}) TO STDOUT (FORMAT BINARY)", cancel);
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await copy.CopyToAsync(file, cancel);
    }

    /// <summary>Fills the table with the file and nothing else; numbers given by the database go on after the highest.</summary>
    public static async Task ImportAsync(NpgsqlConnection connection, CopiedTable table, string path, CancellationToken cancel)
    {
        await using (var clear = new NpgsqlCommand($"DELETE FROM {table.Schema}.\"{table.Name}\"", connection))
        {
            await clear.ExecuteNonQueryAsync(cancel);
        }

        await using (var file = File.OpenRead(path))
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY {table.Sql} FROM STDIN (FORMAT BINARY)", cancel))
        {
            await file.CopyToAsync(copy, cancel);
        }

        foreach (var column in table.Columns)
        {
            if (await SequenceAsync(connection, table, column, cancel) is { } sequence)
            {
                await using var set = new NpgsqlCommand($"SELECT setval($1::regclass, (SELECT coalesce(max(\"{column}\"), 0) + 1 FROM {table.Schema}.\"{table.Name}\"), false)", connection)
                {
                    Parameters = { new NpgsqlParameter<string> { TypedValue = sequence } },
                };
                await set.ExecuteNonQueryAsync(cancel);
            }
        }
    }

    /// <summary>
    /// The last row of a file of frames: COPY's binary format is a head of 19 bytes and more, then each row as a count of fields and each field with its length before it.
    /// </summary>
    public static async Task<StoredFrame?> LastFrameAsync(string path, CancellationToken cancel)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        var head = new byte[19];
        await file.ReadExactlyAsync(head, cancel);
        file.Seek(BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(15)), SeekOrigin.Current);
        StoredFrame? last = null;
        var count = new byte[2];
        while (true)
        {
            await file.ReadExactlyAsync(count, cancel);
            if (BinaryPrimitives.ReadInt16BigEndian(count) < 0)
            {
                return last;
            }

            var sequence = BinaryPrimitives.ReadInt64BigEndian(await FieldAsync(file, cancel));
            var epoch = BinaryPrimitives.ReadInt64BigEndian(await FieldAsync(file, cancel));
            last = new StoredFrame(sequence, epoch, await FieldAsync(file, cancel), await FieldAsync(file, cancel));
        }
    }

    private static async Task<byte[]> FieldAsync(FileStream file, CancellationToken cancel)
    {
        var length = new byte[4];
        await file.ReadExactlyAsync(length, cancel);
        var field = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await file.ReadExactlyAsync(field, cancel);
        return field;
    }

    private static async Task<string?> SequenceAsync(NpgsqlConnection connection, CopiedTable table, string column, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand("SELECT pg_get_serial_sequence($1, $2)", connection)
        {
            Parameters = { new NpgsqlParameter<string> { TypedValue = $"{table.Schema}.\"{table.Name}\"" }, new NpgsqlParameter<string> { TypedValue = column } },
        };
        return await command.ExecuteScalarAsync(cancel) as string;
    }

    private static async Task<HashSet<(string Child, string Parent)>> ReferencesAsync(NpgsqlConnection connection, string[] schemas, CancellationToken cancel)
    {
        var references = new HashSet<(string, string)>();
        await using var command = new NpgsqlCommand(
            """
            SELECT cn.nspname || '.' || c.relname, pn.nspname || '.' || p.relname
            FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace cn ON cn.oid = c.relnamespace
            JOIN pg_class p ON p.oid = k.confrelid JOIN pg_namespace pn ON pn.oid = p.relnamespace
            WHERE k.contype = 'f' AND c.oid <> p.oid AND cn.nspname = ANY($1)
            """,
            connection)
        { Parameters = { new NpgsqlParameter<string[]> { TypedValue = schemas } } };
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            references.Add((row.GetString(0), row.GetString(1)));
        }

        return references;
    }

    private static List<CopiedTable> ParentsFirst(List<CopiedTable> tables, HashSet<(string Child, string Parent)> references)
    {
        var sorted = new List<CopiedTable>();
        var placed = new HashSet<string>(StringComparer.Ordinal);
        while (sorted.Count < tables.Count)
        {
            var next = tables.FindAll(table => !placed.Contains(Name(table)) && references.All(reference => reference.Child != Name(table) || placed.Contains(reference.Parent)));
            if (next.Count == 0)
            {
                throw new InvalidOperationException("The tables refer to each other in a circle.");
            }

            sorted.AddRange(next);
            placed.UnionWith(next.Select(Name));
        }

        return sorted;

        static string Name(CopiedTable table) => $"{table.Schema}.{table.Name}";
    }
}
