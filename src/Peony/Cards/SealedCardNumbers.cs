using Peony.Book;
using Peony.Customers;
using Peony.Payouts;

namespace Peony.Cards;

/// <summary>Opens the envelopes of a card and its holder for the bank rail, at the moment of sending and for no longer.</summary>
internal sealed class SealedCardNumbers(IBook book, IBookReader reader, IVault vault) : ICardNumbers
{
    /// <remarks>All versions of a card have the same number, and a payout ordered before the card was unbound is still paid, so the version only has to exist.</remarks>
    public async Task<CardInstruction?> OpenAsync(CardId card, int version, CancellationToken cancel = default)
    {
        if (await reader.FindAsync<BankCard>(card.Value, cancel) is not { } found || version > found.Version)
        {
            return null;
        }

        if ((await book.RunAsync(new ReadSealedIdentity(found.Customer), cancel: cancel)).IsRefused(out _, out var identity))
        {
            return null;
        }

        var owner = found.Customer.Value;
        var name = await vault.OpenAsync(owner, identity.Name, cancel);
        var number = await vault.OpenAsync(owner, found.Number, cancel);
        return name is null || number is null ? null : new CardInstruction(name, number, found.Bank);
    }
}
