using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Net.Http.Headers;
using Peony.Edge;
using Peony.Gateway.Keys;

namespace Peony.Gateway;

/// <summary>What a v3 request shows in its <c>authorization</c> header: <c>ALIPAY-SHA256withRSA app_id=…,nonce=…,timestamp=…,sign=…</c>.</summary>
/// <param name="Text">Everything before <c>,sign=</c>, as it came: that is signed, whatever its order and whatever else is in it.</param>
internal sealed record RestAuthorization(string Text, IReadOnlyDictionary<string, string> Pairs, string? Signature)
{
    private const string Scheme = "ALIPAY-SHA256withRSA ";

    /// <summary>The header's parts; null when it is missing or of another scheme.</summary>
    public static RestAuthorization? Parse(string header)
    {
        if (!header.StartsWith(Scheme, StringComparison.Ordinal))
        {
            return null;
        }

        var rest = header[Scheme.Length..].Trim();
        var end = rest.LastIndexOf(",sign=", StringComparison.Ordinal);
        var text = end < 0 ? rest : rest[..end];
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in text.Split(','))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && equals < pair.Length - 1)
            {
                // A name that comes twice is ambiguous, and so is nobody's.
                pairs[pair[..equals]] = pairs.ContainsKey(pair[..equals]) ? "" : pair[(equals + 1)..];
            }
        }

        return new RestAuthorization(text, pairs, end < 0 || end + 6 == rest.Length ? null : rest[(end + 6)..]);
    }

    public string? this[string name] => Pairs.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    /// <summary>The bytes a v3 request's signature is over: header, verb, target as on the wire, body as it came, and the token of an app that acts for another, each on its line.</summary>
    public static byte[] SignedText(string authorization, string verb, string target, ReadOnlySpan<byte> body, string? appAuthToken) =>
        [.. Encoding.UTF8.GetBytes($"{authorization}\n{verb}\n{target}\n"), .. body, .. Encoding.UTF8.GetBytes(appAuthToken is null ? "\n" : $"\n{appAuthToken}\n")];

    /// <summary>The bytes an answer's signature is over.</summary>
    public static byte[] SignedAnswer(string timestamp, string nonce, ReadOnlySpan<byte> body) => [.. Encoding.UTF8.GetBytes($"{timestamp}\n{nonce}\n"), .. body, (byte)'\n'];
}

/// <summary>v3: the same methods as paths, with JSON both ways and signatures in headers.</summary>
internal static class RestDoor
{
    private const string Json = "application/json;charset=utf-8";

    public static async Task AnswerAsync(HttpContext http)
    {
        var answer = new Answer();
        try
        {
            var (method, call) = await AdmitAsync(http, answer);
            var reply = (NodeReply)await method.RunAsync(call, http.RequestAborted);
            await SendAsync(http, answer, reply);
        }
        catch (GatewayException refused)
        {
            await RefuseAsync(http, refused.Error);
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested && !http.Response.HasStarted)
        {
            await RefuseAsync(http, GatewayDoors.Unknown(http, exception));
        }
    }

    /// <summary>For a client whose endpoint is the address of v2.</summary>
    public static Task RefuseEndpointAsync(HttpContext http) => RefuseAsync(http, GatewayError.MethodUnknown with
    {
        SubMessage = $"v3接口的endpoint应为{GatewayDoors.OriginOf(http)}，不带{GatewayDoors.Path} / set the endpoint to {GatewayDoors.OriginOf(http)} without {GatewayDoors.Path}",
    }, StatusCodes.Status404NotFound);

    private static async Task<(GatewayMethod Method, GatewayCall Call)> AdmitAsync(HttpContext http, Answer answer)
    {
        var (request, cancel, check) = (http.Request, http.RequestAborted, http.RequestServices.GetRequiredService<GatewayCheck>());
        var header = request.Headers.Authorization.ToString();
        var shown = RestAuthorization.Parse(header) ?? throw new GatewayException(GatewayError.MissingParameter("signature"));
        foreach (var (name, title) in (ReadOnlySpan<(string, string)>)[("app_id", "app-id"), ("timestamp", "timestamp")])
        {
            if (shown[name] is null)
            {
                throw new GatewayException(GatewayError.MissingParameter(title));
            }
        }

        var signature = shown.Signature ?? throw new GatewayException(GatewayError.MissingParameter("signature"));
        if (shown["nonce"] is null)
        {
            throw new GatewayException(GatewayError.ParameterInvalid("nonce不能为空"));
        }

        var app = await check.FindAsync(shown["app_id"]!, cancel);
        if (!long.TryParse(shown["timestamp"], NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw new GatewayException(GatewayError.TimestampInvalid with { SubMessage = "非法的时间戳参数，应为毫秒" });
        }

        var named = RestPaths.MethodOf(request.Method, ((string?)request.RouteValues["path"] ?? "").Trim('/'));
        var method = http.RequestServices.GetRequiredService<GatewayMethods>().Find(named) is { IsPage: false } found ? found : throw new GatewayException(GatewayError.MethodUnknown);
        answer.IsCertified = GatewayCheck.IsCertified(app, shown["app_cert_sn"]);
        var signers = await check.SignersOfAsync(app, shown["app_cert_sn"], OfHeader(http, "alipay-root-cert-sn"), cancel);
        var body = await ContentAsync(request, cancel);
        var token = OfHeader(http, "alipay-app-auth-token");
        if (!GatewayCheck.IsSigned(signers, RestAuthorization.SignedText(shown.Text, request.Method.ToUpperInvariant(), TargetOf(http), body, token), signature, SignType.Rsa2))
        {
            throw new GatewayException(GatewayError.SignatureInvalid(Encoding.UTF8.GetString(RestAuthorization.SignedText(shown.Text, request.Method.ToUpperInvariant(), TargetOf(http), body, token))));
        }

        GatewayCheck.DemandPermission(app, token, authToken: null);
        if (OfHeader(http, "alipay-encrypt-type") is { } type)
        {
            answer.AesKey = type == "AES" ? check.AesKeyOf(app) ?? throw new GatewayException(GatewayError.EncryptKeyInvalid) : throw new GatewayException(GatewayError.EncryptTypeInvalid);
            body = body.Length == 0 ? body : ContentCipher.Decrypt(answer.AesKey, Encoding.UTF8.GetString(body)) ?? throw new GatewayException(GatewayError.NotDecrypted);
        }

        var fields = body.Length == 0 ? Fields.Of(request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString()), method.Name) : Fields.Parse(body, method.Name);
        return (method, new GatewayCall(app, method.Name, fields, fields.Text("notify_url"), fields.Text("return_url"), GatewayCharset.Utf8.Name, SignType.Rsa2, GatewayDoors.OriginOf(http),
            http.RequestServices.GetRequiredService<Book.IBookReader>().Now));
    }

    /// <summary>The body as it is signed: whole, or of a multipart body the text of the part <c>data</c>.</summary>
    private static async Task<byte[]> ContentAsync(HttpRequest request, CancellationToken cancel)
    {
        var body = await GatewayParameters.ReadBodyAsync(request, cancel);
        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? (await GatewayParameters.TextPartsAsync(body, HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), cancel)).FirstOrDefault(part => part.Name == "data").Value ?? []
            : body;
    }

    private static async Task SendAsync(HttpContext http, Answer answer, NodeReply reply)
    {
        var signer = await http.RequestServices.GetRequiredService<PlatformKeys>().GetAsync(http.RequestAborted);
        var body = Encoding.UTF8.GetBytes(WireText.Write(reply.Fields));
        body = answer.AesKey is null ? body : Encoding.UTF8.GetBytes(ContentCipher.Encrypt(answer.AesKey, body));
        var timestamp = http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        // In lower case, because some clients compare header names as they come.
        var headers = http.Response.Headers;
        headers["alipay-timestamp"] = timestamp;
        headers["alipay-nonce"] = nonce;
        headers["alipay-signature"] = signer.Key.Sign(RestAuthorization.SignedAnswer(timestamp, nonce, body), SignType.Rsa2);
        if (answer.IsCertified)
        {
            headers["alipay-sn"] = signer.CertificateSerial;
        }

        Prepare(http, reply.IsWaiting ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
        await GatewayDoors.SendAsync(http, answer.AesKey is null ? Json : "text/plain", body);
    }

    /// <summary>Errors are plain JSON and not signed: clients read them as such, and none checks more.</summary>
    private static Task RefuseAsync(HttpContext http, GatewayError error, int? status = null)
    {
        Prepare(http, status ?? error.RestStatus);
        var body = new JsonObject
        {
            ["code"] = error.RestCode,
            ["message"] = error.SubMessage,
            ["links"] = new JsonArray(new JsonObject { ["link"] = GatewayDoors.OriginOf(http) + "/docs", ["desc"] = "Peony" }),
        };
        return GatewayDoors.SendAsync(http, Json, Encoding.UTF8.GetBytes(WireText.Write(body)));
    }

    private static void Prepare(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["alipay-trace-id"] = http.TraceIdentifier;
    }

    private static string? OfHeader(HttpContext http, string name) => http.Request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>Path and query as they stood in the request line, still encoded.</summary>
    private static string TargetOf(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw ? raw : http.Request.PathBase + http.Request.Path + http.Request.QueryString;
        return target.StartsWith('/') ? target : new Uri(target).PathAndQuery;
    }

    /// <summary>What is known of the form of the answer.</summary>
    private sealed class Answer
    {
        public byte[]? AesKey { get; set; }

        public bool IsCertified { get; set; }
    }
}
