using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Peony.Book;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Customers.SignIn;

/// <summary>
/// Signing up, for pages and API alike: phone, code, then a password or passkey. The sign-in is made first and the customer after it by an idempotent command, because identity
/// store and Book cannot commit together.
/// </summary>
internal sealed class SignUpFlow(IBook book, IBookReader reader, Secrets secrets, IVault vault, TimeProvider clock, UserManager<PeonyUser> users, Passkeys passkeys)
{
    /// <summary>How long a verified phone may wait for its password or passkey.</summary>
    private static readonly TimeSpan TicketLife = TimeSpan.FromHours(1);

    /// <summary>Sends a code to the phone.</summary>
    public async Task<Result<SignUpStarted>> StartAsync(MobileNumber phone, string language, CallKey? key, CancellationToken cancel = default)
    {
        var id = Ids.New<SignUpId>(clock);
        var customer = Ids.New<CustomerId>(clock);
        await vault.EnsureKeyAsync(customer.Value, cancel);
        var envelope = await vault.SealAsync(customer.Value, phone.E164, cancel);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var codeHash = SignUpCode.Hash(secrets, id.Value, SignUpCode.Derive(secrets, id.Value, nonce));
        return await book.RunAsync(new StartSignUp(id, customer, PersonalHashes.Phone(secrets, phone), envelope, nonce, codeHash, language), key, cancel);
    }

    /// <summary>Takes the code back and gives the ticket for the last step.</summary>
    public async Task<Result<string>> ConfirmAsync(SignUpId id, string code, CallKey? key, CancellationToken cancel = default)
    {
        var result = await book.RunAsync(new ConfirmPhone(id, SignUpCode.Hash(secrets, id.Value, code.Trim())), key, cancel);
        return result.IsRefused(out var refusal, out var confirmed) ? refusal : TicketOf(confirmed!.Id, confirmed.Customer);
    }

    /// <summary>The last step with a password.</summary>
    public async Task<Result<SignedIn>> FinishAsync(SignUpId id, string ticket, string password, DeviceAtHand device, SessionKind kind, CallKey? key, CancellationToken cancel = default)
    {
        if (await OpenAsync(id, ticket, cancel) is not { } signUp)
        {
            return CustomersRefusals.SignUpPhoneNotVerified;
        }

        var user = await users.FindByIdAsync(signUp.Customer.Value);
        if (user is null)
        {
            user = new PeonyUser { Id = signUp.Customer.Value, UserName = signUp.Customer.Value, Kind = SignInKind.Customer };
            var made = await users.CreateAsync(user, password);
            if (!made.Succeeded)
            {
                return CustomersRefusals.PasswordWeak;
            }
        }
        else if (!await users.CheckPasswordAsync(user, password))
        {
            // The sign-in of an earlier, half-finished try; who has the phone's ticket may set it anew, as long as there is no customer yet.
            if (signUp.State == SignUpState.Finished)
            {
                return CustomersRefusals.SignInFailed;
            }

            if (user.PasswordHash is not null)
            {
                await users.RemovePasswordAsync(user);
            }

            if (!(await users.AddPasswordAsync(user, password)).Succeeded)
            {
                return CustomersRefusals.PasswordWeak;
            }
        }

        var proof = new SignInProof(SignInProof.Password, secrets.Hash("credential", user.SecurityStamp ?? ""));
        return await book.RunAsync(new StartSession(signUp.Customer, proof, device, kind), key, cancel);
    }

    /// <summary>What the browser needs to make the first passkey, or null when the ticket is not good.</summary>
    public async Task<PasskeyChallenge?> OfferPasskeyAsync(HttpContext http, SignUpId id, string ticket, CancellationToken cancel = default)
    {
        if (await OpenAsync(id, ticket, cancel) is not { State: SignUpState.PhoneVerified, Phone: { } phone } signUp)
        {
            return null;
        }

        var clear = await vault.OpenAsync(signUp.Customer.Value, phone, cancel);
        return await passkeys.OfferAsync(http, signUp.Customer.Value, MobileNumber.Parse(clear).Number?.Masked ?? "");
    }

    /// <summary>The last step with a passkey.</summary>
    public async Task<Result<SignedIn>> FinishAsync(
        HttpContext http, SignUpId id, string ticket, PasskeyAnswer answer, DeviceAtHand device, SessionKind kind, CancellationToken cancel = default)
    {
        if (await OpenAsync(id, ticket, cancel) is not { State: SignUpState.PhoneVerified } signUp)
        {
            return CustomersRefusals.SignUpPhoneNotVerified;
        }

        if (await passkeys.AcceptAsync(http, signUp.Customer.Value, answer.Credential, answer.State) is not { } passkey)
        {
            return CustomersRefusals.SignInFailed;
        }

        var user = await users.FindByIdAsync(signUp.Customer.Value);
        if (user is null)
        {
            user = new PeonyUser { Id = signUp.Customer.Value, UserName = signUp.Customer.Value, Kind = SignInKind.Customer };
            if (!(await users.CreateAsync(user)).Succeeded)
            {
                return CustomersRefusals.SignInFailed;
            }
        }

        if (!(await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded)
        {
            return CustomersRefusals.SignInFailed;
        }

        var key = new CallKey("passkey", secrets.Hash("passkey-answer", answer.State), secrets.Fingerprint(answer.Credential));
        var proof = new SignInProof(SignInProof.Passkey, passkeys.Digest(passkey.CredentialId));
        return await book.RunAsync(new StartSession(signUp.Customer, proof, device, kind), key, cancel);
    }

    private string TicketOf(SignUpId id, CustomerId customer) => secrets.Hash("sign-up-ticket", $"{id}/{customer}");

    private async Task<SignUp?> OpenAsync(SignUpId id, string ticket, CancellationToken cancel)
    {
        var signUp = await reader.FindAsync<SignUp>(id.Value, cancel);
        return signUp is { State: SignUpState.PhoneVerified or SignUpState.Finished } && reader.Now < signUp.StartedAt + TicketLife
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(TicketOf(id, signUp.Customer)), Encoding.ASCII.GetBytes(ticket))
            ? signUp
            : null;
    }
}
