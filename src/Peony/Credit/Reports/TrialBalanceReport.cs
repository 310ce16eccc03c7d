using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Adds up every account of the ledger, whoever owns it.</summary>
internal static class TrialBalanceReport
{
    private const string OfCustomers = "customer/";

    public static LedgerTrialBalance Of(IControlContext books)
    {
        var groups = new SortedDictionary<(string Name, string Currency), (int Count, long Debit, long Credit, Currency Currency)>();
        foreach (var (id, state) in books.Accounts(""))
        {
            var key = (NameOf(id.Value), state.Currency.Code);
            var group = groups.GetValueOrDefault(key);

            // A balance below zero stands on the other side.
            var isDebit = state.Side == NormalSide.Debit == state.Balance >= 0;
            var amount = Math.Abs(state.Balance);
            groups[key] = (group.Count + 1, group.Debit + (isDebit ? amount : 0), group.Credit + (isDebit ? 0 : amount), state.Currency);
        }

        return new LedgerTrialBalance(
            books.Now,
            [.. groups.Select(group => new TrialRow(group.Key.Name, group.Value.Count, new Money(group.Value.Debit, group.Value.Currency), new Money(group.Value.Credit, group.Value.Currency)))],
            [.. groups.Values.GroupBy(group => group.Currency).Select(sides => new TieOut("sides", new Money(sides.Sum(one => one.Debit), sides.Key), new Money(sides.Sum(one => one.Credit), sides.Key)))]);
    }

    /// <summary><c>customer/cus_…/wallet</c> is one of <c>customer/*/wallet</c>.</summary>
    private static string NameOf(string account) =>
        account.StartsWith(OfCustomers, StringComparison.Ordinal) ? string.Concat(OfCustomers, "*", account.AsSpan(account.LastIndexOf('/'))) : account;
}
