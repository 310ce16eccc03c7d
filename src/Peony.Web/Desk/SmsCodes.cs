using System.Text.RegularExpressions;

namespace Peony.Web.Desk;

/// <summary>Finds the code in a text message, so that the sandbox phone can make it stand out: six to eight digits by themselves.</summary>
internal static partial class SmsCodes
{
    public static IEnumerable<(string Text, bool IsCode)> Split(string text)
    {
        var from = 0;
        foreach (Match code in Code().Matches(text))
        {
            yield return (text[from..code.Index], false);
            yield return (code.Value, true);
            from = code.Index + code.Length;
        }

        yield return (text[from..], false);
    }

    [GeneratedRegex(@"(?<!\d)\d{6,8}(?!\d)")]
    private static partial Regex Code();
}
