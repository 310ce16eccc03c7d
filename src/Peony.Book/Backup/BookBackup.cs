using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Peony.Book;

/// <summary>What a backup holds, as its <c>manifest.json</c> says it.</summary>
/// <param name="Head">The last frame in it.</param>
/// <param name="Epoch">The epoch of that frame; a restored Book starts above it.</param>
/// <param name="Files">Each file with the SHA-256 of its bytes, in the order they were copied, which is the order they are restored in.</param>
public sealed record BackupManifest(string Book, int Format, string Database, long Head, string HeadHash, long Epoch, IReadOnlyList<BackupFile> Files);

/// <param name="Table">On PostgreSQL the table the file fills.</param>
/// <param name="Columns">Its columns, in the order of the file.</param>
public sealed record BackupFile(string Name, string Sha256, string? Table = null, IReadOnlyList<string>? Columns = null);

/// <summary>What a restore did.</summary>
/// <param name="LostAfter">When the old place was sealed further on: the frame it had reached. What came after <paramref name="Head"/> is not in the backup.</param>
/// <param name="Erased">Owners whose keys were destroyed again, because the journal says they were erased.</param>
public sealed record RestoreReport(long Head, long? LostAfter, IReadOnlyList<string> Erased);

/// <summary>
/// Backs a Book up while it serves, and restores it into an empty place. The order is tables, journal, identity, keys: what is copied later may only be further on, so no frame lacks
/// the key it uses and no table row its frame. The master key is never in a backup.
/// </summary>
internal sealed class BookBackup(BookPlace place, string book, Secrets secrets)
{
    private const string ManifestName = "manifest.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Other SQLite files of the data folder that belong to a backup, between journal and keys.</summary>
    public IReadOnlyList<string> OtherFiles { get; init; } = ["identity.db"];

    /// <summary>Other PostgreSQL schemas that belong to a backup.</summary>
    public IReadOnlyList<string> OtherSchemas { get; init; } = ["identity"];

    /// <summary>Folders of the data folder that are copied as they are.</summary>
    public IReadOnlyList<string> Folders { get; init; } = ["files"];

    /// <param name="target">A folder that is empty or not there.</param>
    public async Task<BackupManifest> RunAsync(string target, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
        {
            throw new StartRefusedException($"{target} is not empty: a backup never writes over another.");
        }

        MakePrivate(target);
        var files = place.IsPostgres ? await CopyPostgresAsync(target, progress, cancel) : await Task.Run(() => CopySqlite(target, progress, cancel), cancel);
        files.AddRange(CopyFolders(target, progress));
        var head = place.IsPostgres ? await HeadOfCopyAsync(target, cancel) : await HeadAsync(new SqliteJournal(Path.Combine(target, "journal.db"), book), cancel);
        var manifest = new BackupManifest(book, FrameHeader.Format, place.IsPostgres ? "postgresql" : "sqlite", head.Sequence, Convert.ToHexStringLower(head.Hash), head.Epoch, files);
        await using var written = new FileStream(Path.Combine(target, ManifestName), FileMode.CreateNew);
        await JsonSerializer.SerializeAsync(written, manifest, Json, cancel);
        written.Flush(flushToDisk: true);
        SyncFolders(target);
        return manifest;
    }

    /// <summary>Restores into an empty place. The Book's epoch rises above every one it had, and every erasure the journal knows is carried out again.</summary>
    /// <param name="erasedOwner">The owner an event erases, or null for any other event.</param>
    /// <param name="prepare">Makes the empty tables of the other schemas on PostgreSQL.</param>
    public async Task<RestoreReport> RestoreAsync(string source, Func<EventOp, string?> erasedOwner, Func<Task>? prepare = null, IProgress<string>? progress = null, CancellationToken cancel = default)
    {
        var manifest = await ReadManifestAsync(source, cancel);
        await CheckEmptyAsync(cancel);
        progress?.Report("checking");
        foreach (var file in manifest.Files)
        {
            if (await HashAsync(Path.Combine(source, file.Name), cancel) != file.Sha256)
            {
                throw new StartRefusedException($"{file.Name} of the backup is not what its manifest says: it was changed or cut.");
            }
        }

        if (place.IsPostgres)
        {
            await RestorePostgresAsync(source, manifest, prepare, progress, cancel);
        }
        else
        {
            RestoreFiles(source, manifest, progress);
            await using var journal = new SqliteJournal(place.JournalPath, book);
            journal.Restore(manifest.Epoch + 1);
        }

        progress?.Report("erasures");
        var erased = await EraseAgainAsync(manifest, erasedOwner, cancel);
        var seal = place.OpenSeal(secrets);
        var lost = LostAfter(seal, manifest.Head);
        SyncFolders(place.Directory);
        seal.Write(new SealedHead(book, manifest.Head, Convert.FromHexString(manifest.HeadHash)));
        return new RestoreReport(manifest.Head, lost, erased);
    }

    private static void MakePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private List<BackupFile> CopySqlite(string target, IProgress<string>? progress, CancellationToken cancel)
    {
        var files = new List<BackupFile>();
        foreach (var name in (string[])["tables.db", "journal.db", .. OtherFiles, "keys.db"])
        {
            cancel.ThrowIfCancellationRequested();
            var from = Path.Combine(place.Directory, name);
            if (!File.Exists(from))
            {
                continue;
            }

            progress?.Report(name);
            var to = Path.Combine(target, name);
            using (var source = SqliteFile.OpenReader(from))
            using (var copy = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = to, Pooling = false }.ToString()))
            {
                copy.Open();
                source.BackupDatabase(copy);
            }

            files.Add(new BackupFile(name, Sync(to)));
        }

        return files;
    }

    private IEnumerable<BackupFile> CopyFolders(string target, IProgress<string>? progress)
    {
        foreach (var folder in Folders)
        {
            var from = Path.Combine(place.Directory, folder);
            if (!Directory.Exists(from))
            {
                continue;
            }

            progress?.Report(folder);
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var name = Path.GetRelativePath(place.Directory, file);
                var to = Path.Combine(target, name);
                MakePrivate(Path.GetDirectoryName(to)!);
                File.Copy(file, to);
                yield return new BackupFile(name, Sync(to));
            }
        }
    }

    /// <summary>All of PostgreSQL's part out of one state. The tables are not in it: they are made from the journal again.</summary>
    private async Task<List<BackupFile>> CopyPostgresAsync(string target, IProgress<string>? progress, CancellationToken cancel)
    {
        await using var connection = new NpgsqlConnection(PostgresConnections.ForSnapshot(place.Database!));
        await connection.OpenAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var files = new List<BackupFile>();
        foreach (var table in await PostgresCopies.TablesAsync(connection, [place.Schema, .. OtherSchemas, place.KeysSchema], cancel))
        {
            if (table.Schema == place.Schema && table.Name is not ("frames" or "fence"))
            {
                continue;
            }

            progress?.Report($"{table.Schema}.{table.Name}");
            var name = $"{files.Count.ToString("D2", CultureInfo.InvariantCulture)}-{table.Name}.copy";
            var to = Path.Combine(target, name);
            await PostgresCopies.ExportAsync(connection, table, to, cancel);
            files.Add(new BackupFile(name, Sync(to), $"{RoleOf(table.Schema)}.{table.Name}", table.Columns));
        }

        return files;
    }

    /// <summary>A backup does not know the names of the schemas it came from: a restore may go into others.</summary>
    private string RoleOf(string schema) => schema == place.Schema ? "journal" : schema == place.KeysSchema ? "keys" : schema;

    private string SchemaOf(string role) => role == "journal" ? place.Schema : role == "keys" ? place.KeysSchema : role;

    private async Task RestorePostgresAsync(string source, BackupManifest manifest, Func<Task>? prepare, IProgress<string>? progress, CancellationToken cancel)
    {
        await using (var journal = new PostgresJournal(place.Database!, place.Schema, book))
        {
            await journal.CreateAsync(0, cancel);
        }

        await using (var vault = place.OpenVault(secrets))
        {
            // Asking is enough to have its tables made.
            await vault.ErasedAsync(cancel);
        }

        if (prepare is not null)
        {
            await prepare();
        }

        await using (var connection = new NpgsqlConnection(PostgresConnections.Durable(place.Database!)))
        {
            await connection.OpenAsync(cancel);
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            foreach (var file in manifest.Files.Where(file => file.Table is not null))
            {
                progress?.Report(file.Table!);
                var (role, name) = (file.Table!.Split('.')[0], file.Table.Split('.')[1]);
                await PostgresCopies.ImportAsync(connection, new CopiedTable(SchemaOf(role), name, file.Columns!), Path.Combine(source, file.Name), cancel);
            }

            await transaction.CommitAsync(cancel);
        }

        await using (var journal = new PostgresJournal(place.Database!, place.Schema, book))
        {
            await journal.CreateAsync(manifest.Epoch + 1, cancel);
        }

        RestoreFiles(source, manifest with { Files = [.. manifest.Files.Where(file => file.Table is null)] }, progress);
    }

    private void RestoreFiles(string source, BackupManifest manifest, IProgress<string>? progress)
    {
        MakePrivate(place.Directory);
        foreach (var file in manifest.Files)
        {
            progress?.Report(file.Name);
            var to = Path.Combine(place.Directory, file.Name);
            MakePrivate(Path.GetDirectoryName(to)!);
            File.Copy(Path.Combine(source, file.Name), to);
            Sync(to);
        }
    }

    private async Task<BackupManifest> ReadManifestAsync(string source, CancellationToken cancel)
    {
        var path = Path.Combine(source, ManifestName);
        if (!File.Exists(path))
        {
            throw new StartRefusedException($"{source} holds no backup: it has no {ManifestName}.");
        }

        await using var stream = File.OpenRead(path);
        var manifest = (await JsonSerializer.DeserializeAsync<BackupManifest>(stream, Json, cancel))!;
        var database = place.IsPostgres ? "postgresql" : "sqlite";
        if (manifest.Book != book || manifest.Database != database || manifest.Format > FrameHeader.Format)
        {
            throw new StartRefusedException(
                $"The backup is of the Book '{manifest.Book}' on {manifest.Database}, format {manifest.Format}; asked for is '{book}' on {database}, format up to {FrameHeader.Format}.");
        }

        return manifest;
    }

    private async Task CheckEmptyAsync(CancellationToken cancel)
    {
        await using var journal = place.OpenJournal(book);
        var found = await journal.HeadAsync(cancel);
        await using var dialect = place.OpenDialect();
        if (found is not null || await dialect.HasHomeAsync(cancel))
        {
            throw new StartRefusedException("There is a Book in this place already. Restore into an empty place, then serve from there.");
        }
    }

    /// <summary>Walks the restored chain; a backup holds keys from before, and must not bring back people.</summary>
    private async Task<List<string>> EraseAgainAsync(BackupManifest manifest, Func<EventOp, string?> erasedOwner, CancellationToken cancel)
    {
        await using var journal = place.OpenJournal(book);
        await using var vault = place.OpenVault(secrets);
        var chain = new FrameChain(book, secrets.Key("chain"));
        var erased = new List<string>();
        try
        {
            await foreach (var stored in journal.ReadAsync(1, cancel))
            {
                foreach (var owner in chain.Next(stored).Ops.OfType<EventOp>().Select(erasedOwner).OfType<string>())
                {
                    await vault.DestroyKeyAsync(owner, cancel);
                    erased.Add(owner);
                }
            }
        }
        catch (VerifyFailedException exception)
        {
            throw new StartRefusedException($"The backup's journal is damaged. {exception.Message}");
        }

        return chain.Sequence == manifest.Head && Convert.ToHexStringLower(chain.Hash) == manifest.HeadHash
            ? erased
            : throw new StartRefusedException($"The backup's journal ends at frame {chain.Sequence}; its manifest says {manifest.Head}.");
    }

    private static long? LostAfter(SealFile seal, long head)
    {
        try
        {
            return seal.Read() is { } old && old.Sequence > head ? old.Sequence : null;
        }
        catch (StartRefusedException)
        {
            // A seal under another key says nothing about this Book.
            return null;
        }
    }

    private static async Task<StoredFrame> HeadAsync(SqliteJournal journal, CancellationToken cancel)
    {
        await using (journal)
        {
            return await journal.HeadAsync(cancel) ?? new StoredFrame(0, 0, [], new byte[32]);
        }
    }

    /// <summary>The head of the copy, not of the Book, which has gone on meanwhile: the last row of the frames' file.</summary>
    private static async Task<StoredFrame> HeadOfCopyAsync(string target, CancellationToken cancel)
    {
        var file = Directory.EnumerateFiles(target, "*-frames.copy").Single();
        return await PostgresCopies.LastFrameAsync(file, cancel) ?? new StoredFrame(0, 0, [], new byte[32]);
    }

    /// <summary>What is listed in the folder and below it stays listed.</summary>
    private static void SyncFolders(string folder)
    {
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories))
        {
            DurableFile.SyncFolder(inner);
        }

        DurableFile.SyncFolder(folder);
    }

    /// <summary>Syncs a written file and gives the hash of its bytes.</summary>
    private static string Sync(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        var hash = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Flush(flushToDisk: true);
        return hash;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancel));
    }
}
