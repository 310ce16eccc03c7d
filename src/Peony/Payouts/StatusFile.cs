using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>What a report says of one order.</summary>
/// <param name="Status">The standard's status code, such as <c>ACSC</c>.</param>
/// <param name="Amount">The original amount, when the report repeats it.</param>
internal sealed record ReportedOrder(string EndToEndId, string? Status, string? Reason, Money? Amount);

/// <summary>A payment status report.</summary>
/// <param name="OriginalMessage">The message id of the file it is about.</param>
/// <param name="GroupStatus">The status of the whole file, when the bank refused it unread.</param>
internal sealed record StatusReport(string Id, DateTimeOffset At, string OriginalMessage, string? GroupStatus, string? GroupReason, IReadOnlyList<ReportedOrder> Orders);

/// <summary>Reads pain.002.001.10, the bank's report on payouts and collections.</summary>
internal static partial class StatusFile
{
    public const string Name = "pain.002.001.10";

    /// <summary>The bank does not know the order it was asked for (no original transaction received).</summary>
    public const string NotKnown = "NOOR";

    /// <summary>The bank has an order under this id already.</summary>
    public const string Duplicate = "AM05";

    private const int MostOrders = 100;
    private static readonly XNamespace Pain = "urn:iso:std:iso:20022:tech:xsd:" + Name;

    /// <exception cref="BankFormatException">It is no pain.002.001.10 that we read.</exception>
    public static StatusReport Read(byte[] file)
    {
        var report = BankSchemas.Load(file, Name).Root!.Element(Pain + "CstmrPmtStsRpt")!;
        var header = report.Element(Pain + "GrpHdr")!;
        var group = report.Element(Pain + "OrgnlGrpInfAndSts")!;
        var orders = report.Elements(Pain + "OrgnlPmtInfAndSts").Elements(Pain + "TxInfAndSts").Take(MostOrders + 1).Select(ReadOrder).ToList();
        if (orders.Count > MostOrders)
        {
            throw new BankFormatException($"The report has more than {MostOrders} orders.");
        }

        return new StatusReport(
            header.Element(Pain + "MsgId")!.Value,
            ReadTime(header.Element(Pain + "CreDtTm")!.Value),
            group.Element(Pain + "OrgnlMsgId")!.Value,
            group.Element(Pain + "GrpSts")?.Value,
            ReasonOf(group),
            orders);
    }

    /// <summary>
    /// What the report says of an order of ours. A report that names another amount, or a status we do not know, says nothing: we ask again, and an operator sees the delay.
    /// </summary>
    public static BankAnswer AnswerFor(StatusReport report, string endToEndId, Money amount)
    {
        var order = report.Orders.FirstOrDefault(order => order.EndToEndId == endToEndId);
        if (order is null)
        {
            // A file refused whole, in answer to ours or so broken that its id could not be read.
            return report is { GroupStatus: "RJCT", Orders.Count: 0 } && (report.OriginalMessage == endToEndId || report.OriginalMessage == "NOTPROVIDED") && report.GroupReason != Duplicate
                ? new BankAnswer(BankSaid.Rejected, report.At, report.GroupReason)
                : new BankAnswer(BankSaid.Nothing);
        }

        if (order.Amount is { } reported && reported != amount)
        {
            return new BankAnswer(BankSaid.Nothing);
        }

        return order switch
        {
            // "Duplicate" means that it has the order; what became of it is asked for.
            { Status: "RJCT", Reason: NotKnown or Duplicate } => new BankAnswer(BankSaid.Nothing),
            { Status: "RJCT" } => new BankAnswer(BankSaid.Rejected, report.At, order.Reason),
            { Status: "ACSC" or "ACCC" } => new BankAnswer(BankSaid.Settled, report.At),
            { Status: "ACCP" or "ACSP" or "ACWC" } => new BankAnswer(BankSaid.Accepted, report.At),
            { Status: "RCVD" or "ACTC" or "PDNG" } => new BankAnswer(BankSaid.Received, report.At),
            _ => new BankAnswer(BankSaid.Nothing),
        };
    }

    /// <summary>True when the report says that the bank does not know this id.</summary>
    public static bool IsNotKnown(StatusReport report, string endToEndId) =>
        report.Orders is [{ Status: "RJCT", Reason: NotKnown } order] && order.EndToEndId == endToEndId;

    private static ReportedOrder ReadOrder(XElement order)
    {
        var amount = order.Element(Pain + "OrgnlTxRef")?.Element(Pain + "Amt")?.Element(Pain + "InstdAmt");
        return new ReportedOrder(
            order.Element(Pain + "OrgnlEndToEndId")?.Value ?? "",
            order.Element(Pain + "TxSts")?.Value,
            ReasonOf(order),
            amount is null ? null : ReadAmount(amount));
    }

    private static string? ReasonOf(XElement parent)
    {
        var reason = parent.Element(Pain + "StsRsnInf")?.Element(Pain + "Rsn");
        var code = (reason?.Element(Pain + "Cd") ?? reason?.Element(Pain + "Prtry"))?.Value;
        // A reason is stored and shown: only what looks like a code is taken over.
        return code is not null && ReasonCode().IsMatch(code) ? code : null;
    }

    private static Money ReadAmount(XElement amount)
    {
        if (!Currency.TryParse(amount.Attribute("Ccy")!.Value, out var currency))
        {
            throw new BankFormatException("The report names a currency we do not know.");
        }

        // The schema allows up to five decimal places; more than the currency has must be zeros.
        var text = amount.Value.Trim();
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var (whole, fraction) = point < 0 ? (text, "") : (text[..point], text[(point + 1)..]);
        var kept = fraction.PadRight(currency.Exponent, '0')[..currency.Exponent];
        return fraction.Skip(currency.Exponent).All(digit => digit == '0')
            && long.TryParse((whole + kept).TrimStart('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
            ? new Money(minor, currency)
            : throw new BankFormatException("The report names an amount we cannot hold.");
    }

    // ISODateTime may come without a zone; the bank writes in China's then.
    private static DateTimeOffset ReadTime(string text) =>
        DateTimeOffset.TryParse(HasZone().IsMatch(text) ? text : text + "+08:00", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time)
            ? time
            : throw new BankFormatException("The report's time is out of range.");

    [GeneratedRegex(@"^[A-Za-z0-9]{2,12}$")]
    private static partial Regex ReasonCode();

    [GeneratedRegex(@"(Z|[+-]\d{2}:\d{2})$")]
    private static partial Regex HasZone();
}
