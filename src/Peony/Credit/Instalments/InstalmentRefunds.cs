using Peony.Ledger;

namespace Peony.Credit;

/// <summary>What a refund of a purchase in instalments does to the instalments that no statement has billed.</summary>
public enum RefundChoice
{
    /// <summary>The last instalments go first: it ends earlier.</summary>
    Shorten = 1,

    /// <summary>Every instalment to come is lower.</summary>
    LowerEach = 2,

    /// <summary>The instalments stay; the refund goes against what is billed, and the rest is credit balance.</summary>
    PayBack = 3,
}

/// <summary>Lowers the parts of a plan. A part's fee goes down in the proportion of its principal, so a plan that is refunded whole costs no more fees.</summary>
internal static class InstalmentRefunds
{
    /// <param name="parts">The parts to be billed, the next one first.</param>
    /// <param name="amount">Minor units, at most their principal.</param>
    /// <param name="choice">Not <see cref="RefundChoice.PayBack"/>: that leaves them alone.</param>
    public static IReadOnlyList<PlanPart> Lower(IReadOnlyList<PlanPart> parts, long amount, RefundChoice choice)
    {
        var principal = choice switch
        {
            RefundChoice.Shorten => FromTheEnd(parts, amount),
            RefundChoice.LowerEach => FromEach(parts, amount),
            RefundChoice.PayBack => throw new ArgumentException("This choice leaves the parts as they are.", nameof(choice)),
        };
        return [.. parts.Select((part, number) => Scaled(part, principal[number])).Where(part => part.Principal > 0)];
    }

    private static PlanPart Scaled(PlanPart part, long principal) => principal == part.Principal
        ? part
        // Rounded down: the fen goes to the customer.
        : new PlanPart(principal, (long)((Int128)part.Fee * principal / part.Principal));

    private static long[] FromTheEnd(IReadOnlyList<PlanPart> parts, long amount)
    {
        var left = parts.Select(part => part.Principal).ToArray();
        for (var number = left.Length - 1; number >= 0 && amount > 0; number--)
        {
            var less = Math.Min(left[number], amount);
            left[number] -= less;
            amount -= less;
        }

        return left;
    }

    /// <summary>In proportion, by largest remainder.</summary>
    private static long[] FromEach(IReadOnlyList<PlanPart> parts, long amount) =>
        [.. Money.Cny(parts.Sum(part => part.Principal) - amount).Allocate([.. parts.Select(part => part.Principal)]).Select(part => part.Minor)];
}
