using System.Text.Json;

namespace Peony.Simulators.Bureau;

/// <summary>The bureau: everything well-formed matches, unless one of its elements is on the mismatch list. It keeps nothing.</summary>
internal sealed class BureauSimulator
{
    private static readonly Issuer Unlisted = new("SBX", "沙盒银行", "Sandbox Bank");
    private readonly List<(string Prefix, Issuer Issuer, bool IsCredit)> _prefixes = LoadPrefixes();
    private volatile BureauFaults _faults = new();

    public BureauFaults Faults
    {
        get => _faults;
        set => _faults = value;
    }

    /// <summary>True when none of the elements is on the mismatch list.</summary>
    public bool Matches(params ReadOnlySpan<string> elements)
    {
        foreach (var element in elements)
        {
            if (_faults.Mismatches?.Contains(element) == true)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Who issued a card number and whether it is a credit card; numbers in no table are debit cards of the sandbox's own bank.</summary>
    public (Issuer Issuer, bool IsCredit) IssuerOf(string cardNumber)
    {
        var found = _prefixes.Find(row => cardNumber.StartsWith(row.Prefix, StringComparison.Ordinal));
        return found.Prefix is null ? (Unlisted, false) : (found.Issuer, found.IsCredit);
    }

    public void Reset() => _faults = new BureauFaults();

    private static List<(string Prefix, Issuer Issuer, bool IsCredit)> LoadPrefixes()
    {
        using var stream = typeof(BureauSimulator).Assembly.GetManifestResourceStream("Peony.Simulators.banks.json")
            ?? throw new InvalidOperationException("banks.json is not embedded.");
        using var document = JsonDocument.Parse(stream);
        var prefixes = new List<(string, Issuer, bool)>();
        foreach (var bank in document.RootElement.EnumerateArray())
        {
            var issuer = new Issuer(bank.GetProperty("code").GetString()!, bank.GetProperty("zh").GetString()!, bank.GetProperty("en").GetString()!);
            prefixes.AddRange(bank.GetProperty("debit").EnumerateArray().Select(prefix => (prefix.GetString()!, issuer, false)));
            prefixes.AddRange(bank.GetProperty("credit").EnumerateArray().Select(prefix => (prefix.GetString()!, issuer, true)));
        }

        return [.. prefixes.OrderByDescending(row => row.Item1.Length)];
    }
}

/// <summary>A bank that issues cards.</summary>
internal sealed record Issuer(string Code, string Zh, string En);
