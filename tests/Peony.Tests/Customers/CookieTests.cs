using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Edge;
using Peony.Tests.Edge;

namespace Peony.Tests;

public sealed class CookieTests
{
    [Fact]
    public async Task A_browser_signed_in_stays_so_however_far_the_books_clock_runs_ahead()
    {
        await using var world = await EdgeWorld.StartAsync(null, new SignInByForm());
        var (browser, _) = await SignInAsync(world);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/me")).StatusCode);
        world.Book.Advance(TimeSpan.FromDays(400));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/v1/me")).StatusCode);
    }

    [Fact]
    public async Task The_cookie_is_worth_nothing_in_another_browser()
    {
        await using var world = await EdgeWorld.StartAsync(null, new SignInByForm());
        var (_, cookies) = await SignInAsync(world);
        var stolen = new CookieContainer();
        var address = new Uri("http://localhost/");
        stolen.Add(address, cookies.GetCookies(address)["peony"]!);
        var (thief, _) = world.Browser(cookies: stolen);
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.GetAsync("/api/v1/me")).StatusCode);
    }

    [Fact]
    public async Task Another_site_cannot_write_with_the_browsers_cookie()
    {
        await using var world = await EdgeWorld.StartAsync(null, new SignInByForm());
        var (browser, cookies) = await SignInAsync(world);
        var (crossSite, _) = world.Browser("cross-site", cookies);
        var (refused, problem) = await world.PostAsync(crossSite, "/api/v1/freeze");
        Assert.Equal(HttpStatusCode.Forbidden, refused);
        Assert.Equal("request.not_allowed", problem.GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(browser, "/api/v1/freeze")).Status);
    }

    [Fact]
    public async Task Cookies_are_out_of_reach_of_script_and_of_other_sites()
    {
        await using var world = await EdgeWorld.StartAsync(null, new SignInByForm());
        var (_, cookies) = await SignInAsync(world);
        var all = cookies.GetAllCookies();
        Assert.Contains(all, cookie => cookie.Name == "peony");
        Assert.Contains(all, cookie => cookie.Name == "peony_device");
        Assert.All(all, cookie => Assert.True(cookie.HttpOnly));
    }

    [Fact]
    public async Task Signing_out_ends_the_cookies_session()
    {
        await using var world = await EdgeWorld.StartAsync(null, new SignInByForm());
        var (browser, _) = await SignInAsync(world);
        Assert.Equal(HttpStatusCode.NoContent, (await world.SendAsync(browser, HttpMethod.Delete, "/api/v1/sessions/current")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/v1/me")).StatusCode);
    }

    [Fact]
    public async Task A_cookies_session_is_no_bearer_token()
    {
        await using var world = await EdgeWorld.StartAsync(null, new SignInByForm());
        await SignInAsync(world);
        var session = (await world.Book.Reader.ListAllAsync<CustomerSession>()).First(one => one.Kind == SessionKind.Cookie);
        var forged = BearerToken.Of(world.Services.GetRequiredService<Secrets>(), session.Id);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client(forged).GetAsync("/api/v1/me")).StatusCode);
    }

    private static async Task<(HttpClient Browser, CookieContainer Cookies)> SignInAsync(EdgeWorld world)
    {
        await world.SignUpAsync("13800138000", "correct horse");
        var (browser, cookies) = world.Browser();
        Assert.Equal(HttpStatusCode.OK, (await world.PostAsync(browser, "/api/v1/test/sign-in")).Status);
        return (browser, cookies);
    }

    /// <summary>Signs in as the sign-in page does.</summary>
    private sealed class SignInByForm : IModule
    {
        public void Describe(BookSchema schema)
        {
        }

        public void AddServices(IServiceCollection services, PeonyOptions options)
        {
        }

        public void MapApi(IEndpointRouteBuilder api) => api.MapPost("/test/sign-in", async (HttpContext http, SignInFlow flow, Secrets secrets) =>
        {
            var device = DeviceCookie.Ensure(http, secrets);
            var signedIn = await flow.WithPasswordAsync("13800138000", "correct horse", device, SessionKind.Cookie, key: null);
            await CustomerAuthentication.SignInAsync(http, signedIn.Value, device);
            return Results.Ok();
        }).AllowAnonymous();
    }
}
