using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Peony.Book;

namespace Peony.Customers.SignIn;

/// <summary>
/// A passkey over the details of one act, for what is worth more than a session and a PIN. The details are digested into the challenge's state, so the assertion proves
/// that this customer confirmed exactly these.
/// </summary>
internal sealed class StepUp(Passkeys passkeys, UserManager<PeonyUser> users, Secrets secrets)
{
    /// <summary>A digest of the details shown: every part with its length, in order.</summary>
    public string Details(params ReadOnlySpan<string> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Length.ToString(CultureInfo.InvariantCulture)).Append(':').Append(part);
        }

        return secrets.Hash("step-up", text.ToString());
    }

    /// <summary>The challenge for the customer's own passkeys, or null when there is none.</summary>
    public async Task<PasskeyChallenge?> AskAsync(HttpContext http, CustomerId customer, string details)
    {
        var user = await users.FindByIdAsync(customer.Value);
        return user is null || (await users.GetPasskeysAsync(user)).Count == 0 ? null : await passkeys.AskAsync(http, "step-up", user, details);
    }

    /// <summary>The proof for the command, or null when the assertion is not of this customer over these details.</summary>
    public async Task<PasskeyProof?> CheckAsync(HttpContext http, CustomerId customer, string details, string credentialJson, string state) =>
        await passkeys.CheckAsync(http, "step-up", customer.Value, details, credentialJson, state) is { } shown && shown.User.Id == customer.Value
            ? new PasskeyProof(shown.Credential, details)
            : null;
}
