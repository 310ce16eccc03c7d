using System.Text.Json;

namespace Peony.Book.Tests.Stores;

/// <summary>Asks two sets of tables the same questions and expects the same answers.</summary>
internal static class Same
{
    private static readonly JsonSerializerOptions Fields = new() { IncludeFields = true };

    public static async Task AssertAsync(ITables expected, ITables actual, History history)
    {
        foreach (var (what, ask) in Questions(history))
        {
            var (left, right) = (JsonSerializer.Serialize(await ask(expected), Fields), JsonSerializer.Serialize(await ask(actual), Fields));
            Assert.True(left == right, $"{what}\nexpected {left}\nactual   {right}");
        }
    }

    private static IEnumerable<(string What, Func<ITables, Task<object?>> Ask)> Questions(History history)
    {
        var ops = history.Frames.SelectMany(frame => frame.Ops).ToList();
        var accounts = ops.OfType<AccountOp>().Select(account => account.Id).Distinct().Append("account/none").ToList();
        yield return ("position", async tables => await tables.PositionAsync(default));
        yield return ("outstanding", async tables => await tables.OutstandingAsync(default));
        yield return ("next timer", async tables => await tables.NextTimerAsync(default));
        foreach (var timer in ops.OfType<TimerOp>().DistinctBy(timer => timer.Command))
        {
            yield return ($"due of {timer.Command}", async tables => await tables.TimersDueAsync(timer.Command, timer.DueMicros, default));
            yield return ($"none due of {timer.Command}", async tables => await tables.TimersDueAsync(timer.Command, 0, default));
        }

        yield return ("parked", async tables => (await tables.ParkedAsync(1000, default)).OrderBy(row => row.What + row.Key, StringComparer.Ordinal));
        yield return ("accounts", async tables => await tables.AccountsAsync("account/1", 1000, default));
        yield return ("no accounts", async tables => await tables.AccountsAsync("accounts", 1000, default));
        foreach (var account in accounts)
        {
            yield return ("account " + account, async tables => await tables.AccountAsync(account, default));
            yield return ("statement " + account, async tables => await tables.StatementAsync(account, null, 7, default));
            yield return ("next page of " + account, async tables =>
                await tables.StatementAsync(account, (await tables.StatementAsync(account, null, 7, default)) is [.., var last] ? last.Posting.Number : 0, 7, default));
        }

        foreach (var key in ops.OfType<EntryOp>().Take(20).Select(entry => entry.Key).Concat(ops.OfType<BulkEntryOp>().Take(20).Select(entry => entry.Key)).Append("fact/none"))
        {
            yield return ("entry " + key, async tables => await tables.EntryAsync(key, default));
        }

        foreach (var newestFirst in new[] { true, false })
        {
            yield return ("all gadgets", async tables => await tables.RecordsAsync("gadgets", null, null, new Page(1000, null, newestFirst), default));
            yield return ("a page", async tables => await tables.RecordsAsync("gadgets", null, null, new Page(5, "gad_000010", newestFirst), default));
            yield return ("an owner's", async tables => await tables.RecordsAsync("gadgets", "owner", "owner 3", new Page(5, "gad_000012", newestFirst), default));
        }

        yield return ("a gizmo", async tables => await tables.RecordAsync("gizmos", "giz_003", default));
        yield return ("no gizmo", async tables => await tables.RecordAsync("gizmos", "giz_none", default));
        yield return ("a load of everything", async tables => Sorted(await tables.LoadAsync(Everything(ops), default)));
        yield return ("an empty load", async tables => Sorted(await tables.LoadAsync(new LoadRequest { Number = 2 }, default)));
    }

    private static LoadRequest Everything(List<FrameOp> ops)
    {
        var request = new LoadRequest { Number = 1, TimersAfter = (0, "", 5) };
        request.Records.Add(("gadgets", "gad_000001"));
        request.Records.Add(("gadgets", "gad_none"));
        request.Records.Add(("gizmos", "giz_001"));
        request.Indexes.Add(("gadgets", "owner", "owner 1"));
        request.Indexes.Add(("gadgets", "owner", "owner nobody"));
        request.Indexes.Add(("gadgets", "label", "label 3 标"));
        request.Accounts.UnionWith(["account/1", "account/2", "account/none"]);
        request.AccountNumbers.UnionWith([2, 3, 999]);
        request.Holds.UnionWith(Enumerable.Range(1, 100).Select(number => (long)number));
        request.EntryKeys.UnionWith(["fact/1", "fact/none"]);
        request.TimerKeys.UnionWith(Enumerable.Range(0, 50).Select(number => $"timer/{number}"));
        request.Replies.UnionWith(ops.OfType<ReplyOp>().TakeLast(10).Select(reply => Convert.ToHexStringLower(reply.Key)).Append(new string('0', 32)));
        return request;
    }

    private static object Sorted(LoadResult result) => new
    {
        result.Position,
        Records = result.Records.OrderBy(record => record.Type + record.Id, StringComparer.Ordinal),
        Indexes = result.Indexes.OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal).Select(pair => new { Key = pair.Key.ToString(), Ids = pair.Value }),
        Accounts = result.Accounts.DistinctBy(account => account.Id).OrderBy(account => account.Id, StringComparer.Ordinal).Select(account => new { account.Id, account.State }),
        Holds = result.Holds.OrderBy(hold => hold.Number),
        Entries = result.EntryKeys.Order(StringComparer.Ordinal),
        Replies = result.Replies.OrderBy(reply => Convert.ToHexString(reply.Key), StringComparer.Ordinal),
        Timers = result.Timers.OrderBy(timer => timer.Key, StringComparer.Ordinal),
        result.NextTimers,
    };
}
