using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Peony.Book;
using Peony.Customers.SignIn;
using Peony.Customers.Verification;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Customers;

/// <summary>Payment PIN, freeze and credentials for pages and API alike: turns what was typed into proofs and hashes before a command sees it.</summary>
internal sealed class SecurityFlow(
    IBook book, IBookReader reader, Secrets secrets, IVault vault, UserManager<PeonyUser> users, Passkeys passkeys, SignInFlow signIn, VerificationFlow verification)
{
    public async Task<Result<Done>> SetPinAsync(SessionId session, CustomerId customer, string pin, CallKey? key, CancellationToken cancel = default) =>
        await FindWeaknessAsync(customer, pin, cancel) is { } weak ? weak : await book.RunAsync(new SetPin(session, Hash(customer, pin)), key, cancel);

    public async Task<Result<Done>> ChangePinAsync(SessionId session, CustomerId customer, string oldPin, string newPin, CallKey? key, CancellationToken cancel = default) =>
        await FindWeaknessAsync(customer, newPin, cancel) is { } weak ? weak : await book.RunAsync(new ChangePin(session, Hash(customer, oldPin), Hash(customer, newPin)), key, cancel);

    public async Task<Result<Done>> ResetPinAsync(
        HttpContext http, SessionId session, CustomerId customer, string? password, PasskeyAnswer? passkey, string name, string idNumber, string newPin, CallKey? key,
        CancellationToken cancel = default)
    {
        var (plainName, id) = verification.Read(name, idNumber);
        if (await FindWeaknessAsync(customer, newPin, cancel) is { } weak)
        {
            return weak;
        }

        if ((await signIn.ProveAsync(http, customer, password, passkey, cancel)).IsRefused(out var refusal, out var proof))
        {
            return refusal;
        }

        return await book.RunAsync(
            new ResetPin(session, proof!, PersonalHashes.Name(secrets, plainName), PersonalHashes.ResidentId(secrets, id), Hash(customer, newPin)), key, cancel);
    }

    public async Task<Result<Done>> UnfreezeAsync(
        HttpContext http, SessionId session, CustomerId customer, string? password, PasskeyAnswer? passkey, string? pin, CallKey? key, CancellationToken cancel = default)
    {
        if ((await signIn.ProveAsync(http, customer, password, passkey, cancel)).IsRefused(out var refusal, out var proof))
        {
            return refusal;
        }

        return await book.RunAsync(new UnfreezeCustomer(session, proof!, pin is null ? null : Hash(customer, pin)), key, cancel);
    }

    /// <summary>Sets or changes the password after a fresh proof. All other sessions end.</summary>
    public async Task<Result<Done>> ChangePasswordAsync(
        HttpContext http, SessionId session, CustomerId customer, string? password, PasskeyAnswer? passkey, string newPassword, CallKey? key, CancellationToken cancel = default)
    {
        if ((await signIn.ProveAsync(http, customer, password, passkey, cancel)).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        var user = await users.FindByIdAsync(customer.Value) ?? throw new InvalidOperationException("A signed-in customer has a sign-in.");
        foreach (var rule in users.PasswordValidators)
        {
            if (!(await rule.ValidateAsync(users, user, newPassword)).Succeeded)
            {
                return CustomersRefusals.PasswordWeak;
            }
        }

        user.PasswordHash = users.PasswordHasher.HashPassword(user, newPassword);
        if (!(await users.UpdateSecurityStampAsync(user)).Succeeded)
        {
            return CustomersRefusals.SignInFailed;
        }

        var digest = secrets.Hash("credential", user.SecurityStamp ?? "");
        return await book.RunAsync(new RecordCredentialChange(session, SignInProof.Password, digest, EndOthers: true), key, cancel);
    }

    /// <summary>What the browser needs to make one more passkey.</summary>
    public async Task<PasskeyChallenge> OfferPasskeyAsync(HttpContext http, CustomerId customer, CancellationToken cancel = default)
    {
        var record = await reader.FindAsync<Customer>(customer.Value, cancel);
        var phone = record?.Phone is { } envelope ? await vault.OpenAsync(customer.Value, envelope, cancel) : null;
        return await passkeys.OfferAsync(http, customer.Value, MobileNumber.Parse(phone).Number?.Masked ?? "");
    }

    /// <summary>Adds a passkey after a fresh proof: a thief with an open session must not enrol one.</summary>
    public async Task<Result<Done>> AddPasskeyAsync(
        HttpContext http, SessionId session, CustomerId customer, string? password, PasskeyAnswer? proof, PasskeyAnswer made, CallKey? key, CancellationToken cancel = default)
    {
        if ((await signIn.ProveAsync(http, customer, password, proof, cancel)).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        var user = await users.FindByIdAsync(customer.Value) ?? throw new InvalidOperationException("A signed-in customer has a sign-in.");
        if (await passkeys.AcceptAsync(http, customer.Value, made.Credential, made.State) is not { } passkey
            || !(await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded)
        {
            return CustomersRefusals.SignInFailed;
        }

        return await book.RunAsync(new RecordCredentialChange(session, SignInProof.Passkey, passkeys.Digest(passkey.CredentialId), EndOthers: false), key, cancel);
    }

    /// <summary>The customer's passkeys: a digest to name each, and when it was made.</summary>
    public async Task<IReadOnlyList<PasskeyView>> ListPasskeysAsync(CustomerId customer)
    {
        var user = await users.FindByIdAsync(customer.Value);
        return user is null ? [] : [.. (await users.GetPasskeysAsync(user)).Select(passkey => new PasskeyView(passkeys.Digest(passkey.CredentialId), passkey.CreatedAt, passkey.IsBackedUp))];
    }

    /// <summary>Removes a passkey after a fresh proof; the last way to sign in stays.</summary>
    public async Task<Result<Done>> RemovePasskeyAsync(
        HttpContext http, SessionId session, CustomerId customer, string? password, PasskeyAnswer? proof, string passkey, CallKey? key, CancellationToken cancel = default)
    {
        if ((await signIn.ProveAsync(http, customer, password, proof, cancel)).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        var user = await users.FindByIdAsync(customer.Value) ?? throw new InvalidOperationException("A signed-in customer has a sign-in.");
        var all = await users.GetPasskeysAsync(user);
        if (all.FirstOrDefault(one => passkeys.Digest(one.CredentialId) == passkey) is not { } found)
        {
            return CustomersRefusals.PasskeyNotFound;
        }

        if (all.Count == 1 && user.PasswordHash is null)
        {
            return CustomersRefusals.LastCredential;
        }

        await users.RemovePasskeyAsync(user, found.CredentialId);
        return await book.RunAsync(new RecordCredentialChange(session, "passkey_removed", passkey, EndOthers: false), key, cancel);
    }

    /// <summary>Whether the customer has a password and how many passkeys, for the page that offers proofs.</summary>
    public async Task<(bool HasPassword, int Passkeys)> CountCredentialsAsync(CustomerId customer)
    {
        var user = await users.FindByIdAsync(customer.Value);
        return user is null ? (false, 0) : (user.PasswordHash is not null, (await users.GetPasskeysAsync(user)).Count);
    }

    /// <summary>The PIN as the keyed hash that commands take.</summary>
    public PinProof Hash(CustomerId customer, string pin) => PersonalHashes.Pin(secrets, customer, pin);

    private async Task<Refusal?> FindWeaknessAsync(CustomerId customer, string pin, CancellationToken cancel)
    {
        if (!PinRules.IsPin(pin))
        {
            throw new InvalidRequestException("pin", "a payment PIN has six digits.", "支付密码为 6 位数字。");
        }

        var record = await reader.FindAsync<Customer>(customer.Value, cancel);
        var phone = record?.Phone is { } phoneEnvelope ? await vault.OpenAsync(customer.Value, phoneEnvelope, cancel) : null;
        var idNumber = record?.IdNumber is { } idEnvelope ? await vault.OpenAsync(customer.Value, idEnvelope, cancel) : null;
        var birth = ResidentId.Parse(idNumber, DateOnly.FromDateTime(reader.Now.UtcDateTime)).Id?.BirthDate;
        return PinRules.IsWeak(pin, birth, phone, idNumber) ? CustomersRefusals.PinWeak : null;
    }
}

internal sealed record PasskeyView(string Id, DateTimeOffset CreatedAt, bool IsBackedUp);
