using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Peony.Edge;

namespace Peony.Notices;

/// <summary>An SMS gateway that speaks JSON over HTTP; the protocol is written down in <c>README.md</c>.</summary>
internal sealed class HttpSmsGateway(IHttpClientFactory clients, PeonyOptions options) : ISmsProvider
{
    public const string ClientName = "sms";

    public async Task<SmsReceipt> SendAsync(string clientMessageId, string to, string text, CancellationToken cancel)
    {
        using var client = Client();
        using var response = await client.PostAsJsonAsync("messages", new SmsOrder(clientMessageId, to, text), cancel);
        response.EnsureSuccessStatusCode();
        return (await ReadAsync(response, cancel)) ?? throw new HttpRequestException("The SMS gateway answered without a message.");
    }

    public async Task<SmsReceipt?> StatusAsync(string providerId, CancellationToken cancel)
    {
        using var client = Client();
        using var response = await client.GetAsync(new Uri("messages/" + Uri.EscapeDataString(providerId), UriKind.Relative), cancel);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return await ReadAsync(response, cancel);
    }

    private HttpClient Client() => Providers.Client(clients, ClientName, options.SmsUrl, options.ProviderKey);

    private static async Task<SmsReceipt?> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var message = await response.Content.ReadFromJsonAsync<SmsAnswer>(cancel);
        return message is null ? null : new SmsReceipt(message.Id, message.Status switch
        {
            "accepted" => SmsState.Accepted,
            "delivered" => SmsState.Delivered,
            "failed" => SmsState.Failed,
            _ => throw new HttpRequestException("The SMS gateway answered with a status we do not know."),
        }, message.Reason);
    }

    private sealed record SmsOrder(
        [property: JsonPropertyName("client_message_id")] string ClientMessageId,
        [property: JsonPropertyName("to")] string To,
        [property: JsonPropertyName("text")] string Text);

    private sealed record SmsAnswer(
        [property: JsonPropertyName("id")] string Id,
        [property: JsonPropertyName("status")] string Status,
        [property: JsonPropertyName("reason")] string? Reason);
}
