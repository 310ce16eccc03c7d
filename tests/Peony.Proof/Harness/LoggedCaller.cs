using System.Diagnostics;
using System.Text;

namespace Peony.Proof;

/// <summary>A command as it was sent; the same again under the same key.</summary>
internal sealed record SentCommand(string Key, string Path, object Body, Answer? Answer = null);

/// <summary>One caller: one command after the other, and a log of its own that is on disk before an answer counts.</summary>
internal sealed class LoggedCaller(Caller caller, string card, string log, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<SentCommand> _fresh = [];
    private TaskCompletionSource _answered = new();
    private SentCommand? _unanswered;
    private string? _open;

    public Caller Caller => caller;

    public List<SentCommand> Acknowledged { get; } = [];

    public int Purchases { get; private set; }

    public int Unanswered { get; private set; }

    /// <summary>So many callers of the demo customers, each with a session of its own.</summary>
    public static async Task<List<LoggedCaller>> SignInAsync(ServerProcess server, int callers, string folder, Random random)
    {
        var signedIn = new List<LoggedCaller>();
        for (var number = 0; number < callers; number++)
        {
            var caller = await Caller.SignInAsync(server, number % 4 == 0 ? Caller.Chen : Caller.Lin);
            signedIn.Add(new LoggedCaller(caller, await caller.CardAsync(server), Path.Combine(folder, $"acknowledged-{number}.log"), random.Next()));
        }

        return signedIn;
    }

    /// <summary>What all customers can still spend: every purchase takes one fen of it, so a lost or doubled one shows.</summary>
    public static async Task<long> SpendableAsync(IEnumerable<LoggedCaller> callers, ServerProcess server)
    {
        var sum = 0L;
        foreach (var one in callers.DistinctBy(one => one.Caller.Phone))
        {
            var line = (await one.Caller.ReadAsync(server, "credit")).Json;
            sum += line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
        }

        return sum;
    }

    /// <summary>What was acknowledged stands in the callers' own logs, and no more.</summary>
    public static void CheckLogs(IEnumerable<LoggedCaller> callers)
    {
        foreach (var one in callers)
        {
            Proofs.Same(one.Acknowledged.Count, one.LogLines, "Lines in the callers' own log");
        }
    }

    public Task FirstAnswerAsync() => _answered.Task;

    /// <summary>Works until the server is gone.</summary>
    public async Task WorkAsync(ServerProcess server)
    {
        while (await TryAsync(server, Next()))
        {
            _answered.TrySetResult();
        }

        _answered.TrySetResult();
    }

    /// <summary>Works until told to stop, through whatever happens behind the server: each command is sent again under its key until an answer settles it.</summary>
    public async Task WorkThroughAsync(ServerProcess server, Tally tally, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var (sent, isUnknown) = (Next(), false);
            while (true)
            {
                var since = Stopwatch.GetTimestamp();
                var (answer, mayHaveMoved) = await AskAsync(server, sent, tally);
                if (answer is not null)
                {
                    Acknowledge(sent with { Answer = answer });
                    tally.OnAcknowledged(since, isUnknown);
                    break;
                }

                isUnknown |= mayHaveMoved;
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }

    /// <summary>What was acknowledged is there and answers the same; what was not answered is answered now.</summary>
    /// <param name="most">Looks at so many of the newest.</param>
    public async Task CheckAsync(ServerProcess server, int most = int.MaxValue)
    {
        _answered = new TaskCompletionSource();
        foreach (var sent in _fresh.TakeLast(most))
        {
            Same(sent.Answer!, await AgainAsync(server, sent));
            if (sent.Answer!.IsSuccess && sent.Path is "credit/purchases" or "withdrawals")
            {
                var id = sent.Answer!.IsSuccess ? sent.Answer.Json["id"]!.GetValue<string>() : null;
                Proofs.Hold(id is null || (await Caller.GetAsync(server, $"{sent.Path}/{id}")).Status == 200, $"{sent.Path}/{id} is lost.");
            }
        }

        _fresh.Clear();
        if (_unanswered is { } pending)
        {
            Unanswered++;
            _unanswered = null;
            var answer = await AgainAsync(server, pending);
            Same(answer, await AgainAsync(server, pending));
            Acknowledge(pending with { Answer = answer });
        }
    }

    private int LogLines => File.Exists(log) ? File.ReadAllLines(log).Length : 0;

    private SentCommand Next()
    {
        var key = Caller.NewKey();
        if (_open is { } open)
        {
            _open = null;
            return new SentCommand(key, $"withdrawals/{open}/cancel", new { });
        }

        return _random.Next(20) == 0
            ? new SentCommand(key, "withdrawals", new { source = "wallet", card, amount = Caller.Cny(100), pin = Caller.Pin })
            : new SentCommand(key, "credit/purchases", new { shop = "bookshop", amount = Caller.Cny(1), pin = Caller.Pin });
    }

    private async Task<bool> TryAsync(ServerProcess server, SentCommand sent)
    {
        try
        {
            var answer = await caller.PostAsync(server, sent.Path, sent.Body, sent.Key);
            if (answer.Status is 429 or 503)
            {
                await Task.Delay(50);
                return true;
            }

            Acknowledge(sent with { Answer = answer });
            return true;
        }
        catch (HttpRequestException)
        {
            _unanswered = sent;
            return false;
        }
    }

    /// <returns>The answer that settles it; or none, and whether the money may have moved as far as this try can say.</returns>
    private async Task<(Answer? Answer, bool MayHaveMoved)> AskAsync(ServerProcess server, SentCommand sent, Tally tally)
    {
        try
        {
            var answer = await caller.PostAsync(server, sent.Path, sent.Body, sent.Key);
            if (answer.Status is < 500 and not 429)
            {
                return (answer, false);
            }

            var fate = answer.Json["money"]!.GetValue<string>();
            Proofs.Hold(answer.Status is 429 or 503 && fate is "not moved" or "unknown", $"{sent.Path} was answered {answer.Status} {answer.Text}");
            tally.OnPutOff(mayHaveMoved: fate == "unknown");
            return (null, fate == "unknown");
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            tally.OnPutOff(mayHaveMoved: true);
            return (null, true);
        }
    }

    private async Task<Answer> AgainAsync(ServerProcess server, SentCommand sent)
    {
        while (true)
        {
            var answer = await caller.PostAsync(server, sent.Path, sent.Body, sent.Key);
            if (answer.Status is not (429 or 503))
            {
                return answer;
            }

            await Task.Delay(100);
        }
    }

    private void Acknowledge(SentCommand sent)
    {
        using (var file = new FileStream(log, FileMode.Append, FileAccess.Write))
        {
            file.Write(Encoding.UTF8.GetBytes($"{sent.Key} {sent.Path} {sent.Answer!.Status} {(sent.Answer.IsSuccess ? sent.Answer.Json["id"] : sent.Answer.Code)}\n"));
            file.Flush(flushToDisk: true);
        }

        Acknowledged.Add(sent);
        _fresh.Add(sent);
        if (sent.Answer.IsSuccess && sent.Path == "credit/purchases")
        {
            Purchases++;
        }
        else if (sent.Answer.IsSuccess && sent.Path == "withdrawals")
        {
            _open = sent.Answer.Json["id"]!.GetValue<string>();
        }
    }

    /// <summary>A success to the byte; a refusal but for the name of the request.</summary>
    private static void Same(Answer expected, Answer actual) => Proofs.Same(
        (expected.Status, expected.IsSuccess ? expected.Text : expected.Code), (actual.Status, actual.IsSuccess ? actual.Text : actual.Code), "The answer to the same key");
}

/// <summary>What the callers of a round have met, counted while they work, and how long it took until writes came through again.</summary>
internal sealed class Tally
{
    private long _acknowledged;
    private long _notMoved;
    private long _unknown;
    private long _settled;
    private long _armedAt = long.MaxValue;
    private TaskCompletionSource<TimeSpan> _resumed = new();

    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>Tries that were put off and said that nothing moved.</summary>
    public long NotMoved => Interlocked.Read(ref _notMoved);

    /// <summary>Tries of which nobody could say.</summary>
    public long Unknown => Interlocked.Read(ref _unknown);

    /// <summary>Commands of which a try was unknown and that their key settled.</summary>
    public long Settled => Interlocked.Read(ref _settled);

    /// <summary>From now on, how long it takes until a command that was sent after now is acknowledged.</summary>
    public Task<TimeSpan> Arm()
    {
        _resumed = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);
        Interlocked.Exchange(ref _armedAt, Stopwatch.GetTimestamp());
        return _resumed.Task;
    }

    public void OnAcknowledged(long sentAt, bool wasUnknown)
    {
        Interlocked.Increment(ref _acknowledged);
        if (wasUnknown)
        {
            Interlocked.Increment(ref _settled);
        }

        var armedAt = Interlocked.Read(ref _armedAt);
        if (sentAt > armedAt)
        {
            _resumed.TrySetResult(Stopwatch.GetElapsedTime(armedAt));
        }
    }

    public void OnPutOff(bool mayHaveMoved) => Interlocked.Increment(ref mayHaveMoved ? ref _unknown : ref _notMoved);
}
