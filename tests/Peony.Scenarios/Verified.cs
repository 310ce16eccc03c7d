using Npgsql;
using Peony.Book;

namespace Peony.Scenarios;

/// <summary>Writes what a story did into real journals and tables, and lets <c>verify</c> judge it.</summary>
internal static class Verified
{
    public static async Task<VerifyReport> OnSqliteAsync(Stage stage)
    {
        var folder = Directory.CreateTempSubdirectory("peony-story-").FullName;
        try
        {
            await using var journal = new SqliteJournal(Path.Combine(folder, "journal.db"), Stage.BookName);
            await using var dialect = new SqliteDialect(Path.Combine(folder, "tables.db"));
            return await RunAsync(stage, journal, dialect, new SqliteDialect(Path.Combine(folder, "tables.db")), folder);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public static async Task<VerifyReport> OnPostgresAsync(Stage stage, string connectionString)
    {
        var folder = Directory.CreateTempSubdirectory("peony-story-");
        var schema = "s_" + folder.Name.Replace('-', '_').ToLowerInvariant();
        try
        {
            await using var journal = new PostgresJournal(connectionString, schema, Stage.BookName);
            await using var dialect = new PostgresDialect(connectionString, schema);
            return await RunAsync(stage, journal, dialect, new PostgresDialect(connectionString, schema), folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {schema} CASCADE", connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<VerifyReport> RunAsync(Stage stage, IJournal journal, Dialect read, Dialect written, string folder)
    {
        var frames = stage.Book.Journal;
        await journal.TakeAsync(() => { }, default);
        foreach (var frame in frames)
        {
            await journal.AppendAsync(frame, default);
        }

        await using (var tables = new SqlTables(written, stage.Schema))
        {
            await tables.PrepareAsync(default);
            await tables.ApplyAsync([.. frames.Select(frame => FrameCodec.Decode(frame.Payload, frame.Hash))], default);
        }

        var seal = new SealFile(Path.Combine(folder, "seal"), stage.Secrets);
        seal.Write(new SealedHead(Stage.BookName, frames[^1].Sequence, frames[^1].Hash));
        return await BookVerifier.RunAsync(journal, read, seal, stage.Schema, stage.Secrets, Stage.BookName);
    }
}
