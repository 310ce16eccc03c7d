using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Peony.Payouts;
using Peony.Simulators;
using Peony.Tests.Payouts;

namespace Peony.Tests.Simulators;

public sealed class SimulatorTests : IAsyncLifetime
{
    private RailWorld _world = null!;

    private HttpClient Http => _world.Control;

    public async ValueTask InitializeAsync() => _world = await RailWorld.StartAsync(hasCallback: false);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Without_the_key_nothing_answers()
    {
        using var stranger = new HttpClient { BaseAddress = Http.BaseAddress };
        foreach (var path in new[] { "/control/state", "/control/messages", "/bank/orders/x", "/sms/messages/x", "/bureau/two-elements" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(new Uri(path, UriKind.Relative))).StatusCode);
        }
    }

    [Fact]
    public async Task A_file_whose_sums_do_not_agree_is_refused_whole()
    {
        var file = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "data", "iso20022", "pain001_v09_five_payments.xml"));
        // The published sample identifies its creditors by IBAN, which a card rail does not take.
        Assert.Equal("FF01", await RefusedAsync(file));
        var card = file;
        foreach (var start in new[] { "DE68", "DE89", "DE44", "DE53", "DE18" })
        {
            var at = card.LastIndexOf("<IBAN>" + start, StringComparison.Ordinal);
            var end = card.IndexOf("</IBAN>", at, StringComparison.Ordinal);
            card = card[..at] + "<Othr><Id>" + card[(at + 6)..end] + "</Id></Othr>" + card[(end + 7)..];
        }

        Assert.Equal("AM18", await RefusedAsync(card));
        Assert.Equal("AM10", await RefusedAsync(card.Replace("<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>5</NbOfTxs><CtrlSum>1.00</CtrlSum>", StringComparison.Ordinal)));
        Assert.Equal("AM05", await RefusedAsync(card.Replace("<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>5</NbOfTxs>", StringComparison.Ordinal)
            .Replace("<EndToEndId>PaymentID4321", "<EndToEndId>PaymentID1357", StringComparison.Ordinal)));
        Assert.Equal("FF01", await RefusedAsync("<Document/>"));
        Assert.Empty((await _world.StateAsync()).GetProperty("orders").EnumerateArray());

        async Task<string?> RefusedAsync(string xml)
        {
            using var response = await Http.PostAsync(new Uri("/bank/payments", UriKind.Relative), new StringContent(xml, Encoding.UTF8, "application/xml"));
            var report = StatusFile.Read(await response.Content.ReadAsByteArrayAsync());
            Assert.Equal("RJCT", report.GroupStatus);
            return report.GroupReason;
        }
    }

    [Fact]
    public async Task Another_order_under_a_known_id_is_a_duplicate()
    {
        Assert.Equal("ACSP", (await CollectAsync("100.00")).Status);
        Assert.Equal("ACSP", (await CollectAsync("100.00")).Status);
        Assert.Equal(("RJCT", "AM05"), await CollectAsync("100.01"));
        Assert.Equal(3, await _world.TimesReceivedAsync("co_1"));

        async Task<(string? Status, string? Reason)> CollectAsync(string amount)
        {
            using var response = await Http.PostAsJsonAsync("/bank/collections",
                new { message_id = "co_1", end_to_end_id = "co_1", amount, currency = "CNY", debtor_name = "林", debtor_account = "6216261000000000018" });
            var order = Assert.Single(StatusFile.Read(await response.Content.ReadAsByteArrayAsync()).Orders);
            return (order.Status, order.Reason);
        }
    }

    [Fact]
    public async Task A_fault_that_does_not_exist_is_refused()
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PostAsJsonAsync("/control/faults", new { bank = new { late_rejcet = "PT2H" } })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Http.PostAsJsonAsync("/control/faults", new { bank = new { late_reject = "2 hours" } })).StatusCode);
    }

    [Fact]
    public async Task The_state_says_what_happens_next_so_that_a_clock_can_step_to_it()
    {
        await _world.SwitchAsync(new { settle_after = "PT1H", return_after = "P1D" });
        _world.OrderPayout();
        _world.Book.Settle();
        var state = await _world.StateAsync();
        Assert.InRange(state.GetProperty("next_due").GetDateTimeOffset() - state.GetProperty("now").GetDateTimeOffset(), TimeSpan.FromHours(1) - TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
        await _world.BankTimePassesAsync(TimeSpan.FromHours(1));
        state = await _world.StateAsync();
        Assert.InRange(state.GetProperty("next_due").GetDateTimeOffset() - state.GetProperty("now").GetDateTimeOffset(), TimeSpan.FromDays(1) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));
        await _world.BankTimePassesAsync(TimeSpan.FromDays(1));
        state = await _world.StateAsync();
        Assert.False(state.TryGetProperty("next_due", out _));
        Assert.True(state.GetProperty("is_quiet").GetBoolean());
        Assert.Equal(["ACSP", "ACSC", "RJCT"], state.GetProperty("orders")[0].GetProperty("history").EnumerateArray().Select(status => status.GetProperty("code").GetString()));
        Assert.Equal("0018", state.GetProperty("orders")[0].GetProperty("account_ending").GetString());
    }

    [Fact]
    public async Task A_message_arrives_on_the_phone_once()
    {
        var first = await SendAsync("msg_1");
        Assert.Equal(first.GetProperty("id").GetString(), (await SendAsync("msg_1")).GetProperty("id").GetString());
        Assert.Single(await InboxAsync());
        Assert.Equal("delivered", await StatusAsync(first));
    }

    [Fact]
    public async Task A_slow_message_arrives_later_and_a_lost_one_never()
    {
        await Http.PostAsJsonAsync("/control/faults", new { sms = new { deliver_after = "PT30S" } });
        var slow = await SendAsync("msg_1");
        Assert.Equal("accepted", slow.GetProperty("status").GetString());
        Assert.Empty(await InboxAsync());
        await _world.BankTimePassesAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("delivered", await StatusAsync(slow));
        Assert.Single(await InboxAsync());

        await Http.PostAsJsonAsync("/control/faults", new { sms = new { not_delivered = true } });
        Assert.Equal("failed", await StatusAsync(await SendAsync("msg_2")));
        await Http.PostAsJsonAsync("/control/faults", new { sms = new { down = true } });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await Http.GetAsync(new Uri("/sms/messages/x", UriKind.Relative))).StatusCode);
        Assert.Single(await InboxAsync());
    }

    [Theory]
    [InlineData("6216261000000000018", "PAB", "debit")]
    [InlineData("6226388000000095", "HXB", "credit")]
    [InlineData("6200000000000005", "SBX", "debit")]
    public async Task Four_elements_match_and_say_whose_card_it_is(string number, string bank, string kind)
    {
        var answer = await CheckAsync("four-elements", new { request_id = "r1", card_number = number, name = "林小满", resident_id = "11010519491231002X", phone = "+8613552535506" });
        Assert.Equal("match", answer.GetProperty("result").GetString());
        Assert.Equal(bank, answer.GetProperty("bank").GetProperty("code").GetString());
        Assert.Equal(kind, answer.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task What_is_on_the_mismatch_list_does_not_match()
    {
        await Http.PostAsJsonAsync("/control/faults", new { bureau = new { mismatches = new[] { "张三", "6216261000000000018" } } });
        Assert.Equal("mismatch", (await CheckAsync("two-elements", new { request_id = "r1", name = "张三", resident_id = "11010519491231002X" })).GetProperty("result").GetString());
        Assert.Equal("match", (await CheckAsync("two-elements", new { request_id = "r1", name = "李四", resident_id = "11010519491231002X" })).GetProperty("result").GetString());
        var four = await CheckAsync("four-elements", new { request_id = "r1", card_number = "6216261000000000018", name = "李四", resident_id = "11010519491231002X", phone = "+8613552535506" });
        Assert.Equal("mismatch", four.GetProperty("result").GetString());
        Assert.False(four.TryGetProperty("bank", out _));
    }

    [Fact]
    public async Task Photos_pass_unless_the_face_differs()
    {
        var photos = new { request_id = "r1", name = "林小满", resident_id = "11010519491231002X", front_photo = "AQ==", back_photo = "AQ==", face_photo = "AQ==" };
        Assert.Equal("pass", (await CheckAsync("photos", photos)).GetProperty("result").GetString());
        Assert.Equal("unreadable", (await CheckAsync("photos", photos with { face_photo = "" })).GetProperty("reason").GetString());
        await Http.PostAsJsonAsync("/control/faults", new { bureau = new { face_fails = true } });
        Assert.Equal("face_differs", (await CheckAsync("photos", photos)).GetProperty("reason").GetString());
    }

    [Fact]
    public void A_short_key_is_refused() => Assert.Throws<ArgumentException>(() => SimulatorsApp.Build("http://127.0.0.1:0", new SimulatorOptions { ProviderKey = "short" }));

    private async Task<JsonElement> CheckAsync(string check, object body)
    {
        using var response = await Http.PostAsJsonAsync("/bureau/" + check, body);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> SendAsync(string id)
    {
        using var response = await Http.PostAsJsonAsync("/sms/messages", new { client_message_id = id, to = "+8613552535506", text = "hello" });
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<string?> StatusAsync(JsonElement message) =>
        (await Http.GetFromJsonAsync<JsonElement>("/sms/messages/" + message.GetProperty("id").GetString())).GetProperty("status").GetString();

    private async Task<List<JsonElement>> InboxAsync() =>
        [.. (await Http.GetFromJsonAsync<JsonElement>("/control/messages?to=%2B8613552535506")).GetProperty("messages").EnumerateArray()];
}
