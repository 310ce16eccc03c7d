using Peony.Book;
using Peony.Customers;

namespace Peony.Payouts;

public readonly record struct BankMessageId(string Value) : IId<BankMessageId>
{
    public static string Prefix => "bm";
    public static BankMessageId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>A file exchanged with the bank, kept for operators in the customer's envelope: a pain.001 names the holder and the card number in clear.</summary>
/// <param name="Order">The payout or collection, by its end-to-end id.</param>
/// <param name="Name">The message's name, such as <c>pain.001.001.09</c>.</param>
internal sealed record BankMessage(BankMessageId Id, string Order, CustomerId Customer, string Name, bool IsSent, DateTimeOffset At, Sealed Body) : IRecord
{
    public string Key => Id.Value;
}

/// <summary>A file as an effect or the bank's call hands it in: sealed already.</summary>
internal sealed record SealedFile(string Name, bool IsSent, Sealed Body);
