using System.Text;

namespace Peony.Gateway;

/// <summary>
/// What is signed of a set of parameters: <c>name=value</c> for each but <c>sign</c>, by name in the order of UTF-16 code units, joined by <c>&amp;</c>, values as they are
/// before any encoding of the wire.
/// </summary>
internal static class SigningText
{
    /// <summary>The texts a request's signature may be over: most clients leave empty values out, one signs them as <c>name=</c>.</summary>
    public static IReadOnlyList<string> OfRequest(IReadOnlyDictionary<string, string> sorted) =>
        sorted.Any(pair => pair.Value.Length == 0) ? [Of(sorted, withEmpty: false), Of(sorted, withEmpty: true)] : [Of(sorted, withEmpty: false)];

    /// <summary>The text of a notice or of a way back: without <c>sign_type</c>, which receivers take out before they check. It has no empty values.</summary>
    public static string OfNotice(IReadOnlyDictionary<string, string> sorted) => Join(sorted.Where(pair => pair.Key is not ("sign" or "sign_type")));

    private static string Of(IReadOnlyDictionary<string, string> sorted, bool withEmpty) => Join(sorted.Where(pair => pair.Key != "sign" && (withEmpty || pair.Value.Length > 0)));

    private static string Join(IEnumerable<KeyValuePair<string, string>> pairs) =>
        pairs.Aggregate(new StringBuilder(), (text, pair) => text.Append(text.Length == 0 ? "" : "&").Append(pair.Key).Append('=').Append(pair.Value)).ToString();
}
