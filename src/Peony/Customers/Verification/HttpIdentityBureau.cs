using System.Net.Http.Json;
using System.Text.Json;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Customers.Verification;

/// <summary>
/// The identity bureau over HTTP: JSON below the configured address, with the provider key in a header. Each request carries our own id; asked again with the same id, the bureau
/// charges nothing and answers the same.
/// </summary>
internal sealed class HttpIdentityBureau(IHttpClientFactory clients, PeonyOptions options) : IIdentityBureau
{
    public const string ClientName = "identity-bureau";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public async Task<BureauAnswer> CheckAsync(string reference, string name, ResidentId id, CancellationToken cancel)
    {
        var answer = await AskAsync<TwoElements, CheckAnswer>("two-elements", new TwoElements(reference, name, id.Value), cancel);
        return new BureauAnswer(answer.Result switch { "match" => BureauVerdict.Agrees, "mismatch" => BureauVerdict.Differs, _ => BureauVerdict.Unknown }, reference);
    }

    public async Task<BureauAnswer> CheckPhotosAsync(string reference, string name, ResidentId id, IdentityPhotos photos, CancellationToken cancel)
    {
        var answer = await AskAsync<Photos, CheckAnswer>("photos", new Photos(reference, name, id.Value, photos.Front, photos.Back, photos.Face), cancel);
        return new BureauAnswer(answer.Result switch { "pass" => BureauVerdict.Agrees, "fail" => BureauVerdict.Differs, _ => BureauVerdict.Unknown }, reference);
    }

    private async Task<TAnswer> AskAsync<TQuestion, TAnswer>(string path, TQuestion question, CancellationToken cancel)
        where TAnswer : class
    {
        using var client = Providers.Client(clients, ClientName, options.BureauUrl, options.ProviderKey);
        using var response = await client.PostAsJsonAsync(path, question, Json, cancel);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<TAnswer>(Json, cancel) ?? throw new HttpRequestException("The bureau's answer is empty.");
    }

    private sealed record TwoElements(string RequestId, string Name, string ResidentId);

    private sealed record Photos(string RequestId, string Name, string ResidentId, byte[] FrontPhoto, byte[] BackPhoto, byte[] FacePhoto);

    private sealed record CheckAnswer(string RequestId, string Result);
}
