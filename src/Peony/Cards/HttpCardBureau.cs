using System.Net.Http.Json;
using System.Text.Json;
using Peony.Edge;

namespace Peony.Cards;

/// <summary>
/// The bureau's check of the four elements: one <c>POST four-elements</c> of JSON below the configured address, with the provider key in a header. The request carries our own id;
/// asked again with the same id, the bureau charges nothing and answers the same.
/// <code>
/// → {"request_id", "card_number", "name", "resident_id", "phone"}                          phone in E.164
/// ← {"request_id", "result": "match", "bank": {"code", "zh", "en"}, "kind": "debit"}       or "mismatch", or "not_supported"; bank and kind may be missing
/// </code>
/// </summary>
internal sealed class HttpCardBureau(IHttpClientFactory clients, PeonyOptions options) : ICardBureau
{
    public const string ClientName = "card-bureau";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<CardCheck> CheckAsync(CardCheckId reference, FourElements elements, CancellationToken cancel)
    {
        using var client = Providers.Client(clients, ClientName, options.BureauUrl, options.ProviderKey);
        var question = new Question(reference.Value, elements.Card.Value, elements.Name, elements.IdNumber, elements.Phone.E164);
        using var response = await client.PostAsJsonAsync("four-elements", question, Json, cancel);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<Answer>(Json, cancel) ?? throw new HttpRequestException("The bureau's answer is empty.");
        return new CardCheck(
            answer.Result switch
            {
                "match" => FourElementsAnswer.Agree,
                "mismatch" => FourElementsAnswer.Differ,
                _ => FourElementsAnswer.NotSupported,
            },
            answer.Bank?.Code,
            answer.Kind switch
            {
                "debit" => CardKind.Debit,
                "credit" => CardKind.Credit,
                _ => null,
            });
    }

    private sealed record Question(string RequestId, string CardNumber, string Name, string ResidentId, string Phone);

    private sealed record Answer(string Result, Issuer? Bank, string? Kind);

    private sealed record Issuer(string Code);
}
