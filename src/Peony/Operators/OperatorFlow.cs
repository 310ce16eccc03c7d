using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Operators;

/// <summary>How operators get in: by a one-time link and a passkey. Passwords are for the sandbox's demo operator only; Production takes none.</summary>
internal sealed class OperatorFlow(
    IBook book, IBookReader reader, Secrets secrets, TimeProvider clock, PeonyOptions options, UserManager<PeonyUser> users, Passkeys passkeys, SignInTurns turns)
{
    /// <summary>Name of the sandbox's operator, an administrator.</summary>
    public const string DemoName = "demo";

    /// <summary>Name of the sandbox's second operator, a reviewer: what takes four eyes takes two people, in a demonstration too.</summary>
    public const string SecondDemoName = "demo-2";

    /// <summary>The password of both.</summary>
    public const string DemoPassword = "peony-demo-2026";

    private static readonly SignInProof DemoProof = new(SignInProof.Password, "demo");

    /// <summary>The path of an enrolment link.</summary>
    public static string PathOf(string token) => $"/ops/enrol/{token}";

    /// <summary>A new link for the first operator, or null when there is one already.</summary>
    public async Task<string?> InviteFirstAsync(CancellationToken cancel = default)
    {
        var token = NewToken();
        return (await book.RunAsync(new InviteFirstOperator(HashOf(token)), cancel: cancel)).IsDone ? token : null;
    }

    /// <summary>A link for one more operator; shown once.</summary>
    public async Task<Result<string>> InviteAsync(OperatorSessionId session, string name, OperatorRole role, CallKey? key, CancellationToken cancel = default)
    {
        // Derived from the key, so that a repeated request shows the link of the first.
        var token = key is null ? NewToken() : Base64Url.EncodeToString(HMACSHA256.HashData(secrets.Key("invitation"), System.Text.Encoding.UTF8.GetBytes($"{key.Caller}/{key.Key}")));
        var result = await book.RunAsync(new InviteOperator(session, HashOf(token), ReadName(name), role), key, cancel);
        return result.IsRefused(out var refusal, out _) ? refusal : token;
    }

    /// <summary>The invitation behind a link, or null when it is used, expired or was never one.</summary>
    public async Task<Invitation?> FindInvitationAsync(string token, CancellationToken cancel = default)
    {
        var found = await reader.ListAsync<Invitation>("token", HashOf(token), new Page(1), cancel);
        return found is [{ } invitation] && invitation.IsGoodAt(reader.Now) ? invitation : null;
    }

    /// <summary>What the browser needs to make the operator's passkey, and the id the sign-in will have.</summary>
    public async Task<(PasskeyChallenge Challenge, OperatorId Id)?> OfferAsync(HttpContext http, string token, string name, CancellationToken cancel = default)
    {
        if (await FindInvitationAsync(token, cancel) is not { } invitation)
        {
            return null;
        }

        var id = Ids.New<OperatorId>(clock);
        return (await passkeys.OfferAsync(http, id.Value, invitation.Name ?? ReadName(name)), id);
    }

    public async Task<Result<OperatorSignedIn>> EnrolAsync(HttpContext http, string token, OperatorId id, string name, PasskeyAnswer answer, CancellationToken cancel = default)
    {
        if (await FindInvitationAsync(token, cancel) is not { } invitation)
        {
            return OperatorsRefusals.InvitationNotGood;
        }

        if (!Ids.IsWellFormed<OperatorId>(id.Value) || await passkeys.AcceptAsync(http, id.Value, answer.Credential, answer.State) is not { } passkey)
        {
            return CustomersRefusals.SignInFailed;
        }

        var user = new PeonyUser { Id = id.Value, UserName = id.Value, Kind = SignInKind.Operator };
        if (!(await users.CreateAsync(user)).Succeeded || !(await users.AddOrUpdatePasskeyAsync(user, passkey)).Succeeded)
        {
            return CustomersRefusals.SignInFailed;
        }

        var proof = new SignInProof(SignInProof.Passkey, passkeys.Digest(passkey.CredentialId));
        var result = await book.RunAsync(new EnrolOperator(id, HashOf(token), invitation.Name ?? ReadName(name), proof), cancel: cancel);
        if (!result.IsDone)
        {
            await users.DeleteAsync(user);   // nobody's sign-in is left behind
        }

        return result;
    }

    public Task<PasskeyChallenge> AskPasskeyAsync(HttpContext http) => passkeys.AskAsync(http, "operator");

    public async Task<Result<OperatorSignedIn>> WithPasskeyAsync(HttpContext http, PasskeyAnswer answer, CancellationToken cancel = default)
    {
        if (await passkeys.CheckAsync(http, "operator", "", "", answer.Credential, answer.State) is not { } shown || shown.User.Kind != SignInKind.Operator)
        {
            return CustomersRefusals.SignInFailed;
        }

        var key = new CallKey("passkey", secrets.Hash("passkey-answer", answer.State), secrets.Fingerprint(answer.Credential));
        return await book.RunAsync(new StartOperatorSession(new OperatorId(shown.User.Id), new SignInProof(SignInProof.Passkey, shown.Credential)), key, cancel);
    }

    /// <summary>The sandbox's way in, so that a console is one form away.</summary>
    public async Task<Result<OperatorSignedIn>> WithPasswordAsync(string name, string password, CallKey? key, CancellationToken cancel = default)
    {
        using var turn = await turns.WaitAsync("operators", cancel);
        var person = options.IsSandbox && turn.IsAcquired ? await FindAsync(name, cancel) : null;
        var user = person is { IsActive: true } ? await users.FindByIdAsync(person.Id.Value) : null;
        if (user?.PasswordHash is null || user.Kind != SignInKind.Operator || await users.IsLockedOutAsync(user))
        {
            return CustomersRefusals.SignInFailed;
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            await users.AccessFailedAsync(user);
            return CustomersRefusals.SignInFailed;
        }

        await users.ResetAccessFailedCountAsync(user);
        var proof = new SignInProof(SignInProof.Password, secrets.Hash("credential", user.SecurityStamp ?? ""));
        return await book.RunAsync(new StartOperatorSession(person!.Id, proof), key, cancel);
    }

    /// <summary>Makes the sandbox's two operators if there is no operator yet, and the second one where only the first was made.</summary>
    public async Task EnsureDemoAsync(CancellationToken cancel = default)
    {
        if (!options.IsSandbox)
        {
            return;
        }

        if (await InviteFirstAsync(cancel) is { } token)
        {
            await EnrolDemoAsync(DemoName, token, cancel);
        }

        if (await FindAsync(DemoName, cancel) is { IsActive: true, Role: OperatorRole.Admin } first && await FindAsync(SecondDemoName, cancel) is null)
        {
            var session = (await book.RunAsync(new StartOperatorSession(first.Id, DemoProof), cancel: cancel)).Value.Session;
            await EnrolDemoAsync(SecondDemoName, (await InviteAsync(session, SecondDemoName, OperatorRole.Reviewer, key: null, cancel)).Value, cancel);
            await book.RunAsync(new EndOperatorSession(session), cancel: cancel);
        }
    }

    /// <summary>Enrols an operator of the sandbox with the demo password.</summary>
    public async Task EnrolDemoAsync(string name, string token, CancellationToken cancel)
    {
        var id = Ids.New<OperatorId>(clock);
        var user = new PeonyUser { Id = id.Value, UserName = id.Value, Kind = SignInKind.Operator };
        if (!(await users.CreateAsync(user, DemoPassword)).Succeeded)
        {
            throw new InvalidOperationException($"The sign-in of the operator {name} could not be made.");
        }

        await book.RunAsync(new EnrolOperator(id, HashOf(token), name, DemoProof), cancel: cancel);
    }

    private async Task<Operator?> FindAsync(string name, CancellationToken cancel) =>
        await reader.ListAsync<Operator>("name", OperatorNames.Plain(name), new Page(1), cancel) is [{ } found] ? found : null;

    private static string ReadName(string name)
    {
        var plain = Text.Normalise(name);
        return plain.Length is >= 1 and <= OperatorNames.Longest
            ? plain
            : throw new InvalidRequestException("name", "use 1 to 40 characters.", "须为 1 至 40 个字符。");
    }

    private static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private string HashOf(string token) => secrets.Hash("invitation", token);
}
