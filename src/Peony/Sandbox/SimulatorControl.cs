using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Peony.Edge;

namespace Peony.Sandbox;

/// <summary>A text message as the sandbox phone shows it.</summary>
public sealed record PhoneMessage(string Id, string To, string Text, string State, DateTimeOffset At);

/// <summary>Talks to the simulators' control over HTTP, as a test from outside would.</summary>
internal sealed class SimulatorControl(IHttpClientFactory clients, PeonyOptions options)
{
    public const string ClientName = "simulators";

    /// <summary>Tells the bank where its reports go.</summary>
    public async Task SendReportsToAsync(Uri address, CancellationToken cancel = default) => await PostAsync("callback", new { url = address }, cancel);

    /// <summary>Moves the simulators' clock to the Book's and says when something is due there next.</summary>
    public async Task<DateTimeOffset?> FollowAsync(DateTimeOffset now, CancellationToken cancel = default) =>
        (await PostAsync("clock", new { now }, cancel))?["next_due"]?.GetValue<DateTimeOffset>();

    public async Task<JsonNode?> FaultsAsync(CancellationToken cancel = default) => await GetAsync("faults", cancel);

    /// <summary>Replaces the faults of one part (<c>bank</c>, <c>sms</c>, <c>bureau</c>, <c>mail</c>).</summary>
    public async Task<JsonNode?> SetFaultsAsync(string part, JsonNode? faults, CancellationToken cancel = default) =>
        await PostAsync("faults", new JsonObject { [part] = faults?.DeepClone() ?? new JsonObject() }, cancel);

    public async Task<JsonNode?> StateAsync(CancellationToken cancel = default) => await GetAsync("state", cancel);

    /// <summary>The messages of a phone, newest first; all phones without one.</summary>
    public async Task<JsonArray> MessagesAsync(string? to, CancellationToken cancel = default) =>
        (JsonArray)(await GetAsync("messages" + (to is null ? "" : "?to=" + Uri.EscapeDataString(to)), cancel))!["messages"]!;

    /// <summary>The mail of an address, newest first; all mail without one.</summary>
    public async Task<JsonArray> MailAsync(string? to, CancellationToken cancel = default) =>
        (JsonArray)(await GetAsync("mail" + (string.IsNullOrEmpty(to) ? "" : "?to=" + Uri.EscapeDataString(to)), cancel))!["messages"]!;

    private async Task<JsonNode?> GetAsync(string path, CancellationToken cancel)
    {
        using var response = await Client().GetAsync(path, cancel);
        return await ReadAsync(response, cancel);
    }

    private async Task<JsonNode?> PostAsync(string path, object body, CancellationToken cancel)
    {
        using var response = await Client().PostAsJsonAsync(path, body, cancel);
        return await ReadAsync(response, cancel);
    }

    private static async Task<JsonNode?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidRequestException("body", "the simulator does not take it: " + text, "模拟器不接受：" + text);
        }

        return text.Length == 0 ? null : JsonNode.Parse(text);
    }

    private HttpClient Client() => Providers.Client(clients, ClientName, options.BankUrl is { } bank ? new Uri(bank, "/control/") : null, options.ProviderKey);
}
