using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Book;
using Peony.Customers.Erasure;
using Peony.Customers.Mail;
using Peony.Customers.SignIn;
using Peony.Customers.Verification;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Customers;

internal sealed record StartSignUpBody(string Phone, string? Language);

internal sealed record ConfirmPhoneBody(string Code);

/// <param name="Ticket">From the confirm step; or give <paramref name="Code"/> and skip that step.</param>
internal sealed record FinishSignUpBody(string? Password, string? Ticket, string? Code, PasskeyAnswer? Passkey, DeviceBody? Device);

internal sealed record TicketBody(string Ticket);

/// <param name="Secret">What the app keeps to be known again as the same device: at least 16 characters of its own making.</param>
internal sealed record DeviceBody(string? Secret, string? Name);

internal sealed record StartSessionBody(string? Phone, string? Password, PasskeyAnswer? Passkey, DeviceBody? Device);

internal sealed record SessionBody(SessionId Id, string Token, CustomerId Customer, NewDeviceBody Device);

internal sealed record NewDeviceBody(DeviceId Id, bool IsNew);

internal sealed record SetPinBody(string Pin, string? OldPin);

internal sealed record ResetPinBody(string Pin, string Name, string IdNumber, string? Password, PasskeyAnswer? Passkey);

internal sealed record UnfreezeBody(string? Pin, string? Password, PasskeyAnswer? Passkey);

internal sealed record VerifyBody(string Name, string IdNumber);

internal sealed record LanguageBody(string Language);

internal sealed record ChangePasswordBody(string NewPassword, string? Password, PasskeyAnswer? Passkey);

internal sealed record AddPasskeyBody(PasskeyAnswer Made, string? Password, PasskeyAnswer? Passkey);

internal sealed record ProofBody(string? Password, PasskeyAnswer? Passkey);

internal sealed record MeView(
    CustomerId Id, string Language, VerificationLevel VerificationLevel, bool IsFrozen, bool HasPin, string? Phone, string? Name, DateTimeOffset JoinedAt, SessionId Session,
    DeviceId Device);

internal sealed record SessionView(SessionId Id, DeviceId Device, string DeviceName, SessionKind Kind, string Method, DateTimeOffset StartedAt, bool IsCurrent);

internal sealed record DeviceView(DeviceId Id, string Name, DateTimeOffset EnrolledAt, DateTimeOffset LastSignInAt, bool IsCurrent);

internal sealed record EmailBody(string Email);

internal sealed record EmailCodeBody(string Code);

/// <summary>The native API of this capability: text to types on the way in, records to views on the way out.</summary>
internal static class CustomersApi
{
    private const long MostPhotoBytes = 16 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder api)
    {
        MapSignUp(api);
        MapSessions(api);
        MapMe(api);
        MapSecurity(api);
        MapVerification(api);
    }

    private static void MapSignUp(IEndpointRouteBuilder api)
    {
        var signUps = api.MapGroup("/sign-ups").AllowAnonymous().RequireRateLimiting(PeonyEdge.SignInLimit).WithTags("Sign-up");
        signUps.MapPost("", async (ApiCall call, SignUpFlow flow, StartSignUpBody body) =>
        {
            if ((await call.KeyAsync()).IsRefused(out var refusal, out var key))
            {
                return call.Problem(refusal);
            }

            var language = Languages.Parse(body.Language) ?? Languages.Of(call.Http);
            return call.Answer(await flow.StartAsync(ReadPhone(body.Phone), language, key, call.Cancel), status: StatusCodes.Status201Created);
        }).WithSummary("Send a sign-up code to a phone").Produces<SignUpStarted>(StatusCodes.Status201Created);

        signUps.MapPost("/{id}/confirm", async (ApiCall call, SignUpFlow flow, string id, ConfirmPhoneBody body) =>
            (await call.KeyAsync()).IsRefused(out var refusal, out var key)
                ? call.Problem(refusal)
                : call.Answer(await flow.ConfirmAsync(new SignUpId(id), body.Code, key, call.Cancel), ticket => new TicketBody(ticket)))
            .WithSummary("Give the code back").Produces<TicketBody>();

        signUps.MapPost("/{id}/passkey-options", async (ApiCall call, SignUpFlow flow, string id, TicketBody body) =>
            await flow.OfferPasskeyAsync(call.Http, new SignUpId(id), body.Ticket, call.Cancel) is { } challenge
                ? ApiCall.Json(challenge)
                : call.Problem(CustomersRefusals.SignUpPhoneNotVerified))
            .WithSummary("Options to make the first passkey").Produces<PasskeyChallenge>().WithMetadata(KeepsNothing.Marker);

        signUps.MapPost("/{id}/finish", async (ApiCall call, SignUpFlow flow, string id, FinishSignUpBody body) =>
        {
            if ((await call.KeyAsync("finish")).IsRefused(out var refusal, out var key))
            {
                return call.Problem(refusal);
            }

            var signUp = new SignUpId(id);
            var ticket = body.Ticket;
            if (ticket is null && body.Code is { } code)
            {
                if ((await flow.ConfirmAsync(signUp, code, key is null ? null : key with { Caller = key.Caller + "/confirm" }, call.Cancel)).IsRefused(out refusal, out ticket))
                {
                    return call.Problem(refusal);
                }
            }

            var device = DeviceOf(call, body.Device);
            var result = body switch
            {
                { Passkey: { } passkey } => await flow.FinishAsync(call.Http, signUp, ticket ?? "", passkey, device, SessionKind.Bearer, call.Cancel),
                { Password: { } password } => await flow.FinishAsync(signUp, ticket ?? "", password, device, SessionKind.Bearer, key, call.Cancel),
                _ => CustomersRefusals.ProofNeeded,
            };
            return call.Answer(result, signedIn => ViewOf(call, signedIn), StatusCodes.Status201Created);
        }).WithSummary("Set a password or passkey; gives a session").Produces<SessionBody>(StatusCodes.Status201Created);
    }

    private static void MapSessions(IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapPost("", async (ApiCall call, SignInFlow flow, StartSessionBody body) =>
        {
            if ((await call.KeyAsync()).IsRefused(out var refusal, out var key))
            {
                return call.Problem(refusal);
            }

            var device = DeviceOf(call, body.Device);
            var result = body switch
            {
                { Passkey: { } passkey } => await flow.WithPasskeyAsync(call.Http, passkey, device, SessionKind.Bearer, call.Cancel),
                { Phone: { } phone, Password: { } password } => await flow.WithPasswordAsync(phone, password, device, SessionKind.Bearer, key, call.Cancel),
                _ => CustomersRefusals.ProofNeeded,
            };
            return call.Answer(result, signedIn => ViewOf(call, signedIn), StatusCodes.Status201Created);
        }).AllowAnonymous().RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Sign in; gives a bearer token, shown once").Produces<SessionBody>(StatusCodes.Status201Created);

        sessions.MapPost("/passkey-options", async (ApiCall call, SignInFlow flow) => ApiCall.Json(await flow.AskPasskeyAsync(call.Http)))
            .AllowAnonymous().RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Options to sign in by passkey").Produces<PasskeyChallenge>().WithMetadata(KeepsNothing.Marker);

        sessions.MapGet("", async (ApiCall call) => ApiCall.List(await SecurityViews.SessionsAsync(call.Reader, call.Customer, call.Session, call.Cancel)))
            .WithSummary("Live sessions").Produces<ListBody<SessionView>>();
        sessions.MapDelete("/current", (ApiCall call) => call.RunAsync(new EndSession(call.Session, call.Session), status: StatusCodes.Status204NoContent))
            .WithSummary("Sign out").Produces(StatusCodes.Status204NoContent);
        sessions.MapDelete("/{id}", (ApiCall call, string id) => call.RunAsync(new EndSession(call.Session, new SessionId(id)), status: StatusCodes.Status204NoContent))
            .WithSummary("End a session").Produces(StatusCodes.Status204NoContent);
        sessions.MapPost("/end-others", (ApiCall call) => call.RunAsync(new EndOtherSessions(call.Session))).WithSummary("End all other sessions").Produces<SessionsEnded>();

        var devices = api.MapGroup("/devices").WithTags("Sessions");
        devices.MapGet("", async (ApiCall call) => ApiCall.List(await SecurityViews.DevicesAsync(call.Reader, call.Customer, call.Device, call.Cancel)))
            .WithSummary("Enrolled devices").Produces<ListBody<DeviceView>>();
        devices.MapDelete("/{id}", (ApiCall call, string id) => call.RunAsync(new RemoveDevice(call.Session, new DeviceId(id)), status: StatusCodes.Status204NoContent))
            .WithSummary("Remove a device and end its sessions").Produces(StatusCodes.Status204NoContent);
    }

    private static void MapMe(IEndpointRouteBuilder api)
    {
        var me = api.MapGroup("/me").WithTags("Customer");
        me.MapGet("", async (ApiCall call, CustomerContacts contacts) =>
        {
            var customer = await call.Reader.FindAsync<Customer>(call.Customer.Value, call.Cancel);
            if (customer is null)
            {
                return call.Problem(CustomersRefusals.NotFound);
            }

            var hasPin = await call.Reader.FindAsync<PaymentPin>(call.Customer.Value, call.Cancel) is not null;
            var masked = await contacts.MaskedAsync(customer.Id, call.Cancel);
            return ApiCall.Json(new MeView(
                customer.Id, customer.Language, customer.Level, customer.IsFrozen, hasPin, masked.Phone, masked.Name, customer.JoinedAt, call.Session, call.Device));
        }).WithSummary("The signed-in customer").Produces<MeView>();
        me.MapPut("/language", (ApiCall call, LanguageBody body) => call.RunAsync(
            new SetLanguage(call.Session, Languages.Parse(body.Language) ?? throw new InvalidRequestException("language", "zh-CN or en.", "须为 zh-CN 或 en。")),
            status: StatusCodes.Status204NoContent)).WithSummary("Set the language").Produces(StatusCodes.Status204NoContent);
        me.MapPut("/email", async (ApiCall call, EmailFlow flow, EmailBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(await flow.OrderAsync(call.Session, call.Customer, body.Email, key, call.Cancel), status: StatusCodes.Status202Accepted))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Gives an e-mail address; a code is sent to it").Produces<EmailCodeSent>(StatusCodes.Status202Accepted);
        me.MapPost("/email/confirm", async (ApiCall call, EmailFlow flow, EmailCodeBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(await flow.ConfirmAsync(call.Session, call.Customer, body.Code, key, call.Cancel), status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Confirms the e-mail address by the code").Produces(StatusCodes.Status204NoContent);
        me.MapDelete("/email", (ApiCall call) => call.RunAsync(new RemoveEmail(call.Session), status: StatusCodes.Status204NoContent))
            .WithSummary("Takes the e-mail address away").Produces(StatusCodes.Status204NoContent);
        me.MapPost("/erase", async (ApiCall call, SignInFlow signIn, IEnumerable<IErasureCheck> checks, ProofBody body) =>
            (await signIn.ProveAsync(call.Http, call.Customer, body.Password, body.Passkey, call.Cancel)).IsRefused(out var refusal, out var proof)
                ? call.Problem(refusal)
                : await call.RunAsync(new EraseCustomer(call.Session, proof!, [.. checks.Select(check => check.Of(call.Customer))]), status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Erase the account").Produces(StatusCodes.Status204NoContent);
    }

    private static void MapSecurity(IEndpointRouteBuilder api)
    {
        var security = api.MapGroup("").WithTags("Security");
        security.MapPut("/pin", async (ApiCall call, SecurityFlow flow, SetPinBody body) =>
        {
            if ((await call.KeyAsync()).IsRefused(out var refusal, out var key))
            {
                return call.Problem(refusal);
            }

            return call.Answer(
                body.OldPin is { } old
                    ? await flow.ChangePinAsync(call.Session, call.Customer, old, body.Pin, key, call.Cancel)
                    : await flow.SetPinAsync(call.Session, call.Customer, body.Pin, key, call.Cancel),
                status: StatusCodes.Status204NoContent);
        }).WithSummary("Set or change the payment PIN").Produces(StatusCodes.Status204NoContent);

        security.MapPost("/pin/reset", async (ApiCall call, SecurityFlow flow, ResetPinBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(
                await flow.ResetPinAsync(call.Http, call.Session, call.Customer, body.Password, body.Passkey, body.Name, body.IdNumber, body.Pin, key, call.Cancel),
                status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Set a forgotten payment PIN anew").Produces(StatusCodes.Status204NoContent);

        security.MapPost("/freeze", (ApiCall call) => call.RunAsync(new FreezeCustomer(call.Session), status: StatusCodes.Status204NoContent))
            .WithSummary("Freeze the account").Produces(StatusCodes.Status204NoContent);
        security.MapPost("/unfreeze", async (ApiCall call, SecurityFlow flow, UnfreezeBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(
                await flow.UnfreezeAsync(call.Http, call.Session, call.Customer, body.Password, body.Passkey, body.Pin, key, call.Cancel), status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Unfreeze the account").Produces(StatusCodes.Status204NoContent);

        security.MapPut("/password", async (ApiCall call, SecurityFlow flow, ChangePasswordBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(
                await flow.ChangePasswordAsync(call.Http, call.Session, call.Customer, body.Password, body.Passkey, body.NewPassword, key, call.Cancel),
                status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Set or change the password; ends all other sessions").Produces(StatusCodes.Status204NoContent);

        security.MapGet("/passkeys", async (ApiCall call, SecurityFlow flow) => ApiCall.List(await flow.ListPasskeysAsync(call.Customer)))
            .WithSummary("Passkeys").Produces<ListBody<PasskeyView>>();
        security.MapPost("/passkeys/options", async (ApiCall call, SecurityFlow flow) => ApiCall.Json(await flow.OfferPasskeyAsync(call.Http, call.Customer, call.Cancel)))
            .WithSummary("Options to make a passkey").Produces<PasskeyChallenge>().WithMetadata(KeepsNothing.Marker);
        security.MapPost("/passkeys/proof-options", async (ApiCall call, SignInFlow flow) =>
            await flow.AskProofAsync(call.Http, call.Customer) is { } challenge ? ApiCall.Json(challenge) : call.Problem(CustomersRefusals.PasskeyNotFound))
            .WithSummary("Options to show a passkey as a fresh proof").Produces<PasskeyChallenge>().WithMetadata(KeepsNothing.Marker);
        security.MapPost("/passkeys", async (ApiCall call, SecurityFlow flow, AddPasskeyBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(
                await flow.AddPasskeyAsync(call.Http, call.Session, call.Customer, body.Password, body.Passkey, body.Made, key, call.Cancel), status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Add a passkey").Produces(StatusCodes.Status204NoContent);
        security.MapPost("/passkeys/{id}/remove", async (ApiCall call, SecurityFlow flow, string id, ProofBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(
                await flow.RemovePasskeyAsync(call.Http, call.Session, call.Customer, body.Password, body.Passkey, id, key, call.Cancel), status: StatusCodes.Status204NoContent))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Remove a passkey").Produces(StatusCodes.Status204NoContent);
    }

    private static void MapVerification(IEndpointRouteBuilder api)
    {
        var verification = api.MapGroup("/verification").WithTags("Identity verification");
        verification.MapPost("", async (ApiCall call, VerificationFlow flow, VerifyBody body) => (await call.KeyAsync()).IsRefused(out var refusal, out var key)
            ? call.Problem(refusal)
            : call.Answer(await flow.VerifyAsync(call.Session, call.Customer, body.Name, body.IdNumber, key, call.Cancel)))
            .RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Verify name and resident ID").Produces<VerificationResult>();
        verification.MapPost("/photos", async (ApiCall call, VerificationFlow flow, IFormFile front, IFormFile back, IFormFile face) =>
            (await call.KeyAsync()).IsRefused(out var refusal, out var key)
                ? call.Problem(refusal)
                : call.Answer(await flow.VerifyPhotosAsync(
                    call.Session, call.Customer, new IdentityPhotos(await ReadAsync(front), await ReadAsync(back), await ReadAsync(face)), key, call.Cancel)))
            // The group's own filter keeps other sites out; the form token is for pages.
            .DisableAntiforgery().WithMetadata(new LargeBody(MostPhotoBytes)).RequireRateLimiting(PeonyEdge.SignInLimit)
            .WithSummary("Verify by photos of the ID card and the face").Produces<VerificationResult>();
    }

    private static MobileNumber ReadPhone(string text)
    {
        var (phone, fault) = MobileNumber.Parse(text);
        return phone ?? throw PhoneFault(fault!.Value);
    }

    /// <summary>Why a text is no phone here, as a field that is wrong; pages show the same words.</summary>
    public static InvalidRequestException PhoneFault(MobileNumberFault fault) => fault switch
    {
        MobileNumberFault.Form => new InvalidRequestException("phone", "this is no phone number.", "这不是手机号码。"),
        MobileNumberFault.NotMainland => new InvalidRequestException("phone", "only mainland Chinese mobile numbers can sign up.", "仅支持中国大陆手机号。"),
        MobileNumberFault.NotMobile => new InvalidRequestException("phone", "this is no mobile number.", "这不是有效的手机号。"),
    };

    private static DeviceAtHand DeviceOf(ApiCall call, DeviceBody? body)
    {
        if (body?.Secret is { Length: < 16 or > 200 })
        {
            throw new InvalidRequestException("device.secret", "use 16 to 200 characters.", "须为 16 至 200 个字符。");
        }

        if (body?.Name is { Length: 0 or > 60 })
        {
            throw new InvalidRequestException("device.name", "use 1 to 60 characters.", "须为 1 至 60 个字符。");
        }

        // Without a secret the device is new each time and can never be claimed by another.
        var secret = body?.Secret ?? Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        return new DeviceAtHand(PersonalHashes.Browser(call.Secrets, secret), body?.Name ?? DeviceNames.Of(call.Http.Request.Headers.UserAgent.ToString()));
    }

    private static SessionBody ViewOf(ApiCall call, SignedIn signedIn) =>
        new(signedIn.Session, BearerToken.Of(call.Secrets, signedIn.Session), signedIn.Customer, new NewDeviceBody(signedIn.Device, signedIn.IsNewDevice));

    private static async Task<byte[]> ReadAsync(IFormFile file)
    {
        using var memory = new MemoryStream();
        await file.CopyToAsync(memory);
        return memory.ToArray();
    }
}
