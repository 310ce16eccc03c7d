using Peony.Testing;

namespace Peony.Book.Tests.Stores;

public sealed class TablesTests(PostgresCluster cluster)
{
    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Tables_in_sql_answer_like_the_tables_in_memory(Database database)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            await using var store = Store.Make(database, cluster);
            var history = new History(seed).Grow(150);
            var tables = store.OpenTables();
            var memory = new MemoryTables(History.Schema());
            await tables.PrepareAsync(default);
            foreach (var batch in Batches(history.Frames, seed))
            {
                await tables.ApplyAsync(batch, default);
                await memory.ApplyAsync(batch, default);
            }

            await Same.AssertAsync(memory, tables, history);
        }
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task After_a_crash_the_applier_goes_on_where_the_position_stands(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(31).Grow(90);
        var memory = new MemoryTables(History.Schema());
        await memory.ApplyAsync(history.Frames, default);
        for (var reached = 0; reached < 90; reached += 30)
        {
            var tables = store.OpenTables();
            await tables.PrepareAsync(default);
            Assert.Equal(reached, (await tables.PositionAsync(default)).Sequence);

            // A batch may begin before the position: what is applied already is skipped.
            await tables.ApplyAsync(history.Frames[Math.Max(0, reached - 5)..(reached + 30)], default);
        }

        await Same.AssertAsync(memory, store.OpenTables(), history);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Frames_of_another_journal_or_with_a_gap_are_not_applied(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(32).Grow(10);
        var tables = store.OpenTables();
        await tables.PrepareAsync(default);
        await tables.ApplyAsync(history.Frames[..5], default);
        await Assert.ThrowsAsync<InvalidOperationException>(() => tables.ApplyAsync(history.Frames[6..], default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => tables.ApplyAsync(new History(33).Grow(10).Frames, default));
        await tables.ApplyAsync(history.Frames, default);
        Assert.Equal(10, (await tables.PositionAsync(default)).Sequence);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_unique_violation_is_a_defect_that_comes_up_and_leaves_nothing_behind(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(34);
        var tables = store.OpenTables();
        await tables.PrepareAsync(default);
        var frames = new[] { "one", "two" }.Select(id => history.Close([Gadget(id, "the same label")])).ToList();
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => tables.ApplyAsync(frames, default));
        Assert.Equal(0, (await tables.PositionAsync(default)).Sequence);
        await tables.ApplyAsync(frames[..1], default);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => tables.ApplyAsync(frames, default));
        Assert.Equal(1, (await tables.PositionAsync(default)).Sequence);
        Assert.Null(await tables.RecordAsync("gadgets", "two", default));
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task A_new_index_and_a_raised_schema_are_filled_before_they_are_used(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(35);
        history.Close([Gadget("one", "first", note: "old"), Gadget("two", "second", note: "old"), Gadget("three", null, note: "other")]);
        await store.ServeAsync(history);
        var schema = History.Schema(schema: 2, hasNoteIndex: true);
        Assert.Contains("r_gadgets", (await store.VerifyAsync(history, schema)).Problem, StringComparison.Ordinal);
        await using (var tables = store.OpenTables(schema))
        {
            await tables.PrepareAsync(default);
            var found = await tables.RecordsAsync("gadgets", "note", "upgraded old", new Page(NewestFirst: false), default);
            Assert.Equal(["one", "two"], found.Select(record => record.Id));
            Assert.All(found, record => Assert.Equal(1, record.Schema));

            // A frame that an older program wrote and nobody applied yet: its index values are taken from the body.
            history.Epoch = 2;
            history.Close([Gadget("one", "moved", note: "late", version: 2)]);
            await tables.ApplyAsync(history.Frames, default);
            Assert.Equal("one", Assert.Single(await tables.RecordsAsync("gadgets", "note", "upgraded late", new Page(), default)).Id);
            Assert.Equal("one", Assert.Single(await tables.RecordsAsync("gadgets", "label", "moved", new Page(), default)).Id);
        }

        await store.ServeAsync(history, 0);
        Assert.Contains("r_gadgets", (await store.VerifyAsync(history, schema)).Problem, StringComparison.Ordinal);
        await using var again = store.OpenTables(schema);
        await again.PrepareAsync(default);
        Assert.Null((await store.VerifyAsync(history, schema)).Problem);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public async Task Replies_are_gone_after_thirty_days_wherever_a_batch_ends(Database database)
    {
        await using var store = Store.Make(database, cluster);
        var history = new History(36).Grow(400, commandsAFrame: 2);
        foreach (var frames in new[] { 1, 7, 200, 400 })
        {
            await store.ServeAsync(history, frames);
            Assert.Null((await store.VerifyAsync(history)).Problem);
        }

        var given = history.Frames.SelectMany(frame => frame.Ops).OfType<ReplyOp>().Count();
        Assert.InRange((await store.VerifyAsync(history)).Replies, 1, given - 1);
    }

    private static RecordOp Gadget(string id, string? label, string note = "", long version = 1) => new(
        "gadgets",
        id,
        version,
        1,
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Gadget(id, "owner", label, 0, note), BookJson.Options),
        ["owner", label]);

    /// <summary>Batches of one to twenty frames.</summary>
    internal static IEnumerable<List<Frame>> Batches(List<Frame> frames, int seed)
    {
        var random = new Random(seed);
        for (var at = 0; at < frames.Count;)
        {
            var batch = frames.GetRange(at, Math.Min(random.Next(1, 21), frames.Count - at));
            at += batch.Count;
            yield return batch;
        }
    }
}
