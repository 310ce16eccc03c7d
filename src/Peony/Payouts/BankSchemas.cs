using System.Collections.Frozen;
using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;

namespace Peony.Payouts;

/// <summary>A bank file that is too large, too deep, no XML, or against its schema. The message names the place, never a value.</summary>
internal sealed class BankFormatException(string message) : Exception(message);

/// <summary>
/// Reads bank files without trust: no DTD, nothing fetched, at most <see cref="LargestBytes"/> and <see cref="DeepestLevel"/> levels, then the schema of the standard
/// (the files under <c>Schemas</c> are ISO 20022's own, unchanged).
/// </summary>
internal static class BankSchemas
{
    public const int LargestBytes = 64 * 1024;
    public const int DeepestLevel = 24;

    private static readonly FrozenDictionary<string, XmlSchemaSet> Sets =
        new[] { PaymentFile.Name, StatusFile.Name }.ToFrozenDictionary(name => name, LoadSchema);

    /// <summary>The document of a file that follows the schema of the message.</summary>
    /// <param name="name">The message's name, such as <c>pain.002.001.10</c>.</param>
    public static XDocument Load(byte[] file, string name)
    {
        if (file.Length > LargestBytes)
        {
            throw new BankFormatException($"The file has more than {LargestBytes} bytes.");
        }

        try
        {
            CheckDepth(file);
            using var reader = XmlReader.Create(new MemoryStream(file, writable: false), Settings());
            var document = XDocument.Load(reader, LoadOptions.None);
            if (document.Root?.Name.NamespaceName != "urn:iso:std:iso:20022:tech:xsd:" + name)
            {
                // Validation says nothing of a root it has no schema for.
                throw new BankFormatException($"The file is no {name}.");
            }

            document.Validate(Sets[name], (source, _) => throw new BankFormatException($"The file does not follow {name}: {NameOf(source)}."));
            return document;
        }
        catch (XmlException exception)
        {
            throw new BankFormatException($"The file is no XML we read, at line {exception.LineNumber}, column {exception.LinePosition}.");
        }
    }

    // The schema's own words would repeat the value that is wrong, which may be a name or a card number.
    private static string NameOf(object? source) => source switch
    {
        XElement element => "element " + element.Name.LocalName,
        XAttribute attribute => "attribute " + attribute.Name.LocalName,
        _ => "an element",
    };

    private static void CheckDepth(byte[] file)
    {
        using var reader = XmlReader.Create(new MemoryStream(file, writable: false), Settings());
        while (reader.Read())
        {
            if (reader.Depth > DeepestLevel)
            {
                throw new BankFormatException($"The file is more than {DeepestLevel} levels deep.");
            }
        }
    }

    private static XmlReaderSettings Settings() => new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = LargestBytes,
        MaxCharactersFromEntities = 1024,
    };

    private static XmlSchemaSet LoadSchema(string name)
    {
        using var stream = typeof(BankSchemas).Assembly.GetManifestResourceStream($"Peony.Payouts.{name}.xsd")
            ?? throw new InvalidOperationException($"{name}.xsd is not embedded.");
        using var reader = XmlReader.Create(stream);
        var schemas = new XmlSchemaSet { XmlResolver = null };
        schemas.Add(null, reader);
        schemas.Compile();
        return schemas;
    }
}
