using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Peony.Edge;
using Peony.Sandbox;
using Peony.Server;
using Peony.Tests.Documents;

namespace Peony.Tests.Web;

/// <summary>A statement as PDF, from a sandbox served in this process.</summary>
public sealed partial class StatementPaperTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("peony-test").FullName;
    private PeonyServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PeonyServer.StartAsync(new PeonyOptions { DataDirectory = _folder }, "http://127.0.0.1:0");
        await _server.ServeAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("zh-CN")]
    [InlineData("en")]
    public async Task The_paper_has_every_word_and_amount_of_the_page(string language)
    {
        using var chen = await SignInAsync(DemoPeople.Chen, language);
        var id = await StatementAsync(chen);
        var page = await chen.GetStringAsync($"/app/statements/{id}", TestContext.Current.CancellationToken);
        var terms = Term().Matches(page).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)).ToList();
        var amounts = Whole().Matches(page).Select(match => match.Groups[1].Value + match.Groups[2].Value).ToList();
        Assert.True(terms.Count >= 5 && amounts.Count >= 5, page);

        var papers = new List<byte[]>();
        foreach (var path in new[] { $"/app/statements/{id}.pdf", $"/api/v1/credit/statements/{id}.pdf" })
        {
            using var answer = await chen.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType!.MediaType);
            papers.Add(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }

        foreach (var paper in papers)
        {
            var text = Assert.Single(await PdfText.PagesAsync(paper));
            Assert.All(terms, term => Assert.Contains(term, text, StringComparison.Ordinal));
            Assert.All(amounts, amount => Assert.Contains("¥" + amount, text, StringComparison.Ordinal));
            Assert.Contains(language == "en" ? "Two Wheels Bicycles" : "双轮车行", text, StringComparison.Ordinal);
            Assert.Contains("*明 139****9000", text, StringComparison.Ordinal);
            Assert.Contains("Peony Sandbox", text, StringComparison.Ordinal);
            Assert.Contains("18.25%", text.Replace(" %", "%", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.InRange(paper.Length, 1, 150_000);
        }
    }

    [Fact]
    public async Task Two_hundred_purchases_go_over_several_pages()
    {
        using var chen = await SignInAsync(DemoPeople.Chen, "zh-CN");
        for (var number = 0; number < 200; number++)
        {
            await PostAsync(chen, "/api/v1/credit/purchases", new { shop = "tea-house", amount = new { amount = 100 + number, currency = "CNY" }, pin = DemoPeople.Pin });
        }

        var pages = await PdfText.PagesAsync(await chen.GetByteArrayAsync($"/app/statements/{await StatementAsync(chen)}.pdf", TestContext.Current.CancellationToken));
        Assert.InRange(pages.Count, 5, 8);
        var text = string.Join('\n', pages);
        Assert.Equal(200, Regex.Count(text, "清心茶馆"));
        Assert.Contains("第 1 页，共 " + pages.Count + " 页", pages[0], StringComparison.Ordinal);
        Assert.Contains("¥2.99", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strangers_statement_is_not_there()
    {
        using var chen = await SignInAsync(DemoPeople.Chen, "zh-CN");
        var id = await StatementAsync(chen);
        using var lin = await SignInAsync(DemoPeople.Lin, "zh-CN");
        foreach (var path in new[] { $"/app/statements/{id}.pdf", $"/api/v1/credit/statements/{id}.pdf" })
        {
            using var answer = await lin.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    /// <summary>Lets months pass until there is a statement, and gives the newest.</summary>
    private static async Task<string> StatementAsync(HttpClient client)
    {
        await PostAsync(client, "/sandbox/clock/advance", new { by = "P32D" });
        var list = await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/statements", TestContext.Current.CancellationToken);
        return list.GetProperty("data").EnumerateArray().Last().GetProperty("id").GetString()!;
    }

    private async Task<HttpClient> SignInAsync(DemoPerson person, string language)
    {
        var client = new HttpClient { BaseAddress = _server.Address };
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd(language);
        var session = await PostAsync(client, "/api/v1/sessions", new { phone = person.Phone, password = DemoPeople.Password });
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("token").GetString());
        return client;
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    [GeneratedRegex("<dt>([^<]+)</dt>")]
    private static partial Regex Term();

    [GeneratedRegex("</small>([0-9,]+)<small>([.][0-9]{2})</small>")]
    private static partial Regex Whole();
}
