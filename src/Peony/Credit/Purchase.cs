using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Who is paid for a purchase when it is no shop of the sandbox.</summary>
/// <param name="Account">What the payee is owed.</param>
internal sealed record PurchasePayee(LedgerAccountId Account, ShopCategory Category);

/// <summary>A purchase (消费) at a shop of the sandbox or of a merchant. It is made at once or refused; it has one state.</summary>
/// <param name="Shop">The code of a shop of the sandbox; with a payee, the merchant's name.</param>
/// <param name="Day">Its posting day: the business day it was made on.</param>
/// <param name="Periods">In how many instalments it is paid; the whole of it is on the line then.</param>
/// <param name="MerchantFee">The fee of its instalments, when the merchant pays it; null when the buyer does.</param>
internal sealed record Purchase(PurchaseId Id, CustomerId Customer, string Shop, Money Amount, Money FromBalance, DateOnly Day, DateTimeOffset At, int? Periods = null, Money? MerchantFee = null,
    PurchasePayee? Payee = null) : IRecord
{
    public string Key => Id.Value;

    /// <summary>The credit balance pays first; what it does not cover is bought on the line.</summary>
    /// <param name="balanceFree">What of the credit balance no hold sets aside, minor units.</param>
    public static Purchase Make(PurchaseId id, CustomerId customer, string shop, Money amount, long balanceFree, DateOnly day, DateTimeOffset now) =>
        new(id, customer, shop, amount, new Money(Math.Min(amount.Minor, balanceFree), amount.Currency), day, now);

    /// <summary>A month's purchases of a customer have this in common.</summary>
    public static string MonthOf(CustomerId customer, DateOnly day) => $"{customer.Value}/{day:yyyy-MM}";

    /// <summary>A refund of it, as a fact of its line.</summary>
    public LineFact Refunded(LineFact fact, RefundChoice? choice) => fact with { On = Day, Plan = Periods is null ? null : Id.Value, Choice = choice };

    /// <summary>What the one who is paid is owed with it.</summary>
    public LedgerAccountId PayeeAccount() => Payee?.Account ?? CreditAccounts.SandboxMerchants;

    public ShopCategory Category() => Payee?.Category ?? SandboxShops.Find(Shop)?.Category ?? ShopCategory.Other;

    public Money FromLine() => Amount - FromBalance;

    /// <summary>Who pays the fee of its instalments.</summary>
    public FeeBearer Bearer => MerchantFee is null ? FeeBearer.Buyer : FeeBearer.Merchant;

    public PurchaseView View() => new(Id, Shop, Amount, FromBalance, FromLine(), Periods, At);
}
