using Peony.Book;
using Peony.Payouts;

namespace Peony.Wallet;

/// <summary>The bank collected a top-up and the money is in the wallet; or, with a reason, it did not and nothing moved. Repeating it changes nothing.</summary>
/// <param name="BankReason">The bank's reason code when it did not collect, else null.</param>
internal sealed record EndTopUp(TopUpId TopUp, string? BankReason) : ICommand<TopUpView>
{
    public Result<TopUpView> Handle(IWork work)
    {
        var before = work.Get<TopUp>(TopUp.Value);
        var ended = BankReason is null ? before.Settle(work.Now) : before.Fail(BankReason, work.Now);
        if (ended.IsRefused(out var refusal, out var topUp))
        {
            return refusal;
        }

        if (topUp == before)
        {
            return topUp.View();
        }

        work.Save(topUp);
        if (BankReason is null)
        {
            work.Tell(new TopUpSettled(topUp.Customer, topUp.Id, topUp.Amount, topUp.Card.Bank, topUp.Card.LastFour));
        }
        else
        {
            work.Tell(new TopUpFailed(topUp.Customer, topUp.Id, topUp.Amount, topUp.Card.Bank, topUp.Card.LastFour, BankReason));
        }

        return topUp.View();
    }
}

/// <summary>Settles a top-up when the bank has collected it; there is nothing to do outside.</summary>
internal sealed class TopUpCollectedEffect : IEffect<CollectionSettled>
{
    public const string EffectName = "wallet.top_up_collected";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(CollectionSettled @event, EffectContext context, CancellationToken cancel) =>
        Task.FromResult<ICommand?>(TopUp.OfReference(@event.Reference) is { } topUp ? new EndTopUp(topUp, BankReason: null) : null);
}

/// <summary>Ends a top-up that the bank did not collect.</summary>
internal sealed class TopUpNotCollectedEffect : IEffect<CollectionFailed>
{
    public const string EffectName = "wallet.top_up_not_collected";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(CollectionFailed @event, EffectContext context, CancellationToken cancel) =>
        Task.FromResult<ICommand?>(TopUp.OfReference(@event.Reference) is { } topUp ? new EndTopUp(topUp, @event.Reason) : null);
}
