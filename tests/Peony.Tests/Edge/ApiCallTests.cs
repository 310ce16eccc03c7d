using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Tests.Edge;

public sealed class ApiCallTests
{
    [Fact]
    public async Task A_write_without_a_key_is_a_problem_that_says_so()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        using var response = await world.Client().PostAsJsonAsync("/api/v1/probe", new { Amount = new { amount = 5, currency = "CNY" } });
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal("request.idempotency_key_missing", problem.GetProperty("code").GetString());
        Assert.Equal("not moved", problem.GetProperty("money").GetString());
        Assert.Equal(response.Headers.GetValues("Request-Id").Single(), problem.GetProperty("request_id").GetString());
        Assert.EndsWith("/docs/errors/request.idempotency_key_missing", problem.GetProperty("doc_url").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_key_answers_the_same_and_another_body_is_a_conflict()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var client = world.Client();
        var (first, one) = await world.PostAsync(client, "/api/v1/probe", Body(5), "k");
        var (second, two) = await world.PostAsync(client, "/api/v1/probe", Body(5), "\"k\"");
        var (third, three) = await world.PostAsync(client, "/api/v1/probe", Body(6), "k");
        Assert.Equal(HttpStatusCode.Created, first);
        Assert.Equal(HttpStatusCode.Created, second);
        Assert.Equal(one.GetProperty("id").GetString(), two.GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.Conflict, third);
        Assert.Equal("idempotency.key_reused", three.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_dry_run_answers_with_the_postings_and_keeps_nothing()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var client = world.Client();
        using var response = await client.PostAsJsonAsync("/api/v1/probe?dry_run=true", Body(5));
        var body = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, body.GetProperty("postings")[0].GetProperty("amount").GetProperty("amount").GetInt64());
        Assert.Empty(world.Book.Journal);
    }

    [Fact]
    public async Task Who_writes_more_than_six_hundred_times_at_once_is_braked_and_told_for_how_long()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var client = world.Client();
        HttpResponseMessage? braked = null;
        for (var write = 0; write < 2000 && braked is null; write++)
        {
            var response = await client.PostAsync("/api/v1/probe/declined", null);
            braked = response.StatusCode == HttpStatusCode.TooManyRequests ? response : null;
            if (braked is null)
            {
                response.Dispose();
                Assert.True(write < 1500, "Nobody was braked.");
            }
        }

        var problem = await braked!.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("request.too_many", problem.GetProperty("code").GetString());
        Assert.Equal("not moved", problem.GetProperty("money").GetString());
        Assert.True(braked.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/healthz")).StatusCode);
        braked.Dispose();
    }

    [Theory]
    [InlineData("{", "body")]
    [InlineData("""{"amount": {"amount": "1", "currency": "CNY"}}""", "amount")]
    [InlineData("""{"amount": {"amount": 1, "currency": 5}}""", "amount")]
    [InlineData("""{"amount": {"currency": "CNY"}}""", "amount")]
    [InlineData("""{"amount": 5}""", "amount")]
    [InlineData("""{"amount": {"amount": 1.5, "currency": "CNY"}}""", "amount")]
    [InlineData("""{"amount": {"amount": 1, "currency": "XXX"}}""", "amount")]
    [InlineData("{}", "amount")]
    public async Task Bad_json_is_refused_with_the_field(string json, string field)
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var (status, problem) = await world.PostAsync(world.Client(), "/api/v1/probe", new StringContent(json, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("request.invalid", problem.GetProperty("code").GetString());
        Assert.Equal(field, problem.GetProperty("param").GetString());
    }

    [Theory]
    [InlineData("nothing", 404)]
    [InlineData("declined", 402)]
    [InlineData("refused", 422)]
    [InlineData("conflict", 409)]
    public async Task A_refusal_has_the_status_of_its_kind(string kind, int status)
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var (answered, problem) = await world.PostAsync(world.Client(), "/api/v1/probe/" + kind);
        Assert.Equal(status, (int)answered);
        Assert.Equal("not moved", problem.GetProperty("money").GetString());
    }

    [Theory]
    [InlineData("away", 503, "not moved")]
    [InlineData("unknown", 503, "unknown")]
    [InlineData("defect", 500, "not moved")]
    public async Task Faults_say_what_happened_to_the_money(string kind, int status, string money)
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var client = world.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/probe/" + kind);
        request.Headers.Add("Idempotency-Key", "k");
        using var response = await client.SendAsync(request);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(money, problem.GetProperty("money").GetString());
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Problems_speak_the_language_asked_for()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        var (_, chinese) = await world.PostAsync(world.Client(language: "zh-CN"), "/api/v1/probe/nothing");
        var (_, english) = await world.PostAsync(world.Client(language: "en-GB,zh;q=0.5"), "/api/v1/probe/nothing");
        Assert.Equal("找不到该客户", chinese.GetProperty("title").GetString());
        Assert.Equal("No such customer", english.GetProperty("title").GetString());
    }

    [Fact]
    public async Task A_route_that_is_not_there_is_a_problem_and_one_that_is_needs_a_sign_in()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        using var missing = await world.Client().GetAsync("/api/v1/nothing-here");
        using var closed = await world.Client().GetAsync("/api/v1/me");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
        Assert.Equal("request.not_signed_in", (await closed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
    }

    [Fact]
    public async Task Every_answer_carries_the_security_headers()
    {
        await using var world = await EdgeWorld.StartAsync(null, new Probe());
        using var response = await world.Client().GetAsync("/api/v1/me");
        Assert.Equal(SecurityHeaders.Policy, response.Headers.GetValues("Content-Security-Policy").Single());
        Assert.DoesNotContain("unsafe", SecurityHeaders.Policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    private static object Body(long amount) => new { amount = new { amount, currency = "CNY" } };

    private sealed record ProbeBody(Money Amount);

    private sealed record Probed(string Id, Money Amount);

    private sealed record ProbeCommand(Money Amount) : ICommand<Probed>
    {
        public Result<Probed> Handle(IWork work)
        {
            var (from, to) = (new LedgerAccountId("test/from"), new LedgerAccountId("test/to"));
            work.OpenAccount(new AccountDefinition(from, NormalSide.Debit, Currency.Cny, null, null));
            work.OpenAccount(new AccountDefinition(to, NormalSide.Credit, Currency.Cny, null, null));
            var id = work.NewId<RequestId>().Value;
            work.Post(new Entry(new EntryKey($"test/{id}"), "test.probe", PostingLine.Post(from, to, Amount)));
            return new Probed(id, Amount);
        }
    }

    private sealed record ProbeRefusal(RefusalKind Kind) : ICommand<Done>
    {
        public Result<Done> Handle(IWork work) => new Refusal("customer.not_found", Kind);
    }

    private sealed record ProbeDefect : ICommand<Done>
    {
        public Result<Done> Handle(IWork work) => throw new InvalidOperationException("A planted defect.");
    }

    /// <summary>Routes that show what the edge makes of each kind of answer.</summary>
    private sealed class Probe : IModule
    {
        public void Describe(BookSchema schema)
        {
            schema.Command<ProbeCommand>("test.probe");
            schema.Command<ProbeRefusal>("test.probe_refusal");
            schema.Command<ProbeDefect>("test.probe_defect");
        }

        public void AddServices(IServiceCollection services, PeonyOptions options)
        {
        }

        public void MapApi(IEndpointRouteBuilder api)
        {
            var probe = api.MapGroup("/probe").AllowAnonymous();
            probe.MapPost("", (ApiCall call, ProbeBody body) => call.RunAsync(new ProbeCommand(body.Amount), status: 201));
            probe.MapPost("/nothing", (ApiCall call) => call.RunAsync(new ProbeRefusal(RefusalKind.NotFound)));
            probe.MapPost("/declined", (ApiCall call) => call.RunAsync(new ProbeRefusal(RefusalKind.Declined)));
            probe.MapPost("/refused", (ApiCall call) => call.RunAsync(new ProbeRefusal(RefusalKind.Refused)));
            probe.MapPost("/conflict", (ApiCall call) => call.RunAsync(new ProbeRefusal(RefusalKind.Conflict)));
            probe.MapPost("/defect", (ApiCall call) => call.RunAsync(new ProbeDefect()));
            probe.MapPost("/away", Microsoft.AspNetCore.Http.IResult (ApiCall call) => throw new BookUnavailableException("away"));
            probe.MapPost("/unknown", Microsoft.AspNetCore.Http.IResult (ApiCall call) => throw new OutcomeUnknownException("unknown"));
        }
    }
}
