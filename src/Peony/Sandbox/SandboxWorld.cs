using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Peony.Book;
using Peony.Edge;

namespace Peony.Sandbox;

/// <summary>
/// Fills a fresh sandbox: every demo customer signs up, verifies, binds a card and uses it through the native API, as somebody from outside would. Nothing is written past the doors.
/// </summary>
internal sealed partial class SandboxWorld(IServer server, IHttpClientFactory clients, BookHost book, SimulatorControl simulators, DemoShop shop, PeonyOptions options) : IReadiness
{
    public const string ClientName = "sandbox-world";
    private const int Looks = 400;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);
    private volatile bool _isPrepared;

    public ValueTask<string?> NotReadyAsync(CancellationToken cancel) => ValueTask.FromResult(_isPrepared ? null : "The demo data are being made.");

    /// <summary>
    /// Makes what is missing, once: afterwards the demo customers live their own lives. Every step has a key of its own, so a process killed half-way is taken up where it stopped.
    /// </summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (options.IsDemo)
        {
            await simulators.FollowAsync(book.Now, cancel);
            if (await book.Reader.FindAsync<DemoWorld>(DemoWorld.TheKey, cancel) is null)
            {
                // The bank settles at once while the demo data are made.
                await simulators.SetFaultsAsync("bank", new JsonObject { ["settle_after"] = "PT0S" }, cancel);
                await Task.WhenAll(LinAsync(cancel), ChenAsync(cancel));
                await simulators.SetFaultsAsync("bank", null, cancel);
                await book.RunAsync(new NoteDemoWorld(), cancel: cancel);
            }

            await shop.OpenAsync(cancel);
        }

        _isPrepared = true;
    }

    private async Task LinAsync(CancellationToken cancel)
    {
        using var lin = await JoinAsync(DemoPeople.Lin, cancel);
        var card = await BindAsync(lin, DemoPeople.Lin, cancel);
        await OpenLineAsync(lin, card, cancel);
        await PostAsync(lin, "pay-code", new { pin = DemoPeople.Pin }, cancel);
        var topUp = await PostAsync(lin, "wallet/top-ups", new { card, amount = Cny(300_000), pin = DemoPeople.Pin }, cancel);
        await SettledAsync(lin, $"wallet/top-ups/{topUp["id"]}", cancel);
        await PostAsync(lin, "credit/purchases", new { shop = "bookshop", amount = Cny(12_850), pin = DemoPeople.Pin }, cancel);
        await PostAsync(lin, "credit/repayments", new { source = "wallet", amount = Cny(92_850), pin = DemoPeople.Pin }, cancel);
    }

    private async Task ChenAsync(CancellationToken cancel)
    {
        using var chen = await JoinAsync(DemoPeople.Chen, cancel);
        var card = await BindAsync(chen, DemoPeople.Chen, cancel);
        await OpenLineAsync(chen, card, cancel);
        await PostAsync(chen, "credit/purchases", new { shop = "bicycles", amount = Cny(89_900), pin = DemoPeople.Pin }, cancel);
    }

    /// <summary>Signs in who signed up before the process was killed; signs up everybody else.</summary>
    private async Task<HttpClient> JoinAsync(DemoPerson person, CancellationToken cancel)
    {
        var client = clients.CreateClient(ClientName);
        client.BaseAddress = new Uri(AddressOf(server), "/api/v1/");
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var token = await SignInAsync(client, person, cancel) ?? await SignUpAsync(client, person, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await SendAsync(client, HttpMethod.Put, "pin", new { pin = DemoPeople.Pin }, cancel);
        await PostAsync(client, "verification", new { name = person.Name, id_number = person.IdNumber }, cancel);
        return client;
    }

    private static async Task<string?> SignInAsync(HttpClient client, DemoPerson person, CancellationToken cancel)
    {
        using var request = Request(HttpMethod.Post, "sessions", new { phone = person.Phone, password = DemoPeople.Password, device = DeviceOf(person) }, FreshKey());
        using var response = await client.SendAsync(request, cancel);
        return response.IsSuccessStatusCode ? TokenOf(JsonNode.Parse(await response.Content.ReadAsStringAsync(cancel))!) : null;
    }

    /// <summary>Reads the phone until a code on it is the right one: after a kill the code of an earlier try may arrive as well.</summary>
    private async Task<string> SignUpAsync(HttpClient client, DemoPerson person, CancellationToken cancel)
    {
        var started = await SendAsync(client, HttpMethod.Post, "sign-ups", new { phone = person.Phone, language = "zh-CN" }, cancel, FreshKey());
        var tried = new HashSet<string>(StringComparer.Ordinal);
        for (var looks = 0; looks < Looks; looks++)
        {
            foreach (var message in await simulators.MessagesAsync("+86" + person.Phone, cancel))
            {
                var code = Code().Match(message!["text"]!.GetValue<string>()).Value;
                if (!tried.Add(code))
                {
                    continue;
                }

                using var request = Request(HttpMethod.Post, $"sign-ups/{started["id"]}/finish", new { code, password = DemoPeople.Password, device = DeviceOf(person) }, FreshKey());
                using var response = await client.SendAsync(request, cancel);
                if (response.IsSuccessStatusCode)
                {
                    return TokenOf(JsonNode.Parse(await response.Content.ReadAsStringAsync(cancel))!);
                }
            }

            await Task.Delay(Pause, cancel);
        }

        throw new InvalidOperationException($"The demo data could not be made: no good code came to {person.Phone}.");
    }

    private static object DeviceOf(DemoPerson person) => new { secret = "demo-device-of-" + person.Phone, name = "Demo phone" };

    private static string TokenOf(JsonNode session) => session["token"]!.GetValue<string>();

    private static async Task<string> BindAsync(HttpClient client, DemoPerson person, CancellationToken cancel) =>
        (await PostAsync(client, "cards", new { number = person.CardNumber, phone = person.Phone }, cancel))["id"]!.GetValue<string>();

    private static async Task OpenLineAsync(HttpClient client, string card, CancellationToken cancel)
    {
        var terms = JsonNode.Parse(await client.GetStringAsync("credit/terms", cancel))!;
        await PostAsync(client, "credit/line", new { card, terms_digest = terms["digest"]!.GetValue<string>() }, cancel);
    }

    /// <summary>Waits for the bank's word, as a page does that looks again.</summary>
    private static async Task SettledAsync(HttpClient client, string path, CancellationToken cancel)
    {
        for (var looks = 0; looks < Looks; looks++)
        {
            if (JsonNode.Parse(await client.GetStringAsync(path, cancel))!["state"]!.GetValue<string>() == "settled")
            {
                return;
            }

            await Task.Delay(Pause, cancel);
        }

        throw new InvalidOperationException($"The demo data could not be made: {path} was not settled.");
    }

    private static object Cny(long minor) => new { amount = minor, currency = "CNY" };

    private static Task<JsonNode> PostAsync(HttpClient client, string path, object body, CancellationToken cancel) => SendAsync(client, HttpMethod.Post, path, body, cancel);

    /// <param name="key">Without one the step has its own key, the same in every run: it happens once a customer.</param>
    private static async Task<JsonNode> SendAsync(HttpClient client, HttpMethod method, string path, object body, CancellationToken cancel, string? key = null)
    {
        using var request = Request(method, path, body, key ?? "demo/" + path);
        using var response = await client.SendAsync(request, cancel);
        var text = await response.Content.ReadAsStringAsync(cancel);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(text.Length == 0 ? "{}" : text)!
            : throw new InvalidOperationException($"The demo data could not be made: {path} answered {(int)response.StatusCode} {text}");
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, object body, string key)
    {
        var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return request;
    }

    private static string FreshKey() => "demo/" + Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(12));

    /// <summary>The address this process listens at, as it reaches itself.</summary>
    internal static Uri AddressOf(IServer server) => new(server.Features.Get<IServerAddressesFeature>()!.Addresses.First()
        .Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal).Replace("//+", "//localhost", StringComparison.Ordinal)
        .Replace("//*", "//localhost", StringComparison.Ordinal));

    [GeneratedRegex("[0-9]{6}")]
    private static partial Regex Code();
}

/// <summary>That the demo data were made, so that they are not made again when a demo customer has used them up.</summary>
internal sealed record DemoWorld(DateTimeOffset MadeAt) : IRecord
{
    public const string TheKey = "demo";

    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => TheKey;
}

internal sealed record NoteDemoWorld : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (work.Find<DemoWorld>(DemoWorld.TheKey) is null)
        {
            work.Save(new DemoWorld(work.Now));
        }

        return new Done();
    }
}
