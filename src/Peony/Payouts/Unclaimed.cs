using Peony.Book;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>Where money goes that comes back: to the account it came from, or, when that was closed because its customer was erased, to what is unclaimed.</summary>
internal static class Unclaimed
{
    public static LedgerAccountId Or(IWork work, LedgerAccountId account, Money amount)
    {
        // One of our own accounts opens with its first posting, and has no room to show before.
        var state = work.Account(account);
        return state.Number == 0 || state.Room >= amount.Minor ? account : PayoutAccounts.Unclaimed;
    }
}
