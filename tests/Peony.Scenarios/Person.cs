using Peony.Cards;
using Peony.Customers;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Notices;
using Peony.Withdrawals;

namespace Peony.Scenarios;

/// <summary>What a withdrawal was asked with, so that it can be asked again.</summary>
internal sealed record Wish(string Device, WithdrawalSource Source, string? Card, Money Amount, CodeChannel Channel, bool HasPasskey)
{
    /// <summary>What a cash advance is for; null for other money.</summary>
    public string? Purpose { get; init; }
}

/// <summary>A withdrawal of the story, in the order they were asked for, and the code that arrived for it last.</summary>
internal sealed class Asked(WithdrawalId id, Wish wish)
{
    public WithdrawalId Id => id;

    public Wish Wish => wish;

    public string? Code { get; set; }

    /// <summary>The channel of the newest code.</summary>
    public CodeChannel Channel { get; set; } = wish.Channel;
}

/// <summary>A customer of a story: sessions by device, cards by last four digits, withdrawals by number.</summary>
internal sealed class Person(string name, CustomerId customer, MobileNumber phone, int number)
{
    public const string FirstDevice = "phone";

    public string Name => name;

    public CustomerId Customer => customer;

    public MobileNumber Phone => phone;

    public int Number => number;

    public Dictionary<string, (SessionId Session, DeviceId Device)> Devices { get; } = [];

    public Dictionary<string, CardId> Cards { get; } = [];

    public List<Asked> Withdrawals { get; } = [];

    /// <summary>How many codes have arrived by text so far.</summary>
    public int CodesSeen { get; set; }

    /// <summary>The newest notice of the steps before this one.</summary>
    public int NoticesSeen { get; set; }

    public SessionId On(string device) => Devices.TryGetValue(device, out var at) ? at.Session : throw new InvalidOperationException($"{name} is not signed in on the {device}");

    public CardId Card(string lastFour) => Cards.TryGetValue(lastFour, out var card) ? card : throw new InvalidOperationException($"{name} never bound {lastFour}");

    public Asked Withdrawal(int? number) => Withdrawals.Count >= Math.Max(1, number ?? 1)
        ? Withdrawals[(number ?? Withdrawals.Count) - 1]
        : throw new InvalidOperationException(number is null ? $"{name} has asked for no withdrawal" : $"{name} has not asked for {number} withdrawals");
}
