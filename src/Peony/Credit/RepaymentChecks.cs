using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What both kinds of repayment ask first.</summary>
internal static class RepaymentChecks
{
    /// <summary>The most of one repayment, 1,000,000 yuan: above it is a slip of the finger.</summary>
    private const long Most = 100_000_000;

    public static Result<CustomerId> Admit(IWork work, SessionId session, Money amount)
    {
        if (new Authenticate(session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        // A line that was closed owes again when a repayment is taken back.
        if (work.Find<CreditLine>(caller.Customer.Value) is not { } line || (!line.IsOpen && CreditStand.Of(work, caller.Customer).Debt == 0))
        {
            return CreditRefusals.LineNotOpen;
        }

        if (!amount.IsPositive || amount.Minor > Most || amount.Currency != line.Limit.Currency)
        {
            return CreditRefusals.AmountInvalid.With("most", new Money(Most, line.Limit.Currency));
        }

        return caller.IsFrozen && amount.Minor > CreditStand.Of(work, caller.Customer).Debt ? CustomersRefusals.Frozen : caller.Customer;
    }
}
