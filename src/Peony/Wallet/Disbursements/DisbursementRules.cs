using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;

namespace Peony.Wallet.Disbursements;

/// <summary>
/// How much one line and one funding may be at most, in minor units. The file is part of the program; an operator's own <c>rules/disbursements.json</c> in the data folder stands in its place.
/// </summary>
internal sealed record DisbursementRules(long LineMost, long FundingMost)
{
    private const string FileName = "disbursements.json";

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The rules that come with the program.</summary>
    public static DisbursementRules Shipped()
    {
        using var stream = typeof(DisbursementRules).Assembly.GetManifestResourceStream("Peony.Wallet.Disbursements." + FileName)
            ?? throw new InvalidOperationException("The rules of disbursements are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>The operator's rules if there are any, else those of the program.</summary>
    public static DisbursementRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed; the program does not start with it.</exception>
    public static DisbursementRules Parse(string json)
    {
        try
        {
            var rules = JsonSerializer.Deserialize<DisbursementRules>(json, Strict)!;
            return rules is { LineMost: > 0, FundingMost: > 0 } ? rules : throw new InvalidOperationException("The rules of disbursements allow nothing.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The rules of disbursements cannot be read: {exception.Message}", exception);
        }
    }
}
