using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Operators;

/// <summary>
/// The operators' own sign-in: another cookie, another scheme, other records than the customers'. Pages and routes name one of the policies; a customer's cookie is nothing here.
/// </summary>
internal static class OperatorAuthentication
{
    public const string Scheme = "Peony.Operator";

    /// <summary>Any operator.</summary>
    public const string Support = "operator";

    public const string Reviewer = "operator.reviewer";

    public const string Admin = "operator.admin";

    public const string SignInPage = "/ops/sign-in";

    public static void Add(IServiceCollection services)
    {
        services.AddAuthentication().AddCookie(Scheme, options =>
        {
            options.Cookie.Name = "peony_ops";
            options.Cookie.HttpOnly = true;
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Cookie.Path = "/";
            options.Cookie.IsEssential = true;
            options.CookieManager = new PeonyCookies();
            // A working day.
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
            options.SlidingExpiration = false;
            options.LoginPath = SignInPage;
            options.AccessDeniedPath = SignInPage;
            options.ReturnUrlParameter = "return";
            options.Events.OnValidatePrincipal = ValidateAsync;
            options.Events.OnRedirectToLogin = context => AnswerAsync(context, EdgeRefusals.NotSignedIn);
            options.Events.OnRedirectToAccessDenied = context => AnswerAsync(context, EdgeRefusals.NotAllowed);
        });
        services.AddAuthorizationBuilder()
            .AddPolicy(Support, policy => For(policy, OperatorRole.Support))
            .AddPolicy(Reviewer, policy => For(policy, OperatorRole.Reviewer))
            .AddPolicy(Admin, policy => For(policy, OperatorRole.Admin));
    }

    public static Task SignInAsync(HttpContext http, OperatorSignedIn signedIn)
    {
        var identity = new ClaimsIdentity(
            [
                new Claim(PeonyClaims.OperatorSession, signedIn.Session.Value),
                new Claim(PeonyClaims.Operator, signedIn.Operator.Value),
                new Claim(PeonyClaims.Role, OperatorsModule.TextOf(signedIn.Role)),
                new Claim(ClaimTypes.Name, signedIn.Name),
            ],
            Scheme);
        return http.SignInAsync(Scheme, new ClaimsPrincipal(identity), new AuthenticationProperties { IsPersistent = false });
    }

    public static Task SignOutAsync(HttpContext http) => http.SignOutAsync(Scheme);

    /// <summary>The session of the operator who asks; the page or route must require one of the policies.</summary>
    public static OperatorSessionId SessionOf(ClaimsPrincipal user) =>
        new(user.FindFirstValue(PeonyClaims.OperatorSession) ?? throw new InvalidOperationException("The route does not require an operator."));

    /// <summary>The same of a call of the API.</summary>
    public static OperatorSessionId OperatorSession(this ApiCall call) => SessionOf(call.Http.User);

    private static void For(AuthorizationPolicyBuilder policy, OperatorRole least)
    {
        policy.AuthenticationSchemes.Add(Scheme);
        policy.RequireClaim(PeonyClaims.Operator);
        policy.RequireClaim(PeonyClaims.Role, Enum.GetValues<OperatorRole>().Where(role => role >= least).Select(OperatorsModule.TextOf));
    }

    private static async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        var reader = context.HttpContext.RequestServices.GetRequiredService<IBookReader>();
        var cancel = context.HttpContext.RequestAborted;
        var id = context.Principal?.FindFirstValue(PeonyClaims.OperatorSession);
        var session = id is null ? null : await reader.FindAsync<OperatorSession>(id, cancel);
        var person = session is { EndedAt: null } ? await reader.FindAsync<Operator>(session.Operator.Value, cancel) : null;
        if (person is not { IsActive: true } || context.Principal?.FindFirstValue(PeonyClaims.Role) != OperatorsModule.TextOf(person.Role))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(Scheme);
        }
    }

    private static Task AnswerAsync(RedirectContext<CookieAuthenticationOptions> context, Refusal refusal)
    {
        if (PeonyEdge.AnswersPrograms(context.HttpContext))
        {
            return Problems.Of(context.HttpContext, refusal).ExecuteAsync(context.HttpContext);
        }

        context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
