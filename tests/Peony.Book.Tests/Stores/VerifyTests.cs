using Peony.Ledger;
using Peony.Testing;

namespace Peony.Book.Tests.Stores;

public sealed class VerifyTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_sound_Book_verifies_wherever_its_tables_stand(Database database)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            await using var store = Store.Make(database, cluster);
            var history = new History(seed).Grow(80);
            foreach (var applied in new[] { 0, 1, 40, 80 })
            {
                await store.ServeAsync(history, applied);
                var report = await store.VerifyAsync(history);
                Assert.Null(report.Problem);
                Assert.Equal((80, applied, 0), (report.Frames, report.TablesAt, report.UnsealedTail));
                Assert.Equal(applied < 80, report.Notes.Count == 1);
                Assert.All(report.TrialBalance, balance => Assert.Equal(balance.Debits, balance.Credits));
                Assert.True(report is { Commands: > 0, Entries: > 0, Postings: > 0, Accounts: > 0, Records: > 0, Replies: > 0, Timers: > 0 });
            }
        }
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Every_one_of_many_random_damages_is_found_and_named(Database database)
    {
        const int eachClass = 20;
        await using var store = Store.Make(database, cluster);
        var history = new History(7).Grow(60);
        await store.ServeAsync(history, 45);
        await store.ServeAsync(history);
        Assert.Null((await store.VerifyAsync(history)).Problem);
        var damages = new Damages(store, seed: 11);
        var unfound = new List<string>();
        foreach (var (name, damage) in damages.Classes)
        {
            for (var turn = 0; turn < eachClass; turn++)
            {
                await damages.KeepAsync();
                var what = await damage();
                if ((await store.VerifyAsync(history)).Problem is null)
                {
                    unfound.Add($"{name}: {what}");
                }

                await damages.PutBackAsync();
            }
        }

        Assert.Empty(unfound);
        Assert.Null((await store.VerifyAsync(history)).Problem);
    }

    [Fact]
    public async Task A_byte_turned_anywhere_in_the_files_is_found_or_touched_nothing_that_counts()
    {
        await using var store = Store.Make(Database.Sqlite, cluster);
        var history = new History(8).Grow(40);
        await store.ServeAsync(history);
        var whole = await ContentAsync(store);
        var random = new Random(3);
        var damages = new Damages(store, seed: 0);
        for (var turn = 0; turn < 100; turn++)
        {
            await damages.KeepAsync();
            var path = turn % 2 == 0 ? store.JournalPath : store.TablesPath;
            var bytes = await File.ReadAllBytesAsync(path);
            var at = random.Next(bytes.Length);
            bytes[at] ^= (byte)(1 << random.Next(8));
            await File.WriteAllBytesAsync(path, bytes);
            if ((await store.VerifyAsync(history)).Problem is null)
            {
                Assert.True(whole == await ContentAsync(store), $"Byte {at} of {Path.GetFileName(path)} was turned and not found.");
            }

            await damages.PutBackAsync();
        }
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Frames_after_the_seal_are_reported_and_a_seal_that_is_gone_is_named(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(1).Grow(10);
        await store.ServeAsync(history);
        store.Seal(history).Write(new SealedHead(History.Book, 7, history.Stored[6].Hash));
        Assert.Equal(3, (await store.VerifyAsync(history)).UnsealedTail);
        store.Seal(history).Write(new SealedHead(History.Book, 7, history.Stored[5].Hash));
        Assert.Contains("Frame 7", (await store.VerifyAsync(history)).Problem, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(store.Directory, "seal", "head.seal"), "test 7 00 00");
        Assert.Contains("seal", (await store.VerifyAsync(history)).Problem, StringComparison.Ordinal);
        File.Delete(Path.Combine(store.Place.Directory, "seal", "head.seal"));
        Assert.Contains("seal", (await store.VerifyAsync(history)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_frame_under_another_key_is_named(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await store.ServeAsync(new History(1).Grow(5));
        var stranger = new History(1, new Secrets(new byte[32])).Grow(5);
        store.Seal(stranger).Write(new SealedHead(History.Book, 5, stranger.Stored[^1].Hash));
        Assert.Contains("Frame 1 ", (await store.VerifyAsync(stranger)).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_capabilitys_control_total_sees_one_state_and_is_heard(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(3).Grow(60);
        await store.ServeAsync(history);
        var schema = History.Schema();
        var gadgets = history.Frames.SelectMany(frame => frame.Ops).OfType<RecordOp>().Where(op => op.Type == "gadgets").Select(op => op.Id).Distinct().Count();
        schema.Control("gadgets", books => books.All<Gadget>().Count() == gadgets ? null : "gadgets are missing");
        schema.Control("accounts", books =>
        {
            foreach (var (id, state) in books.Accounts("account/"))
            {
                if (books.Account(id).Balance != state.Balance)
                {
                    return "an account reads in two ways";
                }
            }

            return books.Account(new LedgerAccountId("account/none")).Number == 0 && books.Hold(new HoldId(0)).Number == 0 ? null : "something is made of nothing";
        });
        schema.Control("entries", books => books.Entry(new EntryKey("fact/1")) is { Postings.Count: > 0 } && books.Entry(new EntryKey("fact/none")) is null ? null : "an entry is not there");
        var report = await store.VerifyAsync(history, schema);
        Assert.Null(report.Problem);
        Assert.Equal(3, report.Controls);
        schema.Control("nothing adds up", _ => "a number is odd");
        Assert.Equal("Control 'nothing adds up': a number is odd", (await store.VerifyAsync(history, schema)).Problem);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Yesterdays_tables_heal_when_they_are_served(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(5).Grow(50);
        await store.ServeAsync(history, 20);
        Assert.Null((await store.VerifyAsync(history)).Problem);
        await store.ServeAsync(history);
        var report = await store.VerifyAsync(history);
        Assert.Null(report.Problem);
        Assert.Empty(report.Notes);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task It_runs_beside_a_Book_that_goes_on(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(9).Grow(300);
        await using var journal = store.OpenJournal();
        await journal.TakeAsync(() => { }, default);
        await using var tables = store.OpenTables();
        await tables.PrepareAsync(default);
        store.Seal(history).Write(new SealedHead(History.Book, 0, new byte[32]));
        var writing = Task.Run(async () =>
        {
            for (var frame = 0; frame < history.Stored.Count; frame++)
            {
                await journal.AppendAsync(history.Stored[frame], default);
                await tables.ApplyAsync([history.Frames[frame]], default);
                if (frame % 50 == 0)
                {
                    store.Seal(history).Write(new SealedHead(History.Book, frame + 1, history.Stored[frame].Hash));
                }
            }
        });
        var runs = 0;
        do
        {
            Assert.Null((await store.VerifyAsync(history)).Problem);
            runs++;
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.Equal(300, (await store.VerifyAsync(history)).TablesAt);
        Assert.True(runs > 0);
    }

    /// <summary>Every row of every table and every frame, as one text.</summary>
    private static async Task<string> ContentAsync(Store store)
    {
        var content = new System.Text.StringBuilder();
        await using var dialect = store.OpenDialect();
        using var snapshot = dialect.OpenSnapshot();
        foreach (var shape in new TableShapes(History.Schema()).All)
        {
            foreach (var row in snapshot.Scan(shape))
            {
                content.AppendJoin('|', row.Select(cell => cell.Text)).AppendLine();
            }
        }

        await using var journal = store.OpenJournal();
        await foreach (var frame in journal.ReadAsync(1, default))
        {
            content.Append(frame.Sequence).Append(frame.Epoch).Append(Convert.ToHexString(frame.Payload)).AppendLine(Convert.ToHexString(frame.Hash));
        }

        return content.ToString();
    }
}
