namespace Peony.Simulators.Bank;

/// <summary>Status codes of ISO 20022 (external code set ExternalPaymentTransactionStatus1Code) that this bank uses.</summary>
internal static class Status
{
    public const string Accepted = "ACSP";
    public const string Settled = "ACSC";
    public const string Rejected = "RJCT";
}

/// <summary>A status of an order and when it came about. A rejection after settlement means that the money came back.</summary>
internal sealed record BankStatus(string Code, string? Reason, DateTimeOffset At);

/// <summary>Which way the money goes.</summary>
internal enum Direction
{
    /// <summary>A credit transfer to a card (pain.001).</summary>
    Payment = 1,

    /// <summary>A debit of a card.</summary>
    Collection = 2,
}

/// <summary>An order as the bank took it.</summary>
internal sealed record BankInstruction(
    Direction Direction,
    string MessageId,
    string MessageName,
    string InformationId,
    string EndToEndId,
    string Amount,
    string Currency,
    string PartyName,
    string PartyAccount,
    string? Purpose)
{
    public override string ToString() => EndToEndId;
}

/// <summary>An order at the bank: what was asked, what happened so far, and what will happen when.</summary>
internal sealed class BankOrder(BankInstruction instruction)
{
    public BankInstruction Instruction { get; } = instruction;

    /// <summary>Oldest first; never empty once the order is taken.</summary>
    public List<BankStatus> History { get; } = [];

    /// <summary>Statuses still to come, in order of time.</summary>
    public Queue<BankStatus> Future { get; } = new();

    public BankStatus Current => History[^1];

    /// <summary>How often the same order came in.</summary>
    public int TimesReceived { get; set; } = 1;
}

/// <summary>An order as <c>/control/state</c> shows it: the card by its last four digits.</summary>
internal sealed record BankOrderView(
    string EndToEndId,
    Direction Direction,
    string Amount,
    string Currency,
    string AccountEnding,
    string Status,
    string? Reason,
    int TimesReceived,
    IReadOnlyList<BankStatus> History,
    DateTimeOffset? NextDue);
