using System.Text.Json;
using System.Text.Json.Nodes;
using Peony.Ledger;

namespace Peony.Gateway;

/// <summary>
/// The fields of a call, by their names on the wire (snake_case). Some client libraries write the same names in camelCase; both are found. Numbers and booleans count as their
/// text. What nobody asks for is not looked at.
/// </summary>
internal sealed class Fields
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };
    private readonly JsonElement _object;
    private readonly string _prefix;
    private readonly string _path;

    private Fields(JsonElement element, string prefix, string path) => (_object, _prefix, _path) = (element, prefix, path);

    /// <param name="method">Says which prefix the code of an invalid field has: <c>ACQ.</c> for trades.</param>
    /// <exception cref="GatewayException">The text is no JSON object, or names a field twice.</exception>
    public static Fields Parse(ReadOnlyMemory<byte> json, string method)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? new Fields(document.RootElement.Clone(), PrefixOf(method), "")
                : throw new GatewayException(GatewayError.ParameterInvalid("业务参数不是JSON对象"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is a name with half a character in it.
            throw new GatewayException(GatewayError.ParameterInvalid("业务参数不是合法的JSON"));
        }
    }

    /// <summary>Fields that stood in a query, each a text.</summary>
    public static Fields Of(IReadOnlyDictionary<string, string> pairs, string method) =>
        new(JsonSerializer.SerializeToElement(new JsonObject(pairs.Select(pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, pair.Value)))), PrefixOf(method), "");

    /// <summary>What the sub codes of a method's own errors begin with.</summary>
    public static string PrefixOf(string method) => method.StartsWith("alipay.trade.", StringComparison.Ordinal) ? "ACQ." : "";

    /// <summary>True when the field is there and neither null nor an empty text.</summary>
    public bool Has(string name) => Find(name) is { } value && (value.ValueKind != JsonValueKind.String || value.GetRawText() != "\"\"");

    /// <summary>The text; null when it is missing, null or empty.</summary>
    /// <exception cref="GatewayException">It is no text: half a character.</exception>
    public string? Text(string name)
    {
        var text = Find(name) is { } value ? TextOf(name, value) : "";
        return text.Length == 0 ? null : text;
    }

    /// <exception cref="GatewayException">It is missing.</exception>
    public string Required(string name) => Text(name) ?? throw Invalid(name, "不能为空");

    /// <summary>An amount in yuan, at most two decimals.</summary>
    /// <exception cref="GatewayException">It is missing or no amount.</exception>
    public Money Amount(string name) => Money.TryParse(Required(name), Currency.Cny, out var amount) ? amount : throw Invalid(name, "不是金额，单位为元，精确到小数点后两位");

    /// <summary>A number without sign.</summary>
    public int? Number(string name) => Text(name) is not { } text ? null
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid(name, "不是整数");

    /// <summary>The fields of an object inside; none when it is missing.</summary>
    /// <exception cref="GatewayException">It is something else.</exception>
    public Fields Object(string name) => Find(name) switch
    {
        null => new Fields(JsonSerializer.SerializeToElement(new JsonObject()), _prefix, _path + name + "."),
        { ValueKind: JsonValueKind.Object } value => new Fields(value, _prefix, _path + name + "."),
        _ => throw Invalid(name, "不是对象"),
    };

    /// <summary>Words as a list, or in one text with commas between them.</summary>
    public IReadOnlyList<string> Words(string name) => Find(name) is { ValueKind: JsonValueKind.Array } list
        ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => TextOf(name, item))]
        : Text(name)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];

    /// <summary>What to throw for a field that is not as it must be.</summary>
    public GatewayException Invalid(string name, string why) => new(GatewayError.Refused(_prefix + "INVALID_PARAMETER", $"参数有误：{_path}{name}{why}"));

    private string TextOf(string name, JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            throw Invalid(name, "含有不完整的字符");
        }
    }

    private JsonElement? Find(string name) =>
        (_object.TryGetProperty(name, out var value) || _object.TryGetProperty(CamelOf(name), out value)) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string CamelOf(string name) =>
        string.Concat(name.Split('_').Select((part, index) => index == 0 || part.Length == 0 ? part : char.ToUpperInvariant(part[0]) + part[1..]));
}
