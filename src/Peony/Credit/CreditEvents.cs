using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

internal sealed record CreditLineOpened(CustomerId Customer, Money Limit) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>Operators changed the limit of a line, froze it or unfroze it.</summary>
/// <param name="Zh">Why, in the words the customer reads.</param>
internal sealed record CreditLineChanged(CustomerId Customer, LineStepKind Kind, Money From, Money To, string Zh, string En) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>Its owner closed the line.</summary>
internal sealed record CreditLineClosed(CustomerId Customer) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>A statement was cut.</summary>
/// <param name="Minimum">The least that must be paid by the due day.</param>
internal sealed record StatementReady(CustomerId Customer, StatementId Statement, Money Total, Money Minimum, DateOnly DueDay) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>Purchases of a statement were turned into instalments.</summary>
internal sealed record PlanOpened(CustomerId Customer, PlanId Plan, Money Amount, int Periods, Money Fee) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>Automatic repayment found its card unbound, so it is off, and the bill not paid.</summary>
internal sealed record AutoRepaymentOff(CustomerId Customer, Money Amount, DateOnly DueDay) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record PurchaseRefunded(CustomerId Customer, RefundId Refund, Money Amount) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>A bill is due in three days, or today, and not paid.</summary>
internal sealed record BillDue(CustomerId Customer, Money Payable, Money Minimum, DateOnly DueDay) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>The due day passed and the minimum was not paid.</summary>
/// <param name="Minimum">What is missing of it, with minimums missed before.</param>
internal sealed record PaymentMissed(CustomerId Customer, Money Payable, Money Minimum, DateOnly DueDay) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>A repayment reached the line.</summary>
/// <param name="ToBalance">What was more than owed and became credit balance.</param>
internal sealed record RepaymentSettled(CustomerId Customer, RepaymentId Repayment, Money Amount, Money ToBalance) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>The bank did not collect a repayment; nothing moved.</summary>
/// <param name="BankReason">The bank's reason code.</param>
internal sealed record RepaymentFailed(CustomerId Customer, RepaymentId Repayment, Money Amount, string Bank, string LastFour, string BankReason) : IEvent
{
    public string Lane => Customer.Value;
}

/// <summary>The bank took back what it had collected for a repayment.</summary>
/// <param name="Payable">What is to be paid now for no interest to accrue.</param>
/// <param name="BankReason">The bank's reason code.</param>
internal sealed record RepaymentReturned(CustomerId Customer, RepaymentId Repayment, Money Amount, Money Payable, string BankReason) : IEvent
{
    public string Lane => Customer.Value;
}
