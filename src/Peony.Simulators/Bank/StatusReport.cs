using System.Globalization;
using System.Text;
using System.Xml;

namespace Peony.Simulators.Bank;

/// <summary>Writes pain.002.001.10: the status of one order, of a whole file that was refused, or that an end-to-end id is not known (NOOR).</summary>
internal static class StatusReport
{
    private const string Pain = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10";

    public static byte[] Write(BankInstruction order, BankStatus status) => Write(status.At, writer =>
    {
        WriteOriginal(writer, order.MessageId, order.MessageName, groupStatus: null, reason: null);
        writer.WriteStartElement("OrgnlPmtInfAndSts", Pain);
        writer.WriteElementString("OrgnlPmtInfId", Pain, order.InformationId);
        WriteTransaction(writer, order.EndToEndId, status, order);
        writer.WriteEndElement();
    });

    public static byte[] WriteRefusedFile(string messageId, string messageName, string reason, DateTimeOffset at) =>
        Write(at, writer => WriteOriginal(writer, messageId, messageName, Status.Rejected, reason));

    public static byte[] WriteNotKnown(string endToEndId, DateTimeOffset at) => Write(at, writer =>
    {
        WriteOriginal(writer, "NOTPROVIDED", "NOTPROVIDED", groupStatus: null, reason: null);
        writer.WriteStartElement("OrgnlPmtInfAndSts", Pain);
        writer.WriteElementString("OrgnlPmtInfId", Pain, "NOTPROVIDED");
        WriteTransaction(writer, endToEndId, new BankStatus(Status.Rejected, "NOOR", at), order: null);
        writer.WriteEndElement();
    });

    private static byte[] Write(DateTimeOffset at, Action<XmlWriter> body)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true }))
        {
            writer.WriteStartElement("Document", Pain);
            writer.WriteStartElement("CstmrPmtStsRpt", Pain);
            writer.WriteStartElement("GrpHdr", Pain);
            writer.WriteElementString("MsgId", Pain, NewMessageId());
            writer.WriteElementString("CreDtTm", Pain, Time(at));
            writer.WriteEndElement();
            body(writer);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void WriteOriginal(XmlWriter writer, string messageId, string messageName, string? groupStatus, string? reason)
    {
        writer.WriteStartElement("OrgnlGrpInfAndSts", Pain);
        writer.WriteElementString("OrgnlMsgId", Pain, messageId);
        writer.WriteElementString("OrgnlMsgNmId", Pain, messageName);
        if (groupStatus is not null)
        {
            writer.WriteElementString("GrpSts", Pain, groupStatus);
            WriteReason(writer, reason!);
        }

        writer.WriteEndElement();
    }

    private static void WriteTransaction(XmlWriter writer, string endToEndId, BankStatus status, BankInstruction? order)
    {
        writer.WriteStartElement("TxInfAndSts", Pain);
        writer.WriteElementString("OrgnlEndToEndId", Pain, endToEndId);
        writer.WriteElementString("TxSts", Pain, status.Code);
        if (status.Reason is { } reason)
        {
            WriteReason(writer, reason);
        }

        if (order is not null)
        {
            writer.WriteStartElement("OrgnlTxRef", Pain);
            writer.WriteStartElement("Amt", Pain);
            writer.WriteStartElement("InstdAmt", Pain);
            writer.WriteAttributeString("Ccy", order.Currency);
            writer.WriteString(order.Amount);
            writer.WriteEndElement();
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
    }

    private static void WriteReason(XmlWriter writer, string reason)
    {
        writer.WriteStartElement("StsRsnInf", Pain);
        writer.WriteStartElement("Rsn", Pain);
        writer.WriteElementString("Cd", Pain, reason);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static string NewMessageId() => "ST" + Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
