using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Peony.Book.Tests.Core;
using Peony.Testing;

namespace Peony.Book.Tests.Stores;

/// <summary>PostgreSQL with a synchronous standby: what is answered is on both servers, whatever happens between them.</summary>
public sealed class StandbyTests : IAsyncLifetime
{
    private static readonly Action Alone = () => Assert.Fail("Nobody else holds the Book.");
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private PostgresPair? _pair;

    private PostgresPair Pair => _pair!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresNode.Programs is not null || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), "PostgreSQL is not installed.");
        _pair = await PostgresPair.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_pair is not null)
        {
            await _pair.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_append_whose_wait_for_the_standby_was_cancelled_is_not_taken_for_done()
    {
        var frames = new History(1).Grow(2).Stored;
        await using var journal = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book);
        await journal.TakeAsync(Alone, default);
        await journal.AppendAsync(frames[0], default);
        await Pair.Standby.StopAsync();

        var append = journal.AppendAsync(frames[1], default);
        await CancelWaitAsync();
        Assert.IsNotType<FencedException>(await Assert.ThrowsAnyAsync<Exception>(() => append.WaitAsync(Soon)));
        // Neither is a renewal: the frame it would vouch for is on one server only.
        var renewal = journal.RenewAsync(default);
        await CancelWaitAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => renewal.WaitAsync(Soon));

        await Pair.Standby.StartAsync();
        Assert.True(await journal.RenewAsync(default).WaitAsync(Soon) > 2);
        Assert.Equal(2, (await journal.HeadAsync(default))!.Value.Sequence);
        await Pair.FailOverAsync();
        await using var after = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book);
        Assert.Equal(2, (await after.HeadAsync(default))!.Value.Sequence);
    }

    [Fact]
    public async Task An_append_that_waited_too_long_for_the_standby_is_not_taken_for_done()
    {
        var frames = new History(1).Grow(2).Stored;
        await using var journal = new PostgresJournal(Pair.Primary.ConnectionString + ";Command Timeout=1", "peony", History.Book);
        await journal.TakeAsync(Alone, default);
        await journal.AppendAsync(frames[0], default);
        await Pair.Standby.StopAsync();
        Assert.IsNotType<FencedException>(await Assert.ThrowsAnyAsync<Exception>(() => journal.AppendAsync(frames[1], default).WaitAsync(Soon)));
    }

    [Fact]
    public async Task A_Book_is_not_taken_before_the_standby_knows_it()
    {
        await Pair.Standby.StopAsync();
        await using var journal = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book);
        var taking = journal.TakeAsync(Alone, default);
        while (!taking.IsCompleted)
        {
            // Whatever it writes, and however often it is woken.
            await Pair.Primary.AskAsync("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
            await Task.WhenAny(taking, Task.Delay(20));
        }

        await Assert.ThrowsAnyAsync<Exception>(() => taking);
    }

    [Fact]
    public async Task A_primary_that_was_given_up_takes_no_frame_any_more()
    {
        var frames = new History(1).Grow(3).Stored;
        await using (var journal = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book))
        {
            await journal.TakeAsync(Alone, default);
            await journal.AppendAsync(frames[0], default);
        }

        await Pair.FailOverAsync();
        // Somebody starts it again as it was: now two servers say they are primary.
        await Pair.Standby.StartAsync();
        await using var old = new PostgresJournal(Pair.Standby.ConnectionString + ";Command Timeout=1", "peony", History.Book);
        await Assert.ThrowsAnyAsync<Exception>(() => old.TakeAsync(Alone, default).WaitAsync(Soon));
        await using (var journal = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book))
        {
            var epoch = await journal.TakeAsync(Alone, default).WaitAsync(Soon);
            await journal.AppendAsync(frames[1] with { Epoch = epoch }, default).WaitAsync(Soon);
        }

        // And after it was made to follow, the next failover finds everything.
        await Pair.Standby.StopAsync();
        await Pair.RejoinAsync();
        await using (var journal = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book))
        {
            var epoch = await journal.TakeAsync(Alone, default).WaitAsync(Soon);
            await journal.AppendAsync(frames[2] with { Epoch = epoch }, default).WaitAsync(Soon);
        }

        await Pair.FailOverAsync();
        await using var last = new PostgresJournal(Pair.Primary.ConnectionString, "peony", History.Book);
        Assert.Equal(3, (await last.HeadAsync(default))!.Value.Sequence);
    }

    [Fact]
    public async Task A_Book_whose_database_has_lost_what_was_answered_does_not_go_on()
    {
        // An operator who switched the standby's word off, and then promoted it.
        await Pair.Primary.AskAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await Pair.Primary.AskAsync("SELECT pg_reload_conf()");
        await Pair.Primary.UntilAsync("SELECT current_setting('synchronous_standby_names') = ''");
        await using var proxy = new CuttingProxy(Pair.Primary.Address);
        await using var served = await ServedBook.StartAsync(proxy.ConnectionString);
        var purse = (await served.Book.RunAsync(new OpenPurse("lin"))).Value;
        await Pair.Standby.StopAsync();
        await served.Book.RunAsync(new Fill(purse, 100, "a"));
        await Pair.Primary.KillAsync();
        await Pair.Standby.StartAsync();
        await Pair.FailOverAsync();
        proxy.PointTo(Pair.Primary.Address);

        await Assert.ThrowsAnyAsync<Exception>(() => served.Book.RunAsync(new Fill(purse, 100, "b")).WaitAsync(Soon));
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (served.Book.Health.State != BookState.Fenced && since.Elapsed < Soon)
        {
            await Task.Delay(20);
        }

        Assert.Equal(BookState.Fenced, served.Book.Health.State);
        Assert.Contains("lost frames that were answered", served.Book.Health.Problem, StringComparison.Ordinal);
        await Assert.ThrowsAsync<BookUnavailableException>(() => served.Book.RunAsync(new OpenPurse("chen")));
        // Nor does another process begin on it: the seal lies outside the database.
        await served.Book.DisposeAsync();
        await Assert.ThrowsAsync<StartRefusedException>(() => served.Again().StartAsync(default));
    }

    /// <summary>What an operator does who wonders why a statement hangs.</summary>
    private async Task CancelWaitAsync()
    {
        await Pair.Primary.UntilAsync("SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event = 'SyncRep')");
        await Pair.Primary.AskAsync("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    }
}

/// <summary>PostgreSQL that goes down and comes back under a serving Book.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private string? _folder;
    private PostgresNode? _node;

    private PostgresNode Node => _node!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(PostgresNode.Programs is not null || string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), "PostgreSQL is not installed.");
        _folder = PostgresNode.MakeFolder();
        // What nobody waits for is written late, so that a crash takes it.
        _node = await PostgresNode.MakeAsync(_folder, "node", "-c wal_writer_delay=10s -c wal_writer_flush_after=1GB");
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_node is not null)
        {
            await _node.KillAsync();
            PostgresNode.RemoveFolder(_folder!);
        }
    }

    [Fact]
    public async Task Tables_that_a_crash_set_back_are_brought_up_before_anything_is_decided_on_them()
    {
        await using var served = await ServeAsync();
        var book = served.Book;
        var purse = (await book.RunAsync(new OpenPurse("lin"))).Value;
        await book.RunAsync(new Fill(purse, 100, "a"));
        Assert.Equal(0, (await book.RunAsync(new Take(purse, 100, "b"))).Value);
        await Insist(() => book.Reader.FindAsync<Purse>(purse.Value));
        await CrashAsync();

        Assert.Equal(Purses.Empty, (await Insist(() => book.RunAsync(new Take(purse, 100, "c"), new CallKey("lin", "c", [1])))).Refusal);
        Assert.Equal(50, (await Insist(() => book.RunAsync(new Fill(purse, 50, "d"), new CallKey("lin", "d", [1])))).Value);
        Assert.Equal(50, Balance(await Insist(() => book.Reader.AccountAsync(Purses.AccountOf(purse)))));
        await served.VerifyAsync();
    }

    [Fact]
    public async Task Tables_that_a_crash_set_back_are_not_shown_to_anybody()
    {
        await using var served = await ServeAsync();
        var book = served.Book;
        var purse = (await book.RunAsync(new OpenPurse("lin"))).Value;
        await book.RunAsync(new Fill(purse, 100, "a"));
        await Insist(() => book.Reader.FindAsync<Purse>(purse.Value));
        await CrashAsync();
        Assert.Equal(100, Balance(await Insist(() => book.Reader.AccountAsync(Purses.AccountOf(purse)))));
        Assert.Equal(1, (await Insist(() => book.Reader.FindAsync<Purse>(purse.Value)))!.Fills);
    }

    [Fact]
    public async Task Nothing_is_applied_over_what_a_crash_took()
    {
        await using var dialect = new PostgresDialect(Node.ConnectionString, "peony");
        await using var tables = new SqlTables(dialect, History.Schema());
        var frames = new History(1).Grow(10).Frames;
        await tables.PrepareAsync(default);
        await Node.AskAsync("CHECKPOINT");
        // After a failure the writer has more patience than at first, until a batch is through.
        await Assert.ThrowsAsync<InvalidOperationException>(() => tables.ApplyAsync(frames[1..5], default));
        await tables.ApplyAsync(frames[..5], default);
        await CrashAsync();

        Assert.True(Passing.Is(await Assert.ThrowsAnyAsync<Exception>(() => tables.ApplyAsync(frames[5..], default))));
        await Assert.ThrowsAsync<TablesFellBackException>(() => tables.ApplyAsync(frames[5..], default));
        await tables.ApplyAsync(frames, default);
        Assert.Equal(10, (await tables.PositionAsync(default)).Sequence);
    }

    [Fact]
    public async Task The_outcome_of_an_effect_that_nobody_could_take_is_taken_once_when_the_database_is_back()
    {
        var mayAct = new TaskCompletionSource();
        await using var served = await ServeAsync(mayAct.Task);
        var book = served.Book;
        var purse = (await book.RunAsync(new OpenPurse("lin"))).Value;
        await book.RunAsync(new Fill(purse, 100, "a"));
        await Node.KillAsync();
        mayAct.SetResult();
        await Task.Delay(TimeSpan.FromSeconds(6));
        await Node.StartAsync();
        await Insist(() => book.RunAsync(new Fill(purse, 100, "b"), new CallKey("lin", "b", [1])));
        Assert.Equal(2, await NotesAsync(book, purse, atLeast: 2));
        await Task.Delay(TimeSpan.FromSeconds(1));
        Assert.Equal(2, await NotesAsync(book, purse, atLeast: 0));
        await served.VerifyAsync();
    }

    private static async Task<int> NotesAsync(BookHost book, PurseId purse, int atLeast)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        int notes;
        while ((notes = (await Insist(() => book.Reader.FindAsync<Purse>(purse.Value)))!.Notes) < atLeast && since.Elapsed < Soon)
        {
            await Task.Delay(50);
        }

        return notes;
    }

    private static long Balance(AccountRow? account) => account!.State.CreditsPosted - account.State.DebitsPosted;

    /// <summary>As a caller does: comes again while the Book is unavailable, with the same key.</summary>
    private static async Task<T> Insist<T>(Func<Task<T>> call)
    {
        var since = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception exception) when (exception is BookUnavailableException or OutcomeUnknownException && since.Elapsed < Soon)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task CrashAsync()
    {
        await Node.KillAsync();
        await Node.StartAsync();
    }

    private Task<ServedBook> ServeAsync(Task? mayAct = null) => ServedBook.StartAsync(Node.ConnectionString, mayAct);
}

/// <summary>A Book of purses, served from a PostgreSQL server.</summary>
internal sealed class ServedBook : IAsyncDisposable
{
    private static readonly Secrets Keys = new(new byte[32]);
    private readonly BookPlace _place;
    private readonly Task? _mayAct;

    private ServedBook(BookPlace place, Task? mayAct)
    {
        (_place, _mayAct) = (place, mayAct);
        Book = Again();
    }

    public BookHost Book { get; }

    /// <param name="mayAct">When the effects may act.</param>
    public static async Task<ServedBook> StartAsync(string connectionString, Task? mayAct = null)
    {
        var served = new ServedBook(new BookPlace(Directory.CreateTempSubdirectory("peony-store-").FullName, connectionString), mayAct);
        await served.Book.StartAsync(default);
        return served;
    }

    /// <summary>The same Book as another process would open it.</summary>
    public BookHost Again() => new(Purses.Schema(), Keys, _place.OpenJournal("main"), _place.OpenTables(Purses.Schema()), _place.OpenSeal(Keys), TimeProvider.System, new BookOptions(),
        () => [new EffectRegistration("purses.note", ActAsync)], NullLogger<BookHost>.Instance);

    public async Task VerifyAsync()
    {
        await Book.CurrentAsync(default);
        await using var journal = _place.OpenJournal("main");
        await using var dialect = _place.OpenDialect();
        Assert.Null((await BookVerifier.RunAsync(journal, dialect, _place.OpenSeal(Keys), Purses.Schema(), Keys, "main")).Problem);
    }

    public async ValueTask DisposeAsync()
    {
        await Book.DisposeAsync();
        Directory.Delete(_place.Directory, recursive: true);
    }

    private async Task<ICommand?> ActAsync(IEvent told, EffectContext context, CancellationToken cancel)
    {
        await (_mayAct ?? Task.CompletedTask);
        return new Noted(((Filled)told).Purse);
    }
}
