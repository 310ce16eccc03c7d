using System.Globalization;
using Peony.Book;
using Peony.Cards;
using Peony.Notices;
using Peony.Payouts;

namespace Peony.Withdrawals;

/// <summary>Derives a live code again when its message is sent or read; null when it is dead.</summary>
internal sealed class WithdrawalCodeSource(IBookReader reader, WithdrawalCodes codes) : ICodeSource
{
    public string Purpose => CodeIssue.Purpose;

    public async Task<string?> CodeOfAsync(string reference, CancellationToken cancel = default)
    {
        var (id, number) = Read(reference);
        var withdrawal = await reader.FindAsync<Withdrawal>(id.Value, cancel);
        return withdrawal?.Code is { } code && code.Number == number ? codes.Derive(code.Nonce, withdrawal.BindingAsMade(code)) : null;
    }

    /// <summary>The withdrawal and the code's number that <see cref="CodeIssue.Reference"/> wrote.</summary>
    public static (WithdrawalId Id, int Number) Read(string reference)
    {
        var slash = reference.LastIndexOf('/');
        return (new WithdrawalId(reference[..slash]), int.Parse(reference[(slash + 1)..], CultureInfo.InvariantCulture));
    }
}

/// <summary>An effect that turns another capability's word into a command of ours, and does nothing outside.</summary>
internal abstract class WithdrawalOn<TEvent>(string name, Func<TEvent, ICommand?> command) : IEffect<TEvent>
    where TEvent : IEvent
{
    public string Name => name;

    public Task<ICommand?> ActAsync(TEvent @event, EffectContext context, CancellationToken cancel) => Task.FromResult(command(@event));
}

internal sealed class SettleOnPayout() : WithdrawalOn<PayoutSettled>(EffectName, told => WithdrawalEnds.OfReference(told.Reference) is { } id ? new SettleWithdrawal(id) : null)
{
    public const string EffectName = "withdrawals.payout_settled";
}

internal sealed class RejectOnPayout()
    : WithdrawalOn<PayoutRejected>(EffectName, told => WithdrawalEnds.OfReference(told.Reference) is { } id ? new RejectWithdrawal(id, told.Reason) : null)
{
    public const string EffectName = "withdrawals.payout_rejected";
}

internal sealed class ReturnOnPayout()
    : WithdrawalOn<PayoutReturned>(EffectName, told => WithdrawalEnds.OfReference(told.Reference) is { } id ? new ReturnWithdrawal(id, told.Reason) : null)
{
    public const string EffectName = "withdrawals.payout_returned";
}

internal sealed class TellOnDelay() : WithdrawalOn<PayoutDelayed>(EffectName, told => WithdrawalEnds.OfReference(told.Reference) is { } id ? new TellDelay(id) : null)
{
    public const string EffectName = "withdrawals.payout_delayed";
}

internal sealed class CancelOnUnbind() : WithdrawalOn<CardUnbound>(EffectName, told => new CancelWithdrawalsTo(told.Customer, told.Card))
{
    public const string EffectName = "withdrawals.card_unbound";
}

/// <summary>Marks how far a code has come.</summary>
internal sealed class MarkDelivery() : WithdrawalOn<MessageMoved>(EffectName, Mark)
{
    public const string EffectName = "withdrawals.code_delivery";

    private static RecordDelivery? Mark(MessageMoved told)
    {
        if (told.Code is not { Purpose: CodeIssue.Purpose } code)
        {
            return null;
        }

        var (id, number) = WithdrawalCodeSource.Read(code.Reference);
        return new RecordDelivery(id, number, told.Status switch
        {
            MessageStatus.Ordered => CodeDelivery.Pending,
            MessageStatus.Sent => CodeDelivery.Sent,
            MessageStatus.Delivered => CodeDelivery.Delivered,
            MessageStatus.Failed => CodeDelivery.Failed,
        });
    }
}

/// <summary>Tells open pages that a withdrawal has changed, after it is on disk.</summary>
internal sealed class WithdrawalFeed(INoticeFeed feed) : IEffect<WithdrawalChanged>
{
    public const string EffectName = "withdrawals.feed";

    public string Name => EffectName;

    public Task<ICommand?> ActAsync(WithdrawalChanged @event, EffectContext context, CancellationToken cancel)
    {
        feed.Publish(@event.Customer, new FeedItem("withdrawal", @event.Withdrawal.Value));
        return Task.FromResult<ICommand?>(null);
    }
}
