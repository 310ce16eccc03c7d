using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Tests.Edge;

namespace Peony.Tests;

public sealed class SignUpTests
{
    [Fact]
    public async Task A_phone_and_its_code_and_a_password_make_a_customer()
    {
        await using var world = await EdgeWorld.StartAsync();
        var token = await world.SignUpAsync();
        var me = await world.Client(token).GetFromJsonAsync<JsonElement>("/api/v1/me");
        Assert.Equal("138****8000", me.GetProperty("phone").GetString());
        Assert.Equal("none", me.GetProperty("verification_level").GetString());
        Assert.False(me.GetProperty("has_pin").GetBoolean());
    }

    [Fact]
    public async Task Five_wrong_codes_end_the_sign_up()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = world.Client();
        var (_, started) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "13800138000" });
        var path = $"/api/v1/sign-ups/{started.GetProperty("id").GetString()}/confirm";
        var right = world.CodeSentTo("13800138000");
        var wrong = right == "000000" ? "000001" : "000000";
        for (var left = 4; left >= 0; left--)
        {
            var (status, problem) = await world.PostAsync(client, path, new { code = wrong });
            Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
            Assert.Equal($"{left}", problem.GetProperty("left").GetString());
        }

        var (_, dead) = await world.PostAsync(client, path, new { code = right });
        Assert.Equal("sign_up.code_expired", dead.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_code_runs_out_by_the_books_clock()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = world.Client();
        var (_, started) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "13800138000" });
        var code = world.CodeSentTo("13800138000");
        world.Book.Advance(SignUp.CodeLife);
        var (_, problem) = await world.PostAsync(client, $"/api/v1/sign-ups/{started.GetProperty("id").GetString()}/confirm", new { code });
        Assert.Equal("sign_up.code_expired", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_phone_that_has_an_account_is_told_so_only_with_the_code()
    {
        await using var world = await EdgeWorld.StartAsync();
        await world.SignUpAsync();
        var client = world.Client();
        var (status, started) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "13800138000" });
        Assert.Equal(HttpStatusCode.Created, status);
        var (_, problem) = await world.PostAsync(client, $"/api/v1/sign-ups/{started.GetProperty("id").GetString()}/confirm", new { code = world.CodeSentTo("13800138000") });
        Assert.Equal("sign_up.phone_in_use", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Five_codes_an_hour_go_to_one_phone()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = world.Client();
        for (var number = 0; number < 5; number++)
        {
            Assert.Equal(HttpStatusCode.Created, (await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "13800138000" })).Status);
        }

        var (_, problem) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "138 0013 8000" });
        Assert.Equal("sign_up.too_many_codes", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task What_nobody_finished_is_forgotten_after_a_day()
    {
        await using var world = await EdgeWorld.StartAsync();
        var (_, started) = await world.PostAsync(world.Client(), "/api/v1/sign-ups", new { phone = "13800138000" });
        world.Book.Advance(TimeSpan.FromDays(1));
        var signUp = await world.Book.Reader.FindAsync<SignUp>(started.GetProperty("id").GetString()!);
        Assert.Null(signUp!.PhoneHash);
        Assert.Null(signUp.Phone);
    }

    [Fact]
    public async Task A_half_finished_sign_up_finishes_at_the_next_sign_in()
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = world.Client();
        var (_, started) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "13800138000" });
        var id = started.GetProperty("id").GetString()!;
        await world.PostAsync(client, $"/api/v1/sign-ups/{id}/confirm", new { code = world.CodeSentTo("13800138000") });
        var signUp = (await world.Book.Reader.FindAsync<SignUp>(id))!;
        using (var scope = world.Services.CreateScope())
        {
            // The sign-in was made, and the process ended before the Book heard of it.
            var users = scope.ServiceProvider.GetRequiredService<UserManager<PeonyUser>>();
            await users.CreateAsync(new PeonyUser { Id = signUp.Customer.Value, UserName = signUp.Customer.Value, Kind = SignInKind.Customer }, "correct horse");
        }

        var (status, session) = await world.PostAsync(client, "/api/v1/sessions", new { phone = "13800138000", password = "correct horse" });
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(signUp.Customer.Value, session.GetProperty("customer").GetString());
        Assert.NotNull(await world.Book.Reader.FindAsync<Customer>(signUp.Customer.Value));
    }

    [Theory]
    [InlineData("1234567")]
    [InlineData("password")]
    [InlineData("aaaaaaaabbb")]
    public async Task A_weak_password_is_refused(string password)
    {
        await using var world = await EdgeWorld.StartAsync();
        var client = world.Client();
        var (_, started) = await world.PostAsync(client, "/api/v1/sign-ups", new { phone = "13800138000" });
        var (_, problem) = await world.PostAsync(client, $"/api/v1/sign-ups/{started.GetProperty("id").GetString()}/finish", new { code = world.CodeSentTo("13800138000"), password });
        Assert.Equal("sign_in.password_weak", problem.GetProperty("code").GetString());
    }

    [Theory]
    [InlineData("12345")]
    [InlineData("+442071838750")]
    [InlineData("010-62781234")]
    public async Task Only_mainland_mobile_numbers_sign_up(string phone)
    {
        await using var world = await EdgeWorld.StartAsync();
        var (status, problem) = await world.PostAsync(world.Client(), "/api/v1/sign-ups", new { phone });
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("phone", problem.GetProperty("param").GetString());
    }

    [Fact]
    public async Task Nothing_typed_stands_in_clear_in_the_journal()
    {
        await using var world = await EdgeWorld.StartAsync();
        var token = await world.SignUpAsync();
        var code = world.CodeSentTo("13800138000");
        var all = string.Concat(world.Book.Journal.Select(frame => System.Text.Encoding.Latin1.GetString(frame.Payload)));
        Assert.DoesNotContain("13800138000", all, StringComparison.Ordinal);
        Assert.DoesNotContain("correct horse", all, StringComparison.Ordinal);
        Assert.DoesNotContain(token, all, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{code}\"", all, StringComparison.Ordinal);
    }
}
