using Peony.Book;
using Peony.Trades;

namespace Peony.Gateway.Notify;

public readonly record struct NotifyId(string Value) : IId<NotifyId>
{
    public static string Prefix => "ntf";
    public static NotifyId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>How far a notice to a merchant's server has come.</summary>
internal enum NotifyStatus
{
    /// <summary>It goes out, or goes out again.</summary>
    Open = 1,

    /// <summary>The server said <c>success</c>.</summary>
    Acknowledged = 2,

    /// <summary>It did not, not even to the last try.</summary>
    GivenUp = 3,
}

/// <summary>What came of one try.</summary>
/// <param name="HttpStatus">Null when there was no answer.</param>
/// <param name="Said">The beginning of the answer's body, or why there was none.</param>
internal sealed record NotifyAnswer(bool IsAcknowledged, int? HttpStatus, string Said);

/// <summary>A try that was made.</summary>
internal sealed record NotifyTry(DateTimeOffset At, NotifyAnswer Answer);

/// <summary>
/// A notice to a merchant's server: what it says, fixed when it was ordered, where it goes, and every try. Its id is the same in all of them; that is what receivers know repeats by.
/// </summary>
/// <param name="Merchant">The merchant's id.</param>
/// <param name="App">The number of the app the notice is for.</param>
internal sealed record NotifyDelivery(NotifyId Id, TradeId Trade, string Merchant, string App, string Url, IReadOnlyDictionary<string, string> Content, DateTimeOffset OrderedAt) : IRecord
{
    public NotifyStatus Status { get; init; } = NotifyStatus.Open;

    public IReadOnlyList<NotifyTry> Tries { get; init; } = [];

    public string Key => Id.Value;

    /// <summary>The state after a try. One that is acknowledged or given up stays as it is.</summary>
    public NotifyDelivery After(NotifyAnswer answer, DateTimeOffset now) => Status switch
    {
        NotifyStatus.Open => this with
        {
            Tries = [.. Tries, new NotifyTry(now, answer)],
            Status = answer.IsAcknowledged ? NotifyStatus.Acknowledged : Tries.Count < TradeNotice.Pauses.Count ? NotifyStatus.Open : NotifyStatus.GivenUp,
        },
        NotifyStatus.Acknowledged or NotifyStatus.GivenUp => this,
    };

    /// <summary>When the next try is due; null when there is none.</summary>
    public DateTimeOffset? NextAt => Status != NotifyStatus.Open ? null : Tries.Count == 0 ? OrderedAt : Tries[^1].At + TradeNotice.Pauses[Tries.Count - 1];
}

/// <summary>It is time for a try.</summary>
/// <param name="Host">Where it goes: deliveries to one host go one after another, so that a host that hangs holds up nobody else's.</param>
internal sealed record NotifyDue(NotifyId Delivery, string Host) : IEvent
{
    public string Lane => Host;
}

/// <summary>Orders a notice of a trade.</summary>
/// <param name="Url">An absolute address.</param>
/// <param name="Content">What it says, but for the notice's own id.</param>
internal sealed record OrderNotify(TradeId Trade, string Merchant, string App, string Url, IReadOnlyDictionary<string, string> Content) : ICommand<NotifyId>
{
    public Result<NotifyId> Handle(IWork work)
    {
        var id = work.NewId<NotifyId>();
        work.Save(new NotifyDelivery(id, Trade, Merchant, App, Url, new Dictionary<string, string>(Content) { ["notify_id"] = id.Value }, work.Now));
        work.Tell(new NotifyDue(id, HostOf(Url)));
        return id;
    }

    internal static string HostOf(string url) => new Uri(url).Authority;
}

/// <summary>What came of a try.</summary>
internal sealed record NotifyAnswered(NotifyId Delivery, NotifyAnswer Answer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var delivery = work.Get<NotifyDelivery>(Delivery.Value).After(Answer, work.Now);
        work.Save(delivery);
        if (delivery.NextAt is { } due)
        {
            work.SetTimer($"notify/{Delivery}", due, new NotifyTimer(Delivery));
        }

        return new Done();
    }
}

/// <summary>The timer of a notice.</summary>
internal sealed record NotifyTimer(NotifyId Delivery) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var delivery = work.Get<NotifyDelivery>(Delivery.Value);
        if (delivery.Status == NotifyStatus.Open)
        {
            work.Tell(new NotifyDue(Delivery, OrderNotify.HostOf(delivery.Url)));
        }

        return new Done();
    }
}
