using System.Globalization;
using System.Text;
using System.Xml;
using Peony.Edge;

namespace Peony.Payouts;

/// <summary>
/// Writes a payout as pain.001.001.09: one file, one order. Message id, payment information id and end-to-end id are the payout's id; nothing in the file depends on when it is
/// written, so a file that is sent again is the same byte for byte.
/// </summary>
internal static class PaymentFile
{
    public const string Name = "pain.001.001.09";
    private const string Pain = "urn:iso:std:iso:20022:tech:xsd:" + Name;
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    /// <exception cref="BankFormatException">What we wrote does not follow the schema: a defect, found before anything is sent.</exception>
    public static byte[] Write(Payout payout, CardInstruction card, PeonyOptions options)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, NewLineChars = "\n" }))
        {
            writer.WriteStartElement("Document", Pain);
            writer.WriteStartElement("CstmrCdtTrfInitn", Pain);
            WriteHeader(writer, payout, options);
            WriteInformation(writer, payout, card, options);
            writer.WriteEndElement();
            writer.WriteEndElement();
        }

        var file = stream.ToArray();
        BankSchemas.Load(file, Name);
        return file;
    }

    private static void WriteHeader(XmlWriter writer, Payout payout, PeonyOptions options)
    {
        writer.WriteStartElement("GrpHdr", Pain);
        writer.WriteElementString("MsgId", Pain, payout.Id.Value);
        writer.WriteElementString("CreDtTm", Pain, payout.OrderedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        writer.WriteElementString("NbOfTxs", Pain, "1");
        writer.WriteElementString("CtrlSum", Pain, payout.Amount.Amount());
        WriteParty(writer, "InitgPty", options.OperatorName);
        writer.WriteEndElement();
    }

    private static void WriteInformation(XmlWriter writer, Payout payout, CardInstruction card, PeonyOptions options)
    {
        writer.WriteStartElement("PmtInf", Pain);
        writer.WriteElementString("PmtInfId", Pain, payout.Id.Value);
        writer.WriteElementString("PmtMtd", Pain, "TRF");
        writer.WriteElementString("NbOfTxs", Pain, "1");
        writer.WriteElementString("CtrlSum", Pain, payout.Amount.Amount());
        writer.WriteStartElement("ReqdExctnDt", Pain);
        writer.WriteElementString("Dt", Pain, payout.OrderedAt.ToOffset(China).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        writer.WriteEndElement();
        WriteParty(writer, "Dbtr", options.OperatorName);
        WriteAccount(writer, "DbtrAcct", options.OperatorAccount, scheme: "BBAN");
        WriteAgent(writer, "DbtrAgt", options.OperatorBank);
        writer.WriteElementString("ChrgBr", Pain, "DEBT");

        writer.WriteStartElement("CdtTrfTxInf", Pain);
        writer.WriteStartElement("PmtId", Pain);
        writer.WriteElementString("InstrId", Pain, payout.Id.Value);
        writer.WriteElementString("EndToEndId", Pain, payout.Id.Value);
        writer.WriteEndElement();
        writer.WriteStartElement("Amt", Pain);
        writer.WriteStartElement("InstdAmt", Pain);
        writer.WriteAttributeString("Ccy", payout.Amount.Currency.Code);
        writer.WriteString(payout.Amount.Amount());
        writer.WriteEndElement();
        writer.WriteEndElement();
        WriteAgent(writer, "CdtrAgt", card.Bank);
        WriteParty(writer, "Cdtr", card.Name);
        WriteAccount(writer, "CdtrAcct", card.Number, scheme: "CARD");
        writer.WriteStartElement("RmtInf", Pain);
        writer.WriteElementString("Ustrd", Pain, payout.Reference);
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteParty(XmlWriter writer, string element, string name)
    {
        writer.WriteStartElement(element, Pain);
        writer.WriteElementString("Nm", Pain, name);
        writer.WriteEndElement();
    }

    private static void WriteAccount(XmlWriter writer, string element, string number, string scheme)
    {
        writer.WriteStartElement(element, Pain);
        writer.WriteStartElement("Id", Pain);
        writer.WriteStartElement("Othr", Pain);
        writer.WriteElementString("Id", Pain, number);
        writer.WriteStartElement("SchmeNm", Pain);
        writer.WriteElementString("Cd", Pain, scheme);
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
        writer.WriteEndElement();
    }

    private static void WriteAgent(XmlWriter writer, string element, string bank)
    {
        writer.WriteStartElement(element, Pain);
        writer.WriteStartElement("FinInstnId", Pain);
        writer.WriteElementString("Nm", Pain, bank);
        writer.WriteEndElement();
        writer.WriteEndElement();
    }
}
