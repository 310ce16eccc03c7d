using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Credit;

public readonly record struct ContactId(string Value) : IId<ContactId>
{
    public static string Prefix => "ct";
    public static ContactId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>How a customer is contacted to collect what is overdue. Nobody else is: there is no way to name anybody else.</summary>
public enum ContactChannel
{
    Phone = 1,
    Sms = 2,
    Letter = 3,
}

/// <summary>A contact (催收联系) as its customer and operators see it.</summary>
/// <param name="Outcome">A code of the channel's outcomes.</param>
/// <param name="By">The name of the operator.</param>
/// <param name="Overdue">What was overdue then.</param>
public sealed record ContactView(ContactId Id, ContactChannel Channel, string Outcome, string By, Money Overdue, int DaysPastDue, DateTimeOffset At);

/// <summary>Whether a channel may be used now.</summary>
/// <param name="Next">When it may be used at the earliest; null when that cannot be said: nothing is overdue, or the rules forbid the channel.</param>
/// <param name="Refusal">The code of the refusal; null when it may be used now.</param>
public sealed record ContactChance(ContactChannel Channel, IReadOnlyList<ContactOutcome> Outcomes, DateTimeOffset? Next, string? Refusal);

/// <summary>What an operator needs to know before a contact.</summary>
public sealed record ContactChances(Money Overdue, int DaysPastDue, IReadOnlyList<ContactChance> Channels);
