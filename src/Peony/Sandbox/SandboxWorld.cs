using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Peony.Book;
using Peony.Customers;
using Peony.Edge;

namespace Peony.Sandbox;

/// <summary>
/// Fills a fresh sandbox: every demo customer signs up, verifies, binds a card and uses it through the native API, as somebody from outside would. Nothing is written past the doors.
/// </summary>
internal sealed partial class SandboxWorld(IServer server, IHttpClientFactory clients, BookHost book, SimulatorControl simulators, PeonyOptions options) : IReadiness
{
    public const string ClientName = "sandbox-world";
    private volatile bool _isPrepared;

    public ValueTask<string?> NotReadyAsync(CancellationToken cancel) => ValueTask.FromResult(_isPrepared ? null : "The demo data are being made.");

    /// <summary>Makes what is missing; a sandbox that has customers is left as it is.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (options.IsDemo)
        {
            await simulators.FollowAsync(book.Now, cancel);
            if ((await book.Reader.ListAllAsync<Customer>(new Page(1), cancel)).Count == 0)
            {
                // The bank settles at once while the demo data are made.
                await simulators.SetFaultsAsync("bank", new JsonObject { ["settle_after"] = "PT0S" }, cancel);
                await Task.WhenAll(LinAsync(cancel), ChenAsync(cancel));
                await simulators.SetFaultsAsync("bank", null, cancel);
            }
        }

        _isPrepared = true;
    }

    private async Task LinAsync(CancellationToken cancel)
    {
        using var lin = await SignUpAsync(DemoPeople.Lin, cancel);
        var card = await BindAsync(lin, DemoPeople.Lin, cancel);
        await OpenLineAsync(lin, card, cancel);
        var topUp = await PostAsync(lin, "wallet/top-ups", new { card, amount = Cny(300_000), pin = DemoPeople.Pin }, cancel);
        await SettledAsync(lin, $"wallet/top-ups/{topUp["id"]}", cancel);
        await PostAsync(lin, "credit/purchases", new { shop = "bookshop", amount = Cny(12_850), pin = DemoPeople.Pin }, cancel);
        await PostAsync(lin, "credit/repayments", new { source = "wallet", amount = Cny(92_850), pin = DemoPeople.Pin }, cancel);
    }

    private async Task ChenAsync(CancellationToken cancel)
    {
        using var chen = await SignUpAsync(DemoPeople.Chen, cancel);
        var card = await BindAsync(chen, DemoPeople.Chen, cancel);
        await OpenLineAsync(chen, card, cancel);
        await PostAsync(chen, "credit/purchases", new { shop = "bicycles", amount = Cny(89_900), pin = DemoPeople.Pin }, cancel);
    }

    private async Task<HttpClient> SignUpAsync(DemoPerson person, CancellationToken cancel)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = new Uri(AddressOf(server), "/api/v1/");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var started = await PostAsync(client, "sign-ups", new { phone = person.Phone, language = "zh-CN" }, cancel);
        var message = await MessageAsync(person, cancel);
        var session = await PostAsync(client, $"sign-ups/{started["id"]}/finish",
            new { code = Code().Match(message).Value, password = DemoPeople.Password, device = new { secret = "demo-device-of-" + person.Phone, name = "Demo phone" } }, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session["token"]!.GetValue<string>());
        await SendAsync(client, HttpMethod.Put, "pin", new { pin = DemoPeople.Pin }, cancel);
        await PostAsync(client, "verification", new { name = person.Name, id_number = person.IdNumber }, cancel);
        return client;
    }

    private static async Task<string> BindAsync(HttpClient client, DemoPerson person, CancellationToken cancel) =>
        (await PostAsync(client, "cards", new { number = person.CardNumber, phone = person.Phone }, cancel))["id"]!.GetValue<string>();

    private static async Task OpenLineAsync(HttpClient client, string card, CancellationToken cancel)
    {
        var terms = JsonNode.Parse(await client.GetStringAsync("credit/terms", cancel))!;
        await PostAsync(client, "credit/line", new { card, terms_digest = terms["digest"]!.GetValue<string>() }, cancel);
    }

    /// <summary>Waits for the text message, as a person does.</summary>
    private async Task<string> MessageAsync(DemoPerson person, CancellationToken cancel)
    {
        for (var looks = 0; looks < 400; looks++)
        {
            if (await simulators.MessagesAsync("+86" + person.Phone, cancel) is [{ } newest, ..])
            {
                return newest["text"]!.GetValue<string>();
            }

            await Task.Delay(25, cancel);
        }

        throw new InvalidOperationException($"The demo data could not be made: no text message came to {person.Phone}.");
    }

    /// <summary>Waits for the bank's word, as a page does that looks again.</summary>
    private static async Task SettledAsync(HttpClient client, string path, CancellationToken cancel)
    {
        for (var looks = 0; looks < 400; looks++)
        {
            if (JsonNode.Parse(await client.GetStringAsync(path, cancel))!["state"]!.GetValue<string>() == "settled")
            {
                return;
            }

            await Task.Delay(25, cancel);
        }

        throw new InvalidOperationException($"The demo data could not be made: {path} was not settled.");
    }

    private static object Cny(long minor) => new { amount = minor, currency = "CNY" };

    private static Task<JsonNode> PostAsync(HttpClient client, string path, object body, CancellationToken cancel) => SendAsync(client, HttpMethod.Post, path, body, cancel);

    private static async Task<JsonNode> SendAsync(HttpClient client, HttpMethod method, string path, object body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", "demo/" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12)));
        using var response = await client.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text.Length == 0 ? "{}" : text)!
            : throw new InvalidOperationException($"The demo data could not be made: {path} answered {(int)response.StatusCode} {text}");
    }

    /// <summary>The address this process listens at, as it reaches itself.</summary>
    private static Uri AddressOf(IServer server) => new(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
        .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal));

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Code();
}
