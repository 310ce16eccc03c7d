namespace Peony.Gateway;

/// <summary>A no of the gateway, in the words of the protocol it speaks: a common code, a sub code that callers branch on, and a sentence for the integrator.</summary>
/// <param name="Code">20000 (outcome unknown), 20001, 40001, 40002, 40003, 40004 (the business said no), 40006.</param>
internal sealed record GatewayError(string Code, string SubCode, string SubMessage)
{
    private const string Tokens = "20001";
    private const string Missing = "40001";
    private const string Invalid = "40002";
    private const string Business = "40004";
    private const string Permissions = "40006";

    /// <summary>Nobody can say what became of it: the caller asks with a query.</summary>
    public static readonly GatewayError Unknown = new("20000", "isp.unknow-error", "系统繁忙，处理结果未知，请用查询接口确认");

    public static readonly GatewayError MethodUnknown = new(Invalid, "isv.invalid-method", "不存在的方法名");
    public static readonly GatewayError AppUnknown = new(Invalid, "isv.invalid-app-id", "无效的AppID参数");
    public static readonly GatewayError FormatInvalid = new(Invalid, "isv.invalid-format", "无效的数据格式，仅支持JSON");
    public static readonly GatewayError CharsetInvalid = new(Invalid, "isv.invalid-charset", "字符集错误，支持utf-8、gbk、gb2312");
    public static readonly GatewayError TimestampInvalid = new(Invalid, "isv.invalid-timestamp", "非法的时间戳参数，格式应为yyyy-MM-dd HH:mm:ss");
    public static readonly GatewayError SignTypeInvalid = new(Invalid, "isv.invalid-signature-type", "无效的签名类型，支持RSA2和RSA");
    public static readonly GatewayError EncryptTypeInvalid = new(Invalid, "isv.invalid-encrypt-type", "无效的加密算法，仅支持AES");
    public static readonly GatewayError EncryptTypeMissing = new(Missing, "isv.decryption-error-missing-encrypt-type", "解密出错，未指定加密算法");
    public static readonly GatewayError EncryptKeyInvalid = new(Invalid, "isv.decryption-error-not-valid-encrypt-key", "解密出错，应用没有配置加密密钥");
    public static readonly GatewayError NotDecrypted = new(Invalid, "isv.decryption-error-unknown", "解密出错，请检查加密密钥与密文");
    public static readonly GatewayError NotPermitted = new(Permissions, "isv.insufficient-isv-permissions", "ISV权限不足，未开通此产品或应用已停用");
    public static readonly GatewayError AppAuthTokenInvalid = new(Tokens, "aop.invalid-app-auth-token", "无效的应用授权令牌");
    public static readonly GatewayError AuthTokenInvalid = new(Tokens, "aop.invalid-auth-token", "无效的访问令牌");
    public static readonly GatewayError AppCertificateMissing = new(Missing, "isv.missing-app-cert-sn", "应用使用证书模式，缺少应用公钥证书序列号app_cert_sn");
    public static readonly GatewayError AppCertificateUnknown = new(Invalid, "isv.app-cert-not-exist", "应用公钥证书不存在或已失效");
    public static readonly GatewayError RootCertificateMissing = new(Missing, "isv.missing-alipay-root-cert-sn", "缺少根证书序列号alipay_root_cert_sn");
    public static readonly GatewayError RootCertificateUnknown = new(Invalid, "isv.invalid-alipay-root-cert-sn", "根证书序列号与平台不一致");

    /// <summary>The sentence of each code.</summary>
    public string Message => Code switch
    {
        Tokens => "Insufficient Token Permissions",
        Missing => "Missing Required Arguments",
        Invalid => "Invalid Arguments",
        "40003" => "Insufficient Conditions",
        Business => "Business Failed",
        Permissions => "Insufficient Permissions",
        _ => "Service Currently Unavailable",
    };

    /// <summary>A common parameter is not there: <c>app-id</c>, <c>signature</c>, …</summary>
    public static GatewayError MissingParameter(string name) => new(Missing, "isv.missing-" + name, "缺少必要的公共参数：" + name);

    public static GatewayError ParameterInvalid(string why) => new(Invalid, "isv.invalid-parameter", "参数无效：" + why);

    /// <summary>The signature is not the app's. The text it was compared with goes back: that is how integrators find what their side did differently.</summary>
    /// <param name="text">What the gateway computed.</param>
    public static GatewayError SignatureInvalid(string text) => new(Invalid, "isv.invalid-signature",
        "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配，网关生成的验签字符串为：" + System.Net.WebUtility.HtmlEncode(text));

    /// <summary>The business says no.</summary>
    public static GatewayError Refused(string subCode, string subMessage) => new(Business, subCode, subMessage);

    /// <summary>The code of v3, which has no common codes and no prefixes.</summary>
    public string RestCode => SubCode.StartsWith("isv.", StringComparison.Ordinal) || SubCode.StartsWith("isp.", StringComparison.Ordinal) || SubCode.StartsWith("aop.", StringComparison.Ordinal)
        ? SubCode[4..]
        : SubCode;

    /// <summary>The HTTP status of v3; v2 answers 200 to everything.</summary>
    public int RestStatus => Code switch
    {
        _ when this == MethodUnknown => 404,
        _ when SubCode == "isv.missing-signature" => 401,
        Tokens => 401,
        Missing or Invalid or Business or "40003" => 400,
        Permissions => 403,
        _ => 500,
    };
}

/// <summary>Ends a request of the gateway with an error. Thrown only while it is read, before anything happens, or when a slice refused.</summary>
internal sealed class GatewayException(GatewayError error) : Exception(error.SubCode)
{
    public GatewayError Error { get; } = error;
}
