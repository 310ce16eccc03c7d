using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peony.Customers;
using Peony.Customers.Mail;
using Peony.Tests.Edge;

namespace Peony.Tests;

public sealed class EmailTests
{
    private const string Address = "lin@peony.example";

    [Fact]
    public async Task An_address_counts_once_its_code_has_come_back()
    {
        await using var world = await EdgeWorld.StartAsync();
        var (client, id) = await JoinAsync(world);
        Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync(world, client, Address)).Status);
        Assert.Null((await CustomerAsync(world, id)).Email);
        var code = await CodeAsync(world);
        Assert.Equal(HttpStatusCode.NoContent, (await ConfirmAsync(world, client, code)).Status);

        Assert.Equal(Address, await world.Vault.OpenAsync(id.Value, (await CustomerAsync(world, id)).Email!.Value, TestContext.Current.CancellationToken));
        var journal = string.Concat(world.Book.Journal.Select(frame => Encoding.UTF8.GetString(frame.Payload)));
        Assert.DoesNotContain(Address, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(code, journal, StringComparison.Ordinal);

        Assert.Equal("email.code_expired", Code(await ConfirmAsync(world, client, code)));
        Assert.Equal(HttpStatusCode.NoContent, (await world.SendAsync(client, HttpMethod.Delete, "/api/v1/me/email")).Status);
        Assert.Null((await CustomerAsync(world, id)).Email);
    }

    [Fact]
    public async Task Five_wrong_codes_kill_it_and_a_newer_address_takes_its_place()
    {
        await using var world = await EdgeWorld.StartAsync();
        var (client, id) = await JoinAsync(world);
        await OrderAsync(world, client, Address);
        var first = await CodeAsync(world);
        var wrong = first == "000000" ? "000001" : "000000";
        for (var left = 4; left >= 0; left--)
        {
            var (_, problem) = await ConfirmAsync(world, client, wrong);
            Assert.Equal(("email.code_wrong", left.ToString(System.Globalization.CultureInfo.InvariantCulture)), (problem.GetProperty("code").GetString(), problem.GetProperty("left").GetString()));
        }

        Assert.Equal("email.code_expired", Code(await ConfirmAsync(world, client, first)));
        await OrderAsync(world, client, "second@peony.example");
        Assert.Equal(HttpStatusCode.NoContent, (await ConfirmAsync(world, client, await CodeAsync(world))).Status);
        Assert.Equal("second@peony.example", await world.Vault.OpenAsync(id.Value, (await CustomerAsync(world, id)).Email!.Value, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_is_no_address_is_not_sent_to_and_codes_are_braked()
    {
        await using var world = await EdgeWorld.StartAsync();
        var (client, _) = await JoinAsync(world);
        var (status, problem) = await OrderAsync(world, client, "no address");
        Assert.Equal((HttpStatusCode.BadRequest, "email"), (status, problem.GetProperty("param").GetString()));
        for (var order = 0; order < EmailConfirmation.MostCodesAnHour; order++)
        {
            Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync(world, client, Address)).Status);
        }

        Assert.Equal("email.too_many_codes", Code(await OrderAsync(world, client, Address)));
        world.Book.Advance(TimeSpan.FromHours(1));
        Assert.Equal(HttpStatusCode.Accepted, (await OrderAsync(world, client, Address)).Status);
    }

    [Fact]
    public async Task A_code_that_nobody_gave_back_dies_and_its_address_is_forgotten()
    {
        await using var world = await EdgeWorld.StartAsync();
        var (client, id) = await JoinAsync(world);
        await OrderAsync(world, client, Address);
        var code = await CodeAsync(world);
        world.Book.Advance(EmailConfirmation.CodeLife);
        Assert.Equal("email.code_expired", Code(await ConfirmAsync(world, client, code)));
        Assert.Null((await world.Book.Reader.FindAsync<EmailConfirmation>(id.Value, TestContext.Current.CancellationToken))!.Email);
    }

    [Fact]
    public async Task An_erased_customer_leaves_no_address()
    {
        await using var world = await EdgeWorld.StartAsync();
        var (client, id) = await JoinAsync(world);
        await OrderAsync(world, client, Address);
        await ConfirmAsync(world, client, await CodeAsync(world));
        await OrderAsync(world, client, "second@peony.example");
        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(client, "/api/v1/me/erase", new { password = "correct horse" })).Status);
        world.Book.Settle();
        Assert.Null((await CustomerAsync(world, id)).Email);
        Assert.Null((await world.Book.Reader.FindAsync<EmailConfirmation>(id.Value, TestContext.Current.CancellationToken))!.Email);
        Assert.Contains(id.Value, await world.Vault.ErasedAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<(HttpClient Client, CustomerId Id)> JoinAsync(EdgeWorld world)
    {
        var client = world.Client(await world.SignUpAsync());
        return (client, new CustomerId((await client.GetFromJsonAsync<JsonElement>("/api/v1/me")).GetProperty("id").GetString()!));
    }

    private static Task<(HttpStatusCode Status, JsonElement Body)> OrderAsync(EdgeWorld world, HttpClient client, string email) =>
        world.SendAsync(client, HttpMethod.Put, "/api/v1/me/email", new { email });

    private static Task<(HttpStatusCode Status, JsonElement Body)> ConfirmAsync(EdgeWorld world, HttpClient client, string code) =>
        world.PostAsync(client, "/api/v1/me/email/confirm", new { code });

    /// <summary>The digits of the last mail.</summary>
    private static Task<string> CodeAsync(EdgeWorld world)
    {
        world.Book.Settle();
        return Task.FromResult(Regex.Match(world.Mail.Messages[^1].Text, "[0-9]{6}").Value);
    }

    private static string? Code((HttpStatusCode Status, JsonElement Body) answer) => answer.Body.GetProperty("code").GetString();

    private static async Task<Customer> CustomerAsync(EdgeWorld world, CustomerId id) => (await world.Book.Reader.FindAsync<Customer>(id.Value))!;
}
