using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Peony.Simulators.Bank;

/// <summary>Reads pain.001.001.09 as a bank does: schema first, then its own controls.</summary>
internal sealed class CreditTransfer
{
    public const string MessageName = "pain.001.001.09";
    private const int LargestFile = 1 << 20;
    private static readonly XNamespace Pain = "urn:iso:std:iso:20022:tech:xsd:" + MessageName;
    private static readonly XmlSchemaSet Schema = LoadSchema();

    /// <summary>The orders of a file, or the ISO 20022 reason why the whole file is refused, with the message id as far as it could be read.</summary>
    public static async Task<(IReadOnlyList<BankInstruction> Orders, string MessageId, string? Refused)> ReadAsync(Stream body, CancellationToken cancel)
    {
        XDocument document;
        try
        {
            using var reader = XmlReader.Create(body, new XmlReaderSettings
            {
                Async = true,
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                MaxCharactersInDocument = LargestFile,
            });
            document = await XDocument.LoadAsync(reader, LoadOptions.None, cancel);
            document.Validate(Schema, (_, problem) => throw problem.Exception);
        }
        catch (Exception exception) when (exception is XmlException or XmlSchemaException)
        {
            return ([], "NOTPROVIDED", "FF01");
        }

        // Validation says nothing of a root it has no schema for.
        if (document.Root?.Element(Pain + "CstmrCdtTrfInitn") is not { } initiation)
        {
            return ([], "NOTPROVIDED", "FF01");
        }

        var header = initiation.Element(Pain + "GrpHdr")!;
        var messageId = header.Element(Pain + "MsgId")!.Value;
        var orders = new List<BankInstruction>();
        foreach (var information in initiation.Elements(Pain + "PmtInf"))
        {
            foreach (var transfer in information.Elements(Pain + "CdtTrfTxInf"))
            {
                var amount = transfer.Element(Pain + "Amt")?.Element(Pain + "InstdAmt");
                var account = transfer.Element(Pain + "CdtrAcct")?.Element(Pain + "Id")?.Element(Pain + "Othr")?.Element(Pain + "Id")?.Value;
                var name = transfer.Element(Pain + "Cdtr")?.Element(Pain + "Nm")?.Value;
                if (amount is null || account is null || name is null)
                {
                    return ([], messageId, "FF01");
                }

                orders.Add(new BankInstruction(Direction.Payment, messageId, MessageName, information.Element(Pain + "PmtInfId")!.Value,
                    transfer.Element(Pain + "PmtId")!.Element(Pain + "EndToEndId")!.Value, amount.Value.Trim(), amount.Attribute("Ccy")!.Value, name, account,
                    transfer.Element(Pain + "RmtInf")?.Element(Pain + "Ustrd")?.Value));
            }
        }

        return (orders, messageId, Control(header, orders));
    }

    /// <summary>Number of transactions (AM18) and control sum (AM10) must agree with what is in the file; a file that names an id twice is refused (AM05).</summary>
    private static string? Control(XElement header, List<BankInstruction> orders)
    {
        if (header.Element(Pain + "NbOfTxs")!.Value.TrimStart('0') != orders.Count.ToString(CultureInfo.InvariantCulture))
        {
            return "AM18";
        }

        var sum = orders.Sum(order => decimal.Parse(order.Amount, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture));
        if (header.Element(Pain + "CtrlSum") is { } control && decimal.Parse(control.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) != sum)
        {
            return "AM10";
        }

        return orders.DistinctBy(order => order.EndToEndId).Count() == orders.Count ? null : "AM05";
    }

    private static XmlSchemaSet LoadSchema()
    {
        using var stream = typeof(CreditTransfer).Assembly.GetManifestResourceStream("Peony.Simulators.pain.001.001.09.xsd")
            ?? throw new InvalidOperationException("The schema is not embedded.");
        using var reader = XmlReader.Create(stream);
        var schemas = new XmlSchemaSet { XmlResolver = null };
        schemas.Add(null, reader);
        schemas.Compile();
        return schemas;
    }
}
