using Microsoft.Extensions.Logging.Abstractions;
using Peony.Book.Tests.Core;
using Peony.Testing;

namespace Peony.Book.Tests.Stores;

/// <summary>The whole Book, threads and all, on real stores: what it leaves behind must verify.</summary>
public sealed class ServedBookTests(PostgresCluster cluster)
{
    private static readonly Secrets Keys = new(new byte[32]);

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task What_many_callers_leave_behind_verifies_beside_the_Book_and_after_it(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var acknowledged = 0L;
        List<PurseId> purses = [];
        for (var life = 0; life < 2; life++)
        {
            await using var book = await ServeAsync(store);
            for (var purse = 0; purse < 5; purse++)
            {
                purses.Add((await book.RunAsync(new OpenPurse($"owner {purse}"))).Value);
            }

            await Task.WhenAll(Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
            {
                for (var turn = 0; turn < 25; turn++)
                {
                    var purse = purses[(caller + turn) % purses.Count];
                    var fact = $"{life}/{caller}/{turn}";
                    await book.RunAsync(new Fill(purse, 100, fact), new CallKey("caller " + caller, fact, [1]));
                    Interlocked.Increment(ref acknowledged);
                    await book.RunAsync(new Take(purse, 150, fact), new CallKey("caller " + caller, "take " + fact, [2]));
                }
            })));
            var beside = await VerifyAsync(store);
            Assert.Null(beside.Problem);
        }

        var report = await VerifyAsync(store);
        Assert.Null(report.Problem);
        Assert.Equal(0, report.UnsealedTail);
        Assert.True(report.Entries >= acknowledged);
        Assert.Equal(2 * 16 * 25 * 2, report.Replies);
    }

    [Theory]
    [InlineData(Database.Sqlite, 0)]
    [InlineData(Database.Postgres, 0)]
    [InlineData(Database.Sqlite, 0xD800)]
    [InlineData(Database.Postgres, 0xD800)]
    public async Task A_text_no_database_can_hold_names_nothing_and_harms_nobody(Database database, int character)
    {
        var odd = "prs_" + (char)character;
        await using var store = Store.Make(database, cluster);
        await using var book = await ServeAsync(store);
        var good = book.RunAsync(new OpenPurse("lin"));
        Assert.Equal(Purses.NotFound, (await book.RunAsync(new Fill(new PurseId(odd), 100, "a"))).Refusal);
        Assert.Null(await book.Reader.FindAsync<Purse>(odd));
        Assert.Empty(await book.Reader.ListAsync<Purse>("owner", odd));
        await Assert.ThrowsAsync<CommandFailedException>(() => book.RunAsync(new OpenPurse(odd)));
        Assert.Equal(100, (await book.RunAsync(new Fill((await good).Value, 100, "b"))).Value);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task What_is_recalled_is_never_older_than_an_answer(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await using var book = await ServeAsync(store);
        Assert.Null(await book.Reader.RecallAsync<Purse>("prs_nobody"));
        var purse = (await book.RunAsync(new OpenPurse("lin"))).Value;
        using var over = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!over.IsCancellationRequested)
            {
                await book.Reader.RecallAsync<Purse>(purse.Value);
            }
        })).ToList();
        for (var fills = 1; fills <= 200; fills++)
        {
            await book.RunAsync(new Fill(purse, 100, $"fill {fills}"));
            Assert.True((await book.Reader.RecallAsync<Purse>(purse.Value))!.Fills >= fills);
        }

        await over.CancelAsync();
        await Task.WhenAll(readers);
        await book.DisposeAsync();
        await Assert.ThrowsAsync<ReadUnavailableException>(() => book.Reader.RecallAsync<Purse>(purse.Value).AsTask());
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_ceiling_below_the_balance_admits_what_lowers_it_and_nothing_that_raises_it(Database database)
    {
        await using var store = Store.Make(database, cluster);
        PurseId purse;
        await using (var book = await ServeAsync(store))
        {
            purse = (await book.RunAsync(new OpenPurse("lin"))).Value;
            await book.RunAsync(new Fill(purse, 1_000, "first"));
            var state = (await book.RunAsync(new Limit(purse, 400))).Value;
            Assert.Equal((1_000L, 400L, 0L), (state.Balance, state.Ceiling, state.Room));
            await Assert.ThrowsAsync<CommandFailedException>(() => book.RunAsync(new Fill(purse, 1, "above")));
            Assert.Equal(700, (await book.RunAsync(new Take(purse, 300, "down"))).Value);
        }

        // The same when the account is loaded out of the tables.
        await using (var book = await ServeAsync(store))
        {
            await Assert.ThrowsAsync<CommandFailedException>(() => book.RunAsync(new Fill(purse, 1, "still above")));
            Assert.Equal(400, (await book.RunAsync(new Take(purse, 300, "to the ceiling"))).Value);
            await Assert.ThrowsAsync<CommandFailedException>(() => book.RunAsync(new Fill(purse, 1, "at it")));
            Assert.Equal(399, (await book.RunAsync(new Take(purse, 1, "below"))).Value);
            Assert.Equal(400, (await book.RunAsync(new Fill(purse, 1, "up to it"))).Value);
            Assert.Equal(400, (await book.Reader.AccountAsync(Purses.AccountOf(purse)))!.State.Ceiling);
        }

        Assert.True((await VerifyAsync(store)).IsSound);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_report_sees_one_state_while_the_Book_goes_on(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await using var book = await ServeAsync(store);
        List<PurseId> purses = [];
        for (var purse = 0; purse < 5; purse++)
        {
            purses.Add((await book.RunAsync(new OpenPurse("lin"))).Value);
            await book.RunAsync(new Fill(purses[purse], 100, $"first {purse}"));
        }

        var (before, after) = await book.Reader.ReadStateAsync(books =>
        {
            var seen = Sum(books);

            // It is answered, so the writer waits for no report; and the report does not see it.
            Assert.True(book.RunAsync(new Fill(purses[0], 900, "meanwhile")).Result.IsDone);
            Assert.True(book.Reader.AccountAsync(Purses.AccountOf(purses[0])).Result!.State.Balance == 1_000);
            return (seen, Sum(books));
        });
        Assert.Equal(((500L, 5), (500L, 5)), (before, after));
        Assert.Equal((1_400, 5), await book.Reader.ReadStateAsync(Sum));
        Assert.Equal(purses.Skip(2).Select(purse => purse.Value), await book.Reader.ReadStateAsync(books => books.AllAfter<Purse>(purses[1].Value).Select(purse => purse.Key).ToList()));
        Assert.Empty(await book.Reader.ReadStateAsync(books => books.AllAfter<Purse>(Ids.Least<PurseId>(book.Now.AddMinutes(1))).ToList()));
        Assert.Equal(5, await book.Reader.ReadStateAsync(books => books.AllAfter<Purse>(Ids.Least<PurseId>(book.Now.AddMinutes(-1))).Count()));

        static (long, int) Sum(IControlContext books) => (books.Accounts("purse/").Sum(account => account.State.Balance), books.All<Purse>().Count());
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task The_progress_of_bulk_timers_counts_what_is_due_and_what_was_carried_out(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await using var book = await ServeAsync(store);
        List<PurseId> purses = [];
        for (var purse = 0; purse < 4; purse++)
        {
            purses.Add((await book.RunAsync(new OpenPurse("lin"))).Value);
        }

        var start = book.Now;
        await book.RunAsync(new CloseInBulk(purses[..3], purses[3..]));
        while (!(await book.Reader.FindAsync<Purse>(purses[2].Value))!.IsClosed)
        {
            await Task.Delay(10);
        }

        var progress = await book.ProgressAsync("purses.close", start);
        Assert.Equal((0L, 3L, null), (progress.Due, progress.Done, progress.Left));
        Assert.True(progress.PerSecond > 0);
        Assert.Equal(0, (await book.ProgressAsync("purses.close", book.Now.AddMinutes(2))).Done);
        Assert.Equal(0, (await book.ProgressAsync("purses.other", start)).Done);
        Assert.Equal((0L, 1L), (await book.Rows.TimersDueAsync("purses.close", Instants.Micros(book.Now), default), await book.Rows.TimersDueAsync("purses.close", Instants.Micros(book.Now.AddHours(2)), default)));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_journal_whose_seal_was_taken_away_is_not_served(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await using (var book = await ServeAsync(store))
        {
            await book.RunAsync(new OpenPurse("lin"));
        }

        File.Delete(Path.Combine(store.Place.Directory, "seal", "head.seal"));
        Assert.Contains("seal", (await Assert.ThrowsAsync<StartRefusedException>(() => ServeAsync(store))).Message, StringComparison.Ordinal);
    }

    private static async Task<BookHost> ServeAsync(Store store)
    {
        var book = new BookHost(Purses.Schema(), Keys, store.OpenJournal("main"), store.OpenTables(Purses.Schema()), store.Place.OpenSeal(Keys), TimeProvider.System, new BookOptions(),
            () => [new EffectRegistration("purses.note", (told, _, _) => Task.FromResult<ICommand?>(new Noted(((Filled)told).Purse)))], NullLogger<BookHost>.Instance);
        await book.StartAsync(default);
        return book;
    }

    private static async Task<VerifyReport> VerifyAsync(Store store)
    {
        await using var journal = store.OpenJournal("main");
        await using var dialect = store.OpenDialect();
        return await BookVerifier.RunAsync(journal, dialect, store.Place.OpenSeal(Keys), Purses.Schema(), Keys, "main");
    }
}
