using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Peony.Proof;

/// <summary>An answer of the API, as it came.</summary>
internal sealed record Answer(int Status, string Text)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The problem's code; null for a success.</summary>
    public string? Code => IsSuccess ? null : Json["code"]?.GetValue<string>();

    public Answer OrFail(string what)
    {
        Proofs.Hold(IsSuccess, $"{what}: {Status} {Text}");
        return this;
    }
}

/// <summary>A customer's program: one session at the native API.</summary>
internal sealed partial class Caller(string phone)
{
    /// <summary>The demo customers, as <c>GET /sandbox/customers</c> shows them.</summary>
    public const string Lin = "13800138000";
    public const string Chen = "13900139000";
    public const string Password = "peony-demo-2026";
    public const string Pin = "258036";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private string? _lastCodeMessage;

    public string Phone => phone;

    public string? Token { get; set; }

    /// <summary>Every answer that was no success, for those who search them.</summary>
    public List<string> Problems { get; } = [];

    public static async Task<Caller> SignInAsync(ServerProcess server, string phone, string password = Password)
    {
        var caller = new Caller(phone);
        var session = await InsistAsync("sign in", () => caller.PostAsync(server, "sessions", new { phone, password, device = new { secret = "proof-device-of-" + phone, name = "Proof" } }));
        caller.Token = session.Json["token"]!.GetValue<string>();
        return caller;
    }

    private static async Task<Answer> InsistAsync(string what, Func<Task<Answer>> ask)
    {
        for (var since = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            if (await ask() is var answer && (answer.Status is not (429 or 503) || since.Elapsed > Patience))
            {
                return answer.OrFail(what);
            }
        }
    }

    public static string NewKey() => Guid.NewGuid().ToString("N");

    public static object Cny(long minor) => new { amount = minor, currency = "CNY" };

    public Task<Answer> GetAsync(ServerProcess server, string path) => SendAsync(server, HttpMethod.Get, path, null, null);

    /// <summary>What stands there, from a server that may be too busy to say it at once.</summary>
    public Task<Answer> ReadAsync(ServerProcess server, string path) => InsistAsync(path, () => GetAsync(server, path));

    public Task<Answer> PostAsync(ServerProcess server, string path, object body, string? key = null) =>
        SendAsync(server, HttpMethod.Post, path, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"), key);

    public async Task<Answer> SendAsync(ServerProcess server, HttpMethod method, string path, HttpContent? body, string? key, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path) { Content = body };
        request.Headers.Authorization = Token is null ? null : new AuthenticationHeaderValue("Bearer", Token);
        request.Headers.Add("Idempotency-Key", key ?? NewKey());
        using var response = await server.Client.SendAsync(request, cancel);
        var answer = new Answer((int)response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
        if (!answer.IsSuccess)
        {
            lock (Problems)
            {
                Problems.Add(answer.Text);
            }
        }

        return answer;
    }

    public Task<Answer> BuyAsync(ServerProcess server, long minor, string? key = null) =>
        PostAsync(server, "credit/purchases", new { shop = "bookshop", amount = Cny(minor), pin = Pin }, key);

    /// <summary>What is left to spend: credit balance less what is owed.</summary>
    public async Task<long> FreeAsync(ServerProcess server)
    {
        var line = (await ReadAsync(server, "credit")).Json;
        return line["credit_balance"]!["amount"]!.GetValue<long>() - line["owed"]!["amount"]!.GetValue<long>();
    }

    /// <summary>The first debit card.</summary>
    public async Task<string> CardAsync(ServerProcess server) =>
        (await ReadAsync(server, "cards")).Json["data"]![0]!["id"]!.GetValue<string>();

    /// <summary>Asks for a withdrawal from the wallet balance to a card and reads the code from the sandbox phone.</summary>
    public async Task<(string Id, string Code)> AskAsync(ServerProcess server, string card, long minor)
    {
        var asked = (await PostAsync(server, "withdrawals", new { source = "wallet", card, amount = Cny(minor), pin = Pin })).OrFail("withdrawal");
        return (asked.Json["id"]!.GetValue<string>(), await CodeAsync(server));
    }

    /// <summary>The next code that arrives on the phone: each is read once.</summary>
    public async Task<string> CodeAsync(ServerProcess server)
    {
        for (var tries = 0; tries < 1000; tries++)
        {
            foreach (var message in await MessagesAsync(server))
            {
                var id = message!["id"]!.GetValue<string>();
                if (id == _lastCodeMessage)
                {
                    break;
                }

                var code = Code().Match(message["text"]!.GetValue<string>());
                if (code.Success)
                {
                    _lastCodeMessage = id;
                    return code.Value;
                }
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("No code arrived.");
    }

    public async Task<JsonArray> MessagesAsync(ServerProcess server)
    {
        var text = await server.Client.GetStringAsync("/sandbox/sms?to=" + Uri.EscapeDataString("+86" + phone));
        return (JsonArray)JsonNode.Parse(text)!["messages"]!;
    }

    /// <summary>Advances the Book's clock; what falls due on the way has happened when this returns.</summary>
    public static async Task AdvanceAsync(ServerProcess server, string by)
    {
        using var body = new StringContent(JsonSerializer.Serialize(new { by }), Encoding.UTF8, "application/json");
        using var response = await server.Client.PostAsync("/sandbox/clock/advance", body);
        Proofs.Hold(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("(?<![0-9])[0-9]{8}(?![0-9])")]
    private static partial Regex Code();
}
