using System.Globalization;
using Peony.Book;
using Peony.Customers;

namespace Peony.Trades;

/// <summary>That a phone may make pay codes: its key's number, and the session it belongs to. It ends with the session.</summary>
/// <param name="Number">Eight digits, part of every code.</param>
/// <param name="IsSpare">One of many by which the sandbox makes codes beside a phone's own: a phone has a thousand codes in ten seconds, a load test needs more.</param>
internal sealed record PayCodeKey(string Number, CustomerId Customer, DeviceId Device, SessionId Session, DateTimeOffset At, bool IsSpare = false) : IRecord
{
    private const uint Many = 100_000_000;

    public string Key => Number;

    public static string DrawNumber(IWork work)
    {
        string number;
        do
        {
            number = (BitConverter.ToUInt32(work.Nonce(sizeof(uint))) % Many).ToString("D8", CultureInfo.InvariantCulture);
        }
        while (work.Find<PayCodeKey>(number) is not null);

        return number;
    }
}

/// <summary>Lets the phone of a session make pay codes, with the payment PIN; a phone that may already keeps its key.</summary>
/// <returns>The number of the phone's key; the edge makes the key from it and hands it over.</returns>
internal sealed record EnablePayCode(SessionId Session, PinProof Pin) : ICommand<string>
{
    public Result<string> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (new RequireVerified(caller.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _)
            || new CheckPin(caller.Customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        if (work.FindOne<PayCodeKey>(TradesModule.BySession, Session.Value) is { } kept)
        {
            return kept.Number;
        }

        var made = new PayCodeKey(PayCodeKey.DrawNumber(work), caller.Customer, caller.Device, Session, work.Now);
        work.Save(made);
        return made.Number;
    }
}

/// <summary>Gives the phone of a sandbox's customer spare keys, up to so many.</summary>
/// <param name="Number">The phone's own key.</param>
/// <returns>The numbers of the spare keys.</returns>
internal sealed record AddSparePayCodeKeys(string Number, int Count) : ICommand<IReadOnlyList<string>>
{
    public Result<IReadOnlyList<string>> Handle(IWork work)
    {
        var own = work.Get<PayCodeKey>(Number);
        var spare = work.FindBy<PayCodeKey>(TradesModule.ByBuyer, own.Customer.Value).Where(key => key.IsSpare && key.Session == own.Session).Select(key => key.Number).ToList();
        while (spare.Count < Count)
        {
            var made = own with { Number = PayCodeKey.DrawNumber(work), IsSpare = true };
            work.Save(made);
            spare.Add(made.Number);
        }

        return spare;
    }
}
