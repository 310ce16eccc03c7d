using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;

namespace Peony.Cards;

/// <summary>What happens when a number is bound that another customer has bound now.</summary>
internal enum SameNumberRule
{
    /// <summary>One card with two owners is a sign of fraud: the second is refused.</summary>
    Refuse = 1,

    /// <summary>For operators whose customers share an account's cards.</summary>
    Allow = 2,
}

/// <summary>The rules of binding, as data: <c>card-rules.json</c> of the program, or <c>rules/card-rules.json</c> in the data folder in its place.</summary>
/// <param name="MostBound">The most cards a customer has bound at a time.</param>
/// <param name="TriesPerDay">The most times a customer asks the bureau within 24 hours.</param>
internal sealed record CardRules(int MostBound, int TriesPerDay, SameNumberRule SameNumberOfAnotherCustomer)
{
    private const string FileName = "card-rules.json";

    public static CardRules Shipped()
    {
        using var stream = typeof(CardRules).Assembly.GetManifestResourceStream("Peony.Cards." + FileName)
            ?? throw new InvalidOperationException("The card rules are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    public static CardRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed; the program does not start with it.</exception>
    public static CardRules Parse(string json)
    {
        try
        {
            var rules = JsonSerializer.Deserialize<CardRules>(json, Strict)!;
            return rules is { MostBound: > 0, TriesPerDay: > 0 } ? rules : throw new InvalidOperationException("The card rules allow at least one card and one try.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The card rules cannot be read: {exception.Message}", exception);
        }
    }

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };
}
