using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Withdrawals;

/// <summary>A withdrawal is in another state, or its code came a step further. Told for every step, so that open pages show it at once.</summary>
internal sealed record WithdrawalChanged(WithdrawalId Withdrawal, CustomerId Customer, WithdrawalState State, Money Amount) : IEvent
{
    public string Lane => Withdrawal.Value;
}

/// <summary>Why a withdrawal ended by no word of a bank or an operator, as it stands in its reason.</summary>
internal static class EndReasons
{
    public const string Owner = "owner";
    public const string Replaced = "replaced";
    public const string CardUnbound = "card_unbound";

    /// <summary>No operator decided in time.</summary>
    public const string ReviewTimedOut = "review_timed_out";
}
