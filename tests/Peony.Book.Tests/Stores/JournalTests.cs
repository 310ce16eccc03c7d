using Peony.Testing;

namespace Peony.Book.Tests.Stores;

public sealed class JournalTests(PostgresCluster cluster)
{
    private static readonly Action Alone = () => Assert.Fail("Nobody else holds the Book.");

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Frames_come_back_as_they_were_appended_also_after_a_reopening(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(1).Grow(100);
        await using (var journal = store.OpenJournal())
        {
            Assert.Null(await journal.HeadAsync(default));
            Assert.Equal(1, await journal.TakeAsync(Alone, default));
            foreach (var frame in history.Stored)
            {
                await journal.AppendAsync(frame, default);
            }
        }

        var reopened = store.OpenJournal();
        Assert.Equal(2, await reopened.TakeAsync(Alone, default));
        AssertSame(history.Stored[^1], (await reopened.HeadAsync(default))!.Value);
        foreach (var from in new[] { 1, 2, 33, 100, 101 })
        {
            var found = new List<StoredFrame>();
            await foreach (var frame in reopened.ReadAsync(from, default))
            {
                found.Add(frame);
            }

            Assert.Equal(history.Stored.Count - from + 1, found.Count);
            foreach (var (expected, actual) in history.Stored.Skip(from - 1).Zip(found))
            {
                AssertSame(expected, actual);
            }
        }
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_second_writer_stands_by_until_the_first_is_gone(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var first = store.OpenJournal();
        await first.TakeAsync(Alone, default);
        var second = store.OpenJournal();
        var isStandingBy = new TaskCompletionSource();
        var taking = second.TakeAsync(isStandingBy.SetResult, default);
        await isStandingBy.Task.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(taking.IsCompleted);
        await first.AppendAsync(new History(1).Grow(1).Stored[0], default);
        await first.DisposeAsync();
        Assert.Equal(2, await taking.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(1, (await second.HeadAsync(default))!.Value.Sequence);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Standing_by_ends_when_it_is_cancelled(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await store.OpenJournal().TakeAsync(Alone, default);
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.OpenJournal().TakeAsync(cancel.Cancel, cancel.Token));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task An_append_of_an_epoch_that_is_over_writes_nothing(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var frames = new History(1).Grow(2).Stored;
        var journal = store.OpenJournal();
        await journal.TakeAsync(Alone, default);
        await journal.AppendAsync(frames[0], default);
        await store.MeddleAsync("UPDATE fence SET epoch = epoch + 1");
        await Assert.ThrowsAsync<FencedException>(() => journal.AppendAsync(frames[1], default));
        Assert.Equal(1, (await journal.HeadAsync(default))!.Value.Sequence);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task An_append_that_was_under_way_when_the_epoch_rose_writes_nothing(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var frames = new History(1).Grow(2).Stored;
        var journal = store.OpenJournal();
        await journal.TakeAsync(Alone, default);
        await journal.AppendAsync(frames[0], default);
        await using var taker = await store.OutsiderAsync();
        Task append;
        await using (var transaction = await taker.BeginTransactionAsync())
        {
            await using var raise = taker.CreateCommand();
            raise.Transaction = transaction;
            raise.CommandText = "UPDATE fence SET epoch = epoch + 1";
            await raise.ExecuteNonQueryAsync();
            append = journal.AppendAsync(frames[1], default);
            await Task.WhenAny(append, Task.Delay(200));
            Assert.False(append.IsCompleted);
            await transaction.CommitAsync();
        }

        await Assert.ThrowsAsync<FencedException>(() => append);
        Assert.Equal(1, (await journal.HeadAsync(default))!.Value.Sequence);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_frame_that_is_there_is_never_written_over(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var frame = new History(1).Grow(1).Stored[0];
        var journal = store.OpenJournal();
        await journal.TakeAsync(Alone, default);
        await journal.AppendAsync(frame, default);
        await Assert.ThrowsAsync<FencedException>(() => journal.AppendAsync(frame with { Payload = [1] }, default));
        AssertSame(frame, (await journal.HeadAsync(default))!.Value);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_renewed_epoch_shuts_out_the_appends_before_it(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var frame = new History(1).Grow(1).Stored[0];
        var journal = store.OpenJournal();
        var epoch = await journal.TakeAsync(Alone, default);
        Assert.Equal(epoch + 1, await journal.RenewAsync(default));
        await Assert.ThrowsAsync<FencedException>(() => journal.AppendAsync(frame, default));
        await journal.AppendAsync(frame with { Epoch = epoch + 1 }, default);
        await store.MeddleAsync(database == Database.Sqlite ? "UPDATE fence SET epoch = epoch + 1" : "UPDATE fence SET epoch = epoch + 1, holder = 'another'");
        await Assert.ThrowsAsync<FencedException>(() => journal.RenewAsync(default));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task The_journal_of_another_Book_and_of_a_newer_format_are_refused(Database database)
    {
        await using var store = Store.Make(database, cluster);
        await using (var journal = store.OpenJournal())
        {
            await journal.TakeAsync(Alone, default);
        }

        await using (var other = store.OpenJournal("other"))
        {
            Assert.Contains("'test'", (await Assert.ThrowsAsync<StartRefusedException>(() => other.TakeAsync(Alone, default))).Message, StringComparison.Ordinal);
        }

        await store.MeddleAsync("UPDATE fence SET format = 99");
        Assert.Contains("99", (await Assert.ThrowsAsync<StartRefusedException>(() => store.OpenJournal().TakeAsync(Alone, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SQLite_below_full_durability_is_refused()
    {
        await using var store = Store.Make(Database.Sqlite, cluster);
        await using var journal = new SqliteJournal(store.JournalPath, History.Book, new SqliteJournalOptions("NORMAL"));
        Assert.Contains("synchronous=FULL", (await Assert.ThrowsAsync<StartRefusedException>(() => journal.TakeAsync(Alone, default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("off")]
    [InlineData("local")]
    [InlineData("remote_write")]
    public async Task PostgreSQL_with_commits_that_do_not_wait_is_refused(string setting)
    {
        await using var store = Store.Make(Database.Postgres, cluster);
        await using var journal = new PostgresJournal($"{store.ConnectionString};Options=-c synchronous_commit={setting}", store.Schema, History.Book);
        Assert.Contains("synchronous_commit = on", (await Assert.ThrowsAsync<StartRefusedException>(() => journal.TakeAsync(Alone, default))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_PostgreSQL_server_that_could_lose_what_it_wrote_is_refused(string setting)
    {
        await using var weak = await PostgresCluster.StartAsync($"-c {setting}=off");
        await using var journal = new PostgresJournal(weak.ConnectionString, "peony", History.Book);
        Assert.Contains($"{setting} = on", (await Assert.ThrowsAsync<StartRefusedException>(() => journal.TakeAsync(Alone, default))).Message, StringComparison.Ordinal);
        Assert.Null(await journal.HeadAsync(default));
    }

    [Fact]
    public async Task When_PostgreSQL_drops_the_writers_sessions_the_one_standing_by_takes_over_and_the_old_one_is_fenced()
    {
        await using var store = Store.Make(Database.Postgres, cluster);
        var frames = new History(1).Grow(2).Stored;
        var old = store.OpenJournal();
        await old.TakeAsync(Alone, default);
        await old.AppendAsync(frames[0], default);
        var next = store.OpenJournal();
        var isStandingBy = new TaskCompletionSource();
        var taking = next.TakeAsync(isStandingBy.SetResult, default);
        await isStandingBy.Task;
        await store.MeddleAsync("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()");
        Assert.Equal(2, await taking.WaitAsync(TimeSpan.FromSeconds(10)));
        await Assert.ThrowsAsync<FencedException>(() => old.AppendAsync(frames[1], default));
        await Assert.ThrowsAsync<FencedException>(() => old.RenewAsync(default));
        await next.AppendAsync(frames[1] with { Epoch = 2 }, default);
    }

    [Fact]
    public async Task After_a_lost_connection_a_renewal_goes_on_where_the_head_stands()
    {
        await using var store = Store.Make(Database.Postgres, cluster);
        var frames = new History(1).Grow(2).Stored;
        var journal = store.OpenJournal();
        await journal.TakeAsync(Alone, default);
        await journal.AppendAsync(frames[0], default);
        await store.MeddleAsync($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND query LIKE '%{store.Schema}%'");
        var unknown = await Assert.ThrowsAnyAsync<Exception>(() => journal.AppendAsync(frames[1], default));
        Assert.IsNotType<FencedException>(unknown);
        Assert.Equal(2, await journal.RenewAsync(default));
        await journal.AppendAsync(frames[1] with { Epoch = 2 }, default);
    }

    private static void AssertSame(StoredFrame expected, StoredFrame actual)
    {
        Assert.Equal((expected.Sequence, expected.Epoch), (actual.Sequence, actual.Epoch));
        Assert.Equal(expected.Payload, actual.Payload);
        Assert.Equal(expected.Hash, actual.Hash);
    }
}
