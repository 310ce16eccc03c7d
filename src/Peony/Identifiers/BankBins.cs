using System.Collections.Frozen;
using System.Text.Json;

namespace Peony.Identifiers;

/// <summary>A bank as screens name it.</summary>
/// <param name="Code">Its usual short name: <c>ICBC</c>. Stable; stored with cards.</param>
internal sealed record Bank(string Code, string Zh, string En, IReadOnlyList<string> Aliases)
{
    public string NameIn(string language) => language.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;

    /// <summary>True when the text names this bank: by short name, by either full name or by a name in wide use; case, spaces and hyphens do not count.</summary>
    public bool IsNamed(string text) => Aliases.Append(Code).Append(Zh).Append(En).Any(name => string.Equals(Plain(name), Plain(text), StringComparison.OrdinalIgnoreCase));

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit)]);
}

/// <summary>What the first digits of a card number say: whose card it is and whether it is a credit card (信用卡) or a debit card (储蓄卡).</summary>
internal sealed record BankBin(string Prefix, Bank Bank, bool IsCredit);

/// <summary>
/// The table of bank identification numbers, read from <c>banks.json</c>. The longest prefix wins. BIN tables age: a number that is not in the table may still be a good card,
/// and the four-elements service has the last word on bank and kind.
/// </summary>
internal sealed class BankBins
{
    private readonly FrozenDictionary<string, BankBin> _byPrefix;
    private readonly FrozenDictionary<string, Bank> _byCode;
    private readonly int[] _lengths;

    private BankBins(IReadOnlyList<BankRow> rows)
    {
        var prefixes = new Dictionary<string, BankBin>();
        foreach (var row in rows)
        {
            var bank = new Bank(row.Code, row.Zh, row.En, row.Aliases);
            foreach (var prefix in row.Debit)
            {
                prefixes.Add(prefix, new BankBin(prefix, bank, IsCredit: false));
            }

            foreach (var prefix in row.Credit)
            {
                prefixes.Add(prefix, new BankBin(prefix, bank, IsCredit: true));
            }
        }

        _byPrefix = prefixes.ToFrozenDictionary(StringComparer.Ordinal);
        _byCode = prefixes.Values.Select(bin => bin.Bank).Distinct().ToFrozenDictionary(bank => bank.Code, StringComparer.Ordinal);
        _lengths = [.. prefixes.Keys.Select(prefix => prefix.Length).Distinct().OrderDescending()];
    }

    /// <summary>The table that comes with the program.</summary>
    public static BankBins Default { get; } = Load();

    public IReadOnlyCollection<BankBin> All => _byPrefix.Values;

    /// <summary>The bank and kind of a card number or of its first digits, or null when the table does not know them.</summary>
    public BankBin? Find(string digits)
    {
        foreach (var length in _lengths)
        {
            if (digits.Length >= length && _byPrefix.TryGetValue(digits[..length], out var bin))
            {
                return bin;
            }
        }

        return null;
    }

    /// <summary>The bank of a short name, or null.</summary>
    public Bank? FindBank(string code) => _byCode.GetValueOrDefault(code);

    private static BankBins Load()
    {
        using var stream = typeof(BankBins).Assembly.GetManifestResourceStream("Peony.Identifiers.banks.json")
            ?? throw new InvalidOperationException("banks.json is not embedded.");
        return new BankBins(JsonSerializer.Deserialize<List<BankRow>>(stream, JsonSerializerOptions.Web)!);
    }

    private sealed record BankRow(string Code, string Zh, string En, IReadOnlyList<string> Aliases, IReadOnlyList<string> Debit, IReadOnlyList<string> Credit);
}
