using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;

namespace Peony.Trades;

/// <summary>
/// Amounts and times of trades. The file is part of the program; an operator's own <c>rules/trades.json</c> in the data folder stands in its place.
/// </summary>
/// <param name="CodeMost">The most a pay code pays without the phone being asked, minor units.</param>
/// <param name="TradeMost">The most of one trade, minor units.</param>
internal sealed record TradeRules(long CodeMost, long TradeMost, int CodeLifeMinutes, int ScanLifeMinutes, int PageLifeMinutes, int CancelHours, int RefundDays)
{
    private const string FileName = "trades.json";

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    [JsonIgnore]
    public TimeSpan CodeLife => TimeSpan.FromMinutes(CodeLifeMinutes);

    [JsonIgnore]
    public TimeSpan ScanLife => TimeSpan.FromMinutes(ScanLifeMinutes);

    [JsonIgnore]
    public TimeSpan PageLife => TimeSpan.FromMinutes(PageLifeMinutes);

    [JsonIgnore]
    public TimeSpan CancelWithin => TimeSpan.FromHours(CancelHours);

    [JsonIgnore]
    public TimeSpan RefundWithin => TimeSpan.FromDays(RefundDays);

    /// <summary>The rules that come with the program.</summary>
    public static TradeRules Shipped()
    {
        using var stream = typeof(TradeRules).Assembly.GetManifestResourceStream("Peony.Trades." + FileName)
            ?? throw new InvalidOperationException("The rules of trades are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>The operator's rules if there are any, else those of the program.</summary>
    public static TradeRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed; the program does not start with it.</exception>
    public static TradeRules Parse(string json)
    {
        try
        {
            var rules = JsonSerializer.Deserialize<TradeRules>(json, Strict)!;
            return rules is { CodeMost: >= 0, TradeMost: > 0, CodeLifeMinutes: > 0, ScanLifeMinutes: > 0, PageLifeMinutes: > 0, CancelHours: > 0, RefundDays: > 0 }
                ? rules
                : throw new InvalidOperationException("The rules of trades allow nothing.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"The rules of trades cannot be read: {exception.Message}", exception);
        }
    }
}
