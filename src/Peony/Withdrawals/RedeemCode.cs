using System.Globalization;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Risk;

namespace Peony.Withdrawals;

/// <summary>
/// Redeems a withdrawal authorization code: what is held becomes a payout, or a transfer to the wallet balance, or waits for an operator. The code is compared with the one
/// that the caller's own session and device and the card as it is now would have; a mismatch of anything is a wrong code, in the same words.
/// </summary>
internal sealed record RedeemCode(SessionId Session, WithdrawalId Id, string Code) : ICommand<WithdrawalView>
{
    public Result<WithdrawalView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var withdrawal = work.Find<Withdrawal>(Id.Value);
        if (withdrawal is null || withdrawal.Customer != caller.Customer)
        {
            return WithdrawalRefusals.NotFound;
        }

        if (withdrawal.Redeemable().IsRefused(out refusal, out var code))
        {
            return refusal;
        }

        var rules = work.Use<WithdrawalRules>();
        var counters = WithdrawalCounters.Of(work, caller.Customer);
        var brake = WithdrawalBrake.Of(work);
        if (RefuseTry(counters, brake, rules.Code, work.Now) is { } braked)
        {
            return braked;
        }

        var binding = withdrawal.Binding(code, caller.Session, caller.Device, CardVersion(work, withdrawal));
        // A dry run counts no wrong tries, so it compares nothing: it shows what the right code would do.
        if (!work.IsDryRun && !work.Use<WithdrawalCodes>().Matches(code.Nonce, binding, Code))
        {
            return WrongCode(work, withdrawal, counters, brake, rules.Code);
        }

        return (withdrawal.NeedsReview
            ? HoldForReview(work, withdrawal, rules)
            : WithdrawalEnds.SendOff(work, withdrawal, payout => withdrawal.Redeem(payout, work.Now))).View(rules.Code);
    }

    /// <summary>Without the code: a command may be printed.</summary>
    public override string ToString() => $"{nameof(RedeemCode)} {Id}";

    private static Refusal? RefuseTry(WithdrawalCounters counters, WithdrawalBrake brake, CodeRules rules, DateTimeOffset now)
    {
        if (counters.NextTry(rules) is { } nextTry)
        {
            return WithdrawalRefusals.TooManyTries.With("until", nextTry.ToString("O", CultureInfo.InvariantCulture));
        }

        return brake.WrongTries >= rules.WrongTriesPerHourOfAll
            ? WithdrawalRefusals.Paused.With("until", WithdrawalBrake.NextHour(now).ToString("O", CultureInfo.InvariantCulture))
            : null;
    }

    // A card that is not bound has no version to pay to; 0 makes the code another one, as a new version does.
    private static int CardVersion(IWork work, Withdrawal withdrawal)
    {
        if (withdrawal.Card is not { } card)
        {
            return 0;
        }

        var now = new ReadCard(withdrawal.Customer, card.Id).Handle(work).Value;
        return now.IsBound ? now.Version : 0;
    }

    /// <summary>The try counts although nothing moved; the last one kills the code and frees the money.</summary>
    private static Refusal WrongCode(IWork work, Withdrawal withdrawal, WithdrawalCounters counters, WithdrawalBrake brake, CodeRules rules)
    {
        var tried = withdrawal.TryWrong(rules.TriesPerCode, work.Now).Value;
        var counted = counters.AfterWrongTry(work.Now);
        work.OnRefusal(kept =>
        {
            if (Planted.Has("wrong-tries-not-counted"))
            {
                return;
            }

            kept.Save(brake.AfterWrongTry());
            if (tried.State == WithdrawalState.LockedOut)
            {
                kept.Save(WithdrawalEnds.Free(kept, tried, withdrawal, "withdrawal.locked_out", counted));
                WithdrawalNotices.Tell(kept, tried, "withdrawal.locked_out", isAlsoSms: true);
            }
            else
            {
                kept.Save(counted);
                kept.Save(tried);
                kept.Tell(tried.Changed());
            }
        });
        return tried.State == WithdrawalState.LockedOut
            ? WithdrawalRefusals.CodeLocked
            : WithdrawalRefusals.CodeWrong.With("left", rules.TriesPerCode - tried.Code!.WrongTries);
    }

    private static Withdrawal HoldForReview(IWork work, Withdrawal withdrawal, WithdrawalRules rules)
    {
        var held = work.Post(WithdrawalPostings.HeldForReview(withdrawal));
        var waiting = withdrawal.RedeemForReview(held.Holds, work.Now).Value;
        var deadline = work.Now.AddHours(rules.ReviewHours);
        work.Save(waiting);
        work.CancelTimer(CodeIssue.ExpiryTimer(waiting.Id));
        work.SetTimer(DeclineUnreviewed.TimerOf(waiting.Id), deadline, new DeclineUnreviewed(waiting.Id));
        new OpenReview(waiting.Id.Value, waiting.Customer, waiting.Amount, new RiskDecisionId(waiting.Decision), deadline).Handle(work);
        WithdrawalNotices.Tell(work, waiting, "withdrawal.held_for_review", isAlsoSms: true);
        work.Tell(waiting.Changed());
        return waiting;
    }
}
