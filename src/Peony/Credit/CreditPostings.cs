using Peony.Customers;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Credit;

/// <summary>Every entry of the credit line.</summary>
internal static class CreditPostings
{
    public const string RepaidKind = "credit.repaid";
    public const string DayClosedKind = "credit.day_closed";

    /// <summary>A purchase: the credit balance pays first, the rest is owed; the shop is owed the whole.</summary>
    public static Entry Purchased(Purchase purchase)
    {
        var key = new EntryKey($"purchase/{purchase.Id.Value}/made");
        var fromLine = purchase.FromLine();
        if (purchase.MerchantFee is { IsPositive: true } fee)
        {
            return new Entry(key, "credit.purchased", OnLine(purchase, fromLine), PostingLine.Post(purchase.PayeeAccount(), CreditAccounts.MerchantFeeIncome, fee));
        }

        if (purchase.FromBalance.IsZero)
        {
            return new Entry(key, "credit.purchased", OnLine(purchase, fromLine));
        }

        return fromLine.IsZero
            ? new Entry(key, "credit.purchased", FromBalance(purchase))
            : new Entry(key, "credit.purchased", FromBalance(purchase), OnLine(purchase, fromLine));
    }

    /// <summary>The money of a repayment reached the line.</summary>
    public static EntryKey RepaidKey(RepaymentId repayment) => new($"repayment/{repayment.Value}/settled");

    /// <summary>The money of a repayment left the line again.</summary>
    public static EntryKey RepaymentReturnedKey(RepaymentId repayment) => new($"repayment/{repayment.Value}/returned");

    /// <summary>A repayment: out of the wallet, or out of what the bank has collected. It goes against the parts of the debt as it was split, the rest is credit balance.</summary>
    public static Entry Repaid(Repayment repayment)
    {
        var source = repayment.Source switch
        {
            RepaymentSource.Wallet => WalletAccounts.Of(repayment.Customer),
            RepaymentSource.Card => CreditAccounts.RepaymentsReceived,
        };
        List<PostingLine> lines = [.. Against(source, repayment.Customer, repayment.Amount.Currency, repayment.Split)];
        if (repayment.Split.ToBalance > 0)
        {
            lines.Add(PostingLine.Post(source, CreditAccounts.Balance(repayment.Customer), new Money(repayment.Split.ToBalance, repayment.Amount.Currency)));
        }

        return new Entry(RepaidKey(repayment.Id), RepaidKind, [.. lines]);
    }

    /// <summary>What the close of a day brought: interest and fees charged, credit balance put against the debt, debt written off.</summary>
    public static Entry DayClosed(CustomerId customer, Currency currency, DateOnly day, IReadOnlyList<Movement> movements) => new(
        new EntryKey($"credit-day/{customer.Value}/{day:yyyy-MM-dd}"),
        DayClosedKind,
        [.. movements.SelectMany(movement => movement.Kind switch
        {
            MovementKind.InterestCharged => [PostingLine.Post(CreditAccounts.Interest(customer), CreditAccounts.InterestIncome, new Money(movement.Amount, currency))],
            MovementKind.LateFeeCharged => [PostingLine.Post(CreditAccounts.Fees(customer), CreditAccounts.LateFeeIncome, new Money(movement.Amount, currency))],
            MovementKind.PlanFeeCharged => [PostingLine.Post(CreditAccounts.Fees(customer), CreditAccounts.InstalmentFeeIncome, new Money(movement.Amount, currency))],
            MovementKind.AdvanceFeeCharged => [PostingLine.Post(CreditAccounts.Fees(customer), CreditAccounts.AdvanceFeeIncome, new Money(movement.Amount, currency))],
            MovementKind.BalanceApplied => Against(CreditAccounts.Balance(customer), customer, currency, movement.Split),
            MovementKind.WrittenOff => Against(CreditAccounts.WrittenOff, customer, currency, movement.Split),
        })]);

    /// <summary>The kind of the entry by which relief that counts from an earlier day takes back what the days since charged.</summary>
    public const string ReliefKind = "credit.hardship_granted";

    public static EntryKey ReliefKey(HardshipId request) => new($"hardship/{request.Value}/granted");

    /// <summary>
    /// What a line computed anew differs by from what stands in the ledger: one entry, whatever moved. What the line's own accounts, income and losses do not balance is the amount that became known.
    /// </summary>
    /// <param name="from">The account that amount comes from, or goes to.</param>
    public static Entry Difference(CustomerId customer, Currency currency, BillingState before, BillingState after, EntryKey key, string kind, LedgerAccountId from)
    {
        var (was, now) = (before.Charged, after.Charged);
        // Above zero a debit, below a credit.
        (LedgerAccountId Account, long Debit)[] moved =
        [
            (CreditAccounts.Owed(customer), after.Principal - before.Principal),
            (CreditAccounts.Interest(customer), after.Interest - before.Interest),
            (CreditAccounts.Fees(customer), after.Fees - before.Fees),
            (CreditAccounts.Balance(customer), before.CreditBalance - after.CreditBalance),
            (CreditAccounts.InterestIncome, was.Interest - now.Interest),
            (CreditAccounts.LateFeeIncome, was.LateFees - now.LateFees),
            (CreditAccounts.InstalmentFeeIncome, was.PlanFees - now.PlanFees),
            (CreditAccounts.AdvanceFeeIncome, was.AdvanceFees - now.AdvanceFees),
            (CreditAccounts.WrittenOff, now.WrittenOff - was.WrittenOff),
            (CreditAccounts.Recovered, was.Recovered - now.Recovered),
        ];
        (LedgerAccountId Account, long Debit)[] all = [.. moved, (from, -moved.Sum(one => one.Debit))];
        var debits = new Queue<(LedgerAccountId Account, long Left)>(all.Where(one => one.Debit > 0));
        var credits = new Queue<(LedgerAccountId Account, long Left)>(all.Where(one => one.Debit < 0).Select(one => (one.Account, -one.Debit)));
        var lines = new List<PostingLine>();
        (LedgerAccountId Account, long Left) debit = default, credit = default;
        while ((debit.Left > 0 || debits.TryDequeue(out debit)) && (credit.Left > 0 || credits.TryDequeue(out credit)))
        {
            var part = Math.Min(debit.Left, credit.Left);
            lines.Add(PostingLine.Post(debit.Account, credit.Account, new Money(part, currency)));
            (debit.Left, credit.Left) = (debit.Left - part, credit.Left - part);
        }

        return new Entry(key, kind, [.. lines]);
    }

    /// <summary>Money from somewhere, or a loss, against the parts of a debt.</summary>
    private static IEnumerable<PostingLine> Against(LedgerAccountId from, CustomerId customer, Currency currency, RepaymentSplit split)
    {
        (LedgerAccountId Account, long Amount)[] parts =
        [
            (CreditAccounts.Owed(customer), split.ToPrincipal),
            (CreditAccounts.Interest(customer), split.ToInterest),
            (CreditAccounts.Fees(customer), split.ToFees),
            (CreditAccounts.Recovered, split.ToRecovered),
        ];
        return parts.Where(part => part.Amount > 0).Select(part => PostingLine.Post(from, part.Account, new Money(part.Amount, currency)));
    }

    /// <summary>A refund: the shop is owed less; it goes against the parts of the debt as it was split, the rest is credit balance.</summary>
    public static Entry Refunded(PurchaseRefund refund, LedgerAccountId payee)
    {
        List<PostingLine> lines = [.. Against(payee, refund.Customer, refund.Amount.Currency, refund.Split)];
        if (refund.Split.ToBalance > 0)
        {
            lines.Add(PostingLine.Post(payee, CreditAccounts.Balance(refund.Customer), new Money(refund.Split.ToBalance, refund.Amount.Currency)));
        }

        return new Entry(new EntryKey($"refund/{refund.Id.Value}/made"), "credit.refunded", [.. lines]);
    }

    /// <summary>What of the fee of a plan's parts to come is still charged when it is paid off early.</summary>
    public static Entry PayoffFee(CustomerId customer, string plan, Money fee) =>
        new(new EntryKey($"plan/{plan}/payoff-fee"), "credit.payoff_fee", PostingLine.Post(CreditAccounts.Fees(customer), CreditAccounts.InstalmentFeeIncome, fee));

    /// <summary>The fee of a cash advance.</summary>
    public static Entry AdvanceFee(CustomerId customer, string withdrawal, Money fee) =>
        new(new EntryKey($"advance/{withdrawal}/fee"), "credit.advance_fee", PostingLine.Post(CreditAccounts.Fees(customer), CreditAccounts.AdvanceFeeIncome, fee));

    private static PostingLine OnLine(Purchase purchase, Money amount) => PostingLine.Post(CreditAccounts.Owed(purchase.Customer), purchase.PayeeAccount(), amount);

    private static PostingLine FromBalance(Purchase purchase) => PostingLine.Post(CreditAccounts.Balance(purchase.Customer), purchase.PayeeAccount(), purchase.FromBalance);
}
