using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Edge;
using Peony.Gateway;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Operators;
using Peony.Sandbox;
using Peony.Server;
using Peony.Trades;

namespace Peony.Tests.Server;

/// <summary>
/// Who reaches what: every route of the whole program is asked for by everybody, and what comes of it is <c>docs/authorisation.md</c>, row by row. A route without a row fails here.
/// </summary>
public sealed class AuthorisationTests : IAsyncLifetime
{
    private const string Write = "PEONY_WRITE_AUTHORISATION";
    private readonly string _folder = Directory.CreateTempSubdirectory("peony-test").FullName;
    private PeonyServer _server = null!;
    private string _shop = "";
    private TradeId _trade;

    private static string Page => Path.Combine(Repository.Root, "docs", "authorisation.md");

    public async ValueTask InitializeAsync()
    {
        _server = await PeonyServer.StartAsync(new PeonyOptions { DataDirectory = _folder }, "http://127.0.0.1:0", map: MapSignIn);
        await _server.ServeAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_route_answers_whom_the_table_says_and_nobody_else()
    {
        var cancel = TestContext.Current.CancellationToken;
        await PrepareShopAsync(cancel);
        string[] people = ["anybody", "customer", "cashier", "supervisor", "accountant", "owner", "support", "reviewer", "admin"];
        var routes = Routes();
        var reached = routes.ToDictionary(route => route, _ => new List<bool>());
        foreach (var person in people)
        {
            var (pages, programs) = await SignInAsync(person, cancel);
            foreach (var route in routes)
            {
                reached[route].Add(await ReachesAsync(route.Path.StartsWith("/api/", StringComparison.Ordinal) && programs is not null ? programs : pages, route, cancel));
            }

            pages.Dispose();
            programs?.Dispose();
        }

        var table = new StringBuilder(Head(people));
        foreach (var (route, by) in reached.OrderBy(pair => pair.Key.Path, StringComparer.Ordinal).ThenBy(pair => pair.Key.Method, StringComparer.Ordinal))
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"| {route.Method} | `{route.Path}` | {string.Join(" | ", by.Select(one => one ? "✓" : "–"))} |");
        }

        table.AppendLine().AppendLine("## Methods of the gateway").AppendLine().AppendLine("Each needs the signature of an app; what it names is found only when it is that app's merchant's.").AppendLine();
        table.AppendLine("| method | unsigned | signed by the app |").AppendLine("| --- | --- | --- |");
        foreach (var method in _server.App.Services.GetRequiredService<GatewayMethods>().All.Select(method => method.Name).Order(StringComparer.Ordinal))
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{method}` | {(await IsRefusedUnsignedAsync(method, cancel) ? "–" : "✓")} | ✓ |");
        }

        var found = table.ToString().ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(Write) is not null)
        {
            await File.WriteAllTextAsync(Page, found, cancel);
        }

        var written = File.Exists(Page) ? await File.ReadAllTextAsync(Page, cancel) : "";
        var different = found.Split('\n').Except(written.Split('\n')).Select(line => "is   " + line).Concat(written.Split('\n').Except(found.Split('\n')).Select(line => "said " + line)).ToList();
        Assert.True(different.Count == 0, $"docs/authorisation.md says otherwise. If it is meant so, write it anew with {Write}=1 and read the difference.\n{string.Join('\n', different)}");
    }

    private static string Head(string[] people) => $"""
        # Who reaches what

        Every route of the program, asked for by everybody (`tests/Peony.Tests/Server/AuthorisationTests.cs`): ✓ it answers them, – it does not (401, 403, the way to a sign-in, or 404 as for what is not there). A customer reaches only what is
        their own, a merchant's people only their merchant's, whatever the route: what is a stranger's looks like none. Cashier to owner are customers with that role at the shop that is asked for.

        | | route | {string.Join(" | ", people)} |
        | --- | --- | {string.Join(" | ", people.Select(_ => "---"))} |

        """.ReplaceLineEndings("\n");

    /// <summary>All that is served, but for assets; what signs out comes last.</summary>
    private List<(string Method, string Path)> Routes() =>
    [
        .. _server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["any"]).Select(method => (Method: method, Path: "/" + endpoint.RoutePattern.RawText!.TrimStart('/'))))
            .Where(route => route.Method is not "HEAD" && !route.Path.StartsWith("/test/", StringComparison.Ordinal))
            .Distinct().OrderBy(route => route.Path.EndsWith("/sessions/current", StringComparison.Ordinal)),
    ];

    private async Task<bool> ReachesAsync(HttpClient client, (string Method, string Path) route, CancellationToken cancel)
    {
        // Nothing is asked for that much could come of: no idempotency key, no form token, nothing in the body.
        using var request = new HttpRequestMessage(new HttpMethod(route.Method == "any" ? "GET" : route.Method), AddressOf(route.Path));
        if (route.Method is "POST" or "PUT")
        {
            request.Content = route.Path.StartsWith("/api/", StringComparison.Ordinal) ? new StringContent("{}", Encoding.UTF8, "application/json") : new FormUrlEncodedContent([]);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var isHidden = route.Path.StartsWith("/merchant/", StringComparison.Ordinal) && response.StatusCode == HttpStatusCode.NotFound;
        return !isHidden && response.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
            && response.Headers.Location?.ToString().Contains("sign-in", StringComparison.Ordinal) != true;
    }

    private string AddressOf(string path) => System.Text.RegularExpressions.Regex.Replace(path.Replace("{Shop}", _shop, StringComparison.OrdinalIgnoreCase), @"\{[^}]*\}",
        path.StartsWith("/merchant/", StringComparison.Ordinal) ? _trade.Value : "none_0");

    private async Task<bool> IsRefusedUnsignedAsync(string method, CancellationToken cancel)
    {
        using var client = Client();
        var app = (await _server.Book.Reader.FindAsync<DemoApp>(DemoApp.TheKey, cancel))!.App;
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["app_id"] = app.Value,
            ["method"] = method,
            ["charset"] = "utf-8",
            ["sign_type"] = "RSA2",
            ["timestamp"] = "2026-03-05 10:00:00",
            ["version"] = "1.0",
            ["biz_content"] = "{}",
            ["sign"] = "AAAA",
        });
        using var response = await client.PostAsync("gateway.do", form, cancel);
        var said = await response.Content.ReadAsStringAsync(cancel);
        // Errors of page methods are pages.
        return said.Contains("isv.invalid-signature", StringComparison.Ordinal) || (response.Headers.Location is null && said.StartsWith("<!DOCTYPE html>", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A trade of the demo shop that waits to be paid.</summary>
    private async Task PrepareShopAsync(CancellationToken cancel)
    {
        var app = (await _server.Book.Reader.FindAsync<DemoApp>(DemoApp.TheKey, cancel))!.App;
        var trade = (await _server.Book.RunAsync(new PrepareTrade(new AppProof(app), new TradeOrder("authorisation-1", Money.Cny(1_00), "x")), cancel: cancel)).Value;
        (_shop, _trade) = (trade.SellerNumber, trade.Id);
        using var scope = _server.App.Services.CreateScope();
        var operators = scope.ServiceProvider.GetRequiredService<OperatorFlow>();
        var admin = (await operators.WithPasswordAsync(OperatorFlow.DemoName, OperatorFlow.DemoPassword, null, cancel)).Value;
        await operators.EnrolDemoAsync("support", (await operators.InviteAsync(admin.Session, "support", OperatorRole.Support, key: null, cancel)).Value, cancel);
    }

    private HttpClient Client() => new(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = _server.Address };

    /// <returns>A browser with the person's cookies, and a program with their token where there is such a thing.</returns>
    private async Task<(HttpClient Pages, HttpClient? Programs)> SignInAsync(string person, CancellationToken cancel)
    {
        var client = Client();
        if (Enum.TryParse<StaffRole>(person, ignoreCase: true, out var role) && role != StaffRole.Owner)
        {
            await SeatAsync(role, cancel);
        }

        if (person != "anybody")
        {
            using var response = await client.GetAsync("test/sign-in/" + person, cancel);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        return (client, person is "anybody" or "support" or "reviewer" or "admin" ? null : await ProgramAsync(person == "owner" ? DemoPeople.Chen : DemoPeople.Lin, cancel));
    }

    private async Task<HttpClient> ProgramAsync(DemoPerson person, CancellationToken cancel)
    {
        var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/v1/sessions")
        {
            Content = JsonContent.Create(new { phone = person.Phone, password = DemoPeople.Password, device = new { secret = "authorisation-test-of-" + person.Phone, name = "test" } }),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        };
        using var response = await client.SendAsync(request, cancel);
        var session = await response.Content.ReadFromJsonAsync<JsonNode>(cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session!["token"]!.GetValue<string>());
        return client;
    }

    /// <summary>Gives the demo customer Lin the role at Chen's shop.</summary>
    private async Task SeatAsync(StaffRole role, CancellationToken cancel)
    {
        var staff = _server.App.Services.GetRequiredService<StaffReader>();
        var (lin, chen) = (await PersonAsync(DemoPeople.Lin, cancel), await PersonAsync(DemoPeople.Chen, cancel));
        var merchant = (await staff.WorkplacesAsync(chen, cancel))[0].Merchant.Id;
        var session = (await SignInAsync(DemoPeople.Chen, _server.App.Services, cancel)).Session;
        var owner = new StaffProof(session, merchant, StaffRight.ManageStaff);
        var seated = (await staff.OfAsync(merchant, cancel)).FirstOrDefault(member => member.Customer == lin);
        var done = seated is null
            ? (await _server.Book.RunAsync(new AddStaff(owner, lin, "Lin", role), cancel: cancel)).IsDone
            : (await _server.Book.RunAsync(new ChangeStaff(owner, seated.Id, role), cancel: cancel)).IsDone;
        Assert.True(done);
    }

    private async Task<CustomerId> PersonAsync(DemoPerson person, CancellationToken cancel) =>
        (await _server.Book.Reader.ListAsync<Customer>("phone", PersonalHashes.Phone(_server.Instance.Secrets, MobileNumber.Parse(person.Phone).Number!), new Book.Page(1), cancel))[0].Id;

    private static async Task<SignedIn> SignInAsync(DemoPerson person, IServiceProvider services, CancellationToken cancel)
    {
        using var scope = services.CreateScope();
        var device = new DeviceAtHand("authorisation-test-of-" + person.Phone, "test");
        return (await scope.ServiceProvider.GetRequiredService<SignInFlow>().WithPasswordAsync(person.Phone, DemoPeople.Password, device, SessionKind.Cookie, null, cancel)).Value;
    }

    /// <summary>The way in without a form: everything behind it is as for everybody.</summary>
    private static void MapSignIn(WebApplication app) => app.MapGet("/test/sign-in/{person}", async (string person, HttpContext http) =>
    {
        if (person is "support" or "reviewer" or "admin")
        {
            var operators = http.RequestServices.GetRequiredService<OperatorFlow>();
            var name = person == "admin" ? OperatorFlow.DemoName : person == "reviewer" ? OperatorFlow.SecondDemoName : person;
            await OperatorAuthentication.SignInAsync(http, (await operators.WithPasswordAsync(name, OperatorFlow.DemoPassword, null, http.RequestAborted)).Value);
        }
        else
        {
            var who = person == "owner" ? DemoPeople.Chen : DemoPeople.Lin;
            var device = DeviceCookie.Ensure(http, http.RequestServices.GetRequiredService<Secrets>());
            var signedIn = await http.RequestServices.GetRequiredService<SignInFlow>().WithPasswordAsync(who.Phone, DemoPeople.Password, device, SessionKind.Cookie, null, http.RequestAborted);
            await CustomerAuthentication.SignInAsync(http, signedIn.Value, device);
        }

        return Results.NoContent();
    }).AllowAnonymous();
}
