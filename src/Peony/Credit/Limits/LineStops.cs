using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Why nothing may be bought on a line: what a purchase, and a cash advance, ask before anything else.</summary>
internal static class LineStops
{
    /// <summary>The refusal, or null when the line is open for it. Of a line that is not overdue it reads nothing but the record given.</summary>
    public static Refusal? Of(IWork work, CreditLine line, CreditProduct product, DateOnly today)
    {
        if (!line.IsOpen)
        {
            return CreditRefusals.LineNotOpen;
        }

        if (line.StoppedOn is not null)
        {
            return CreditRefusals.LineStopped;
        }

        if (line.FrozenAt is not null)
        {
            return CreditRefusals.LineFrozen;
        }

        if (!product.StopsOn(today, line.OverdueSince))
        {
            return null;
        }

        // Brought up to now it may be paid: by credit balance, at the close of a day since.
        var overdue = LineBilling.Look(work, line.Customer).Run.State.OverdueLeft;
        return overdue == 0 ? null : CreditRefusals.LineOverdue.With("overdue", new Money(overdue, line.Limit.Currency));
    }
}
