using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Peony.Gateway;

/// <summary>
/// The parameters of a v2 request, whichever side of it they stand on: client libraries split them differently between query and body. Decoded once, in the character set that
/// the request names (in either place). A name that comes twice has the same value both times, or the request is refused.
/// </summary>
internal sealed class GatewayParameters
{
    /// <summary>The most that is read of a body, files included.</summary>
    public const int MostBytes = 1 << 20;

    private const int MostParameters = 500;

    private readonly SortedDictionary<string, string> _values = new(StringComparer.Ordinal);

    private GatewayParameters(string? charset, GatewayCharset? known) => (CharsetName, Charset) = (charset, known);

    /// <summary>As the request names it; null when it does not.</summary>
    public string? CharsetName { get; }

    /// <summary>Null when the gateway does not speak it; the parameters were read as UTF-8 then.</summary>
    public GatewayCharset? Charset { get; }

    /// <summary>The first name that came with two values; null when there is none.</summary>
    public string? Conflict { get; private set; }

    /// <summary>By name, in the order of UTF-16 code units, empty values included.</summary>
    public IReadOnlyDictionary<string, string> All => _values;

    /// <summary>The value; null when it is missing or empty.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>Reads query and body.</summary>
    /// <exception cref="GatewayException">The body is too large or is no form.</exception>
    public static async Task<GatewayParameters> ReadAsync(HttpRequest request, CancellationToken cancel)
    {
        var pairs = new List<Pair>();
        Split(Encoding.UTF8.GetBytes(request.QueryString.Value?.TrimStart('?') ?? ""), pairs);
        if (!HttpMethods.IsGet(request.Method))
        {
            if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            {
                await ReadPartsAsync(new MemoryStream(await ReadBodyAsync(request, cancel)), HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), pairs, cancel);
            }
            else
            {
                Split(await ReadBodyAsync(request, cancel), pairs);
            }
        }

        return Merge(pairs);
    }

    /// <summary>The same of a query and a body that are there already.</summary>
    public static GatewayParameters Parse(string query, ReadOnlySpan<byte> form)
    {
        var pairs = new List<Pair>();
        Split(Encoding.UTF8.GetBytes(query), pairs);
        Split(form, pairs);
        return Merge(pairs);
    }

    /// <summary>The whole body.</summary>
    /// <exception cref="GatewayException">It is larger than <see cref="MostBytes"/>.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MostBytes;
        }

        using var body = new MemoryStream();
        try
        {
            await request.Body.CopyToAsync(body, cancel);
        }
        catch (BadHttpRequestException)
        {
            throw new GatewayException(GatewayError.ParameterInvalid("请求体过大或不完整"));
        }

        return body.Length <= MostBytes ? body.ToArray() : throw new GatewayException(GatewayError.ParameterInvalid("请求体过大"));
    }

    /// <summary>The text parts of a multipart body, by name; files are left out, as they are left out of what is signed.</summary>
    /// <exception cref="GatewayException">It is no multipart body.</exception>
    public static async Task<IReadOnlyList<(string Name, byte[] Value)>> TextPartsAsync(byte[] body, string boundary, CancellationToken cancel)
    {
        var pairs = new List<Pair>();
        await ReadPartsAsync(new MemoryStream(body), boundary, pairs, cancel);
        return [.. pairs.Select(pair => (Encoding.UTF8.GetString(pair.Name), pair.Value))];
    }

    private static async Task ReadPartsAsync(MemoryStream body, string boundary, List<Pair> pairs, CancellationToken cancel)
    {
        if (boundary.Length is 0 or > 200)
        {
            throw new GatewayException(GatewayError.ParameterInvalid("multipart缺少boundary"));
        }

        try
        {
            var reader = new MultipartReader(boundary, body) { BodyLengthLimit = MostBytes };
            while (await reader.ReadNextSectionAsync(cancel) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var place) || place.FileName.HasValue || place.FileNameStar.HasValue)
                {
                    continue;
                }

                using var value = new MemoryStream();
                await section.Body.CopyToAsync(value, cancel);
                Add(pairs, Encoding.UTF8.GetBytes(HeaderUtilities.RemoveQuotes(place.Name).ToString()), value.ToArray());
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw new GatewayException(GatewayError.ParameterInvalid("multipart格式错误"));
        }
    }

    private static GatewayParameters Merge(List<Pair> pairs)
    {
        var named = pairs.Find(pair => pair.Name.AsSpan().SequenceEqual("charset"u8) && pair.Value.Length > 0)?.Value;
        var name = named is null ? null : Encoding.ASCII.GetString(named);
        var parameters = new GatewayParameters(name, GatewayCharset.Find(name));
        var encoding = (parameters.Charset ?? GatewayCharset.Utf8).Encoding;
        foreach (var pair in pairs)
        {
            var (key, value) = (encoding.GetString(pair.Name), encoding.GetString(pair.Value));
            if (!parameters._values.TryAdd(key, value) && parameters._values[key] != value)
            {
                parameters.Conflict ??= key;
            }
        }

        return parameters;
    }

    /// <summary>Takes <c>a=b&amp;c=d</c> apart; what has no name is no parameter.</summary>
    private static void Split(ReadOnlySpan<byte> text, List<Pair> pairs)
    {
        foreach (var range in text.Split((byte)'&'))
        {
            var pair = text[range];
            var equals = pair.IndexOf((byte)'=');
            var name = equals < 0 ? pair : pair[..equals];
            if (!name.IsEmpty)
            {
                Add(pairs, Unescape(name), equals < 0 ? [] : Unescape(pair[(equals + 1)..]));
            }
        }
    }

    private static void Add(List<Pair> pairs, byte[] name, byte[] value)
    {
        if (pairs.Count >= MostParameters)
        {
            throw new GatewayException(GatewayError.ParameterInvalid("参数过多"));
        }

        pairs.Add(new Pair(name, value));
    }

    /// <summary>Undoes the encoding of forms; a percent sign that begins no escape stands for itself.</summary>
    private static byte[] Unescape(ReadOnlySpan<byte> text)
    {
        var bytes = new byte[text.Length];
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] == '%' && index + 2 < text.Length && char.IsAsciiHexDigit((char)text[index + 1]) && char.IsAsciiHexDigit((char)text[index + 2]))
            {
                bytes[length++] = Convert.FromHexString(Encoding.ASCII.GetString(text.Slice(index + 1, 2)))[0];
                index += 2;
            }
            else
            {
                bytes[length++] = text[index] == '+' ? (byte)' ' : text[index];
            }
        }

        return bytes[..length];
    }

    private sealed record Pair(byte[] Name, byte[] Value);
}
