using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Peony.Book;
using Peony.Identifiers;

namespace Peony.Customers.SignIn;

/// <summary>A passkey's answer as the browser gives it, with the state of its challenge.</summary>
internal sealed record PasskeyAnswer(string Credential, string State);

/// <summary>One password check a person at a time, so that a crowd of parallel guesses cannot outrun the counter of wrong tries.</summary>
internal sealed class SignInTurns : IDisposable
{
    private readonly PartitionedRateLimiter<string> _turns = PartitionedRateLimiter.Create<string, string>(
        id => RateLimitPartition.GetConcurrencyLimiter(id, _ => new ConcurrencyLimiterOptions { PermitLimit = 1, QueueLimit = 16 }));

    public ValueTask<RateLimitLease> WaitAsync(string id, CancellationToken cancel) => _turns.AcquireAsync(id, 1, cancel);

    public void Dispose() => _turns.Dispose();
}

/// <summary>
/// Signing in, for pages and API alike: a password or passkey is checked at the edge by ASP.NET Core Identity and enters the Book as a proof. All refusals of a wrong pair look and
/// take the same, whether the phone is known or not.
/// </summary>
internal sealed class SignInFlow(
    IBook book, IBookReader reader, Secrets secrets, UserManager<PeonyUser> users, IPasswordHasher<PeonyUser> hasher, Passkeys passkeys, SignInTurns turns)
{
    /// <summary>A hash of nothing known, for the time a check takes.</summary>
    private static readonly PeonyUser Nobody = new();

    public async Task<Result<SignedIn>> WithPasswordAsync(string phone, string password, DeviceAtHand device, SessionKind kind, CallKey? key, CancellationToken cancel = default)
    {
        var (number, _) = MobileNumber.Parse(phone);
        var customer = number is null ? null : await FindAsync(number, cancel);
        if ((await CheckPasswordAsync(customer, password, cancel)).IsRefused(out var refusal, out var proof))
        {
            return refusal;
        }

        return await book.RunAsync(new StartSession(customer!.Value, proof!, device, kind), key, cancel);
    }

    /// <summary>The challenge of a sign-in page; the browser offers the passkeys it has for this site.</summary>
    public Task<PasskeyChallenge> AskPasskeyAsync(HttpContext http) => passkeys.AskAsync(http, "sign-in");

    /// <summary>Signs in by passkey. The challenge is the key of the command, so an assertion works once.</summary>
    public async Task<Result<SignedIn>> WithPasskeyAsync(HttpContext http, PasskeyAnswer answer, DeviceAtHand device, SessionKind kind, CancellationToken cancel = default)
    {
        if (await passkeys.CheckAsync(http, "sign-in", "", "", answer.Credential, answer.State) is not { } shown || shown.User.Kind != SignInKind.Customer)
        {
            return CustomersRefusals.SignInFailed;
        }

        var key = new CallKey("passkey", secrets.Hash("passkey-answer", answer.State), secrets.Fingerprint(answer.Credential));
        return await book.RunAsync(new StartSession(new CustomerId(shown.User.Id), new SignInProof(SignInProof.Passkey, shown.Credential), device, kind), key, cancel);
    }

    /// <summary>A fresh proof of a signed-in customer: the password, or a passkey over "this is still me".</summary>
    public async Task<Result<SignInProof>> ProveAsync(HttpContext http, CustomerId customer, string? password, PasskeyAnswer? passkey, CancellationToken cancel = default)
    {
        if (passkey is not null)
        {
            var shown = await passkeys.CheckAsync(http, "prove", customer.Value, "", passkey.Credential, passkey.State);
            return shown is { } one && one.User.Id == customer.Value ? new SignInProof(SignInProof.Passkey, one.Credential) : CustomersRefusals.SignInFailed;
        }

        return string.IsNullOrEmpty(password) ? CustomersRefusals.ProofNeeded : await CheckPasswordAsync(customer, password, cancel);
    }

    /// <summary>The challenge for <see cref="ProveAsync"/>, or null when the customer has no passkey.</summary>
    public async Task<PasskeyChallenge?> AskProofAsync(HttpContext http, CustomerId customer)
    {
        var user = await users.FindByIdAsync(customer.Value);
        return user is null || (await users.GetPasskeysAsync(user)).Count == 0 ? null : await passkeys.AskAsync(http, "prove", user);
    }

    /// <summary>Who has the phone: a customer, or a sign-up that stopped half-way.</summary>
    private async Task<CustomerId?> FindAsync(MobileNumber phone, CancellationToken cancel)
    {
        var hash = PersonalHashes.Phone(secrets, phone);
        var customers = await reader.ListAsync<Customer>("phone", hash, new Page(1), cancel);
        if (customers.Count > 0)
        {
            return customers[0].Id;
        }

        var signUps = await reader.ListAsync<SignUp>("phone", hash, new Page(50), cancel);
        return signUps.FirstOrDefault(signUp => signUp.State == SignUpState.PhoneVerified)?.Customer;
    }

    private async Task<Result<SignInProof>> CheckPasswordAsync(CustomerId? customer, string password, CancellationToken cancel)
    {
        using var turn = await turns.WaitAsync(customer?.Value ?? "nobody", cancel);
        if (!turn.IsAcquired)
        {
            return CustomersRefusals.SignInLocked;
        }

        var user = customer is { } id ? await users.FindByIdAsync(id.Value) : null;
        if (user?.PasswordHash is null || user.Kind != SignInKind.Customer)
        {
            hasher.HashPassword(Nobody, password);
            return CustomersRefusals.SignInFailed;
        }

        if (await users.IsLockedOutAsync(user))
        {
            return CustomersRefusals.SignInLocked;
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            await users.AccessFailedAsync(user);
            return CustomersRefusals.SignInFailed;
        }

        await users.ResetAccessFailedCountAsync(user);
        return new SignInProof(SignInProof.Password, secrets.Hash("credential", user.SecurityStamp ?? ""));
    }
}
