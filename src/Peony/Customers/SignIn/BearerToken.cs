using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Customers.SignIn;

/// <summary>
/// The native API's bearer token: the session's id and its HMAC. It is derived, never stored, so no reply, record or log of ours can give it away; the prefix lets leak scanners find it.
/// <code>pst_019c….Q3Zx…   prefix, session id without its own, dot, 256-bit MAC in base64url</code>
/// </summary>
internal static class BearerToken
{
    private const string Prefix = "pst_";

    public static string Of(Secrets secrets, SessionId session) => $"{Prefix}{session.Value[(SessionId.Prefix.Length + 1)..]}.{Mac(secrets, session)}";

    /// <summary>The session a token names, or null when the MAC is not ours.</summary>
    public static SessionId? Read(Secrets secrets, string token)
    {
        var dot = token.IndexOf('.', StringComparison.Ordinal);
        if (token.Length > 200 || dot < 0 || !token.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var session = new SessionId($"{SessionId.Prefix}_{token[Prefix.Length..dot]}");
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Mac(secrets, session)), Encoding.ASCII.GetBytes(token[(dot + 1)..])) ? session : null;
    }

    private static string Mac(Secrets secrets, SessionId session) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(secrets.Key("bearer-token"), Encoding.UTF8.GetBytes(session.Value)));
}
