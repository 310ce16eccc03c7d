using System.Net;
using System.Text;
using System.Xml.Linq;
using CsCheck;
using Peony.Cards;
using Peony.Edge;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Tests.Payouts;

public sealed class BankFileTests
{
    private const string Order = "po_00000000000000000000000000000001";
    private static readonly Money Amount = Money.Cny(500_00);
    private static readonly PeonyOptions Options = new() { DataDirectory = "" };

    /// <summary>A good report; parts of it are replaced to make bad ones.</summary>
    private const string Good = """
        <?xml version="1.0" encoding="utf-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
          <GrpHdr><MsgId>ST1</MsgId><CreDtTm>2026-03-05T04:00:00Z</CreDtTm></GrpHdr>
          <OrgnlGrpInfAndSts><OrgnlMsgId>po_00000000000000000000000000000001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
          <OrgnlPmtInfAndSts><OrgnlPmtInfId>po_00000000000000000000000000000001</OrgnlPmtInfId>
            <TxInfAndSts><OrgnlEndToEndId>po_00000000000000000000000000000001</OrgnlEndToEndId><TxSts>ACSC</TxSts>
              <OrgnlTxRef><Amt><InstdAmt Ccy="CNY">500.00</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts>
        </CstmrPmtStsRpt></Document>
        """;

    private static Payout PayoutOf(long amount, string reference = "withdrawal/wd_1") => Payout.Order(new PayoutId(Order),
        new PayoutRequest(reference, RailWorld.Customer, new CardId("card_1"), 1, Money.Cny(amount), new LedgerAccountId("a"), new EntryKey("k")),
        new DateTimeOffset(2026, 3, 5, 18, 30, 0, TimeSpan.Zero));

    [Fact]
    public void A_payment_file_names_every_fact_once_and_is_the_same_each_time()
    {
        var payout = PayoutOf(1283_50);
        var card = new CardInstruction("阿<&>'\"", "6216261000000000018", "PAB");
        var file = PaymentFile.Write(payout, card, Options);
        Assert.Equal(file, PaymentFile.Write(payout, card, Options));

        XNamespace pain = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
        var document = BankSchemas.Load(file, PaymentFile.Name);
        Assert.Equal([Order], document.Descendants(pain + "EndToEndId").Select(element => element.Value));
        Assert.Equal(["1283.50"], document.Descendants(pain + "InstdAmt").Select(element => element.Value));
        Assert.Equal(["1283.50", "1283.50"], document.Descendants(pain + "CtrlSum").Select(element => element.Value));
        Assert.Equal("阿<&>'\"", document.Descendants(pain + "Cdtr").Single().Element(pain + "Nm")!.Value);
        // 18:30 UTC is the next day in China.
        Assert.Equal("2026-03-06", document.Descendants(pain + "Dt").Single().Value);
    }

    [Fact]
    public void Every_amount_is_written_as_decimal_text_that_reads_back() => Gen.Long[1, 9_999_999_999_999].Sample(minor =>
    {
        var file = PaymentFile.Write(PayoutOf(minor), new CardInstruction("林", "6216261000000000018", "PAB"), Options);
        var text = BankSchemas.Load(file, PaymentFile.Name).Descendants("{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}InstdAmt").Single().Value;
        var report = StatusFile.Read(Encoding.UTF8.GetBytes(Good.Replace("500.00", text, StringComparison.Ordinal)));
        return report.Orders[0].Amount == Money.Cny(minor);
    }, iter: 200);

    [Fact]
    public void A_name_the_standard_cannot_hold_is_found_before_anything_is_sent() => Assert.Throws<BankFormatException>(() =>
        PaymentFile.Write(PayoutOf(1), new CardInstruction(new string('林', 141), "6216261000000000018", "PAB"), Options));

    [Theory]
    [InlineData("ACSC", null, BankSaid.Settled)]
    [InlineData("ACCC", null, BankSaid.Settled)]
    [InlineData("ACSP", null, BankSaid.Accepted)]
    [InlineData("ACCP", null, BankSaid.Accepted)]
    [InlineData("ACWC", null, BankSaid.Accepted)]
    [InlineData("RCVD", null, BankSaid.Received)]
    [InlineData("ACTC", null, BankSaid.Received)]
    [InlineData("PDNG", null, BankSaid.Received)]
    [InlineData("RJCT", "AC04", BankSaid.Rejected)]
    [InlineData("RJCT", "NOOR", BankSaid.Nothing)]
    [InlineData("RJCT", "AM05", BankSaid.Nothing)]
    [InlineData("PART", null, BankSaid.Nothing)]
    [InlineData("XXXX", null, BankSaid.Nothing)]
    public void Each_status_says_one_thing(string status, string? reason, object said)
    {
        var statusInformation = reason is null ? "" : $"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>";
        var report = Read(Good.Replace("<TxSts>ACSC</TxSts>", $"<TxSts>{status}</TxSts>{statusInformation}", StringComparison.Ordinal));
        Assert.Equal(said, StatusFile.AnswerFor(report, Order, Amount).Said);
    }

    [Theory]
    [InlineData("500.00", "500", BankSaid.Settled)]
    [InlineData("500.00", "500.000", BankSaid.Settled)]
    [InlineData("500.00", "500.01", BankSaid.Nothing)]
    [InlineData("500.00", "5000.00", BankSaid.Nothing)]
    [InlineData("CNY", "USD", BankSaid.Nothing)]
    [InlineData("<OrgnlEndToEndId>po_00000000000000000000000000000001", "<OrgnlEndToEndId>po_00000000000000000000000000000002", BankSaid.Nothing)]
    public void A_report_of_another_amount_or_order_says_nothing(string text, string other, object said) =>
        Assert.Equal(said, StatusFile.AnswerFor(Read(Good.Replace(text, other, StringComparison.Ordinal)), Order, Amount).Said);

    [Fact]
    public void A_file_refused_unread_is_a_rejection_unless_the_bank_calls_it_a_duplicate()
    {
        Assert.Equal(BankSaid.Rejected, StatusFile.AnswerFor(Refused(Order, "FF01"), Order, Amount).Said);
        Assert.Equal(BankSaid.Nothing, StatusFile.AnswerFor(Refused(Order, "AM05"), Order, Amount).Said);
        Assert.Equal(BankSaid.Nothing, StatusFile.AnswerFor(Refused("po_00000000000000000000000000000002", "FF01"), Order, Amount).Said);

        static StatusReport Refused(string message, string reason) => Read($"""
            <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>ST1</MsgId><CreDtTm>2026-03-05T04:00:00Z</CreDtTm></GrpHdr>
            <OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId><GrpSts>RJCT</GrpSts>
            <StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>
            """);
    }

    [Fact]
    public void Only_a_report_that_names_our_id_as_not_known_makes_it_not_known()
    {
        var notKnown = Good.Replace("<TxSts>ACSC</TxSts>", "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>NOOR</Cd></Rsn></StsRsnInf>", StringComparison.Ordinal);
        Assert.True(StatusFile.IsNotKnown(Read(notKnown), Order));
        Assert.False(StatusFile.IsNotKnown(Read(notKnown), "po_00000000000000000000000000000002"));
        Assert.False(StatusFile.IsNotKnown(Read(Good), Order));
    }

    [Fact]
    public void Every_bad_file_is_refused_with_a_reason_that_repeats_no_value()
    {
        var bad = BadFiles().ToList();
        Assert.True(bad.Count >= 40, $"{bad.Count} bad files");
        foreach (var (name, file) in bad)
        {
            try
            {
                StatusFile.Read(file);
                Assert.Fail(name + " was read");
            }
            catch (BankFormatException exception)
            {
                Assert.DoesNotContain("canary", exception.Message, StringComparison.OrdinalIgnoreCase);
            }
        }
    }

    [Fact]
    public void Any_bytes_are_read_or_refused_and_never_crash() => Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Byte, Gen.Int[0, 3]).Array[1, 8].Sample(changes =>
    {
        var file = Encoding.UTF8.GetBytes(Good).ToList();
        foreach (var (at, value, kind) in changes)
        {
            var place = Math.Min(at, file.Count - 1);
            switch (kind)
            {
                case 0: file[place] = value; break;
                case 1: file.Insert(place, value); break;
                case 2: file.RemoveAt(place); break;
                default: file.InsertRange(place, file.Skip(place).Take(value).ToList()); break;
            }
        }

        try
        {
            StatusFile.Read([.. file]);
        }
        catch (BankFormatException)
        {
            // Refused, as it should be.
        }
    }, iter: 2000);

    [Fact]
    public async Task The_callback_believes_only_the_bank_and_only_about_our_own_orders()
    {
        await using var world = await RailWorld.StartAsync();
        var payout = world.OrderPayout();
        world.Book.Settle();
        var report = Good.Replace(Order, payout.Value, StringComparison.Ordinal).Replace("2026-03-05T04:00:00Z", "2999-03-05T04:00:00Z", StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, await world.ReportAsync(report, key: null));
        Assert.Equal(HttpStatusCode.Forbidden, await world.ReportAsync(report, key: "a provider key for testz"));
        Assert.Equal(HttpStatusCode.BadRequest, await world.ReportAsync("<Document/>"));
        Assert.Equal(HttpStatusCode.NotFound, await world.ReportAsync(Good));
        Assert.Equal(HttpStatusCode.NotFound, await world.ReportAsync(report.Replace($"<OrgnlMsgId>{payout}", "<OrgnlMsgId>another", StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.NoContent, await world.ReportAsync(report.Replace("500.00", "500.01", StringComparison.Ordinal)));
        Assert.Equal(BankOrderStatus.Accepted, (await world.PayoutAsync(payout)).Progress.Status);

        Assert.Equal(HttpStatusCode.NoContent, await world.ReportAsync(report));
        Assert.Equal(HttpStatusCode.NoContent, await world.ReportAsync(report));
        Assert.Equal(BankOrderStatus.Settled, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: 0, settlement: -500_00, wallet: 0);
    }

    private static StatusReport Read(string xml) => StatusFile.Read(Encoding.UTF8.GetBytes(xml));

    private static IEnumerable<(string Name, byte[] File)> BadFiles()
    {
        (string Name, string From, string To)[] edits =
        [
            ("no message id", "<MsgId>ST1</MsgId>", ""),
            ("empty message id", "<MsgId>ST1</MsgId>", "<MsgId></MsgId>"),
            ("message id of 36", "ST1", new string('c', 36)),
            ("no time", "<CreDtTm>2026-03-05T04:00:00Z</CreDtTm>", ""),
            ("time in words", "2026-03-05T04:00:00Z", "canary o'clock"),
            ("no such day", "2026-03-05T04:00:00Z", "2026-02-30T04:00:00Z"),
            ("no such hour", "2026-03-05T04:00:00Z", "2026-03-05T25:00:00Z"),
            ("year of five digits", "2026-03-05T04:00:00Z", "12026-03-05T04:00:00Z"),
            ("no header", "<GrpHdr><MsgId>ST1</MsgId><CreDtTm>2026-03-05T04:00:00Z</CreDtTm></GrpHdr>", ""),
            ("no original group", "<OrgnlGrpInfAndSts><OrgnlMsgId>po_00000000000000000000000000000001</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>", ""),
            ("no original message name", "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>", ""),
            ("no original payment id", "<OrgnlPmtInfId>po_00000000000000000000000000000001</OrgnlPmtInfId>", ""),
            ("status of five letters", "ACSC", "ACSCX"),
            ("empty status", "<TxSts>ACSC</TxSts>", "<TxSts></TxSts>"),
            ("status twice", "<TxSts>ACSC</TxSts>", "<TxSts>ACSC</TxSts><TxSts>RJCT</TxSts>"),
            ("end-to-end id of 36", "<OrgnlEndToEndId>po", "<OrgnlEndToEndId>x_po"),
            ("end-to-end id twice", "<TxSts>", "<OrgnlEndToEndId>canary</OrgnlEndToEndId><TxSts>"),
            ("elements in the wrong order", "<OrgnlEndToEndId>po_00000000000000000000000000000001</OrgnlEndToEndId><TxSts>ACSC</TxSts>",
                "<TxSts>ACSC</TxSts><OrgnlEndToEndId>po_00000000000000000000000000000001</OrgnlEndToEndId>"),
            ("unknown element", "<TxSts>", "<Foreign>canary</Foreign><TxSts>"),
            ("unknown attribute", "<TxInfAndSts>", "<TxInfAndSts foreign=\"canary\">"),
            ("text between elements", "<TxInfAndSts>", "<TxInfAndSts>canary"),
            ("amount in words", "500.00", "canary"),
            ("negative amount", "500.00", "-500.00"),
            ("amount with a comma", "500.00", "500,00"),
            ("amount with an exponent", "500.00", "5e2"),
            ("amount of six decimals", "500.00", "500.000001"),
            ("amount finer than the currency", "500.00", "500.001"),
            ("amount of nineteen digits", "500.00", "1234567890123456789"),
            ("amount without a currency", " Ccy=\"CNY\"", ""),
            ("currency in small letters", "CNY", "cny"),
            ("currency we do not know", "CNY", "XXX"),
            ("reason too long", "<TxSts>ACSC</TxSts>", "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>canary</Cd></Rsn></StsRsnInf>"),
            ("no namespace", " xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.002.001.10\"", ""),
            ("another version", "pain.002.001.10", "pain.002.001.03"),
            ("another message", "pain.002.001.10", "pain.001.001.09"),
            ("another root", "Document", "Foreign"),
            ("no body", Good[Good.IndexOf("<CstmrPmtStsRpt>", StringComparison.Ordinal)..(Good.IndexOf("</CstmrPmtStsRpt>", StringComparison.Ordinal) + 17)], ""),
            ("two bodies", "</CstmrPmtStsRpt>", "</CstmrPmtStsRpt><CstmrPmtStsRpt/>"),
            ("cut off", "</Document>", ""),
            ("two roots", "</Document>", "</Document><Document/>"),
            ("DTD", "<Document", "<!DOCTYPE Document [<!ELEMENT Document ANY>]><Document"),
            ("external entity", "<Document", "<!DOCTYPE Document [<!ENTITY canary SYSTEM \"file:///etc/hostname\">]><Document"),
            ("external schema parameter", "<Document", "<!DOCTYPE Document SYSTEM \"http://127.0.0.1:1/canary.dtd\"><Document"),
            ("billion laughs", "<Document", "<!DOCTYPE z [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]><Document"),
            ("undeclared entity", "ST1", "&canary;"),
            ("forbidden character", "ST1", "&#1;"),
            ("wrong encoding", "encoding=\"utf-8\"", "encoding=\"utf-16\""),
            ("too deep", "</CstmrPmtStsRpt>", "<SplmtryData><Envlp>" + string.Concat(Enumerable.Repeat("<a>", 40)) + string.Concat(Enumerable.Repeat("</a>", 40)) + "</Envlp></SplmtryData></CstmrPmtStsRpt>"),
        ];
        foreach (var (name, from, to) in edits)
        {
            var text = Good.Replace(from, to, StringComparison.Ordinal);
            Assert.True(text != Good, name);
            yield return (name, Encoding.UTF8.GetBytes(text));
        }

        yield return ("empty", []);
        yield return ("no XML", "canary"u8.ToArray());
        yield return ("JSON", "{}"u8.ToArray());
        yield return ("zeros", new byte[100]);
        yield return ("too large", Encoding.UTF8.GetBytes(Good.Replace("</Document>", new string(' ', BankSchemas.LargestBytes) + "</Document>", StringComparison.Ordinal)));
        yield return ("101 orders", Encoding.UTF8.GetBytes(Good.Replace("</OrgnlPmtInfAndSts>",
            string.Concat(Enumerable.Repeat("<TxInfAndSts><TxSts>ACSC</TxSts></TxInfAndSts>", 100)) + "</OrgnlPmtInfAndSts>", StringComparison.Ordinal)));
    }
}
