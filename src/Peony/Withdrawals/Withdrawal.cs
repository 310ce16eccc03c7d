using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Withdrawals;

/// <summary>The card a withdrawal goes to, as it was when the code was made.</summary>
internal sealed record WithdrawalCard(CardId Id, int Version, string Bank, string LastFour);

/// <summary>A live code: its nonce and what was done with it. The code itself is stored nowhere.</summary>
/// <param name="Number">1 for the first code of the withdrawal, 2 for the next.</param>
/// <param name="Nonce">16 random bytes.</param>
/// <param name="To">The other device it is pushed to, or null.</param>
internal sealed record LiveCode(int Number, byte[] Nonce, CodeChannel Channel, DeviceId? To, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    public CodeDelivery Delivery { get; init; } = CodeDelivery.Pending;

    public int WrongTries { get; init; }
}

/// <summary>
/// A withdrawal (提现): money of a customer on its way to an own card or to the wallet balance, held until its one-time code is redeemed.
/// Its states and refusals are those of <see cref="WithdrawalLife"/>; its moments are what the owner is shown.
/// </summary>
/// <param name="Session">The session that asked; only it may redeem.</param>
/// <param name="Amount">What arrives.</param>
/// <param name="Fee">What it costs on top, zero or more.</param>
/// <param name="Decision">The risk decision it was let through by.</param>
/// <param name="NeedsReview">Risk wants an operator to look before the bank is told.</param>
/// <param name="ArrivesMinutes">How long the bank may take once told.</param>
internal sealed record Withdrawal(WithdrawalId Id, CustomerId Customer, SessionId Session, DeviceId Device, WithdrawalSource Source, WithdrawalCard? Card, Money Amount,
    Money Fee, string RulesVersion, string Decision, bool NeedsReview, int ArrivesMinutes, DateTimeOffset RequestedAt) : IRecord
{
    public WithdrawalState State { get; init; } = WithdrawalState.AwaitingCode;

    /// <summary>What a cash advance is for, a code of the product's purposes; null for other money.</summary>
    public string? UsedFor { get; init; }

    /// <summary>The live code; null as soon as it was redeemed or died.</summary>
    public LiveCode? Code { get; init; }

    public int CodesIssued { get; init; }

    /// <summary>The open holds: the amount's, then the fee's if there is one. Empty when nothing is held.</summary>
    public IReadOnlyList<HoldId> Holds { get; init; } = [];

    public DateTimeOffset? RedeemedAt { get; init; }

    public DateTimeOffset? ArrivesBy { get; init; }

    /// <summary>The payout order's id, once the bank was told.</summary>
    public string? Payout { get; init; }

    public string? Reason { get; init; }

    public IReadOnlyList<WithdrawalMoment> Moments { get; init; } = [];

    public string Key => Id.Value;

    public Money Total => Amount + Fee;

    public string Purpose => $"withdrawal/{Id.Value}/{Source}";

    /// <summary>The one place of a live code: a customer has one live code a card (or for the wallet balance). Null when there is none here.</summary>
    public string? LivePlace => State == WithdrawalState.AwaitingCode ? PlaceOf(Customer, Card?.Id) : null;

    /// <summary>It waits, or its money is on its way.</summary>
    public bool IsOpen => State is WithdrawalState.AwaitingCode or WithdrawalState.InReview or WithdrawalState.Ordered;

    /// <summary>The card while it is still in use for this withdrawal.</summary>
    public string? CardInUse => IsOpen ? Card?.Id.Value : null;

    public static string PlaceOf(CustomerId customer, CardId? card) => $"{customer.Value}/{card?.Value ?? "wallet"}";

    /// <summary>What the code is bound to, as the caller and the card are now.</summary>
    /// <param name="cardVersion">The card's present version, 0 when it is not bound or the money goes to the wallet balance.</param>
    public CodeBinding Binding(LiveCode code, SessionId session, DeviceId device, int cardVersion) =>
        new(Customer, Card?.Id, cardVersion, Amount, session, device, Purpose, code.ExpiresAt);

    /// <summary>What the code was bound to when it was made.</summary>
    public CodeBinding BindingAsMade(LiveCode code) => Binding(code, Session, Device, Card?.Version ?? 0);

    /// <summary>A code is made and the money held; the first time, or again in place of a code that is dead from now on.</summary>
    public Result<Withdrawal> Issue(LiveCode code, IReadOnlyList<HoldId> holds)
    {
        if (WithdrawalLife.Next(State, WithdrawalAct.IssueAgain).IsRefused(out var refusal, out var next))
        {
            return refusal;
        }

        return (this with { State = next, Code = code, CodesIssued = code.Number, Holds = holds }).With(code.IssuedAt, WithdrawalMomentKind.CodeIssued, Word(code.Channel));
    }

    /// <summary>Says whether a code may be typed now; the refusal says why not.</summary>
    public Result<LiveCode> Redeemable()
    {
        if (WithdrawalLife.Next(State, WithdrawalAct.Redeem).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        return Code ?? throw new InvalidOperationException($"Withdrawal {Id} awaits a code it does not have.");
    }

    /// <summary>A wrong code was typed; with the last try the code dies and the money is free.</summary>
    public Result<Withdrawal> TryWrong(int triesPerCode, DateTimeOffset now)
    {
        if (Redeemable().IsRefused(out var refusal, out var code))
        {
            return refusal;
        }

        var tried = (this with { Code = code with { WrongTries = code.WrongTries + 1 } }).With(now, WithdrawalMomentKind.WrongCode);
        return tried.Code!.WrongTries < triesPerCode ? tried : tried.End(WithdrawalAct.TryWrongLast, WithdrawalMomentKind.LockedOut, null, now);
    }

    /// <summary>The right code was typed and the money leaves the balance: to the bank, or into the wallet balance.</summary>
    public Result<Withdrawal> Redeem(string? payout, DateTimeOffset now)
    {
        var redeemed = this with { RedeemedAt = now };
        return redeemed.With(now, WithdrawalMomentKind.CodeRedeemed).SendOff(Card is null ? WithdrawalAct.RedeemToWallet : WithdrawalAct.Redeem, payout, now);
    }

    /// <summary>The right code was typed, and an operator looks first; the money stays held.</summary>
    public Result<Withdrawal> RedeemForReview(IReadOnlyList<HoldId> holds, DateTimeOffset now)
    {
        if (WithdrawalLife.Next(State, WithdrawalAct.RedeemForReview).IsRefused(out var refusal, out var next))
        {
            return refusal;
        }

        return (this with { State = next, Code = null, RedeemedAt = now, Holds = holds })
            .With(now, WithdrawalMomentKind.CodeRedeemed).With(now, WithdrawalMomentKind.HeldForReview);
    }

    public Result<Withdrawal> Approve(string? payout, DateTimeOffset now) =>
        With(now, WithdrawalMomentKind.Approved).SendOff(Card is null ? WithdrawalAct.ApproveToWallet : WithdrawalAct.Approve, payout, now);

    public Result<Withdrawal> Decline(string reason, DateTimeOffset now) => End(WithdrawalAct.Decline, WithdrawalMomentKind.Declined, reason, now);

    public Result<Withdrawal> Cancel(string reason, DateTimeOffset now) => End(WithdrawalAct.Cancel, WithdrawalMomentKind.Cancelled, reason, now);

    public Result<Withdrawal> Expire(DateTimeOffset now) => End(WithdrawalAct.Expire, WithdrawalMomentKind.Expired, null, now);

    public Result<Withdrawal> Settle(DateTimeOffset now) => End(WithdrawalAct.Settle, WithdrawalMomentKind.Paid, null, now);

    public Result<Withdrawal> Reject(string reason, DateTimeOffset now) => End(WithdrawalAct.Reject, WithdrawalMomentKind.Rejected, reason, now);

    public Result<Withdrawal> Return(string reason, DateTimeOffset now) => End(WithdrawalAct.Return, WithdrawalMomentKind.Returned, reason, now);

    /// <summary>What became of the code on its way. News of a code that is not the live one, or that is older than what is known, changes nothing.</summary>
    public Withdrawal Deliver(int number, CodeDelivery delivery, DateTimeOffset now)
    {
        if (Code is not { } code || code.Number != number || code.Delivery is CodeDelivery.Delivered or CodeDelivery.Failed || delivery <= code.Delivery)
        {
            return this;
        }

        return (this with { Code = code with { Delivery = delivery } }).With(now, delivery switch
        {
            CodeDelivery.Pending or CodeDelivery.Sent => WithdrawalMomentKind.CodeSent,
            CodeDelivery.Delivered => WithdrawalMomentKind.CodeDelivered,
            CodeDelivery.Failed => WithdrawalMomentKind.CodeNotDelivered,
        }, Word(code.Channel));
    }

    public WithdrawalView View(CodeRules rules) => new(Id, Customer, Source, CardView, Amount, Fee, Holds.Count == 0 ? Money.Zero(Amount.Currency) : Total, State, RequestedAt,
        RedeemedAt, ArrivesBy, Code is null ? null
            : new WithdrawalCodeView(Code.Number, Code.Channel, Code.Delivery, Code.IssuedAt, Code.ExpiresAt, rules.TriesPerCode - Code.WrongTries),
        Payout, Reason, Moments);

    public WithdrawalChanged Changed() => new(Id, Customer, State, Amount);

    private WithdrawalCardView? CardView => Card is null ? null : new WithdrawalCardView(Card.Id, Card.Version, Card.Bank, Card.LastFour);

    private Result<Withdrawal> SendOff(WithdrawalAct act, string? payout, DateTimeOffset now)
    {
        if (WithdrawalLife.Next(State, act).IsRefused(out var refusal, out var next))
        {
            return refusal;
        }

        return (this with { State = next, Code = null, Holds = [], Payout = payout, ArrivesBy = now.AddMinutes(ArrivesMinutes) })
            .With(now, Card is null ? WithdrawalMomentKind.Paid : WithdrawalMomentKind.PayoutOrdered);
    }

    private Result<Withdrawal> End(WithdrawalAct act, WithdrawalMomentKind moment, string? reason, DateTimeOffset now)
    {
        if (WithdrawalLife.Next(State, act).IsRefused(out var refusal, out var next))
        {
            return refusal;
        }

        return next == State ? this : (this with { State = next, Code = null, Holds = [], Reason = reason }).With(now, moment, reason);
    }

    private Withdrawal With(DateTimeOffset at, WithdrawalMomentKind kind, string? detail = null) => this with { Moments = [.. Moments, new WithdrawalMoment(at, kind, detail)] };

    private static string Word(CodeChannel channel) => channel switch
    {
        CodeChannel.Sms => "sms",
        CodeChannel.Push => "push",
    };
}
