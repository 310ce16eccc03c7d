using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Risk;

namespace Peony.Withdrawals;

/// <summary>The review step: fee, what arrives and when, how much can be withdrawn now and why not more. It refuses what the request would refuse, and keeps nothing.</summary>
/// <param name="Card">The card, or null for the wallet balance.</param>
/// <param name="Amount">The amount asked about, or null to learn only how much there is.</param>
internal sealed record QuoteWithdrawal(SessionId Session, WithdrawalSource Source, CardId? Card, Money? Amount) : ICommand<WithdrawalQuote>
{
    public Result<WithdrawalQuote> Handle(IWork work)
    {
        if (WithdrawalAsk.Load(work, Session, Source, Card).IsRefused(out var refusal, out var ask))
        {
            return refusal;
        }

        if (new RequireVerified(ask.Caller.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var check = new WithdrawalCheck(ask, work.Use<WithdrawalRules>(), work.Now);
        var (most, bound, moreFrom) = check.Most();
        var card = ask.Card is { } shown ? new WithdrawalCardView(shown.Id, shown.Version, shown.Bank, shown.LastFour) : null;
        var purposes = ask.Advances?.Product.Advances.Purposes ?? [];
        if (Amount is not { } amount)
        {
            return new WithdrawalQuote(Source, card, null, null, null, null, ask.Available, most, bound, moreFrom, NeedsPasskey: false, Details: null)
            {
                Purposes = purposes,
            };
        }

        if ((check.RefuseAmount(amount) ?? check.RefuseMoney(amount)) is { } no)
        {
            return no;
        }

        var fee = ask.Route.Fee(amount);
        var foreseen = new ForeseeRisk(check.Facts(amount, DeviceFactsOf(work, ask.Caller).EnrolledAt)).Handle(work).Value;
        return new WithdrawalQuote(Source, card, amount, fee, amount + fee, work.Now.AddMinutes(ask.Route.ArrivesMinutes), ask.Available, most, bound, moreFrom,
            check.NeedsPasskey(amount) || foreseen.Reasons.Any(reason => reason.Then == RiskVerdict.Passkey), check.Details(amount))
        {
            Advance = ask.Advances?.Price(amount),
            Purposes = purposes,
        };
    }

    /// <summary>The device of the session that asks.</summary>
    internal static DeviceFacts DeviceFactsOf(IWork work, Caller caller) =>
        new ReadDevices(caller.Customer).Handle(work).Value.Devices.First(device => device.Id == caller.Device);
}
