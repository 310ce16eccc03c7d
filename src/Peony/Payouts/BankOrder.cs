namespace Peony.Payouts;

/// <summary>Where an order stands at the bank, as far as we know.</summary>
internal enum BankOrderStatus
{
    /// <summary>Decided and posted here; the bank has not been heard.</summary>
    Ordered = 1,

    /// <summary>It was or may have been sent, and nobody knows whether the bank has it. It is asked for, never sent again blindly.</summary>
    Unknown = 2,

    /// <summary>The bank has it and is still checking (RCVD, ACTC, PDNG).</summary>
    Sent = 3,

    /// <summary>The bank will carry it out (ACCP, ACSP, ACWC).</summary>
    Accepted = 4,

    /// <summary>The money has moved (ACSC, ACCC).</summary>
    Settled = 5,

    /// <summary>The bank did not carry it out (RJCT). Final.</summary>
    Rejected = 6,

    /// <summary>The money moved and came back (RJCT after settlement). Final.</summary>
    Returned = 7,
}

/// <summary>What the bank said of one order.</summary>
internal enum BankSaid
{
    /// <summary>No answer, or none that can be read.</summary>
    Nothing = 1,

    /// <summary>The bank does not know the end-to-end id.</summary>
    NotKnown = 2,
    Received = 3,
    Accepted = 4,
    Settled = 5,
    Rejected = 6,
}

/// <summary>One answer of the bank.</summary>
/// <param name="At">When the bank made the report; reports may arrive in another order. Null when there is no report.</param>
/// <param name="Reason">ISO 20022 reason code such as <c>AC04</c>, or null.</param>
internal sealed record BankAnswer(BankSaid Said, DateTimeOffset? At = null, string? Reason = null);

/// <summary>How far an order has come at the bank: the part that payouts and collections share. It only moves forward.</summary>
/// <param name="BankSaidAt">When the bank made the newest report applied.</param>
/// <param name="Reason">Why it was rejected or returned, as an ISO 20022 code.</param>
/// <param name="Enquiries">How often the bank has been asked since the last step forward.</param>
/// <param name="Contradiction">What the bank said that cannot be true beside what it said before; an operator must look.</param>
internal sealed record BankProgress(
    BankOrderStatus Status,
    DateTimeOffset? BankSaidAt = null,
    string? Reason = null,
    int Enquiries = 0,
    string? Contradiction = null,
    bool IsDelayed = false)
{
    public static BankProgress Start { get; } = new(BankOrderStatus.Ordered);

    /// <summary>What the bank says next changes nothing any more.</summary>
    public bool IsFinal() => Status is BankOrderStatus.Rejected or BankOrderStatus.Returned;

    /// <summary>The money neither moved nor is given back yet.</summary>
    public bool IsOpen() => Status is BankOrderStatus.Ordered or BankOrderStatus.Unknown or BankOrderStatus.Sent or BankOrderStatus.Accepted;

    /// <summary>The order may be sent when, and only when, the bank says that it does not know it.</summary>
    public bool MayBeSent() => Status is BankOrderStatus.Ordered or BankOrderStatus.Unknown;

    /// <summary>The state after the bank's answer. Repeated and late reports change nothing.</summary>
    public BankProgress After(BankAnswer answer) => answer.Said switch
    {
        BankSaid.Nothing => Status == BankOrderStatus.Ordered ? this with { Status = BankOrderStatus.Unknown } : this,
        BankSaid.NotKnown => AfterNotKnown(),
        BankSaid.Received or BankSaid.Accepted or BankSaid.Settled or BankSaid.Rejected => answer.At < BankSaidAt ? this : AfterReport(answer),
    };

    private BankProgress AfterNotKnown() => Status switch
    {
        BankOrderStatus.Ordered or BankOrderStatus.Unknown => this with { Status = BankOrderStatus.Unknown },
        // It had the order and lost it before promising anything: it may be sent again under the same ids, which the bank recognises if it finds them after all.
        BankOrderStatus.Sent => this with { Status = BankOrderStatus.Unknown, Enquiries = 0 },
        BankOrderStatus.Accepted or BankOrderStatus.Settled => this with { Contradiction = "not known after " + Status.ToString().ToLowerInvariant() },
        BankOrderStatus.Rejected or BankOrderStatus.Returned => this,
    };

    private BankProgress AfterReport(BankAnswer answer) => (Status, answer.Said) switch
    {
        (BankOrderStatus.Ordered or BankOrderStatus.Unknown, BankSaid.Received) => Step(BankOrderStatus.Sent, answer),
        (BankOrderStatus.Ordered or BankOrderStatus.Unknown or BankOrderStatus.Sent, BankSaid.Accepted) => Step(BankOrderStatus.Accepted, answer),
        (BankOrderStatus.Ordered or BankOrderStatus.Unknown or BankOrderStatus.Sent or BankOrderStatus.Accepted, BankSaid.Settled) => Step(BankOrderStatus.Settled, answer),
        (BankOrderStatus.Ordered or BankOrderStatus.Unknown or BankOrderStatus.Sent or BankOrderStatus.Accepted, BankSaid.Rejected) => Step(BankOrderStatus.Rejected, answer),
        (BankOrderStatus.Settled, BankSaid.Rejected) => Step(BankOrderStatus.Returned, answer),
        (BankOrderStatus.Rejected, BankSaid.Settled) => this with { Contradiction = "settled after rejected" },
        (BankOrderStatus.Returned, BankSaid.Settled) when answer.At > BankSaidAt => this with { Contradiction = "settled after returned" },
        _ => this,
    };

    private BankProgress Step(BankOrderStatus status, BankAnswer answer) =>
        this with { Status = status, BankSaidAt = answer.At ?? BankSaidAt, Reason = answer.Reason, Enquiries = 0, IsDelayed = false };
}
