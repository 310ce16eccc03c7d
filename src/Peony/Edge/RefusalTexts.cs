using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Edge;

/// <summary>A refusal's words: a short title and a sentence on what happened and what to do next.</summary>
/// <param name="Zh">Title in zh-CN.</param>
/// <param name="ZhDetail">Sentence in zh-CN, with <c>{argument}</c> places.</param>
internal sealed record RefusalText(string Code, string Zh, string ZhDetail, string En, string EnDetail);

/// <summary>
/// The texts of all refusals in both languages, from the one file <c>refusals.json</c> (a row a line). A place <c>{left}</c> takes the refusal's argument;
/// <c>{until:time}</c> shows a time in the operator's zone and <c>{amount:money}</c> an amount with its sign.
/// </summary>
internal static partial class RefusalTexts
{
    private static readonly FrozenDictionary<string, RefusalText> Rows = Load();
    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    public static IEnumerable<RefusalText> All => Rows.Values.OrderBy(row => row.Code, StringComparer.Ordinal);

    /// <summary>Every refusal of every capability: the static fields of the <c>XxxRefusals</c> classes.</summary>
    public static FrozenDictionary<string, Refusal> Declared { get; } = typeof(RefusalTexts).Assembly.GetTypes()
        .Where(type => type.Name.EndsWith("Refusals", StringComparison.Ordinal))
        .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .Where(field => field.FieldType == typeof(Refusal))
        .Select(field => (Refusal)field.GetValue(null)!)
        .DistinctBy(refusal => refusal.Code)
        .ToFrozenDictionary(refusal => refusal.Code);

    public static bool Has(string code) => Rows.ContainsKey(code);

    /// <summary>The title and sentence in the language; a code without a row shows as itself, which a test forbids.</summary>
    public static (string Title, string Detail) Of(Refusal refusal, string language)
    {
        if (!Rows.TryGetValue(refusal.Code, out var row))
        {
            return (refusal.Code, refusal.Code);
        }

        var isEnglish = language.StartsWith("en", StringComparison.OrdinalIgnoreCase);
        return isEnglish ? (Fill(row.En, refusal.Arguments, true), Fill(row.EnDetail, refusal.Arguments, true))
            : (Fill(row.Zh, refusal.Arguments, false), Fill(row.ZhDetail, refusal.Arguments, false));
    }

    /// <summary>The same in the language of the request.</summary>
    public static (string Title, string Detail) Of(Refusal refusal) => Of(refusal, CultureInfo.CurrentUICulture.Name);

    /// <summary>The short title alone, which has no places; a code without a row shows as itself.</summary>
    public static string TitleOf(string code) => Rows.TryGetValue(code, out var row) ? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "en" ? row.En : row.Zh : code;

    /// <summary>Fills the places of a text; notices use the same places.</summary>
    internal static string Fill(string text, IReadOnlyDictionary<string, string>? arguments, bool isEnglish) => Place().Replace(text, match =>
    {
        var value = arguments?.GetValueOrDefault(match.Groups[1].Value) ?? "";
        return match.Groups[2].Value switch
        {
            "time" => ShowTime(value, isEnglish),
            "day" => ShowDay(value, isEnglish),
            "money" => ShowMoney(value),
            _ => value,
        };
    });

    private static string ShowTime(string value, bool isEnglish)
    {
        if (!DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return value;
        }

        var local = TimeZoneInfo.ConvertTime(time, Zone);
        return local.ToString(isEnglish ? "d MMM HH:mm" : "M月d日 HH:mm", CultureInfo.InvariantCulture);
    }

    private static string ShowDay(string value, bool isEnglish) => DateOnly.TryParse(value, CultureInfo.InvariantCulture, out var day)
        ? day.ToString(isEnglish ? "d MMM" : "M月d日", CultureInfo.InvariantCulture)
        : value;

    /// <summary>Shows <c>1283.50 CNY</c>, as <see cref="Money.ToString"/> writes it, as ¥1,283.50.</summary>
    private static string ShowMoney(string value)
    {
        var parts = value.Split(' ');
        if (parts.Length != 2 || !Currency.TryParse(parts[1], out var currency)
            || !decimal.TryParse(parts[0], NumberStyles.Number, CultureInfo.InvariantCulture, out var amount))
        {
            return value;
        }

        var digits = amount.ToString("N" + currency.Exponent.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return currency == Currency.Cny ? "¥" + digits : $"{currency.Code} {digits}";
    }

    private static FrozenDictionary<string, RefusalText> Load()
    {
        using var stream = typeof(RefusalTexts).Assembly.GetManifestResourceStream("Peony.Edge.refusals.json")
            ?? throw new InvalidOperationException("The refusal texts are not in the program.");
        var rows = JsonSerializer.Deserialize<RefusalText[]>(stream, JsonSerializerOptions.Web)!;
        return rows.ToFrozenDictionary(row => row.Code);
    }

    [GeneratedRegex(@"\{(\w+)(?::(\w+))?\}")]
    private static partial Regex Place();
}
