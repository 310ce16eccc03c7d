using Peony.Book;
using Peony.Edge;

namespace Peony.Payouts;

/// <summary>
/// Asks the bank for a payout, and sends it when, and only when, the bank says that it does not know it. So the same event may be acted on again after any crash or timeout
/// and nothing is sent blindly. No answer is an outcome too: nobody knows.
/// </summary>
internal sealed class PayoutEffect(IBankRail bank, ICardNumbers cards, IVault vault, PeonyOptions options) : IEffect<PayoutDue>
{
    public const string EffectName = "payouts.send";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(PayoutDue @event, EffectContext context, CancellationToken cancel)
    {
        var payout = await context.Reader.FindAsync<Payout>(@event.Payout.Value, cancel);
        if (payout is null || payout.Progress.IsFinal())
        {
            return null;
        }

        var files = new List<SealedFile>();
        BankAnswer answer;
        try
        {
            var reply = await bank.AskAsync(payout.Id.Value, payout.Amount, cancel);
            if (reply.Answer.Said == BankSaid.NotKnown && payout.Progress.MayBeSent())
            {
                if (await cards.OpenAsync(payout.Card, payout.CardVersion, cancel) is not { } card)
                {
                    return new PayoutAnswered(payout.Id, new BankAnswer(BankSaid.Rejected, Reason: BankReasons.CardGone), files);
                }

                var file = PaymentFile.Write(payout, card, options);
                await BankFiles.AddAsync(files, vault, payout.Customer, PaymentFile.Name, isSent: true, file, cancel);
                reply = await bank.PayAsync(payout, file, cancel);
            }

            answer = reply.Answer;
            if (reply.Report is { } report)
            {
                await BankFiles.AddAsync(files, vault, payout.Customer, StatusFile.Name, isSent: false, report, cancel);
            }
        }
        catch (Exception exception) when (Outage.Is(exception, cancel))
        {
            answer = new BankAnswer(BankSaid.Nothing);
        }

        return new PayoutAnswered(payout.Id, answer, files);
    }
}

/// <summary>As <see cref="PayoutEffect"/>, for the debit of a card.</summary>
internal sealed class CollectionEffect(IBankRail bank, ICardNumbers cards, IVault vault) : IEffect<CollectionDue>
{
    public const string EffectName = "collections.send";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(CollectionDue @event, EffectContext context, CancellationToken cancel)
    {
        var collection = await context.Reader.FindAsync<Collection>(@event.Collection.Value, cancel);
        if (collection is null || collection.Progress.IsFinal())
        {
            return null;
        }

        var files = new List<SealedFile>();
        BankAnswer answer;
        try
        {
            var reply = await bank.AskAsync(collection.Id.Value, collection.Amount, cancel);
            if (reply.Answer.Said == BankSaid.NotKnown && collection.Progress.MayBeSent())
            {
                if (await cards.OpenAsync(collection.Card, collection.CardVersion, cancel) is not { } card)
                {
                    return new CollectionAnswered(collection.Id, new BankAnswer(BankSaid.Rejected, Reason: BankReasons.CardGone), files);
                }

                reply = await bank.CollectAsync(collection, card, cancel);
            }

            answer = reply.Answer;
            if (reply.Report is { } report)
            {
                await BankFiles.AddAsync(files, vault, collection.Customer, StatusFile.Name, isSent: false, report, cancel);
            }
        }
        catch (Exception exception) when (Outage.Is(exception, cancel))
        {
            answer = new BankAnswer(BankSaid.Nothing);
        }

        return new CollectionAnswered(collection.Id, answer, files);
    }
}
