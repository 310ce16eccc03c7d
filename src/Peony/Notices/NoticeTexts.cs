using System.Collections.Frozen;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peony.Edge;
using Peony.Identifiers;
using Peony.Payouts;

namespace Peony.Notices;

/// <summary>A template's words in both languages: title and sentence for the inbox or device, and the text message if it has one.</summary>
internal sealed record NoticeText(string Template, string ZhTitle, string Zh, string EnTitle, string En, string? ZhSms, string? EnSms);

/// <summary>
/// The texts of all notices, from the one file <c>notices.json</c> (a row a line). Places: <c>{name}</c>, <c>{at:time}</c>, <c>{due:day}</c>, <c>{amount:money}</c>,
/// <c>{bank:bank}</c> for a bank's short name, <c>{reason:reason}</c> for a bank's reason code, and
/// <c>{why:words}</c> for words that come in both languages, as <c>whyZh</c> and <c>whyEn</c>.
/// </summary>
internal static partial class NoticeTexts
{
    private const string MailFoot = "mail.foot";
    private static readonly NoticeFile Contents = Load();
    private static readonly FrozenDictionary<string, NoticeText> Rows = Contents.Texts.ToFrozenDictionary(row => row.Template);

    /// <summary>The kinds of notices, in the order they are shown.</summary>
    public static IReadOnlyList<NoticeKind> Kinds => Contents.Kinds;

    public static IEnumerable<NoticeText> All => Rows.Values.OrderBy(row => row.Template, StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">There is no such template, or it has no SMS text: a defect.</exception>
    public static void Demand(string template, bool needsSms)
    {
        if (!Rows.TryGetValue(template, out var row) || (needsSms && (row.ZhSms is null || row.EnSms is null)))
        {
            throw new InvalidOperationException($"notices.json has no {(needsSms ? "SMS text for " : "")}{template}.");
        }
    }

    /// <summary>The kind of a template: the one that names it, or names the longest beginning of it.</summary>
    public static NoticeKind KindOf(string template) => Kinds
        .SelectMany(kind => kind.Templates.Select(name => (Kind: kind, Name: name)))
        .Where(one => one.Name == template || one.Name.Length == 0 || (one.Name.EndsWith('.') && template.StartsWith(one.Name, StringComparison.Ordinal)))
        .MaxBy(one => one.Name.Length).Kind;

    /// <summary>Subject and text of a mail in the language: what the inbox says, and what every mail says below it.</summary>
    public static (string Subject, string Text) MailOf(string template, IReadOnlyDictionary<string, string> arguments, string language)
    {
        var (title, text) = Of(template, arguments, language);
        return (title, text + "\r\n\r\n-- \r\n" + Of(MailFoot, arguments, language).Text + "\r\n");
    }

    /// <summary>Title and sentence in the language.</summary>
    public static (string Title, string Text) Of(string template, IReadOnlyDictionary<string, string> arguments, string language)
    {
        var row = Rows[template];
        return IsEnglish(language)
            ? (Fill(row.EnTitle, arguments, language), Fill(row.En, arguments, language))
            : (Fill(row.ZhTitle, arguments, language), Fill(row.Zh, arguments, language));
    }

    /// <summary>The text message in the language.</summary>
    public static string SmsOf(string template, IReadOnlyDictionary<string, string> arguments, string language) =>
        Fill((IsEnglish(language) ? Rows[template].EnSms : Rows[template].ZhSms)!, arguments, language);

    private static bool IsEnglish(string language) => language.StartsWith("en", StringComparison.OrdinalIgnoreCase);

    private static string Fill(string text, IReadOnlyDictionary<string, string> arguments, string language)
    {
        var named = NamedPlace().Replace(text, match =>
        {
            var name = match.Groups[1].Value;
            if (match.Groups[2].Value == "words")
            {
                return arguments.GetValueOrDefault(name + (IsEnglish(language) ? "En" : "Zh")) ?? "";
            }

            var value = arguments.GetValueOrDefault(name) ?? "";
            return match.Groups[2].Value == "bank" ? BankBins.Default.FindBank(value)?.NameIn(language) ?? value : BankReasons.InWords(value, language);
        });
        return RefusalTexts.Fill(named, arguments, IsEnglish(language));
    }

    private static NoticeFile Load()
    {
        using var stream = typeof(NoticeTexts).Assembly.GetManifestResourceStream("Peony.Notices.notices.json")
            ?? throw new InvalidOperationException("notices.json is not embedded.");
        return JsonSerializer.Deserialize<NoticeFile>(stream, JsonSerializerOptions.Web)!;
    }

    private sealed record NoticeFile(IReadOnlyList<NoticeKind> Kinds, IReadOnlyList<NoticeText> Texts);

    [GeneratedRegex(@"\{(\w+):(bank|reason|words)\}")]
    private static partial Regex NamedPlace();
}
