using System.Text;
using System.Text.Json;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Wallet.Disbursements;

/// <summary>One line as the API takes it. Only described here: <see cref="DisbursementBody"/> reads thousands of them without making one.</summary>
internal sealed record DisbursementLineBody(CustomerId Customer, Money Amount);

/// <summary>A disbursement as the API takes it.</summary>
/// <param name="Purpose">What customers read beside the money, up to 40 characters.</param>
/// <param name="Lines">1 to 8,190; a customer may stand in several.</param>
internal sealed record DisbursementRequest(string Purpose, IReadOnlyList<DisbursementLineBody> Lines);

/// <summary>
/// Reads the body of a disbursement, JSON or CSV, in one pass over its bytes: per line it makes the name of the wallet's account and nothing else.
/// </summary>
internal static class DisbursementBody
{
    private const int CustomerLength = 30;

    /// <exception cref="InvalidRequestException">Something cannot be read; says what and where.</exception>
    public static (string Purpose, DisbursementLine[] Lines) ReadJson(ReadOnlySpan<byte> body)
    {
        try
        {
            return ReadObject(body);
        }
        catch (InvalidOperationException)
        {
            // A text that is no UTF-8, or has half a character.
            throw Unreadable("body");
        }
    }

    private static (string Purpose, DisbursementLine[] Lines) ReadObject(ReadOnlySpan<byte> body)
    {
        var lines = new Lines();
        string? purpose = null;
        var reader = new Utf8JsonReader(body);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "body");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("purpose"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.String, "purpose");
                purpose = reader.GetString();
            }
            else if (reader.ValueTextEquals("lines"u8))
            {
                ReadLines(ref reader, lines);
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may stand after the object; the reader itself throws when something does.
        Expect(reader.TokenType == JsonTokenType.EndObject && !reader.Read(), "body");
        return (purpose ?? throw Unreadable("purpose"), lines.ToArray());
    }

    /// <summary>Reads <c>customer,amount</c> with that header, amounts in yuan with at most two decimals. No field needs quotes, so none may have them.</summary>
    /// <exception cref="InvalidRequestException">Something cannot be read; says which line of the file.</exception>
    public static DisbursementLine[] ReadCsv(ReadOnlySpan<byte> body)
    {
        var lines = new Lines();
        var rest = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        for (var number = 1; !rest.IsEmpty; number++)
        {
            var end = rest.IndexOf((byte)'\n');
            var line = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            line = line.TrimEnd((byte)'\r');
            if (number == 1)
            {
                ExpectHeader(line);
            }
            else if (!line.IsEmpty)
            {
                lines.Add(CustomerOf(line, number, out var amount), amount);
            }
        }

        return lines.ToArray();
    }

    private static void ExpectHeader(ReadOnlySpan<byte> line)
    {
        if (!line.SequenceEqual("customer,amount"u8))
        {
            throw new InvalidRequestException("line 1", "the header is customer,amount.", "表头须为 customer,amount。");
        }
    }

    private static LedgerAccountId CustomerOf(ReadOnlySpan<byte> line, int number, out Money amount)
    {
        var comma = line.IndexOf((byte)',');
        if (comma < 0 || !TryWallet(line[..comma], out var wallet))
        {
            throw new InvalidRequestException($"line {number}", "it does not begin with a customer's id.", "该行不是以客户号开头。");
        }

        return Money.TryParse(Encoding.UTF8.GetString(line[(comma + 1)..]), Currency.Cny, out amount)
            ? wallet
            : throw new InvalidRequestException($"line {number}", "its amount is not in yuan with at most two decimals.", "该行金额须以元为单位，至多两位小数。");
    }

    private static void ReadLines(ref Utf8JsonReader reader, Lines lines)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartArray, "lines");
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            ReadLine(ref reader, lines);
        }

        Expect(reader.TokenType == JsonTokenType.EndArray, lines, "");
    }

    private static void ReadLine(ref Utf8JsonReader reader, Lines lines)
    {
        LedgerAccountId? wallet = null;
        Money? amount = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("customer"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.String, lines, ".customer");
                wallet = TryWallet(reader.ValueSpan, out var account) ? account : throw Unreadable(lines.At(".customer"));
            }
            else if (reader.ValueTextEquals("amount"u8))
            {
                amount = ReadAmount(ref reader, lines);
            }
            else
            {
                reader.Skip();
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject, lines, "");
        lines.Add(wallet ?? throw Unreadable(lines.At(".customer")), amount ?? throw Unreadable(lines.At(".amount")));
    }

    private static Money ReadAmount(ref Utf8JsonReader reader, Lines lines)
    {
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, lines, ".amount");
        var currency = Currency.Cny;
        long? minor = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("amount"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number), lines, ".amount.amount");
                minor = reader.GetInt64();
            }
            else if (reader.ValueTextEquals("currency"u8))
            {
                Expect(reader.Read() && reader.TokenType == JsonTokenType.String, lines, ".amount.currency");
                currency = reader.ValueTextEquals("CNY"u8) ? Currency.Cny
                    : Currency.TryParse(reader.GetString(), out var other) ? other
                    : throw Unreadable(lines.At(".amount.currency"));
            }
            else
            {
                reader.Skip();
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject, lines, ".amount");
        return new Money(minor ?? throw Unreadable(lines.At(".amount.amount")), currency);
    }

    /// <summary>The wallet of a well-formed customer id. An id has no character that JSON would escape.</summary>
    private static bool TryWallet(ReadOnlySpan<byte> utf8, out LedgerAccountId wallet)
    {
        Span<char> id = stackalloc char[CustomerLength];
        var isId = utf8.Length == CustomerLength && Ascii.ToUtf16(utf8, id, out _) == System.Buffers.OperationStatus.Done && Ids.IsWellFormed<CustomerId>(id);
        wallet = isId ? WalletAccounts.Of(id) : default;
        return isId;
    }

    private static void Expect(bool isThere, string field)
    {
        if (!isThere)
        {
            throw Unreadable(field);
        }
    }

    private static void Expect(bool isThere, Lines lines, string field)
    {
        if (!isThere)
        {
            throw Unreadable(lines.At(field));
        }
    }

    private static InvalidRequestException Unreadable(string field) => new(field, "it is missing or cannot be read.", "缺失或无法识别。");

    /// <summary>The lines read so far; more than one entry takes are not gathered.</summary>
    private sealed class Lines
    {
        private DisbursementLine[] _lines = new DisbursementLine[64];
        private int _count;

        public void Add(LedgerAccountId wallet, Money amount)
        {
            if (_count == IWork.TransfersMost)
            {
                throw new InvalidRequestException("lines", $"at most {IWork.TransfersMost} at once.", $"一次至多 {IWork.TransfersMost} 行。");
            }

            if (_count == _lines.Length)
            {
                Array.Resize(ref _lines, Math.Min(_count * 4, IWork.TransfersMost));
            }

            _lines[_count++] = new DisbursementLine(wallet, amount);
        }

        /// <summary>Where the line that is being read stands.</summary>
        public string At(string field) => $"lines[{_count}]{field}";

        public DisbursementLine[] ToArray()
        {
            Array.Resize(ref _lines, _count);
            return _lines;
        }
    }
}
