using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Risk;

namespace Peony.Withdrawals;

/// <summary>
/// Asks for a withdrawal: the money is held and the code made in one commit. The customer's live code for the same card dies, and what it held is free for this one.
/// </summary>
/// <param name="Card">The card, or null for the wallet balance.</param>
/// <param name="Purpose">What a cash advance is for; without meaning for other money.</param>
/// <param name="Passkey">A passkey over <see cref="WithdrawalQuote.Details"/>, when the quote said that one is needed.</param>
internal sealed record RequestWithdrawal(SessionId Session, WithdrawalSource Source, CardId? Card, Money Amount, PinProof Pin, PasskeyProof? Passkey = null,
    CodeChannel Channel = CodeChannel.Sms, string? Purpose = null) : ICommand<WithdrawalView>
{
    public Result<WithdrawalView> Handle(IWork work)
    {
        if (WithdrawalAsk.Load(work, Session, Source, Card).IsRefused(out var refusal, out var ask))
        {
            return refusal;
        }

        var rules = work.Use<WithdrawalRules>();
        if (Permit(work, ask, rules).IsRefused(out refusal, out var to))
        {
            return refusal;
        }

        var check = new WithdrawalCheck(ask, rules, work.Now);
        if ((check.RefuseAmount(Amount) ?? check.RefusePurpose(Purpose)) is { } no)
        {
            return no;
        }

        var id = work.NewId<WithdrawalId>();
        if (Assess(work, check, id).IsRefused(out refusal, out var assessed))
        {
            return refusal;
        }

        if (check.RefuseMoney(Amount) is { } short_)
        {
            return short_;
        }

        var counters = ask.Counters;
        if (ask.Replaced is { } replaced)
        {
            counters = WithdrawalEnds.Free(work, replaced.Cancel(EndReasons.Replaced, work.Now).Value, replaced, "withdrawal.cancelled", counters);
        }

        var withdrawal = new Withdrawal(id, ask.Caller.Customer, Session, ask.Caller.Device, Source, check.Card(), Amount, ask.Route.Fee(Amount), rules.Version,
            assessed.Id.Value, assessed.Reasons.Any(reason => reason.Then == RiskVerdict.Review), ask.Route.ArrivesMinutes, work.Now)
        {
            UsedFor = ask.Advances is null ? null : Purpose,
        };
        work.Save(counters.AfterIssue(work.Now).Counting(new CountedWithdrawal(id, Source, Card, Amount, work.Now)));
        return CodeIssue.Make(work, withdrawal, Channel, to).View(rules.Code);
    }

    /// <summary>Verification, brakes and the payment PIN: whether this customer may ask at all. Gives the other device for a push.</summary>
    private Result<PushTarget> Permit(IWork work, WithdrawalAsk ask, WithdrawalRules rules)
    {
        if (new RequireVerified(ask.Caller.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        if (CodeIssue.RefuseIssue(ask.Counters, rules.Code) is { } tooMany)
        {
            return tooMany;
        }

        if (CodeIssue.Target(work, ask.Caller, Channel).IsRefused(out refusal, out var to))
        {
            return refusal;
        }

        return new CheckPin(ask.Caller.Customer, Pin).Handle(work).IsRefused(out refusal, out _) ? refusal : to;
    }

    private Result<RiskAssessment> Assess(IWork work, WithdrawalCheck check, WithdrawalId id)
    {
        var facts = check.Facts(Amount, QuoteWithdrawal.DeviceFactsOf(work, check.Ask.Caller).EnrolledAt);
        var assessed = new AssessRisk(check.Ask.Caller.Customer, id.Value, facts).Handle(work).Value;
        if (assessed.Verdict == RiskVerdict.Refuse)
        {
            return assessed.Explain(WithdrawalRefusals.RefusedByRisk);
        }

        // A rule that asks for a passkey is not silenced by one that asks for a review.
        if (!check.NeedsPasskey(Amount) && assessed.Reasons.All(reason => reason.Then != RiskVerdict.Passkey))
        {
            return assessed;
        }

        if (Passkey is null)
        {
            return assessed.Explain(WithdrawalRefusals.PasskeyRequired).With("details", check.Details(Amount));
        }

        return Passkey.Details == check.Details(Amount) ? assessed : WithdrawalRefusals.PasskeyDiffers;
    }
}
