using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Edge;
using Peony.Operators;
using Peony.Payouts;
using Peony.Tests.Edge;
using Peony.Wallet;

namespace Peony.Tests.Wallet;

public sealed class DisbursementApiTests
{
    private const string Path = "/api/v1/ops/disbursements";

    [Fact]
    public async Task A_funding_takes_two_operators_and_a_disbursement_answers_line_by_line()
    {
        await using var world = await StartAsync();
        var (first, second) = (await SignInAsync(world, OperatorFlow.DemoName), await SignInAsync(world, OperatorFlow.SecondDemoName));
        var lin = await JoinAsync(world);
        var (prepared, funding) = await world.PostAsync(first, "/api/v1/ops/fundings", new { amount = Yuan(100_00), note = "March" });
        Assert.Equal((HttpStatusCode.Created, "prepared"), (prepared, Text(funding, "state")));
        var approve = $"/api/v1/ops/fundings/{Text(funding, "id")}/approve";
        Assert.Equal("operator.own_work", Text((await world.PostAsync(first, approve)).Body, "code"));
        Assert.Equal((HttpStatusCode.OK, "approved"), Both(await world.PostAsync(second, approve), "state"));
        Assert.Equal((HttpStatusCode.Conflict, "disbursement.funding_decided"), Both(await world.PostAsync(second, approve), "code"));
        Assert.Equal(HttpStatusCode.Forbidden, (await world.PostAsync(second, "/api/v1/ops/fundings", new { amount = Yuan(1), note = "March" })).Status);

        var body = new { purpose = "三月餐补", lines = new[] { Line(lin, 60_00), Line("cus_01jabcdefghjkmnpqrstvwxyz0", 1), Line(lin, 60_00) } };
        var (_, would) = await world.PostAsync(first, Path + "?dry_run=true", body);
        Assert.Equal((1, 1), (would.GetProperty("reply").GetProperty("paid").GetInt32(), would.GetProperty("postings").GetArrayLength()));
        Assert.Equal(100_00, await FundAsync(first));
        var (status, paid) = await world.PostAsync(first, Path, body, "march");
        Assert.Equal((HttpStatusCode.Created, 3, 1), (status, paid.GetProperty("lines").GetInt32(), paid.GetProperty("paid").GetInt32()));
        Assert.Equal("""[{"index":1,"code":"wallet_not_open"},{"index":2,"code":"fund_short"}]""", paid.GetProperty("refused").GetRawText());
        var (_, again) = await world.PostAsync(first, Path, body, "march");
        Assert.Equal(paid.GetRawText(), again.GetRawText());
        Assert.Equal(40_00, await FundAsync(first));
        Assert.Equal((HttpStatusCode.Conflict, "idempotency.key_reused"), Both(await world.PostAsync(first, Path, new { purpose = "other", body.lines }, "march"), "code"));

        var detail = await second.GetFromJsonAsync<JsonElement>($"{Path}/{Text(paid, "id")}");
        Assert.Equal((lin, 2), (Text(detail.GetProperty("refused")[1], "customer"), detail.GetProperty("disbursement").GetProperty("refused").GetInt32()));
        Assert.Single((await second.GetFromJsonAsync<JsonElement>(Path)).GetProperty("data").EnumerateArray());
        Assert.Single((await second.GetFromJsonAsync<JsonElement>("/api/v1/ops/fundings")).GetProperty("data").EnumerateArray());
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync($"{Path}/dis_none")).StatusCode);
    }

    [Fact]
    public async Task A_second_operators_no_says_why_and_moves_nothing()
    {
        await using var world = await StartAsync();
        var (first, second) = (await SignInAsync(world, OperatorFlow.DemoName), await SignInAsync(world, OperatorFlow.SecondDemoName));
        var (_, funding) = await world.PostAsync(first, "/api/v1/ops/fundings", new { amount = Yuan(100_00), note = "March" });
        var reject = $"/api/v1/ops/fundings/{Text(funding, "id")}/reject";
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "operator.reason_needed"), Both(await world.PostAsync(second, reject, new { reason = " " }), "code"));
        Assert.Equal((HttpStatusCode.OK, "rejected"), Both(await world.PostAsync(second, reject, new { reason = "not ours" }), "state"));
        Assert.Equal(0, await FundAsync(first));
    }

    [Fact]
    public async Task As_many_lines_as_one_entry_takes_pass_the_door_as_json_and_as_csv()
    {
        await using var world = await StartAsync();
        var (first, second) = (await SignInAsync(world, OperatorFlow.DemoName), await SignInAsync(world, OperatorFlow.SecondDemoName));
        var lin = await JoinAsync(world);
        var (_, funding) = await world.PostAsync(first, "/api/v1/ops/fundings", new { amount = Yuan(1_000_000_00), note = "March" });
        await world.PostAsync(second, $"/api/v1/ops/fundings/{Text(funding, "id")}/approve");

        var (status, paid) = await world.PostAsync(first, Path, new { purpose = "March", lines = Enumerable.Repeat(Line(lin, 50_00), 8190) });
        Assert.Equal((HttpStatusCode.Created, 8190), (status, paid.GetProperty("paid").GetInt32()));
        var csv = "customer,amount\n" + string.Concat(Enumerable.Repeat($"{lin},10.00\n", 8190));
        (status, paid) = await world.PostAsync(first, Path + "?purpose=%E4%B8%89%E6%9C%88", new StringContent(csv, Encoding.UTF8, "text/csv"));
        Assert.Equal((HttpStatusCode.Created, 8190, 81_900_00L), (status, paid.GetProperty("paid").GetInt32(), paid.GetProperty("total_paid").GetProperty("amount").GetInt64()));
        Assert.Equal(1_000_000_00 - 8190 * 60_00, await FundAsync(first));
    }

    [Fact]
    public async Task What_cannot_be_read_says_where_and_nobody_but_an_operator_is_heard()
    {
        await using var world = await StartAsync();
        var console = await SignInAsync(world, OperatorFlow.DemoName);
        Assert.Equal((HttpStatusCode.BadRequest, "lines[0].customer"), Both(await world.PostAsync(console, Path, new { purpose = "March", lines = new[] { Line("13800138000", 1) } }), "param"));
        Assert.Equal((HttpStatusCode.BadRequest, "line 2"), Both(await world.PostAsync(console, Path + "?purpose=March", new StringContent("customer,amount\nx,1", Encoding.UTF8, "text/csv")), "param"));
        Assert.Equal((HttpStatusCode.BadRequest, "request.invalid"), Both(await world.PostAsync(console, Path, new StringContent("{", Encoding.UTF8, "application/json")), "code"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "disbursement.lines_invalid"), Both(await world.PostAsync(console, Path, new { purpose = "March", lines = Array.Empty<object>() }), "code"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "disbursement.purpose_invalid"), Both(await world.PostAsync(console, Path, new StringContent("customer,amount", Encoding.UTF8, "text/csv")), "code"));
        var customer = world.Client(await world.SignUpAsync());
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.PostAsync(customer, Path, new { purpose = "March", lines = Array.Empty<object>() })).Status);
    }

    [Fact]
    public async Task Who_was_erased_is_paid_no_more_and_stops_nobody()
    {
        await using var world = await StartAsync();
        var (first, second) = (await SignInAsync(world, OperatorFlow.DemoName), await SignInAsync(world, OperatorFlow.SecondDemoName));
        var lin = await JoinAsync(world);
        var token = await world.SignUpAsync("13900139000");
        var gone = Text(await world.Client(token).GetFromJsonAsync<JsonElement>("/api/v1/me"), "id");
        world.Book.Run(new PlantWallet(new(gone)));
        Assert.Equal(HttpStatusCode.NoContent, (await world.PostAsync(world.Client(token), "/api/v1/me/erase", new { password = "correct horse" })).Status);
        var (_, funding) = await world.PostAsync(first, "/api/v1/ops/fundings", new { amount = Yuan(10_00), note = "March" });
        await world.PostAsync(second, $"/api/v1/ops/fundings/{Text(funding, "id")}/approve");

        var (_, paid) = await world.PostAsync(first, Path, new { purpose = "March", lines = new[] { Line(gone, 1_00), Line(lin, 1_00) } });

        Assert.Equal("""[{"index":0,"code":"wallet_closed"}]""", paid.GetProperty("refused").GetRawText());
        Assert.Equal(9_00, await FundAsync(first));
    }

    private static async Task<EdgeWorld> StartAsync()
    {
        var world = await EdgeWorld.StartAsync(services => services.AddSingleton<ICardNumbers, Credit.NoCardNumbers>(), new CardsModule(), new WalletModule(), new PayoutsModule(), new OperatorsModule(), new PlantModule());
        using var scope = world.Services.CreateScope();
        await scope.ServiceProvider.GetRequiredService<OperatorFlow>().EnsureDemoAsync();
        return world;
    }

    private static async Task<HttpClient> SignInAsync(EdgeWorld world, string name)
    {
        var (console, _) = world.Browser();
        Assert.Equal(HttpStatusCode.Created, (await world.PostAsync(console, "/api/v1/ops/sessions", new { name, password = OperatorFlow.DemoPassword })).Status);
        return console;
    }

    private sealed class PlantModule : IModule
    {
        public void Describe(BookSchema schema) => schema.Command<PlantWallet>("test.wallet");

        public void AddServices(IServiceCollection services, PeonyOptions options)
        {
        }

        public void MapApi(IEndpointRouteBuilder api)
        {
        }
    }

    /// <summary>A customer whose wallet is open.</summary>
    private static async Task<string> JoinAsync(EdgeWorld world)
    {
        var id = Text(await world.Client(await world.SignUpAsync()).GetFromJsonAsync<JsonElement>("/api/v1/me"), "id");
        world.Book.Run(new PlantWallet(new(id)));
        return id;
    }

    private static async Task<long> FundAsync(HttpClient console) =>
        (await console.GetFromJsonAsync<JsonElement>(Path + "/fund")).GetProperty("balance").GetProperty("amount").GetInt64();

    private static object Line(string customer, long amount) => new { customer, amount = Yuan(amount) };

    private static object Yuan(long amount) => new { amount, currency = "CNY" };

    private static string Text(JsonElement body, string name) => body.GetProperty(name).GetString()!;

    private static (HttpStatusCode, string) Both((HttpStatusCode Status, JsonElement Body) answer, string name) => (answer.Status, Text(answer.Body, name));
}
