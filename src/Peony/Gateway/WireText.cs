using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peony.Gateway;

/// <summary>How the wire writes times and JSON.</summary>
internal static class WireText
{
    private const string Seconds = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Slashes, Chinese and angle brackets as they are: some clients compare the text and not what it means.</summary>
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly TimeZoneInfo Zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai");

    /// <summary><c>2026-03-05 10:00:00</c> in Shanghai; null for null.</summary>
    public static string? Time(DateTimeOffset? at) => at is { } moment ? Local(moment).ToString(Seconds, CultureInfo.InvariantCulture) : null;

    /// <summary>The same with milliseconds.</summary>
    public static string Milliseconds(DateTimeOffset at) => Local(at).ToString(Seconds + ".fff", CultureInfo.InvariantCulture);

    public static DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, Zone);

    /// <summary>True for what <see cref="Time"/> writes, and nothing else.</summary>
    public static bool TryTime(string text, out DateTimeOffset at)
    {
        var isTime = DateTime.TryParseExact(text, Seconds, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        at = isTime ? new DateTimeOffset(local, Zone.GetUtcOffset(local)) : default;
        return isTime;
    }

    /// <summary>True for an address that somebody may be sent to later: absolute, http or https.</summary>
    public static bool IsWebAddress([NotNullWhen(true)] string? text) => Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https");

    public static string Write(JsonNode node) => node.ToJsonString(Json);

    /// <summary>Adds a member; what is null or empty is left out, as the wire has neither.</summary>
    public static JsonObject With(this JsonObject node, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            node[name] = value;
        }

        return node;
    }

    public static JsonObject With(this JsonObject node, string name, JsonNode? value)
    {
        if (value is JsonArray { Count: > 0 } or JsonObject { Count: > 0 })
        {
            node[name] = value;
        }

        return node;
    }
}
