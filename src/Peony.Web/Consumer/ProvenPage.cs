using Microsoft.AspNetCore.Components;
using Peony.Customers;
using Peony.Customers.SignIn;

namespace Peony.Web.Consumer;

/// <summary>A page whose acts need a fresh proof: a password or a passkey shown just now.</summary>
public abstract class ProvenPage : ConsumerPage
{
    [Inject]
    private protected SecurityFlow Flow { get; set; } = default!;

    [Inject]
    private protected SignInFlow SignIn { get; set; } = default!;

    private protected bool HasPassword { get; private set; }

    private protected int PasskeyCount { get; private set; }

    /// <summary>The challenge for a passkey as proof; null without passkeys.</summary>
    private protected PasskeyChallenge? Proof { get; private set; }

    /// <summary>What the form of a proof needs to ask the authenticator.</summary>
    private protected IReadOnlyDictionary<string, object> ProofAttributes => Proof is null
        ? new Dictionary<string, object>()
        : new Dictionary<string, object> { ["data-passkey"] = "get", ["data-instead"] = "password", ["data-options"] = Proof.Options };

    private protected string? TypedPassword => Form["password"] is { Length: > 0 } password ? password : null;

    private protected PasskeyAnswer? ShownPasskey => Form["credential"] is { Length: > 0 } credential ? new PasskeyAnswer(credential, Form["state"]) : null;

    private protected override async Task LoadPageAsync()
    {
        (HasPassword, PasskeyCount) = await Flow.CountCredentialsAsync(Customer);
        Proof = PasskeyCount > 0 ? await SignIn.AskProofAsync(Http, Customer) : null;
    }
}
