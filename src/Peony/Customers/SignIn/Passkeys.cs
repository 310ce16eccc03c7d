using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Peony.Book;

namespace Peony.Customers.SignIn;

/// <summary>What a browser needs to make or use a passkey, and the sealed state that comes back with its answer.</summary>
/// <param name="Options">JSON for <c>navigator.credentials</c>.</param>
/// <param name="State">Opaque; holds the challenge and what it is for. Lives ten minutes of wall clock.</param>
internal sealed record PasskeyChallenge(string Options, string State);

/// <summary>
/// Passkeys (通行密钥) by ASP.NET Core Identity's handler. The challenge travels with the form inside a protected state that also says what it is for, who asked, and a digest of
/// the details shown, so an assertion made for one thing is worth nothing for another, and the server keeps no state between the two requests.
/// </summary>
internal sealed class Passkeys(IPasskeyHandler<PeonyUser> handler, UserManager<PeonyUser> users, IDataProtectionProvider protection, Secrets secrets)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);
    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Peony.Passkeys").ToTimeLimitedDataProtector();

    /// <summary>Options to make a new passkey for a sign-in, which need not exist yet.</summary>
    /// <param name="name">What the authenticator shows beside the passkey: a masked phone.</param>
    public async Task<PasskeyChallenge> OfferAsync(HttpContext http, string userId, string name)
    {
        var made = await handler.MakeCreationOptionsAsync(new PasskeyUserEntity { Id = userId, Name = name, DisplayName = name }, http);
        return new PasskeyChallenge(made.CreationOptionsJson, Protect(new State("create", userId, "", made.AttestationState ?? "")));
    }

    /// <summary>The new passkey, or null when the answer does not fit the challenge or was made for somebody else.</summary>
    public async Task<UserPasskeyInfo?> AcceptAsync(HttpContext http, string userId, string credentialJson, string state)
    {
        if (Unprotect(state) is not { Purpose: "create" } known || known.Subject != userId)
        {
            return null;
        }

        var result = await handler.PerformAttestationAsync(new PasskeyAttestationContext
        {
            HttpContext = http,
            CredentialJson = credentialJson,
            AttestationState = known.Inner,
        });
        return result.Succeeded ? result.Passkey : null;
    }

    /// <summary>Options to show a passkey: anybody's (sign-in) or one person's over details (step-up).</summary>
    public async Task<PasskeyChallenge> AskAsync(HttpContext http, string purpose, PeonyUser? user = null, string details = "")
    {
        var made = await handler.MakeRequestOptionsAsync(user, http);
        return new PasskeyChallenge(made.RequestOptionsJson, Protect(new State(purpose, user?.Id ?? "", details, made.AssertionState ?? "")));
    }

    /// <summary>Who showed which passkey, or null.</summary>
    public async Task<(PeonyUser User, string Credential)?> CheckAsync(HttpContext http, string purpose, string subject, string details, string credentialJson, string state)
    {
        if (Unprotect(state) is not { } known || known.Purpose != purpose || known.Subject != subject || known.Details != details)
        {
            return null;
        }

        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = http,
            CredentialJson = credentialJson,
            AssertionState = known.Inner,
        });
        if (!result.Succeeded)
        {
            return null;
        }

        // The authenticator's counter moves on; a copy of an old one is then found out.
        var kept = await users.AddOrUpdatePasskeyAsync(result.User, result.Passkey);
        return kept.Succeeded ? (result.User, Digest(result.Passkey.CredentialId)) : null;
    }

    /// <summary>Names a passkey in records without its id.</summary>
    public string Digest(byte[] credentialId) => secrets.Hash("credential", Convert.ToHexStringLower(credentialId));

    /// <summary>
    /// The page that asked is ours: same scheme, host and port as the request, and not framed by another site. The framework would ask for an Origin header as well, which an
    /// app that uses the API does not send.
    /// </summary>
    public static ValueTask<bool> IsOwnOrigin(PasskeyOriginValidationContext context)
    {
        var request = context.HttpContext.Request;
        return ValueTask.FromResult(!context.CrossOrigin && string.Equals(context.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase));
    }

    private string Protect(State state) => _protector.Protect(JsonSerializer.Serialize(state), Life);

    private State? Unprotect(string state)
    {
        try
        {
            return JsonSerializer.Deserialize<State>(_protector.Unprotect(state));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private sealed record State(string Purpose, string Subject, string Details, string Inner);
}
