using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Edge;
using Peony.Notices;
using Peony.Operators;
using Peony.Payouts;
using Peony.Tests.Edge;
using Peony.Wallet;

namespace Peony.Tests.Credit;

/// <summary>A bureau in memory that agrees unless the card is on its list.</summary>
internal sealed class AgreeingCardBureau : ICardBureau
{
    public Task<CardCheck> CheckAsync(CardCheckId reference, FourElements elements, CancellationToken cancel) =>
        Task.FromResult(new CardCheck(FourElementsAnswer.Agree, Bank: null, Kind: null));
}

/// <summary>No card is opened: the bank is not called here, it answers when the test says so.</summary>
internal sealed class NoCardNumbers : ICardNumbers
{
    public Task<CardInstruction?> OpenAsync(CardId card, int version, CancellationToken cancel = default) => Task.FromResult<CardInstruction?>(null);
}

/// <summary>A capability whose commands are there, and nothing of it that goes out.</summary>
internal sealed class WithoutEffects(IModule module) : IModule
{
    public void Describe(BookSchema schema) => module.Describe(schema);

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}

public sealed class CreditApiTests
{
    private const string Pin = "135790";

    [Fact]
    public async Task A_customer_binds_a_card_opens_a_line_buys_overpays_and_sees_the_credit_balance()
    {
        await using var world = await StartAsync();
        var client = world.Client(await JoinAsync(world));

        var (bound, card) = await world.PostAsync(client, "/api/v1/cards", new { number = "6225 8800 0000 0001", phone = "13800138000" });
        Assert.Equal((HttpStatusCode.Created, "CMB", "debit", "0001"), (bound, Text(card, "bank"), Text(card, "kind"), Text(card, "last_four")));

        var terms = await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/terms");
        var opening = new { card = Text(card, "id"), terms_digest = Text(terms, "digest") };
        var (_, offer) = await world.PostAsync(client, "/api/v1/credit/line?dry_run=true", opening);
        Assert.Equal(150_000, Amount(offer.GetProperty("reply"), "limit"));
        var (opened, line) = await world.PostAsync(client, "/api/v1/credit/line", opening);
        Assert.Equal((HttpStatusCode.Created, 150_000L), (opened, Amount(line, "limit")));

        var (_, would) = await world.PostAsync(client, "/api/v1/credit/purchases?dry_run=true", Purchase(30_000));
        Assert.Single(would.GetProperty("postings").EnumerateArray());
        var (made, purchase) = await world.PostAsync(client, "/api/v1/credit/purchases", Purchase(30_000));
        Assert.Equal((HttpStatusCode.Created, 30_000L), (made, Amount(purchase, "from_line")));

        var (_, repayment) = await world.PostAsync(client, "/api/v1/credit/repayments", new { source = "card", card = Text(card, "id"), amount = Yuan(80_000), pin = Pin });
        Assert.Equal("ordered", Text(repayment, "state"));
        BankSettles(world);
        var settled = await client.GetFromJsonAsync<JsonElement>($"/api/v1/credit/repayments/{Text(repayment, "id")}");
        Assert.Equal(("settled", 30_000L, 50_000L), (Text(settled, "state"), Amount(settled, "to_owed"), Amount(settled, "to_balance")));

        var now = await client.GetFromJsonAsync<JsonElement>("/api/v1/credit");
        Assert.Equal((0L, 150_000L, 50_000L), (Amount(now, "owed"), Amount(now, "available"), Amount(now, "credit_balance")));
        Assert.Single((await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/purchases")).GetProperty("data").EnumerateArray());
    }

    [Fact]
    public async Task A_top_up_fills_the_wallet_and_a_repayment_empties_it()
    {
        await using var world = await StartAsync();
        var client = world.Client(await JoinAsync(world));
        var card = Text(await BindAsync(world, client), "id");
        var (ordered, topUp) = await world.PostAsync(client, "/api/v1/wallet/top-ups", new { card, amount = Yuan(10_000), pin = Pin });
        Assert.Equal(HttpStatusCode.Accepted, ordered);
        var (_, uses) = await world.SendAsync(client, HttpMethod.Get, $"/api/v1/cards/{card}/uses");
        Assert.Equal(Text(topUp, "id"), Text(uses.GetProperty("uses")[0], "reference"));

        BankSettles(world);
        Assert.Equal(10_000, Amount(await client.GetFromJsonAsync<JsonElement>("/api/v1/wallet"), "available"));
        var terms = await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/terms");
        await world.PostAsync(client, "/api/v1/credit/line", new { card, terms_digest = Text(terms, "digest") });
        var (_, repayment) = await world.PostAsync(client, "/api/v1/credit/repayments", new { source = "wallet", amount = Yuan(10_000), pin = Pin });
        Assert.Equal(10_000, Amount(repayment, "to_balance"));
        Assert.Equal(0, Amount(await client.GetFromJsonAsync<JsonElement>("/api/v1/wallet"), "balance"));
    }

    [Fact]
    public async Task Problems_carry_the_status_of_their_kind()
    {
        await using var world = await StartAsync();
        var client = world.Client(await JoinAsync(world));
        var (none, noLine) = await world.SendAsync(client, HttpMethod.Get, "/api/v1/credit");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "credit.line_not_open"), (none, Text(noLine, "code")));

        var (bad, number) = await world.PostAsync(client, "/api/v1/cards", new { number = "6225880000000002", phone = "13800138000" });
        Assert.Equal((HttpStatusCode.BadRequest, "number"), (bad, Text(number, "param")));

        var card = Text(await BindAsync(world, client), "id");
        var terms = await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/terms");
        await world.PostAsync(client, "/api/v1/credit/line", new { card, terms_digest = Text(terms, "digest") });
        var (declined, over) = await world.PostAsync(client, "/api/v1/credit/purchases", Purchase(150_001));
        Assert.Equal((HttpStatusCode.PaymentRequired, "credit.limit_exceeded", "not moved"), (declined, Text(over, "code"), Text(over, "money")));

        var stranger = world.Client(await JoinAsync(world, "13900139000", "110101189001010016"));
        Assert.Equal(HttpStatusCode.NotFound, (await world.SendAsync(stranger, HttpMethod.Get, $"/api/v1/cards/{card}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await world.PostAsync(stranger, $"/api/v1/cards/{card}/unbind", new { pin = Pin })).Status);

        var (wrongSource, problem) = await world.PostAsync(client, "/api/v1/credit/repayments", new { source = "wallet", card, amount = Yuan(1), pin = Pin });
        Assert.Equal((HttpStatusCode.BadRequest, "card"), (wrongSource, Text(problem, "param")));
        Assert.Equal("unbound", (await world.PostAsync(client, $"/api/v1/cards/{card}/unbind", new { pin = Pin })).Body.GetProperty("is_bound").GetBoolean() ? "bound" : "unbound");
    }

    [Fact]
    public async Task Limits_caps_closing_and_reports_over_http()
    {
        await using var world = await StartWithOperatorsAsync();
        var (client, customer) = await OpenLineAsync(world);
        var (first, second) = (await ConsoleAsync(world, OperatorFlow.DemoName), await ConsoleAsync(world, OperatorFlow.SecondDemoName));

        var changes = $"/api/v1/ops/customers/{customer}/line-changes";
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.PostAsync(client, changes, new { kind = "freeze", reason = "asked_for", note = "x" })).Status);
        var (prepared, change) = await world.PostAsync(first, changes, new { kind = "limit", limit = Yuan(200_000), reason = "paid_on_time", note = "a call" });
        Assert.Equal((HttpStatusCode.Created, "prepared"), (prepared, Text(change, "state")));
        var decide = $"/api/v1/ops/line-changes/{Text(change, "id")}/";
        Assert.Equal("operator.own_work", Text((await world.PostAsync(first, decide + "approve")).Body, "code"));
        Assert.Equal("approved", Text((await world.PostAsync(second, decide + "approve")).Body, "state"));
        Assert.Equal("credit.change_decided", Text((await world.PostAsync(second, decide + "reject", new { reason = "no" })).Body, "code"));
        Assert.Equal(200_000, Amount(await client.GetFromJsonAsync<JsonElement>("/api/v1/credit"), "limit"));
        var step = (await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/history")).GetProperty("data")[0];
        Assert.Equal(("raised", "paid_on_time"), (Text(step, "kind"), Text(step.GetProperty("reasons")[0], "rule")));
        Assert.DoesNotContain("a call", step.GetRawText(), StringComparison.Ordinal);
        Assert.NotEmpty((await second.GetFromJsonAsync<JsonElement>("/api/v1/ops/line-reasons")).GetProperty("data").EnumerateArray());
        Assert.Empty((await second.GetFromJsonAsync<JsonElement>("/api/v1/ops/line-changes")).GetProperty("data").EnumerateArray());

        Assert.Equal(10_000, Amount((await world.SendAsync(client, HttpMethod.Put, "/api/v1/credit/cap", new { most = Yuan(10_000) })).Body, "left"));
        var (declined, over) = await world.PostAsync(client, "/api/v1/credit/purchases", Purchase(10_001));
        Assert.Equal((HttpStatusCode.PaymentRequired, "credit.cap_reached"), (declined, Text(over, "code")));
        Assert.Equal("credit.cap_needs_pin", Text((await world.SendAsync(client, HttpMethod.Put, "/api/v1/credit/cap", new { most = Yuan(20_000) })).Body, "code"));
        Assert.Equal(20_000, Amount((await world.SendAsync(client, HttpMethod.Put, "/api/v1/credit/cap", new { most = Yuan(20_000), pin = Pin })).Body, "next_most"));
        await world.PostAsync(client, "/api/v1/credit/purchases", Purchase(5_000));
        Assert.Equal(5_000, Amount(await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/cap"), "left"));
        Assert.Equal("credit.close_owing", Text((await world.PostAsync(client, "/api/v1/credit/line/close", new { pin = Pin })).Body, "code"));

        foreach (var (report, sums) in new[] { ("trial-balance", 1), ("ageing", 3), ("income", 4) })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/v1/ops/reports/" + report)).StatusCode);
            var tieOuts = (await second.GetFromJsonAsync<JsonElement>("/api/v1/ops/reports/" + report)).GetProperty("tie_outs").EnumerateArray().ToList();
            Assert.Equal(sums, tieOuts.Count);
            Assert.All(tieOuts, one => Assert.Equal(0, Amount(one, "difference")));
        }
    }

    [Fact]
    public async Task Relief_is_asked_for_prepared_and_approved_over_http_and_the_statement_says_so()
    {
        await using var world = await StartWithOperatorsAsync();
        var (client, customer) = await OpenLineAsync(world);
        await world.PostAsync(client, "/api/v1/credit/purchases", Purchase(30_000));
        world.Book.Advance(TimeSpan.FromDays(33));
        var (first, second) = (await ConsoleAsync(world, OperatorFlow.DemoName), await ConsoleAsync(world, OperatorFlow.SecondDemoName));
        var before = Text((await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/statements")).GetProperty("data")[0], "due_day");

        var relief = new { kind = "extension", count = 7 };
        var (asked, request) = await world.PostAsync(client, "/api/v1/credit/hardship", new { relief, reason = "income" });
        Assert.Equal((HttpStatusCode.Created, "waiting"), (asked, Text(request, "state")));
        var decide = $"/api/v1/ops/hardship/{Text(request, "id")}";
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.PostAsync(client, decide + "/prepare", new { grant = relief, reason = "x" })).Status);
        Assert.Equal("operator.reason_needed", Text((await world.PostAsync(first, decide + "/prepare", new { grant = relief, reason = " " })).Body, "code"));
        Assert.Equal("hardship.not_prepared", Text((await world.PostAsync(second, decide + "/approve")).Body, "code"));
        Assert.Equal(HttpStatusCode.OK, (await world.PostAsync(first, decide + "/prepare", new { reason = "no" })).Status);
        Assert.Equal("operator.own_work", Text((await world.PostAsync(first, decide + "/reject", new { reason = "really" })).Body, "code"));
        Assert.Single((await world.PostAsync(second, decide + "/reject", new { reason = "give a week" })).Body.GetProperty("rejected").EnumerateArray());
        await world.PostAsync(first, decide + "/prepare", new { grant = relief, reason = "a week" });
        Assert.Equal(HttpStatusCode.OK, (await world.PostAsync(second, decide + "/approve")).Status);
        Assert.Equal("granted", Text((await second.GetFromJsonAsync<JsonElement>(decide)).GetProperty("request"), "state"));
        Assert.Equal("granted", Text((await second.GetFromJsonAsync<JsonElement>("/api/v1/ops/hardship")).GetProperty("data")[0].GetProperty("request"), "state"));
        Assert.Equal("hardship.not_found", Text((await world.SendAsync(second, HttpMethod.Get, "/api/v1/ops/hardship/hrd_none")).Body, "code"));

        var after = (await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/statements")).GetProperty("data")[0];
        Assert.Equal((before, DateOnly.Parse(before, CultureInfo.InvariantCulture).AddDays(7).ToString("O", CultureInfo.InvariantCulture)), (Text(after, "extended_from"), Text(after, "due_day")));
        var (refused, why) = await world.PostAsync(second, $"/api/v1/ops/customers/{customer}/contacts", new { channel = "phone", outcome = "reached" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "collection.nothing_overdue"), (refused, Text(why, "code")));
    }

    private static async Task<EdgeWorld> StartWithOperatorsAsync()
    {
        var world = await EdgeWorld.StartAsync(services => services.AddSingleton<ICardBureau, AgreeingCardBureau>().AddSingleton<ICardNumbers, NoCardNumbers>(),
            new CardsModule(), new WalletModule(), new CreditModule(), new PayoutsModule(), new WithoutEffects(new NoticesModule()), new OperatorsModule());
        using var scope = world.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<OperatorFlow>().EnsureDemoAsync();
        return world;
    }

    private static async Task<(HttpClient Client, string Customer)> OpenLineAsync(EdgeWorld world)
    {
        var client = world.Client(await JoinAsync(world));
        var terms = await client.GetFromJsonAsync<JsonElement>("/api/v1/credit/terms");
        await world.PostAsync(client, "/api/v1/credit/line", new { card = Text(await BindAsync(world, client), "id"), terms_digest = Text(terms, "digest") });
        return (client, Text(await client.GetFromJsonAsync<JsonElement>("/api/v1/me"), "id"));
    }

    private static async Task<HttpClient> ConsoleAsync(EdgeWorld world, string name)
    {
        var (console, _) = world.Browser();
        Assert.Equal(HttpStatusCode.Created, (await world.PostAsync(console, "/api/v1/ops/sessions", new { name, password = OperatorFlow.DemoPassword })).Status);
        return console;
    }

    private static Task<EdgeWorld> StartAsync() => EdgeWorld.StartAsync(
        services => services.AddSingleton<ICardBureau, AgreeingCardBureau>().AddSingleton<ICardNumbers, NoCardNumbers>(),
        new CardsModule(), new WalletModule(), new CreditModule(), new PayoutsModule());

    private static async Task<string> JoinAsync(EdgeWorld world, string phone = "13800138000", string idNumber = "110101188001010011")
    {
        var token = await world.SignUpAsync(phone);
        var client = world.Client(token);
        Assert.Equal(HttpStatusCode.OK, (await world.PostAsync(client, "/api/v1/verification", new { name = "林牡丹", id_number = idNumber })).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await world.SendAsync(client, HttpMethod.Put, "/api/v1/pin", new { pin = Pin })).Status);
        return token;
    }

    private static async Task<JsonElement> BindAsync(EdgeWorld world, HttpClient client) =>
        (await world.PostAsync(client, "/api/v1/cards", new { number = "6225880000000001", phone = "13800138000" })).Body;

    private static void BankSettles(EdgeWorld world)
    {
        foreach (var collection in world.Book.Reader.ListAllAsync<Collection>().Result.Where(collection => collection.Progress.IsOpen()))
        {
            world.Book.Run(new CollectionAnswered(collection.Id, new BankAnswer(BankSaid.Settled), []));
        }

        world.Book.RunEffects();
    }

    private static object Purchase(long amount) => new { shop = "bookshop", amount = Yuan(amount), pin = Pin };

    private static object Yuan(long amount) => new { amount, currency = "CNY" };

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static long Amount(JsonElement body, string name) => body.GetProperty(name).GetProperty("amount").GetInt64();
}
