using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Wallet;

public readonly record struct TopUpId(string Value) : IId<TopUpId>
{
    public static string Prefix => "top";
    public static TopUpId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>The wallet (余额) as screens and other capabilities see it.</summary>
/// <param name="Balance">All that is in the wallet.</param>
/// <param name="Available">What no hold sets aside: what can be spent or withdrawn now.</param>
/// <param name="Held">What is set aside (预占) for open withdrawals.</param>
public sealed record WalletView(CustomerId Customer, Money Balance, Money Available, Money Held);

public enum TopUpState
{
    /// <summary>The bank was asked to collect from the card; nothing moved yet.</summary>
    Ordered = 1,

    /// <summary>The money is in the wallet.</summary>
    Settled = 2,

    /// <summary>The bank did not collect; nothing moved.</summary>
    Failed = 3,
}

/// <param name="Card">Bank and last four digits.</param>
/// <param name="BankReason">The bank's reason code when it failed.</param>
public sealed record TopUpView(TopUpId Id, string Card, Money Amount, TopUpState State, DateTimeOffset OrderedAt, DateTimeOffset? EndedAt, string? BankReason);
