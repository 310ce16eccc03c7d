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

    private static Result<RepaymentView> Settle(IWork work, Repayment before)
    {
        var billing = LineBilling.Open(work, before.Customer);
        if (before.Settle(billing.Run.Repay(before.Amount.Minor), work.Now).IsRefused(out var refusal, out var repayment))
        {
            return refusal;
        }

        var view = repayment.View();
        if (repayment != before)
        {
            work.Post(CreditPostings.Repaid(repayment));
            work.Tell(new RepaymentSettled(repayment.Customer, repayment.Id, repayment.Amount, view.ToBalance));
            billing.Save();
            work.Save(repayment);
        }

        return view;
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
