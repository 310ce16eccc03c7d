using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Peony.Proof;

/// <summary>A merchant's program at the gateway, written after the protocol and not after our own code: signs what it asks, and believes nothing that is not signed by the platform.</summary>
internal sealed class MerchantProgram : IDisposable
{
    private readonly string _app;
    private readonly RSA _own = RSA.Create();
    private readonly RSA _platform = RSA.Create();

    private MerchantProgram(JsonNode keys)
    {
        _app = keys["appId"]!.GetValue<string>();
        _own.ImportRSAPrivateKey(Convert.FromBase64String(keys["privateKey"]!.GetValue<string>()), out _);
        _platform.ImportSubjectPublicKeyInfo(Convert.FromBase64String(keys["alipayPublicKey"]!.GetValue<string>()), out _);
    }

    /// <summary>The demo shop's.</summary>
    public static async Task<MerchantProgram> OfAsync(ServerProcess server) => new((await server.Client.GetFromJsonAsync<JsonNode>("/sandbox/keys"))!);

    /// <summary>A fresh pay code of a demo customer.</summary>
    public static async Task<string> PayCodeAsync(ServerProcess server)
    {
        using var answer = await server.Client.PostAsJsonAsync("/sandbox/paycode", new { });
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>())!["code"]!.GetValue<string>();
    }

    /// <summary>The answer's node.</summary>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    public async Task<JsonNode> AskAsync(ServerProcess server, string method, object content)
    {
        var parameters = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["app_id"] = _app,
            ["method"] = method,
            ["format"] = "JSON",
            ["charset"] = "utf-8",
            ["sign_type"] = "RSA2",
            ["timestamp"] = DateTime.UtcNow.AddHours(8).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
            ["version"] = "1.0",
            ["biz_content"] = JsonSerializer.Serialize(content),
        };
        var text = string.Join('&', parameters.Select(pair => $"{pair.Key}={pair.Value}"));
        lock (_own)
        {
            parameters["sign"] = Convert.ToBase64String(_own.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }

        using var form = new FormUrlEncodedContent(parameters);
        using var answer = await server.Client.PostAsync("/gateway.do", form);
        var said = await answer.Content.ReadAsStringAsync();
        var (root, end) = ($"{{\"{method.Replace('.', '_')}_response\":", said.LastIndexOf(",\"sign\":\"", StringComparison.Ordinal));
        Proofs.Hold(said.StartsWith(root, StringComparison.Ordinal) && end > 0, $"{method} answered: {said}");
        var node = said[root.Length..end];
        var sign = Convert.FromBase64String(JsonNode.Parse(said)!["sign"]!.GetValue<string>());
        lock (_platform)
        {
            Proofs.Hold(_platform.VerifyData(Encoding.UTF8.GetBytes(node), sign, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), $"{method} answered under a wrong signature: {said}");
        }

        return JsonNode.Parse(node)!;
    }

    public void Dispose()
    {
        _own.Dispose();
        _platform.Dispose();
    }
}
