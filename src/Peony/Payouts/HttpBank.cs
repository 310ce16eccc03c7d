using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Serialization;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>A bank that takes files over HTTP; the calls are written down in <c>README.md</c>.</summary>
internal sealed class HttpBank(IHttpClientFactory clients, PeonyOptions options) : IBankRail
{
    public const string ClientName = "bank";

    public async Task<BankReply> AskAsync(string endToEndId, Money amount, CancellationToken cancel)
    {
        using var client = Client();
        using var response = await client.GetAsync(new Uri("orders/" + Uri.EscapeDataString(endToEndId), UriKind.Relative), cancel);
        if (response.StatusCode != HttpStatusCode.NotFound)
        {
            return await ReadAsync(response, endToEndId, amount, cancel);
        }

        // A wrong address or a proxy answers 404 too: only the bank's own report makes it "not known".
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        return StatusFile.IsNotKnown(Read(body), endToEndId)
            ? new BankReply(new BankAnswer(BankSaid.NotKnown), body)
            : throw new HttpRequestException("The bank answered 404 without saying that it does not know the order.");
    }

    public async Task<BankReply> PayAsync(Payout payout, byte[] file, CancellationToken cancel)
    {
        using var client = Client();
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/xml") { CharSet = "utf-8" };
        using var response = await client.PostAsync(new Uri("payments", UriKind.Relative), content, cancel);
        return await ReadAsync(response, payout.Id.Value, payout.Amount, cancel);
    }

    public async Task<BankReply> CollectAsync(Collection collection, CardInstruction card, CancellationToken cancel)
    {
        using var client = Client();
        var order = new CollectionOrder(collection.Id.Value, collection.Id.Value, collection.Amount.Amount(), collection.Amount.Currency.Code, card.Name, card.Number, collection.Reference);
        using var response = await client.PostAsJsonAsync("collections", order, cancel);
        return await ReadAsync(response, collection.Id.Value, collection.Amount, cancel);
    }

    private HttpClient Client() => Providers.Client(clients, ClientName, options.BankUrl, options.ProviderKey);

    private static async Task<BankReply> ReadAsync(HttpResponseMessage response, string endToEndId, Money amount, CancellationToken cancel)
    {
        response.EnsureSuccessStatusCode();
        var body = await response.Content.ReadAsByteArrayAsync(cancel);
        return new BankReply(StatusFile.AnswerFor(Read(body), endToEndId, amount), body);
    }

    private static StatusReport Read(byte[] body)
    {
        try
        {
            return StatusFile.Read(body);
        }
        catch (BankFormatException exception)
        {
            throw new HttpRequestException("The bank's answer cannot be read: " + exception.Message, exception);
        }
    }

    private sealed record CollectionOrder(
        [property: JsonPropertyName("message_id")] string MessageId,
        [property: JsonPropertyName("end_to_end_id")] string EndToEndId,
        [property: JsonPropertyName("amount")] string Amount,
        [property: JsonPropertyName("currency")] string Currency,
        [property: JsonPropertyName("debtor_name")] string DebtorName,
        [property: JsonPropertyName("debtor_account")] string DebtorAccount,
        [property: JsonPropertyName("purpose")] string Purpose);
}
