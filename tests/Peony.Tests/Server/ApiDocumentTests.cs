using System.Text.Json;
using System.Text.Json.Nodes;
using Peony.Edge;
using Peony.Server;

namespace Peony.Tests.Server;

/// <summary>The native API as it is promised: <c>docs/openapi.json</c> is what the program serves, so a change of it shows in review.</summary>
public sealed class ApiDocumentTests : IAsyncLifetime
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly string _folder = Directory.CreateTempSubdirectory("peony-test").FullName;
    private PeonyServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PeonyServer.StartAsync(new PeonyOptions { DataDirectory = _folder, IsDemo = false }, "http://127.0.0.1:0");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_document_is_the_one_that_is_served()
    {
        var served = (await ReadAsync()).ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        var page = Path.Combine(Repository.Root, "docs", "openapi.json");
        if (!File.Exists(page) || await File.ReadAllTextAsync(page, TestContext.Current.CancellationToken) != served)
        {
            await File.WriteAllTextAsync(page, served, TestContext.Current.CancellationToken);
            Assert.Fail("docs/openapi.json was not current; it is now. Read the difference: merchants see it too.");
        }
    }

    [Fact]
    public async Task Every_operation_says_what_it_does_and_what_it_answers()
    {
        var silent = from path in (await ReadAsync())["paths"]!.AsObject()
                     from operation in path.Value!.AsObject()
                     where operation.Value!["summary"] is null || operation.Value["tags"] is null
                         || !operation.Value["responses"]!.AsObject().Any(answer => answer.Key.StartsWith('2') && (answer.Key == "204" || answer.Value!["content"] is not null))
                     select $"{operation.Key} {path.Key}";
        Assert.Empty(silent);
    }

    private async Task<JsonNode> ReadAsync()
    {
        using var client = new HttpClient { BaseAddress = _server.Address };
        var document = JsonNode.Parse(await client.GetStringAsync("openapi/v1.json", TestContext.Current.CancellationToken))!;
        Assert.StartsWith("3.1", document["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        return document;
    }
}
