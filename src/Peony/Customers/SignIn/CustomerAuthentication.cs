using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Peony.Book;
using Peony.Edge;

namespace Peony.Customers.SignIn;

/// <summary>
/// How a request shows which session it belongs to: a browser's cookie or a bearer token. Both carry only the session's id; the session's record says whether it still lives.
/// </summary>
internal static class CustomerAuthentication
{
    /// <summary>Picks cookie or bearer by the request.</summary>
    public const string Scheme = "Peony";

    public const string BearerScheme = "Peony.Bearer";

    public const string CookieScheme = "Identity.Application";

    /// <summary>Where pages send who is not signed in.</summary>
    public const string SignInPage = "/app/sign-in";

    /// <summary>Keyed hash of the browser's own secret, inside the encrypted cookie.</summary>
    private const string BrowserClaim = "bh";

    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication(Scheme)
            .AddPolicyScheme(Scheme, null, options => options.ForwardDefaultSelector = http =>
                http.Request.Headers.Authorization.ToString().StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? BearerScheme : CookieScheme)
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerScheme, null)
            .AddCookie(CookieScheme, options =>
            {
                options.Cookie.Name = "peony";
                options.Cookie.HttpOnly = true;
                options.Cookie.SameSite = SameSiteMode.Lax;
                options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
                options.Cookie.Path = "/";
                options.Cookie.IsEssential = true;
                options.CookieManager = new PeonyCookies();
                // By the wall clock, like everything a browser keeps; the Book's clock may be months ahead in the sandbox.
                options.ExpireTimeSpan = TimeSpan.FromDays(90);
                options.SlidingExpiration = true;
                options.LoginPath = SignInPage;
                options.AccessDeniedPath = SignInPage;
                options.ReturnUrlParameter = "return";
                options.Events.OnValidatePrincipal = ValidateAsync;
                options.Events.OnRedirectToLogin = context => AnswerAsync(context, EdgeRefusals.NotSignedIn);
                options.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, EdgeRefusals.NotAllowed);
            });
        // It names no scheme: what the middleware found by the default one is taken as it is and not looked for twice.
        services.AddAuthorizationBuilder().SetDefaultPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireClaim(PeonyClaims.Customer).Build());
    }

    /// <summary>Gives the browser its sign-in cookie. Sign-in pages call this after a session was started.</summary>
    public static async Task SignInAsync(HttpContext http, SignedIn signedIn, DeviceAtHand device)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(PeonyClaims.Session, signedIn.Session.Value),
                new Claim(PeonyClaims.Customer, signedIn.Customer.Value),
                new Claim(PeonyClaims.Device, signedIn.Device.Value),
                new Claim(PeonyClaims.Language, signedIn.Language),
                new Claim(BrowserClaim, device.Browser),
            ],
            CookieScheme);
        await http.SignInAsync(CookieScheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = true });
    }

    public static Task SignOutAsync(HttpContext http) => http.SignOutAsync(CookieScheme);

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return;   // a style sheet needs no session, and not every picture a read
        }

        var services = http.RequestServices;
        var browser = DeviceCookie.Read(http) is { } secret ? PersonalHashes.Browser(services.GetRequiredService<Secrets>(), secret) : null;
        var isSameBrowser = browser is not null && context.Principal?.FindFirstValue(BrowserClaim) == browser;
        var id = context.Principal?.FindFirstValue(PeonyClaims.Session);
        var session = id is null || !isSameBrowser ? null : await services.GetRequiredService<IBookReader>().FindAsync<CustomerSession>(id, http.RequestAborted);
        if (session is not { IsLive: true, Kind: SessionKind.Cookie })
        {
            context.RejectPrincipal();
            await http.SignOutAsync(CookieScheme);
        }
    }

    /// <summary>Programs get a problem, people a page to sign in on.</summary>
    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, Refusal refusal)
    {
        if (PeonyEdge.AnswersPrograms(context.HttpContext))
        {
            return Problems.Of(context.HttpContext, refusal).ExecuteAsync(context.HttpContext);
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }

    private sealed class BearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Secrets secrets, IBookReader reader)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var header = Request.Headers.Authorization.ToString();
            if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            {
                return AuthenticateResult.NoResult();
            }

            if (BearerToken.Read(secrets, header[7..].Trim()) is not { } id)
            {
                return AuthenticateResult.Fail("The token is not ours.");
            }

            // A command looks at the session once more, in the writer; a read shows what it finds here.
            var isCommand = !HttpMethods.IsGet(Request.Method) && !HttpMethods.IsHead(Request.Method) && Context.GetEndpoint()?.Metadata.GetMetadata<KeepsNothing>() is null;
            var session = isCommand
                ? await reader.RecallAsync<CustomerSession>(id.Value, Context.RequestAborted)
                : await reader.FindAsync<CustomerSession>(id.Value, Context.RequestAborted);
            if (session is not { IsLive: true, Kind: SessionKind.Bearer })
            {
                return AuthenticateResult.Fail("The session has ended.");
            }

            var identity = new ClaimsIdentity(
                [
                    new Claim(PeonyClaims.Session, session.Id.Value),
                    new Claim(PeonyClaims.Customer, session.Customer.Value),
                    new Claim(PeonyClaims.Device, session.Device.Value),
                    new Claim(PeonyClaims.Language, session.Language),
                ],
                BearerScheme);
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), BearerScheme));
        }

        protected override Task HandleChallengeAsync(AuthenticationProperties properties)
        {
            Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.Of(Context, EdgeRefusals.NotSignedIn).ExecuteAsync(Context);
        }

        protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => Problems.Of(Context, EdgeRefusals.NotAllowed).ExecuteAsync(Context);
    }
}
