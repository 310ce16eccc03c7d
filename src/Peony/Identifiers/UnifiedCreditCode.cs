using System.Text;

namespace Peony.Identifiers;

/// <summary>
/// The unified social credit identifier (统一社会信用代码) of companies and sole traders as GB 32100-2015 draws it: 18 of the digits and capital letters without I, O, S, V, Z; the last one follows from the others
/// (weights 3^i modulo 31, section 6).
/// </summary>
/// <remarks>Full-width characters and small letters are normalised (NFKC, upper case), so one business has one form. It is public.</remarks>
internal sealed record UnifiedCreditCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    private const int Length = 18;

    private UnifiedCreditCode(string value) => Value = value;

    public string Value { get; }

    /// <summary>The code, or null when the text is none.</summary>
    public static UnifiedCreditCode? Parse(string? text)
    {
        var value = (text ?? "").Trim().Normalize(NormalizationForm.FormKC).ToUpperInvariant();
        if (value.Length != Length || value.Any(character => !Alphabet.Contains(character, StringComparison.Ordinal)))
        {
            return null;
        }

        var (sum, weight) = (0, 1);
        foreach (var character in value[..^1])
        {
            sum += Alphabet.IndexOf(character, StringComparison.Ordinal) * weight;
            weight = weight * 3 % Alphabet.Length;
        }

        return Alphabet[(Alphabet.Length - (sum % Alphabet.Length)) % Alphabet.Length] == value[^1] ? new UnifiedCreditCode(value) : null;
    }

    public override string ToString() => Value;
}
