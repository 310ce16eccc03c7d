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
