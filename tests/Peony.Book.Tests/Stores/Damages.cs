using System.Data.Common;
using System.Globalization;
using Npgsql;

namespace Peony.Book.Tests.Stores;

/// <summary>Random changes to a stopped Book's store, made behind its back, one at a time, and put back afterwards.</summary>
internal sealed class Damages(Store store, int seed)
{
    private static readonly TableShape Frames = new("frames", 1,
        [new("seq", ColumnKind.Int), new("epoch", ColumnKind.Int), new("payload", ColumnKind.Bytes), new("hash", ColumnKind.Bytes)]);

    private readonly Random _random = new(seed);
    private readonly TableShapes _shapes = new(History.Schema());
    private string? _damaged;

    public IReadOnlyList<(string Name, Func<Task<string>> Damage)> Classes =>
    [
        ("a frame changed", () => ChangeAsync([Frames])),
        ("a row changed", () => ChangeAsync(_shapes.All)),
        ("a row deleted", () => DeleteAsync([Frames, .. _shapes.All])),
        ("two swapped", () => SwapAsync([Frames, .. _shapes.All])),
        ("the tail cut", () => CutAsync(_random.Next(1, 4))),
        ("yesterday's journal put back", () => CutAsync(_random.Next(15, 59))),
    ];

    public Task KeepAsync()
    {
        if (store.Database == Database.Sqlite)
        {
            Copy("", ".kept");
        }

        return Task.CompletedTask;
    }

    public async Task PutBackAsync()
    {
        if (store.Database == Database.Sqlite)
        {
            Copy(".kept", "");
        }
        else
        {
            await store.MeddleAsync($"TRUNCATE {_damaged}; INSERT INTO {_damaged} SELECT * FROM kept; DROP TABLE kept");
        }
    }

    private void Copy(string from, string to)
    {
        foreach (var file in new[] { store.JournalPath, store.TablesPath })
        {
            File.Copy(file + from, file + to, overwrite: true);
            File.Delete(file + "-wal");
            File.Delete(file + "-shm");
        }
    }

    private async Task<DbConnection> OpenAsync(TableShape shape)
    {
        if (store.Database == Database.Postgres)
        {
            _damaged = shape.Name;
            await store.MeddleAsync($"CREATE TABLE kept AS SELECT * FROM {shape.Name}");
        }

        return await store.OutsiderAsync(shape == Frames ? "journal.db" : "tables.db");
    }

    private async Task<string> CutAsync(int frames)
    {
        await using var connection = await OpenAsync(Frames);
        await ExecuteAsync(connection, $"DELETE FROM frames WHERE seq > (SELECT max(seq) FROM frames) - {frames}", []);
        return $"{frames} frames";
    }

    private async Task<string> DeleteAsync(IReadOnlyList<TableShape> shapes)
    {
        var (shape, rows) = await PickAsync(shapes, 1);
        await using var connection = await OpenAsync(shape);
        await DeleteAsync(connection, shape, rows[0]);
        return Name(shape, rows[0]);
    }

    private async Task<string> SwapAsync(IReadOnlyList<TableShape> shapes)
    {
        while (true)
        {
            var (shape, rows) = await PickAsync(shapes, 2);
            var key = shape.KeyLength;
            if (rows[0].Skip(key).Zip(rows[1].Skip(key)).All(pair => IsSame(pair.First, pair.Second)))
            {
                continue;
            }

            await using var connection = await OpenAsync(shape);
            await DeleteAsync(connection, shape, rows[0]);
            await DeleteAsync(connection, shape, rows[1]);
            await InsertAsync(connection, shape, [.. rows[0].Take(key), .. rows[1].Skip(key)]);
            await InsertAsync(connection, shape, [.. rows[1].Take(key), .. rows[0].Skip(key)]);
            return $"{Name(shape, rows[0])} and {Name(shape, rows[1])}";
        }
    }

    private async Task<string> ChangeAsync(IReadOnlyList<TableShape> shapes)
    {
        while (true)
        {
            var (shape, rows) = await PickAsync(shapes, 1);
            var row = rows[0];
            var column = _random.Next(row.Length);
            var changed = (object?[])row.Clone();
            changed[column] = Changed(row[column]);
            await using var connection = await OpenAsync(shape);
            try
            {
                await ExecuteAsync(
                    connection,
                    $"UPDATE {shape.Name} SET {shape.Columns[column].Name} = $1 WHERE {KeyCondition(shape, 2)}",
                    [changed[column]!, .. row.Take(shape.KeyLength)!]);
                return $"{Name(shape, row)}, {shape.Columns[column].Name}";
            }
            catch (DbException)
            {
                // The new value met a unique index: nothing was changed; try another.
                await PutBackAsync();
            }
        }
    }

    private object Changed(object? value)
    {
        switch (value)
        {
            case null:
                return "x";
            case long number:
                return number ^ (1L << _random.Next(20));
            case byte[] bytes when bytes.Length > 0:
                var changed = (byte[])bytes.Clone();
                changed[_random.Next(changed.Length)] ^= (byte)(1 << _random.Next(8));
                return changed;
            case byte[]:
                return new byte[] { 1 };
            case string { Length: 0 }:
                return "x";
            case string text:
                var letters = text.ToCharArray();
                var at = _random.Next(letters.Length);
                letters[at] = letters[at] == 'q' ? 'z' : 'q';
                return new string(letters);
            default:
                throw new InvalidOperationException();
        }
    }

    private async Task<(TableShape Shape, List<object?[]> Rows)> PickAsync(IReadOnlyList<TableShape> shapes, int count)
    {
        while (true)
        {
            var shape = shapes[_random.Next(shapes.Count)];
            await using var connection = await store.OutsiderAsync(shape == Frames ? "journal.db" : "tables.db");
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT {string.Join(", ", shape.Columns.Select(column => column.Name))} FROM {shape.Name} ORDER BY 1, 2";
            var rows = new List<object?[]>();
            await using (var reader = await command.ExecuteReaderAsync())
            {
                while (await reader.ReadAsync())
                {
                    rows.Add(Enumerable.Range(0, reader.FieldCount).Select(column => reader.IsDBNull(column) ? null : reader.GetValue(column)).ToArray());
                }
            }

            if (rows.Count >= count)
            {
                var picked = new List<object?[]>();
                for (; picked.Count < count; rows.RemoveAt(rows.IndexOf(picked[^1])))
                {
                    picked.Add(rows[_random.Next(rows.Count)]);
                }

                return (shape, picked);
            }
        }
    }

    private static bool IsSame(object? left, object? right) => left is byte[] bytes && right is byte[] others ? bytes.AsSpan().SequenceEqual(others) : Equals(left, right);

    private static string Name(TableShape shape, object?[] row) => $"{shape.Name} {string.Join(", ", row.Take(shape.KeyLength).Select(key => Convert.ToString(key, CultureInfo.InvariantCulture)))}";

    private static string KeyCondition(TableShape shape, int from) =>
        string.Join(" AND ", shape.Columns.Take(shape.KeyLength).Select((column, index) => $"{column.Name} = ${from + index}"));

    private static Task DeleteAsync(DbConnection connection, TableShape shape, object?[] row) =>
        ExecuteAsync(connection, $"DELETE FROM {shape.Name} WHERE {KeyCondition(shape, 1)}", [.. row.Take(shape.KeyLength)!]);

    private static Task InsertAsync(DbConnection connection, TableShape shape, object?[] row) => ExecuteAsync(
        connection,
        $"INSERT INTO {shape.Name} ({string.Join(", ", shape.Columns.Select(column => column.Name))}) VALUES ({string.Join(", ", shape.Columns.Select((_, index) => $"${index + 1}"))})",
        row);

    private static async Task ExecuteAsync(DbConnection connection, string sql, object?[] arguments)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var index = 0; index < arguments.Length; index++)
        {
            var parameter = command.CreateParameter();
            parameter.Value = arguments[index] ?? DBNull.Value;
            if (connection is not NpgsqlConnection)
            {
                parameter.ParameterName = $"${index + 1}";
            }

            command.Parameters.Add(parameter);
        }

        Assert.True(await command.ExecuteNonQueryAsync() > 0);
    }
}
