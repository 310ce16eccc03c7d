using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Operators;
using Peony.Tests.Edge;

namespace Peony.Tests;

public sealed class OperatorTests
{
    [Fact]
    public async Task The_first_operator_enrols_once_by_a_link_and_a_passkey()
    {
        await using var world = await EdgeWorld.StartAsync(null, new OperatorsModule());
        using var scope = world.Services.CreateScope();
        var flow = scope.ServiceProvider.GetRequiredService<OperatorFlow>();
        using var passkey = new SoftPasskey("http://localhost");
        var older = (await flow.InviteFirstAsync())!;
        var token = (await flow.InviteFirstAsync())!;
        Assert.Null(await flow.FindInvitationAsync(older));

        var http = Http(scope);
        var (challenge, id) = (await flow.OfferAsync(http, token, "Wu"))!.Value;
        var enrolled = await flow.EnrolAsync(http, token, id, "Wu", new PasskeyAnswer(passkey.Create(challenge.Options), challenge.State));
        Assert.Equal(OperatorRole.Admin, enrolled.Value.Role);
        Assert.Null(await flow.InviteFirstAsync());
        Assert.Null(await flow.OfferAsync(http, token, "Somebody else"));

        var ask = await flow.AskPasskeyAsync(http);
        var signedIn = await flow.WithPasskeyAsync(http, new PasskeyAnswer(passkey.Get(ask.Options), ask.State));
        Assert.Equal("Wu", signedIn.Value.Name);
    }

    [Fact]
    public async Task A_customers_passkey_opens_no_console_and_an_operators_no_account()
    {
        await using var world = await EdgeWorld.StartAsync(null, new OperatorsModule());
        using var scope = world.Services.CreateScope();
        using var passkey = new SoftPasskey("http://localhost");
        var http = Http(scope);
        await EnrolAsync(scope, passkey, "Wu");
        var signIn = scope.ServiceProvider.GetRequiredService<SignInFlow>();
        var ask = await signIn.AskPasskeyAsync(http);
        var result = await signIn.WithPasskeyAsync(http, new PasskeyAnswer(passkey.Get(ask.Options), ask.State), new DeviceAtHand("browser", "Test"), SessionKind.Cookie);
        Assert.Equal("sign_in.failed", result.Refusal?.Code);
    }

    [Fact]
    public async Task Every_look_at_personal_data_needs_a_reason_and_is_recorded_first()
    {
        await using var world = await EdgeWorld.StartAsync(null, new OperatorsModule());
        var customer = new CustomerId((await world.Client(await world.SignUpAsync()).GetFromJsonAsync<JsonElement>("/api/v1/me")).GetProperty("id").GetString()!);
        using var scope = world.Services.CreateScope();
        using var passkey = new SoftPasskey("http://localhost");
        var op = await EnrolAsync(scope, passkey, "Wu");
        var file = scope.ServiceProvider.GetRequiredService<CustomerFile>();

        Assert.Equal("operator.reason_needed", (await file.OpenAsync(op.Session, customer, " ")).Refusal?.Code);
        Assert.Equal("operator.session_ended", (await file.OpenAsync(new OperatorSessionId("os_none"), customer, "case 7")).Refusal?.Code);
        Assert.Empty(await file.ViewsAsync(customer));
        Assert.Equal("+8613800138000", (await file.OpenAsync(op.Session, customer, "case 7")).Value?.Phone);
        var view = Assert.Single(await file.ViewsAsync(customer));
        Assert.Equal(op.Operator, view.Operator);
        Assert.Equal("case 7", view.Reason);
        Assert.Equal(customer, await file.FindAsync("138 0013 8000"));
        Assert.Equal(customer, await file.FindAsync(customer.Value));
    }

    [Fact]
    public async Task Roles_reach_as_far_as_they_say_and_the_last_administrator_stays()
    {
        await using var world = await EdgeWorld.StartAsync(null, new OperatorsModule());
        using var scope = world.Services.CreateScope();
        var http = Http(scope);
        var flow = scope.ServiceProvider.GetRequiredService<OperatorFlow>();
        using var first = new SoftPasskey("http://localhost");
        using var second = new SoftPasskey("http://localhost");
        var admin = await EnrolAsync(scope, first, "Wu");
        var token = (await flow.InviteAsync(admin.Session, "Zhao", OperatorRole.Support, key: null)).Value;
        var (challenge, id) = (await flow.OfferAsync(http, token, ""))!.Value;
        var support = (await flow.EnrolAsync(http, token, id, "", new PasskeyAnswer(second.Create(challenge.Options), challenge.State))).Value;
        Assert.Equal("Zhao", support.Name);

        Assert.Equal("operator.role_too_low", (await flow.InviteAsync(support.Session, "Qian", OperatorRole.Admin, key: null)).Refusal?.Code);
        Assert.Equal("operator.last_admin", world.Book.Run(new DisableOperator(admin.Session, admin.Operator)).Refusal?.Code);
        Assert.True(world.Book.Run(new DisableOperator(admin.Session, support.Operator)).IsDone);
        Assert.Equal("operator.session_ended", world.Book.Run(new AuthenticateOperator(support.Session)).Refusal?.Code);
    }

    [Fact]
    public async Task An_operators_route_takes_no_customer_and_a_customers_no_operator()
    {
        await using var world = await EdgeWorld.StartAsync(null, new OperatorsModule());
        using (var scope = world.Services.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<OperatorFlow>().EnsureDemoAsync();
        }

        var customer = world.Client(await world.SignUpAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await customer.GetAsync("/api/v1/ops/operators")).StatusCode);
        var (console, _) = world.Browser();
        var (status, _) = await world.PostAsync(console, "/api/v1/ops/sessions", new { name = "Demo", password = OperatorFlow.DemoPassword });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(HttpStatusCode.OK, (await console.GetAsync("/api/v1/ops/operators")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await console.GetAsync("/api/v1/me")).StatusCode);
    }

    private static DefaultHttpContext Http(IServiceScope scope) =>
        new() { RequestServices = scope.ServiceProvider, Request = { Scheme = "http", Host = new HostString("localhost") } };

    private static async Task<OperatorSignedIn> EnrolAsync(IServiceScope scope, SoftPasskey passkey, string name)
    {
        var flow = scope.ServiceProvider.GetRequiredService<OperatorFlow>();
        var token = (await flow.InviteFirstAsync())!;
        var (challenge, id) = (await flow.OfferAsync(Http(scope), token, name))!.Value;
        return (await flow.EnrolAsync(Http(scope), token, id, name, new PasskeyAnswer(passkey.Create(challenge.Options), challenge.State))).Value;
    }
}
