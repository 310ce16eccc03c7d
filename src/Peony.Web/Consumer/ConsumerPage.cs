using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Edge;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Notices;
using Peony.Web.Shared;

namespace Peony.Web.Consumer;

/// <summary>A page of the signed-in customer: who they are, what they may read, and the way from a posted form to a command.</summary>
[Authorize]
public abstract class ConsumerPage : PeonyPage
{
    [Inject]
    private protected IBook Book { get; set; } = default!;

    [Inject]
    private protected IBookReader Reader { get; set; } = default!;

    [Inject]
    private protected Secrets Secrets { get; set; } = default!;

    private protected CustomerId Customer => PeonyClaims.CustomerOf(Http.User) ?? throw new InvalidOperationException("The page does not require a signed-in customer.");

    private protected SessionId Session => PeonyClaims.SessionOf(Http.User) ?? throw new InvalidOperationException("The page does not require a signed-in customer.");

    private protected DeviceId Device => PeonyClaims.DeviceOf(Http.User) ?? throw new InvalidOperationException("The page does not require a signed-in customer.");

    /// <summary>The customer as the Book knows them now.</summary>
    private protected Customer Me { get; private set; } = default!;

    private protected bool HasPin { get; private set; }

    /// <summary>Unread notices, for the tab.</summary>
    private protected int Unread { get; private set; }

    private protected CancellationToken Cancel => Http.RequestAborted;

    private protected override async Task LoadAsync()
    {
        Me = await Reader.FindAsync<Customer>(Customer.Value, Cancel) ?? throw new PageMissingException();
        HasPin = await Reader.FindAsync<PaymentPin>(Customer.Value, Cancel) is not null;
        Unread = await NoticesInbox.CountUnreadAsync(Reader, Customer, Session, Cancel);
        await LoadPageAsync();
    }

    /// <summary>Reads what this page shows beyond who the customer is.</summary>
    private protected virtual Task LoadPageAsync() => Task.CompletedTask;

    /// <summary>The idempotency key of the posted form: minted when the form was rendered, fingerprinted over all its fields. It is the customer's, so a form sent again after a new sign-in does nothing twice.</summary>
    private protected CallKey KeyOf(string part = "") => FormKeys.Of(Http, Form, Secrets, Customer.Value + part);

    /// <summary>Runs the command under the form's key; a refusal goes into the form.</summary>
    /// <returns>True with the reply when it was done.</returns>
    private protected async Task<(bool IsDone, TReply Reply)> RunAsync<TReply>(ICommand<TReply> command)
    {
        var result = await Book.RunAsync(command, KeyOf(), Cancel);
        return (IsDone(result, out var reply), reply);
    }

    /// <summary>The payment PIN as commands take it; a text that cannot be one is said beside its field.</summary>
    private protected bool TryPin(out PinProof pin, string field = "pin")
    {
        var typed = Form[field];
        pin = new PinProof(Secrets.Hash("pin", $"{Customer}/{typed}"));
        if (typed.Length == 6 && typed.All(char.IsAsciiDigit))
        {
            return true;
        }

        Wrong(field, T["field.pin"]);
        return false;
    }

    private protected bool TryAmount(out Money amount, string field = "amount")
    {
        if (MoneyText.TryParse(Form[field], Currency.Cny, out amount) && amount.IsPositive)
        {
            return true;
        }

        Wrong(field, T["field.amount"]);
        return false;
    }

    private protected static string BankName(string code) => BankNames.Of(code, Language);

    private protected static string CardName(CardView card) => BankNames.OfCard(card.Bank, card.LastFour, Language);
}

/// <summary>Banks by their short name, as people call them.</summary>
internal static class BankNames
{
    public static string Of(string code, System.Globalization.CultureInfo language) => BankBins.Default.FindBank(code)?.NameIn(language.Name) ?? code;

    /// <summary><c>工商银行 (1234)</c>.</summary>
    public static string OfCard(string bank, string lastFour, System.Globalization.CultureInfo language) => $"{Of(bank, language)} ({lastFour})";

    /// <summary>The same of <c>ICBC ··1234</c>, as the views of top-ups and repayments write a card.</summary>
    public static string OfCard(string card, System.Globalization.CultureInfo language)
    {
        var parts = card.Split(' ', 2);
        return parts.Length == 2 ? OfCard(parts[0], parts[1].TrimStart('·'), language) : card;
    }
}
