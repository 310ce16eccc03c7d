using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Web.Shared;

namespace Peony.Web.Merchant;

/// <summary>A page of a merchant's portal: somebody who works there, what their role reaches, and the way from a posted form to a command. To everybody else there is no such page.</summary>
[Authorize]
public abstract class MerchantPage : PeonyPage
{
    [Inject]
    private protected IBook Book { get; set; } = default!;

    [Inject]
    private protected IBookReader Reader { get; set; } = default!;

    [Inject]
    private protected Secrets Secrets { get; set; } = default!;

    [Inject]
    private protected StaffReader Staff { get; set; } = default!;

    /// <summary>The merchant's number.</summary>
    [Parameter]
    public string Shop { get; set; } = "";

    private protected CustomerId Customer => PeonyClaims.CustomerOf(Http.User) ?? throw new InvalidOperationException("The page does not require a signed-in customer.");

    private protected SessionId Session => PeonyClaims.SessionOf(Http.User) ?? throw new InvalidOperationException("The page does not require a signed-in customer.");

    /// <summary>Where they work, and as what.</summary>
    private protected Workplace Work { get; private set; } = default!;

    /// <summary>What looking at the page needs. Commands look for themselves.</summary>
    private protected virtual StaffRight Needs => StaffRight.SeeTrades;

    private protected string Root => $"/merchant/{Shop}";

    private protected CancellationToken Cancel => Http.RequestAborted;

    private protected override async Task<bool> AdmitAsync()
    {
        Work = await Staff.FindAsync(Customer, Shop, Cancel) is { } found && found.May(Needs) ? found : throw new PageMissingException();
        return true;
    }

    private protected StaffProof Proof(StaffRight right) => new(Session, Work.Merchant.Id, right);

    /// <summary>Runs the command under the form's key; a refusal goes into the form.</summary>
    /// <returns>True with the reply when it was done.</returns>
    private protected async Task<(bool IsDone, TReply Reply)> RunAsync<TReply>(ICommand<TReply> command)
    {
        var result = await Book.RunAsync(command, FormKeys.Of(Http, Form, Secrets, Customer.Value), Cancel);
        return (IsDone(result, out var reply), reply);
    }

    private protected bool TryAmount(out Money amount)
    {
        if (MoneyText.TryParse(Form["amount"], Currency.Cny, out amount) && amount.IsPositive)
        {
            return true;
        }

        Wrong("amount", T["field.amount"]);
        return false;
    }
}
