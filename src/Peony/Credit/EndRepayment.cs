using Peony.Book;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Credit;

/// <summary>The bank collected a repayment, which is now put against the debt; or, with a reason, it did not and nothing moved. Repeating it changes nothing.</summary>
/// <param name="BankReason">The bank's reason code when it did not collect, else null.</param>
internal sealed record EndRepayment(RepaymentId Repayment, string? BankReason) : ICommand<RepaymentView>
{
    public Result<RepaymentView> Handle(IWork work)
    {
        var before = work.Get<Repayment>(Repayment.Value);
        return BankReason is null ? Settle(work, before) : Fail(work, before, BankReason);
    }

    /// <summary>It counts from the day it was ordered on: how long the bank takes costs the customer nothing.</summary>
    private static Result<RepaymentView> Settle(IWork work, Repayment before)
    {
        if (before.Settle(() => Take(work, before), work.Now).IsRefused(out var refusal, out var repayment))
        {
            return refusal;
        }

        var view = repayment.View();
        if (repayment != before)
        {
            work.Tell(new RepaymentSettled(repayment.Customer, repayment.Id, repayment.Amount, view.ToBalance));
            work.Save(repayment);
        }

        return view;
    }

    private static RepaymentSplit Take(IWork work, Repayment repayment)
    {
        var billing = LineBilling.Open(work, repayment.Customer);
        var fact = billing.Fact(LineFactKind.Repaid, repayment.Key, repayment.Amount.Minor);
        var day = billing.DayOf(repayment.OrderedAt);
        if (day < billing.Today)
        {
            return billing.TakeLate(fact with { Day = day, After = null }, CreditPostings.RepaidKey(repayment.Id), CreditPostings.RepaidKind, CreditAccounts.RepaymentsReceived);
        }

        var split = billing.Take(fact);
        work.Post(CreditPostings.Repaid(repayment with { Split = split }));
        billing.Save();
        return split;
    }

    private static Result<RepaymentView> Fail(IWork work, Repayment before, string bankReason)
    {
        if (before.Fail(bankReason, work.Now).IsRefused(out var refusal, out var repayment))
        {
            return refusal;
        }

        if (repayment != before)
        {
            work.Tell(new RepaymentFailed(repayment.Customer, repayment.Id, repayment.Amount, repayment.Card!.Bank, repayment.Card.LastFour, bankReason));
            work.Save(repayment);
        }

        return repayment.View();
    }
}

/// <summary>Settles a repayment when the bank has collected it; there is nothing to do outside.</summary>
internal sealed class RepaymentCollectedEffect : IEffect<CollectionSettled>
{
    public const string EffectName = "credit.repayment_collected";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(CollectionSettled @event, EffectContext context, CancellationToken cancel) =>
        Task.FromResult<ICommand?>(Credit.Repayment.OfReference(@event.Reference) is { } repayment ? new EndRepayment(repayment, BankReason: null) : null);
}

/// <summary>Ends a repayment that the bank did not collect.</summary>
internal sealed class RepaymentNotCollectedEffect : IEffect<CollectionFailed>
{
    public const string EffectName = "credit.repayment_not_collected";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(CollectionFailed @event, EffectContext context, CancellationToken cancel) =>
        Task.FromResult<ICommand?>(Credit.Repayment.OfReference(@event.Reference) is { } repayment ? new EndRepayment(repayment, @event.Reason) : null);
}

/// <summary>The bank took back what it had collected: the line is as if the repayment had never been. Repeating it changes nothing.</summary>
/// <param name="BankReason">The bank's reason code.</param>
internal sealed record ReturnRepayment(RepaymentId Repayment, string BankReason) : ICommand<RepaymentView>
{
    public Result<RepaymentView> Handle(IWork work)
    {
        var before = work.Get<Repayment>(Repayment.Value);
        if (before.Return(BankReason, work.Now).IsRefused(out var refusal, out var repayment))
        {
            return refusal;
        }

        if (repayment != before)
        {
            var billing = LineBilling.Open(work, repayment.Customer);
            billing.Void(repayment.Key, CreditPostings.RepaymentReturnedKey(repayment.Id), "credit.repayment_returned", CreditAccounts.RepaymentsReturned);
            work.Save(repayment);
            work.Tell(new RepaymentReturned(repayment.Customer, repayment.Id, repayment.Amount, billing.Amount(billing.Run.State.Payable), BankReason));
        }

        return repayment.View();
    }
}

/// <summary>Takes a repayment off the line again when the bank took the money back.</summary>
internal sealed class RepaymentReturnedEffect : IEffect<CollectionReturned>
{
    public const string EffectName = "credit.repayment_returned";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(CollectionReturned @event, EffectContext context, CancellationToken cancel) =>
        Task.FromResult<ICommand?>(Credit.Repayment.OfReference(@event.Reference) is { } repayment ? new ReturnRepayment(repayment, @event.Reason) : null);
}
