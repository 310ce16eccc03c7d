using System.Text;
using Peony.Book;
using Peony.Gateway.Keys;
using Peony.Merchants;

namespace Peony.Gateway;

/// <summary>
/// Who asks, and whether it is they: what v2 and v3 share of it. The order is the protocol's (what is missing, the app, forms, the method, the signature, then what the app may), so
/// that integrators meet the same error first as with the original.
/// </summary>
internal sealed class GatewayCheck(AppReader apps, AppKeys keys, PlatformKeys platform, GatewayMethods methods, Secrets secrets, IBookReader reader)
{
    /// <summary>Reads a v2 request, and fills in what its answer looks like as that becomes known.</summary>
    /// <param name="origin">Scheme and host the caller reached us at.</param>
    /// <exception cref="GatewayException">The request is refused.</exception>
    public async Task<GatewayCall> AdmitAsync(GatewayParameters parameters, GatewayEnvelope envelope, string origin, CancellationToken cancel)
    {
        envelope.Method = parameters["method"] is { } named ? methods.Find(named) : null;
        envelope.Charset = parameters.Charset ?? GatewayCharset.Utf8;
        envelope.SignType = SignTypes.Find(parameters["sign_type"]) ?? SignType.Rsa2;
        DemandAll(parameters);
        var app = await FindAsync(parameters["app_id"]!, cancel);
        DemandForm(parameters);
        var method = envelope.Method ?? throw new GatewayException(GatewayError.MethodUnknown);

        // Which key encrypts is known from here on; what the caller asked for is believed only for the form of the answer.
        envelope.IsCertified = IsCertified(app, parameters["app_cert_sn"]);
        envelope.AesKey = parameters["encrypt_type"] == "AES" ? AesKeyOf(app) : null;
        var signers = await SignersOfAsync(app, parameters["app_cert_sn"], parameters["alipay_root_cert_sn"], cancel);
        var texts = SigningText.OfRequest(parameters.All);
        var (sign, charset) = (parameters["sign"]!, envelope.Charset.Encoding);
        if (!texts.Any(text => IsSigned(signers, charset.GetBytes(text), sign, envelope.SignType)))
        {
            throw new GatewayException(GatewayError.SignatureInvalid(texts[0]));
        }

        DemandPermission(app, parameters["app_auth_token"], parameters["auth_token"]);
        var content = ContentOf(parameters, envelope);
        return new GatewayCall(app, method.Name, Fields.Parse(content, method.Name), parameters["notify_url"], parameters["return_url"], envelope.Charset.Name, envelope.SignType, origin,
            reader.Now);
    }

    /// <exception cref="GatewayException">There is no such app.</exception>
    public async Task<AppView> FindAsync(string id, CancellationToken cancel) =>
        id.Length <= 32 && StorableText.Is(id) && await apps.FindAsync(new AppId(id), cancel) is { } app ? app : throw new GatewayException(GatewayError.AppUnknown);

    /// <summary>The keys that may have signed: that of the certificate the request names, or all of the app's when it names none and need not.</summary>
    /// <exception cref="GatewayException">The certificates that the request names are not the app's, or not ours.</exception>
    public async Task<IReadOnlyList<RsaKey>> SignersOfAsync(AppView app, string? appSerial, string? rootSerial, CancellationToken cancel)
    {
        if (app.Mode == AppKeyMode.Key && appSerial is null)
        {
            return [.. app.PublicKeys.Select(keys.Of)];
        }

        GatewayError? wrong = appSerial is null ? GatewayError.AppCertificateMissing
            : !app.CertificateSerials.Contains(appSerial) ? GatewayError.AppCertificateUnknown
            : rootSerial is null ? GatewayError.RootCertificateMissing
            : rootSerial != (await platform.GetAsync(cancel)).RootSerial ? GatewayError.RootCertificateUnknown : null;
        return wrong is null
            ? [.. app.CertificateSerials.Zip(app.PublicKeys).Where(pair => pair.First == appSerial).Select(pair => keys.Of(pair.Second))]
            : throw new GatewayException(wrong);
    }

    /// <summary>Whether the answer names the platform's certificate.</summary>
    public static bool IsCertified(AppView app, string? appSerial) => app.Mode == AppKeyMode.Certificate || appSerial is not null;

    public static bool IsSigned(IReadOnlyList<RsaKey> signers, byte[] text, string signature, SignType type) => signers.Any(key => key.IsGenuine(text, signature, type));

    /// <exception cref="GatewayException">The app was switched off, or shows a token: there is nobody yet who could have given it one.</exception>
    public static void DemandPermission(AppView app, string? appAuthToken, string? authToken)
    {
        GatewayError? wrong = !app.IsActive ? GatewayError.NotPermitted
            : appAuthToken is not null ? GatewayError.AppAuthTokenInvalid
            : authToken is not null ? GatewayError.AuthTokenInvalid : null;
        if (wrong is not null)
        {
            throw new GatewayException(wrong);
        }
    }

    /// <summary>The key for the app's contents; null when it has none.</summary>
    public byte[]? AesKeyOf(AppView app) => app.KeyVersion > 0 ? AppSecrets.AesKey(secrets, app.Id, app.KeyVersion) : null;

    private static void DemandAll(GatewayParameters parameters)
    {
        foreach (var (name, title) in (ReadOnlySpan<(string, string)>)[("method", "method"), ("app_id", "app-id"), ("sign_type", "signature-type"), ("sign", "signature"),
            ("timestamp", "timestamp"), ("version", "version")])
        {
            if (parameters[name] is null)
            {
                throw new GatewayException(GatewayError.MissingParameter(title));
            }
        }

        if (parameters.Conflict is { } twice)
        {
            throw new GatewayException(GatewayError.ParameterInvalid($"参数{twice}重复且取值不同"));
        }
    }

    private static void DemandForm(GatewayParameters parameters)
    {
        GatewayError? wrong = parameters["format"] is { } format && !format.Equals("json", StringComparison.OrdinalIgnoreCase) ? GatewayError.FormatInvalid
            : parameters.Charset is null ? GatewayError.CharsetInvalid
            : parameters["version"] != "1.0" ? GatewayError.ParameterInvalid("version只支持1.0")
            : !WireText.TryTime(parameters["timestamp"]!, out _) ? GatewayError.TimestampInvalid
            : SignTypes.Find(parameters["sign_type"]) is null ? GatewayError.SignTypeInvalid : null;
        if (wrong is not null)
        {
            throw new GatewayException(wrong);
        }
    }

    /// <summary>The content as JSON in UTF-8, decrypted where it was encrypted; an empty object where there is none.</summary>
    private static byte[] ContentOf(GatewayParameters parameters, GatewayEnvelope envelope)
    {
        var content = parameters["biz_content"];
        if (parameters["encrypt_type"] is not { } type)
        {
            return content is null ? "{}"u8.ToArray()
                : IsCipher(content) ? throw new GatewayException(GatewayError.EncryptTypeMissing)
                : Encoding.UTF8.GetBytes(content);
        }

        if (type != "AES")
        {
            throw new GatewayException(GatewayError.EncryptTypeInvalid);
        }

        var key = envelope.AesKey ?? throw new GatewayException(GatewayError.EncryptKeyInvalid);
        return content is null ? "{}"u8.ToArray()
            : ContentCipher.Decrypt(key, content) is { } text ? Encoding.UTF8.GetBytes(envelope.Charset.Encoding.GetString(text))
            : throw new GatewayException(GatewayError.NotDecrypted);
    }

    /// <summary>True for what can only be cipher text: blocks of 16 bytes in base64.</summary>
    private static bool IsCipher(string content)
    {
        var bytes = new byte[content.Length];
        return content.Length % 4 == 0 && Convert.TryFromBase64String(content, bytes, out var length) && length > 0 && length % 16 == 0;
    }
}
