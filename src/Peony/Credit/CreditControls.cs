using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What <c>verify</c> asks of the credit lines.</summary>
internal static class CreditControls
{
    /// <summary>All purchases together are what the shops of the sandbox are owed.</summary>
    public static string? Purchases(IControlContext books)
    {
        var bought = books.All<Purchase>().Sum(purchase => purchase.Amount.Minor);
        var owed = books.Account(CreditAccounts.SandboxMerchants).Balance;
        return bought == owed ? null : $"purchases are {Money.Cny(bought)}, {CreditAccounts.SandboxMerchants} is at {Money.Cny(owed)}";
    }

    /// <summary>By customer: owed is what was bought on the line less what was repaid, and no line is over its limit.</summary>
    public static string? Lines(IControlContext books)
    {
        var expected = new Dictionary<CustomerId, long>();
        foreach (var purchase in books.All<Purchase>())
        {
            expected[purchase.Customer] = expected.GetValueOrDefault(purchase.Customer) + purchase.FromLine().Minor;
        }

        foreach (var repayment in books.All<Repayment>())
        {
            expected[repayment.Customer] = expected.GetValueOrDefault(repayment.Customer) - repayment.ToOwed.Minor;
        }

        foreach (var line in books.All<CreditLine>())
        {
            var account = CreditAccounts.Owed(line.Customer);
            var owed = books.Account(account);
            if (owed.Ceiling != line.Limit.Minor)
            {
                return $"{account} has the ceiling {new Money(owed.Ceiling, line.Limit.Currency)}, the line's limit is {line.Limit}";
            }

            if (owed.HighBalance > line.Limit.Minor)
            {
                return $"{account} is at {new Money(owed.HighBalance, line.Limit.Currency)}, above its limit of {line.Limit}";
            }

            var follows = expected.GetValueOrDefault(line.Customer);
            if (owed.Balance != follows)
            {
                return $"{account} is at {new Money(owed.Balance, line.Limit.Currency)}, purchases less repayments are {new Money(follows, line.Limit.Currency)}";
            }
        }

        return null;
    }

    /// <summary>What the bank has collected and nobody has put against a debt yet is at most what is still ordered.</summary>
    public static string? Received(IControlContext books)
    {
        var waiting = books.Account(CreditAccounts.RepaymentsReceived).Balance;
        var ordered = books.All<Repayment>().Where(repayment => repayment.State == RepaymentState.Ordered).Sum(repayment => repayment.Amount.Minor);
        return waiting <= ordered ? null : $"{CreditAccounts.RepaymentsReceived} is at {Money.Cny(waiting)}, repayments still ordered are {Money.Cny(ordered)}";
    }
}
