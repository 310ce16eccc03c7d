using Peony.Testing;

namespace Peony.Book.Tests.Stores;

public sealed class BackupTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_backup_made_beside_a_Book_that_goes_on_restores_into_an_empty_place_and_verifies(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(21).Grow(120);
        await using var journal = store.OpenJournal();
        await journal.TakeAsync(() => { }, default);
        await using var tables = store.OpenTables();
        await tables.PrepareAsync(default);
        foreach (var frame in history.Stored.Take(30))
        {
            await journal.AppendAsync(frame, default);
        }

        await tables.ApplyAsync(history.Frames[..30], default);
        Sealed kept, lost;
        await using (var vault = store.Place.OpenVault(history.Secrets))
        {
            await vault.EnsureKeyAsync("cus_stays");
            await vault.EnsureKeyAsync("cus_leaves");
            kept = await vault.SealAsync("cus_stays", "林晓");
            lost = await vault.SealAsync("cus_leaves", "王芳");
        }

        Directory.CreateDirectory(Path.Combine(store.Directory, "files", "cus_stays"));
        await File.WriteAllTextAsync(Path.Combine(store.Directory, "files", "cus_stays", "photo"), "sealed bytes");
        var writing = Task.Run(async () =>
        {
            for (var frame = 30; frame < history.Stored.Count; frame++)
            {
                await journal.AppendAsync(history.Stored[frame], default);
                await tables.ApplyAsync([history.Frames[frame]], default);
            }
        });
        var target = Path.Combine(store.Directory, "backup");
        var manifest = await new BookBackup(store.Place, History.Book, history.Secrets).RunAsync(target);
        await writing;
        Assert.InRange(manifest.Head, 30, 120);

        await using var place = Store.Make(database, cluster);
        place.Seal(history).Write(new SealedHead(History.Book, 500, new byte[32]));
        var erasing = history.Frames.Take((int)manifest.Head).SelectMany(frame => frame.Ops).OfType<EventOp>().First().Number;
        var report = await new BookBackup(place.Place, History.Book, history.Secrets).RestoreAsync(target, told => told.Number == erasing ? "cus_leaves" : null);
        Assert.Equal((manifest.Head, 500L), (report.Head, report.LostAfter));
        Assert.Equal(["cus_leaves"], report.Erased);
        Assert.Null((await place.VerifyAsync(history)).Problem);
        await using (var vault = place.Place.OpenVault(history.Secrets))
        {
            Assert.Equal("林晓", await vault.OpenAsync("cus_stays", kept));
            Assert.Null(await vault.OpenAsync("cus_leaves", lost));
        }

        Assert.Equal("sealed bytes", await File.ReadAllTextAsync(Path.Combine(place.Directory, "files", "cus_stays", "photo")));
        await using var restored = place.OpenJournal();
        Assert.True(await restored.TakeAsync(() => { }, default) > manifest.Epoch + 1);
        await using var healed = place.OpenTables();
        await healed.PrepareAsync(default);
        await healed.ApplyAsync(history.Frames[..(int)manifest.Head], default);
        Assert.Equal(manifest.Head, (await place.VerifyAsync(history)).TablesAt);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_backup_never_writes_over_another_and_a_restore_never_over_a_Book(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(2).Grow(5);
        await store.ServeAsync(history);
        var backup = new BookBackup(store.Place, History.Book, history.Secrets);
        var target = Path.Combine(store.Directory, "backup");
        await backup.RunAsync(target);
        await Assert.ThrowsAsync<StartRefusedException>(() => backup.RunAsync(target));
        await Assert.ThrowsAsync<StartRefusedException>(() => backup.RestoreAsync(target, _ => null));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_backup_that_was_changed_is_refused(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(2).Grow(5);
        await store.ServeAsync(history);
        var target = Path.Combine(store.Directory, "backup");
        var manifest = await new BookBackup(store.Place, History.Book, history.Secrets).RunAsync(target);
        var path = Path.Combine(target, manifest.Files[0].Name);
        var bytes = await File.ReadAllBytesAsync(path);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes);
        await using var place = Store.Make(database, cluster);
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() => new BookBackup(place.Place, History.Book, history.Secrets).RestoreAsync(target, _ => null));
        Assert.Contains(manifest.Files[0].Name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_schemas_come_back_with_what_refers_to_what_and_their_numbers_go_on()
    {
        await using var store = Store.Make(Database.Postgres, cluster);
        var history = new History(2).Grow(3);
        await store.ServeAsync(history);
        var other = store.Schema + "_other";
        var tables = $"""
            CREATE SCHEMA {other};
            CREATE TABLE {other}."Users" ("Id" text PRIMARY KEY);
            CREATE TABLE {other}."Claims" ("Id" int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, "UserId" text NOT NULL REFERENCES {other}."Users");
            """;
        await store.MeddleAsync(tables + $"""INSERT INTO {other}."Users" VALUES ('a'); INSERT INTO {other}."Claims" ("UserId") VALUES ('a'), ('a')""");
        BookBackup Backup(BookPlace at) => new(at, History.Book, history.Secrets) { OtherSchemas = [other] };
        var target = Path.Combine(store.Directory, "backup");
        await Backup(store.Place).RunAsync(target);
        await store.MeddleAsync($"DROP SCHEMA {other} CASCADE");
        await using var place = Store.Make(Database.Postgres, cluster);
        await Backup(place.Place).RestoreAsync(target, _ => null, () => place.MeddleAsync(tables));
        Assert.Equal(3, await place.MeddleAsync($"""INSERT INTO {other}."Claims" ("UserId") VALUES ('a') RETURNING "Id" """));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Tables_made_anew_from_the_journal_are_the_same_tables(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(22).Grow(100);
        await store.ServeAsync(history);
        await store.MeddleAsync("DELETE FROM r_gadgets", "tables.db");
        Assert.NotNull((await store.VerifyAsync(history)).Problem);
        await using var journal = store.OpenJournal();
        await using (var tables = store.OpenTables(isRebuild: true))
        {
            Assert.Equal(100, await BookRebuild.RunAsync(journal, tables, History.Book, history.Secrets));
        }

        Assert.Null((await store.VerifyAsync(history)).Problem);
    }
}
