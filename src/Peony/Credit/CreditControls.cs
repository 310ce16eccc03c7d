using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What <c>verify</c> asks of the credit lines.</summary>
internal static class CreditControls
{
    /// <summary>All purchases at shops of the sandbox less refunds and what the shops paid for instalments are what these are owed, and no purchase was refunded by more than was paid.</summary>
    public static string? Purchases(IControlContext books)
    {
        var refunds = books.All<PurchaseRefund>().GroupBy(refund => refund.Purchase).ToDictionary(refunds => refunds.Key, refunds => refunds.Sum(refund => refund.Amount.Minor));
        var (bought, fees) = (0L, 0L);
        foreach (var purchase in books.All<Purchase>())
        {
            var refunded = refunds.GetValueOrDefault(purchase.Id);
            var fee = purchase.MerchantFee?.Minor ?? 0;
            fees += fee;
            bought += purchase.Payee is null ? purchase.Amount.Minor - refunded - fee : 0;
            if (refunded > purchase.Amount.Minor)
            {
                return $"{purchase.Id} was paid with {purchase.Amount} and refunded with {Money.Cny(refunded)}";
            }
        }

        var (owed, earned) = (books.Account(CreditAccounts.SandboxMerchants).Balance, books.Account(CreditAccounts.MerchantFeeIncome).Balance);
        return bought == owed && fees == earned
            ? null
            : $"purchases at shops of the sandbox less refunds and fees are {Money.Cny(bought)} and merchants' fees {Money.Cny(fees)}; {CreditAccounts.SandboxMerchants} is at {Money.Cny(owed)}, {CreditAccounts.MerchantFeeIncome} at {Money.Cny(earned)}";
    }

    /// <summary>By customer: principal, interest and fees stand in the ledger as the billing has them, with the purchases made since; and nothing was bought on a line beyond its limit: more is
    /// owed only where the limit was lowered below what was owed then, or a repayment was taken back, and never more than that.</summary>
    public static string? Lines(IControlContext books)
    {
        var billing = books.All<CreditBilling>().ToDictionary(billing => billing.Customer, billing => billing.State);
        var since = new Dictionary<CustomerId, long>();
        foreach (var purchase in books.All<Purchase>())
        {
            if (string.CompareOrdinal(purchase.Id.Value, billing.GetValueOrDefault(purchase.Customer)?.Folded ?? "") > 0)
            {
                since[purchase.Customer] = since.GetValueOrDefault(purchase.Customer) + purchase.FromLine().Minor;
            }
        }

        foreach (var line in books.All<CreditLine>())
        {
            var state = billing.GetValueOrDefault(line.Customer);
            var account = CreditAccounts.Owed(line.Customer);
            var owed = books.Account(account);
            if (owed.Ceiling != line.Ceiling)
            {
                return $"{account} has the ceiling {new Money(owed.Ceiling, line.Limit.Currency)}, the line's is {new Money(line.Ceiling, line.Limit.Currency)}";
            }

            if (owed.HighBalance > line.MostOwed)
            {
                return $"{account} is at {new Money(owed.HighBalance, line.Limit.Currency)}, above its limit of {line.Limit} and what came to be owed above that";
            }

            foreach (var (debt, follows) in new[]
            {
                (account, (state?.Principal ?? 0) + since.GetValueOrDefault(line.Customer)),
                (CreditAccounts.Interest(line.Customer), state?.Interest ?? 0),
                (CreditAccounts.Fees(line.Customer), state?.Fees ?? 0),
            })
            {
                if (books.Account(debt).Balance is var stands && stands != follows)
                {
                    return $"{debt} is at {new Money(stands, line.Limit.Currency)}, by its billing and the purchases since it is {new Money(follows, line.Limit.Currency)}";
                }
            }
        }

        return null;
    }

    /// <summary>Every due day that moved and every debt turned into a plan in hardship follows from a request that one operator answered and another one approved; and every such request did that.</summary>
    public static string? Relief(IControlContext books)
    {
        var facts = books.All<LineFact>().Where(fact => fact is { VoidAt: null, Kind: LineFactKind.Extended or LineFactKind.Restructured }).ToDictionary(fact => fact.Subject);
        foreach (var request in books.All<HardshipRequest>().Where(request => request.State == HardshipState.Granted))
        {
            if (request.DecidedBy is not { } checker || checker == request.Prepared!.By)
            {
                return $"{request.Id} was granted by nobody else than {request.Prepared!.By}, who prepared it";
            }

            if (!facts.Remove(request.Key))
            {
                return $"{request.Id} was granted, and its line knows nothing of it";
            }
        }

        return facts.Count == 0 ? null : $"{facts.Values.First().Id} is relief that no request was granted";
    }

    /// <summary>Every line is where its purchases and its facts alone lead, computed anew from the day it was opened.</summary>
    public static Func<IControlContext, string?> Facts(CreditProducts products) => books =>
    {
        var lines = books.All<CreditLine>().ToDictionary(line => line.Customer);
        var purchases = books.All<Purchase>().ToLookup(purchase => purchase.Customer);
        var facts = books.All<LineFact>().Where(fact => fact.VoidAt is null).ToLookup(fact => fact.Customer);
        foreach (var billing in books.All<CreditBilling>())
        {
            var state = billing.State;
            var bought = purchases[billing.Customer].Where(purchase => string.CompareOrdinal(purchase.Id.Value, state.Folded) <= 0).OrderBy(purchase => purchase.Id.Value, StringComparer.Ordinal);
            var follows = LineHistory.Anew(products, lines[billing.Customer], bought, facts[billing.Customer], state.ClosedThrough.AddDays(1)).Run.State;
            if (follows.Difference(state) is { } difference)
            {
                return $"the billing of {billing.Customer} does not follow from its purchases and facts: {difference}";
            }
        }

        return null;
    };

    /// <summary>Every limit, and whether a line is frozen, is what its opening and the changes approved since say; each was approved by another operator than the one who prepared it.</summary>
    public static string? Changes(IControlContext books)
    {
        var changes = books.All<LineChange>().Where(change => change.State == LineChangeState.Approved).ToLookup(change => change.Customer);
        foreach (var line in books.All<CreditLine>())
        {
            var (limit, isFrozen) = (line.Granted(), false);
            foreach (var change in changes[line.Customer].Where(change => change.PreparedAt >= line.OpenedAt).OrderBy(change => change.DecidedAt).ThenBy(change => change.Key, StringComparer.Ordinal))
            {
                if (change.DecidedBy is not { } checker || checker == change.PreparedBy)
                {
                    return $"{change.Id} was approved by nobody else than {change.PreparedBy}, who prepared it";
                }

                limit = change.To;
                isFrozen = change.Kind == LineChangeKind.Limit ? isFrozen : change.Kind == LineChangeKind.Freeze;
            }

            if (limit != line.Limit || isFrozen != line.FrozenAt is not null)
            {
                return $"the line of {line.Customer} has the limit {line.Limit}{(line.FrozenAt is null ? "" : " and is frozen")}, by its opening and the changes approved it is {limit}{(isFrozen ? " and frozen" : "")}";
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

    /// <summary>All that was ever charged, written off and recovered is what the income and expense accounts stand at.</summary>
    public static string? Income(IControlContext books)
    {
        var charged = books.All<CreditBilling>().Select(billing => billing.State.Charged).ToList();
        foreach (var (account, follows) in new[]
        {
            (CreditAccounts.InterestIncome, charged.Sum(one => one.Interest)),
            (CreditAccounts.LateFeeIncome, charged.Sum(one => one.LateFees)),
            (CreditAccounts.InstalmentFeeIncome, charged.Sum(one => one.PlanFees)),
            (CreditAccounts.AdvanceFeeIncome, charged.Sum(one => one.AdvanceFees)),
            (CreditAccounts.WrittenOff, charged.Sum(one => one.WrittenOff)),
            (CreditAccounts.Recovered, charged.Sum(one => one.Recovered)),
        })
        {
            if (books.Account(account).Balance is var stands && stands != follows)
            {
                return $"{account} is at {Money.Cny(stands)}, by the billing of all lines it is {Money.Cny(follows)}";
            }
        }

        return null;
    }
}
