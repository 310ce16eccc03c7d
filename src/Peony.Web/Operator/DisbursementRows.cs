using System.Globalization;
using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;
using Peony.Wallet.Disbursements;
using Peony.Web.Shared;

namespace Peony.Web.Operator;

/// <summary>A row of the list an operator pasted or uploaded: whom, by phone or customer id, and how much.</summary>
internal sealed record DisbursementRow(int Number, string Who, Money Amount);

/// <summary>What was read of such a list: its rows, or the number of the first one that cannot be read.</summary>
internal sealed record DisbursementRows(IReadOnlyList<DisbursementRow> Rows, int? Unreadable)
{
    private static readonly char[] Separators = [',', '，', '\t', ';', '；'];

    /// <summary>A row is a phone or id, a comma, tab or semicolon, and an amount; a first row without a digit is a header.</summary>
    public static DisbursementRows Read(string text)
    {
        var rows = new List<DisbursementRow>();
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            var plain = line.Trim();
            if (plain.Length == 0 || (number == 0 && !plain.Any(char.IsDigit)))
            {
                continue;
            }

            number++;
            var at = plain.IndexOfAny(Separators);
            if (at <= 0 || !MoneyText.TryParse(plain[(at + 1)..], Currency.Cny, out var amount))
            {
                return new DisbursementRows([], number);
            }

            rows.Add(new DisbursementRow(number, plain[..at].Trim(), amount));
        }

        return new DisbursementRows(rows, Unreadable: null);
    }
}

/// <summary>A list as it would be paid: lines with the customers' ids, their sum, and the rows that name nobody here, which are left out.</summary>
internal sealed record DisbursementDraft(IReadOnlyList<(int Number, CustomerId Customer, Money Amount)> Paid, IReadOnlyList<DisbursementRow> Nobody)
{
    public IReadOnlyList<DisbursementLine> Lines => [.. Paid.Select(line => DisbursementLine.To(line.Customer, line.Amount))];

    public Money Sum => Money.Cny(Paid.Sum(line => line.Amount.Minor));

    /// <summary>The lines as text that <see cref="DisbursementRows.Read"/> reads; no phone stands in it.</summary>
    public string Text => string.Join('\n', Paid.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Customer.Value},{MoneyText.Plain(line.Amount)}")));

    public static async Task<DisbursementDraft> OfAsync(IReadOnlyList<DisbursementRow> rows, CustomerFile customers, CancellationToken cancel)
    {
        var lines = new List<(int, CustomerId, Money)>(rows.Count);
        var nobody = new List<DisbursementRow>();
        foreach (var row in rows)
        {
            // Whether an id names a wallet is for the slice to say; a phone must be looked up.
            if (Ids.IsWellFormed<CustomerId>(row.Who))
            {
                lines.Add((row.Number, new CustomerId(row.Who), row.Amount));
            }
            else if (await customers.FindAsync(row.Who, cancel) is { } customer)
            {
                lines.Add((row.Number, customer, row.Amount));
            }
            else
            {
                nobody.Add(row);
            }
        }

        return new DisbursementDraft(lines, nobody);
    }
}
