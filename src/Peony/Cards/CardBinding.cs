using Peony.Book;
using Peony.Customers;
using Peony.Identifiers;

namespace Peony.Cards;

/// <summary>The four elements (四要素) in clear, on their way to the bureau and nowhere else. Prints masked.</summary>
internal sealed record FourElements(CardNumber Card, string Name, string IdNumber, MobileNumber Phone)
{
    public override string ToString() => $"(four elements of {Card})";
}

/// <summary>The bureau's answer, with the bank and kind it knows the card by, if it says them.</summary>
internal sealed record CardCheck(FourElementsAnswer Answer, string? Bank, CardKind? Kind);

/// <summary>The identity bureau's service for bank cards: a seam to the outside.</summary>
internal interface ICardBureau
{
    /// <param name="reference">Fixed before the first call, so that a repeated call is one check.</param>
    /// <exception cref="HttpRequestException">The bureau cannot be reached; nothing is known, and nothing was bound.</exception>
    Task<CardCheck> CheckAsync(CardCheckId reference, FourElements elements, CancellationToken cancel);
}

/// <summary>
/// Binds a card for pages and API alike: asks the Book whether the customer may try, opens the verified name and ID, asks the bureau once, seals the number, and binds.
/// What is in clear lives only here.
/// </summary>
internal sealed class CardBinding(IBook book, IVault vault, Secrets secrets, ICardBureau bureau)
{
    /// <exception cref="HttpRequestException">The bureau cannot be reached; nothing was bound.</exception>
    public async Task<Result<CardView>> BindCardAsync(SessionId session, CardNumber card, MobileNumber phone, CallKey? key, CancellationToken cancel = default)
    {
        var numberHash = secrets.Hash("card-number", card.Value);
        var askKey = key is null ? null : key with { Caller = key.Caller + "/ask-to-bind" };
        if ((await book.RunAsync(new AskToBind(session, numberHash), askKey, cancel)).IsRefused(out var refusal, out var permit))
        {
            return refusal;
        }

        var owner = permit.Customer.Value;
        var name = await vault.OpenAsync(owner, permit.Name, cancel);
        var idNumber = await vault.OpenAsync(owner, permit.IdNumber, cancel);
        if (name is null || idNumber is null)
        {
            return CustomersRefusals.SessionEnded;   // the customer was erased in between
        }

        var check = await bureau.CheckAsync(permit.Check, new FourElements(card, name, idNumber, phone), cancel);
        var number = await vault.SealAsync(owner, card.Value, cancel);
        return await book.RunAsync(Prepare(session, card, numberHash, number, check), key, cancel);
    }

    /// <summary>The bureau has the last word on bank and kind; the table of number ranges stands in where it says nothing. Unknown to both is not supported.</summary>
    private static BindCard Prepare(SessionId session, CardNumber card, string numberHash, Sealed number, CardCheck check)
    {
        var bin = BankBins.Default.Find(card.Value);
        var bank = check.Bank ?? bin?.Bank.Code;
        var kind = check.Kind ?? (bin is null ? null : bin.IsCredit ? CardKind.Credit : CardKind.Debit);
        return bank is null || kind is null
            ? new BindCard(session, new CardToBind(numberHash, number, card.LastFour, "", CardKind.Debit),
                check.Answer == FourElementsAnswer.Agree ? FourElementsAnswer.NotSupported : check.Answer)
            : new BindCard(session, new CardToBind(numberHash, number, card.LastFour, bank, kind.Value), check.Answer);
    }
}
