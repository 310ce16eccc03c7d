using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Tests.Edge;

namespace Peony.Tests;

public sealed class SignInTests
{
    private const string Phone = "13800138000";
    private const string Password = "correct horse";

    [Fact]
    public async Task A_wrong_password_and_an_unknown_phone_answer_alike()
    {
        await using var world = await EdgeWorld.StartAsync();
        await world.SignUpAsync(Phone, Password);
        var (wrong, one) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = "not this one" });
        var (unknown, two) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = "13900139000", password = "not this one" });
        Assert.Equal(HttpStatusCode.Unauthorized, wrong);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown);
        Assert.Equal(one.GetProperty("detail").GetString(), two.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Ten_wrong_passwords_lock_the_sign_in_by_password()
    {
        await using var world = await EdgeWorld.StartAsync();
        await world.SignUpAsync(Phone, Password);
        for (var number = 0; number < 10; number++)
        {
            await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = "not this one" });
        }

        var (_, problem) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password });
        Assert.Equal("sign_in.locked", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task The_same_device_is_known_again_and_a_new_one_is_told()
    {
        await using var world = await EdgeWorld.StartAsync();
        await world.SignUpAsync(Phone, Password, device: "my-own-phone-0001");
        var (_, again) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password, device = new { secret = "my-own-phone-0001" } });
        var (_, other) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password, device = new { secret = "another-phone-002" } });
        Assert.False(again.GetProperty("device").GetProperty("is_new").GetBoolean());
        Assert.True(other.GetProperty("device").GetProperty("is_new").GetBoolean());
        Assert.NotEqual(again.GetProperty("device").GetProperty("id").GetString(), other.GetProperty("device").GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_session_ended_from_another_is_out_with_its_next_request()
    {
        await using var world = await EdgeWorld.StartAsync();
        var first = world.Client(await world.SignUpAsync(Phone, Password));
        var (_, session) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password });
        var second = world.Client(session.GetProperty("token").GetString());
        var list = await second.GetFromJsonAsync<JsonElement>("/api/v1/sessions");
        Assert.Equal(2, list.GetProperty("data").GetArrayLength());

        var (_, ended) = await world.PostAsync(second, "/api/v1/sessions/end-others");
        Assert.Equal(1, ended.GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/api/v1/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/api/v1/me")).StatusCode);
    }

    [Fact]
    public async Task A_strangers_session_looks_like_none()
    {
        await using var world = await EdgeWorld.StartAsync();
        await world.SignUpAsync(Phone, Password);
        var victim = (await world.Book.Reader.ListAllAsync<CustomerSession>())[0];
        var thief = world.Client(await world.SignUpAsync("13900139000", Password));
        var (status, problem) = await world.SendAsync(thief, HttpMethod.Delete, $"/api/v1/sessions/{victim.Id}");
        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Equal("session.not_found", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Removing_a_device_ends_what_is_signed_in_on_it()
    {
        await using var world = await EdgeWorld.StartAsync();
        var first = world.Client(await world.SignUpAsync(Phone, Password, device: "my-own-phone-0001"));
        var (_, session) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password, device = new { secret = "another-phone-002" } });
        var device = session.GetProperty("device").GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.NoContent, (await world.SendAsync(first, HttpMethod.Delete, $"/api/v1/devices/{device}")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client(session.GetProperty("token").GetString()).GetAsync("/api/v1/me")).StatusCode);
        var list = await first.GetFromJsonAsync<JsonElement>("/api/v1/devices");
        Assert.Equal(1, list.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [InlineData("pst_")]
    [InlineData("pst_01m83kk4b2ezga5j9a87hf8j9t.AAAA")]
    [InlineData("anything")]
    public async Task A_token_that_is_not_ours_is_nothing(string token)
    {
        await using var world = await EdgeWorld.StartAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client(token).GetAsync("/api/v1/me")).StatusCode);
    }

    [Fact]
    public async Task A_token_with_one_character_changed_is_nothing()
    {
        await using var world = await EdgeWorld.StartAsync();
        var token = await world.SignUpAsync(Phone, Password);
        var changed = token[..^2] + (token[^2] == 'A' ? 'B' : 'A') + token[^1];
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Client(changed).GetAsync("/api/v1/me")).StatusCode);
    }

    [Fact]
    public async Task A_changed_password_ends_all_other_sessions()
    {
        await using var world = await EdgeWorld.StartAsync();
        var first = world.Client(await world.SignUpAsync(Phone, Password));
        var (_, session) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password });
        var second = world.Client(session.GetProperty("token").GetString());
        var (status, _) = await world.SendAsync(second, HttpMethod.Put, "/api/v1/password", new { password = Password, new_password = "battery staple" });
        Assert.Equal(HttpStatusCode.NoContent, status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await first.GetAsync("/api/v1/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Created, (await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = "battery staple" })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.PostAsync(world.Client(), "/api/v1/sessions", new { phone = Phone, password = Password })).Status);
    }

    [Fact]
    public async Task A_passkey_signs_up_and_in_and_its_answer_works_once()
    {
        await using var world = await EdgeWorld.StartAsync();
        using var passkey = new SoftPasskey("http://localhost");
        await SignUpByPasskeyAsync(world, passkey);

        var (_, challenge) = await world.PostAsync(world.Client(), "/api/v1/sessions/passkey-options");
        var answer = new { credential = passkey.Get(challenge.GetProperty("options").GetString()!), state = challenge.GetProperty("state").GetString() };
        var (status, session) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { passkey = answer });
        Assert.Equal(HttpStatusCode.Created, status);

        // A copy of the answer is no second sign-in: at most it names the session there is.
        var (_, copy) = await world.PostAsync(world.Client(), "/api/v1/sessions", new { passkey = answer });
        Assert.True(!copy.TryGetProperty("id", out var id) || id.GetString() == session.GetProperty("id").GetString());
        Assert.Equal(2, (await world.Book.Reader.ListAllAsync<CustomerSession>()).Count);
    }

    [Fact]
    public async Task A_step_up_proves_these_details_of_this_customer_and_no_others()
    {
        await using var world = await EdgeWorld.StartAsync();
        using var passkey = new SoftPasskey("http://localhost");
        var customer = await SignUpByPasskeyAsync(world, passkey);
        using var scope = world.Services.CreateScope();
        var http = new DefaultHttpContext { RequestServices = scope.ServiceProvider, Request = { Scheme = "http", Host = new HostString("localhost") } };
        var stepUp = scope.ServiceProvider.GetRequiredService<StepUp>();
        var details = stepUp.Details("withdrawal", "500.00 CNY", "card_1");

        var challenge = (await stepUp.AskAsync(http, customer, details))!;
        var answer = passkey.Get(challenge.Options);
        Assert.Null(await stepUp.CheckAsync(http, customer, stepUp.Details("withdrawal", "900.00 CNY", "card_1"), answer, challenge.State));
        Assert.Null(await stepUp.CheckAsync(http, new CustomerId("cus_another"), details, answer, challenge.State));
        var proof = await stepUp.CheckAsync(http, customer, details, answer, challenge.State);
        Assert.Equal(details, proof?.Details);

        // A sign-in's challenge is no step-up's.
        var signIn = await scope.ServiceProvider.GetRequiredService<SignInFlow>().AskPasskeyAsync(http);
        Assert.Null(await stepUp.CheckAsync(http, customer, details, passkey.Get(signIn.Options), signIn.State));
    }

    [Fact]
    public async Task The_last_way_to_sign_in_cannot_be_removed()
    {
        await using var world = await EdgeWorld.StartAsync();
        using var passkey = new SoftPasskey("http://localhost");
        await SignUpByPasskeyAsync(world, passkey);
        var (_, signIn) = await world.PostAsync(world.Client(), "/api/v1/sessions/passkey-options");
        var (_, session) = await world.PostAsync(world.Client(), "/api/v1/sessions",
            new { passkey = new { credential = passkey.Get(signIn.GetProperty("options").GetString()!), state = signIn.GetProperty("state").GetString() } });
        var client = world.Client(session.GetProperty("token").GetString());
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/passkeys");
        var id = list.GetProperty("data")[0].GetProperty("id").GetString();
        var (_, challenge) = await world.PostAsync(client, "/api/v1/passkeys/proof-options");
        var (_, problem) = await world.PostAsync(client, $"/api/v1/passkeys/{id}/remove",
            new { passkey = new { credential = passkey.Get(challenge.GetProperty("options").GetString()!), state = challenge.GetProperty("state").GetString() } });
        Assert.Equal("passkey.last_credential", problem.GetProperty("code").GetString());
    }

    private static async Task<CustomerId> SignUpByPasskeyAsync(EdgeWorld world, SoftPasskey passkey)
    {
        var client = world.Client();
        var (_, started) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = Phone });
        var path = $"/api/v1/sign-ups/{started.GetProperty("id").GetString()}";
        var (_, confirmed) = await world.PostAsync(client, path + "/confirm", new { code = world.CodeSentTo(Phone) });
        var ticket = confirmed.GetProperty("ticket").GetString();
        var (_, challenge) = await world.PostAsync(client, path + "/passkey-options", new { ticket });
        var (status, session) = await world.PostAsync(client, path + "/finish", new
        {
            ticket,
            passkey = new { credential = passkey.Create(challenge.GetProperty("options").GetString()!), state = challenge.GetProperty("state").GetString() },
        });
        Assert.True(status == HttpStatusCode.Created, session.ToString());
        return new CustomerId(session.GetProperty("customer").GetString()!);
    }
}
