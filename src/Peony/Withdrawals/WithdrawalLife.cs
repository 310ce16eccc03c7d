using Peony.Book;

namespace Peony.Withdrawals;

/// <summary>What can be done to a withdrawal.</summary>
internal enum WithdrawalAct
{
    /// <summary>A new code for the same withdrawal, usually by the other channel; the old one is dead.</summary>
    IssueAgain = 1,

    /// <summary>A wrong code that is not the last try.</summary>
    TryWrong = 2,

    /// <summary>A wrong code, and no try is left.</summary>
    TryWrongLast = 3,

    /// <summary>The right code; the bank is told.</summary>
    Redeem = 4,

    /// <summary>The right code; the wallet balance has the money at once.</summary>
    RedeemToWallet = 5,

    /// <summary>The right code; risk wants an operator to look first.</summary>
    RedeemForReview = 6,

    /// <summary>The operator says yes; the bank is told.</summary>
    Approve = 7,

    /// <summary>The operator says yes; the wallet balance has the money at once.</summary>
    ApproveToWallet = 8,

    /// <summary>The operator says no, or nothing in time.</summary>
    Decline = 9,

    /// <summary>The owner takes it back, or a newer one or the card's unbinding makes it void.</summary>
    Cancel = 10,

    /// <summary>The code's time runs out.</summary>
    Expire = 11,

    /// <summary>The bank paid.</summary>
    Settle = 12,

    /// <summary>The bank refused the order.</summary>
    Reject = 13,

    /// <summary>The bank sent the money back.</summary>
    Return = 14,
}

/// <summary>
/// The state machine of a withdrawal: one pure function, from which the diagram and the table of refusals in <c>docs/flows/withdrawal.md</c> are written.
/// An act that was carried out before leads to the state it leads to, so an outcome told twice is harmless.
/// </summary>
internal static class WithdrawalLife
{
    public static Result<WithdrawalState> Next(WithdrawalState state, WithdrawalAct act) => act switch
    {
        WithdrawalAct.IssueAgain => state switch
        {
            WithdrawalState.AwaitingCode => WithdrawalState.AwaitingCode,
            WithdrawalState.InReview or WithdrawalState.Ordered or WithdrawalState.Paid => WithdrawalRefusals.CodeUsed,
            WithdrawalState.Cancelled or WithdrawalState.Expired or WithdrawalState.LockedOut or WithdrawalState.Declined or WithdrawalState.Rejected
                or WithdrawalState.Returned => WithdrawalRefusals.Ended,
        },
        WithdrawalAct.TryWrong => Redeemable(state, WithdrawalState.AwaitingCode),
        WithdrawalAct.TryWrongLast => Redeemable(state, WithdrawalState.LockedOut),
        WithdrawalAct.Redeem => Redeemable(state, WithdrawalState.Ordered),
        WithdrawalAct.RedeemToWallet => Redeemable(state, WithdrawalState.Paid),
        WithdrawalAct.RedeemForReview => Redeemable(state, WithdrawalState.InReview),
        WithdrawalAct.Approve => Reviewable(state, WithdrawalState.Ordered),
        WithdrawalAct.ApproveToWallet => Reviewable(state, WithdrawalState.Paid),
        WithdrawalAct.Decline => Reviewable(state, WithdrawalState.Declined),
        WithdrawalAct.Cancel => state switch
        {
            WithdrawalState.AwaitingCode or WithdrawalState.InReview or WithdrawalState.Cancelled => WithdrawalState.Cancelled,
            WithdrawalState.Ordered or WithdrawalState.Paid => WithdrawalRefusals.TooLateToCancel,
            WithdrawalState.Expired or WithdrawalState.LockedOut or WithdrawalState.Declined or WithdrawalState.Rejected or WithdrawalState.Returned =>
                WithdrawalRefusals.Ended,
        },
        WithdrawalAct.Expire => state switch
        {
            WithdrawalState.AwaitingCode or WithdrawalState.Expired => WithdrawalState.Expired,
            WithdrawalState.InReview or WithdrawalState.Ordered or WithdrawalState.Paid => WithdrawalRefusals.CodeUsed,
            WithdrawalState.Cancelled or WithdrawalState.LockedOut or WithdrawalState.Declined or WithdrawalState.Rejected or WithdrawalState.Returned =>
                WithdrawalRefusals.Ended,
        },
        WithdrawalAct.Settle => state switch
        {
            WithdrawalState.Ordered or WithdrawalState.Paid => WithdrawalState.Paid,
            // The bank's word that it paid may come after its word that the money came back: what came back stays back.
            WithdrawalState.Returned => WithdrawalState.Returned,
            WithdrawalState.AwaitingCode or WithdrawalState.InReview or WithdrawalState.Cancelled or WithdrawalState.Expired or WithdrawalState.LockedOut
                or WithdrawalState.Declined or WithdrawalState.Rejected => WithdrawalRefusals.NotOrdered,
        },
        WithdrawalAct.Reject => state switch
        {
            WithdrawalState.Ordered or WithdrawalState.Rejected => WithdrawalState.Rejected,
            WithdrawalState.AwaitingCode or WithdrawalState.InReview or WithdrawalState.Paid or WithdrawalState.Cancelled or WithdrawalState.Expired
                or WithdrawalState.LockedOut or WithdrawalState.Declined or WithdrawalState.Returned => WithdrawalRefusals.NotOrdered,
        },
        WithdrawalAct.Return => state switch
        {
            WithdrawalState.Ordered or WithdrawalState.Paid or WithdrawalState.Returned => WithdrawalState.Returned,
            WithdrawalState.AwaitingCode or WithdrawalState.InReview or WithdrawalState.Cancelled or WithdrawalState.Expired or WithdrawalState.LockedOut
                or WithdrawalState.Declined or WithdrawalState.Rejected => WithdrawalRefusals.NotOrdered,
        },
    };

    private static Result<WithdrawalState> Redeemable(WithdrawalState state, WithdrawalState next) => state switch
    {
        WithdrawalState.AwaitingCode => next,
        WithdrawalState.Ordered when Planted.Has("code-works-twice") => next,
        WithdrawalState.InReview or WithdrawalState.Ordered or WithdrawalState.Paid or WithdrawalState.Declined or WithdrawalState.Rejected
            or WithdrawalState.Returned => WithdrawalRefusals.CodeUsed,
        WithdrawalState.Cancelled => WithdrawalRefusals.CodeVoid,
        WithdrawalState.Expired => WithdrawalRefusals.CodeExpired,
        WithdrawalState.LockedOut => WithdrawalRefusals.CodeLocked,
    };

    private static Result<WithdrawalState> Reviewable(WithdrawalState state, WithdrawalState next) => state switch
    {
        WithdrawalState.InReview => next,
        WithdrawalState.AwaitingCode or WithdrawalState.Ordered or WithdrawalState.Paid or WithdrawalState.Cancelled or WithdrawalState.Expired
            or WithdrawalState.LockedOut or WithdrawalState.Declined or WithdrawalState.Rejected or WithdrawalState.Returned => WithdrawalRefusals.NotInReview,
    };
}
