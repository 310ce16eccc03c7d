using System.Text;
using Peony.Book;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Tests.Payouts;

public sealed class PayoutTests
{
    private const long Amount = 500_00;

    [Fact]
    public async Task A_payout_is_sent_once_and_settled_by_the_banks_report()
    {
        await using var world = await RailWorld.StartAsync();
        var payout = world.OrderPayout();
        world.Book.Settle();
        Assert.Equal(BankOrderStatus.Accepted, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: Amount, settlement: 0, wallet: 0);

        await world.BankTimePassesAsync(TimeSpan.FromHours(1));
        Assert.Equal(BankOrderStatus.Settled, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: 0, settlement: -Amount, wallet: 0);
        Assert.Equal(1, await world.TimesReceivedAsync(payout.Value));
        Assert.Equal(payout, Assert.Single(world.Book.Told<PayoutSettled>()).Payout);
    }

    [Fact]
    public async Task Without_reports_the_bank_is_asked_until_it_has_settled()
    {
        await using var world = await RailWorld.StartAsync(hasCallback: false);
        var payout = world.OrderPayout();
        world.Book.Settle();
        await world.BankTimePassesAsync(TimeSpan.FromHours(2));
        Assert.Equal(BankOrderStatus.Accepted, (await world.PayoutAsync(payout)).Progress.Status);

        world.Book.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BankOrderStatus.Settled, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: 0, settlement: -Amount, wallet: 0);
    }

    [Fact]
    public async Task A_timeout_after_accept_is_asked_for_and_not_sent_again()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { timeout_after_accept = true });
        var payout = world.OrderPayout();
        world.Book.Settle();
        Assert.Equal(BankOrderStatus.Unknown, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: Amount, settlement: 0, wallet: 0);

        world.Book.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BankOrderStatus.Accepted, (await world.PayoutAsync(payout)).Progress.Status);
        Assert.Equal(1, await world.TimesReceivedAsync(payout.Value));
    }

    [Fact]
    public async Task A_timeout_before_accept_is_sent_again_under_the_same_id_once_the_bank_says_it_does_not_know_it()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { timeout_before_accept = true });
        var payout = world.OrderPayout();
        world.Book.Settle();
        Assert.Equal(BankOrderStatus.Unknown, (await world.PayoutAsync(payout)).Progress.Status);
        Assert.Equal(0, await world.TimesReceivedAsync(payout.Value));

        await world.SwitchAsync(new { });
        world.Book.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BankOrderStatus.Accepted, (await world.PayoutAsync(payout)).Progress.Status);
        Assert.Equal(1, await world.TimesReceivedAsync(payout.Value));
    }

    [Fact]
    public async Task While_the_bank_is_down_the_payout_waits_and_its_owner_is_told_once()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { down = true });
        var payout = world.OrderPayout();
        world.Book.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(BankOrderStatus.Unknown, (await world.PayoutAsync(payout)).Progress.Status);
        Assert.Equal(payout, Assert.Single(world.Book.Told<PayoutDelayed>()).Payout);
        await world.AssertBalancesAsync(clearing: Amount, settlement: 0, wallet: 0);

        await world.SwitchAsync(new { });
        world.Book.Advance(TimeSpan.FromHours(1));
        await world.BankTimePassesAsync(TimeSpan.FromHours(1));
        Assert.Equal(BankOrderStatus.Settled, (await world.PayoutAsync(payout)).Progress.Status);
        Assert.Equal(1, await world.TimesReceivedAsync(payout.Value));
    }

    [Fact]
    public async Task A_rejected_payout_goes_back_where_it_came_from_and_cites_the_entry_that_took_it()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { reject = "AC06" });
        var payout = world.OrderPayout();
        world.Book.Settle();
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: Amount);
        Assert.Equal("AC06", Assert.Single(world.Book.Told<PayoutRejected>()).Reason);
        var posted = Assert.Single(await world.Book.Reader.EntryAsync(new EntryKey($"payout/{payout}/rejected")));
        Assert.Equal("withdrawal/wd_1/paid-out", posted.Cites);
    }

    [Fact]
    public async Task A_late_rejection_gives_the_money_back()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { late_reject = "PT2H" });
        var payout = world.OrderPayout();
        world.Book.Settle();
        await world.BankTimePassesAsync(TimeSpan.FromHours(3));
        Assert.Equal(BankOrderStatus.Rejected, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: Amount);
    }

    [Fact]
    public async Task A_return_after_settlement_compensates_once_however_often_it_is_reported()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { return_after = "P1D", duplicate_ack = true, out_of_order = true });
        var payout = world.OrderPayout();
        world.Book.Settle();
        await world.BankTimePassesAsync(TimeSpan.FromHours(1));
        await world.AssertBalancesAsync(clearing: 0, settlement: -Amount, wallet: 0);

        await world.BankTimePassesAsync(TimeSpan.FromDays(1));
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: Amount);
        var returned = await world.PayoutAsync(payout);
        Assert.Equal(BankOrderStatus.Returned, returned.Progress.Status);
        for (var repeat = 0; repeat < 50; repeat++)
        {
            world.Book.Run(new PayoutAnswered(payout, new BankAnswer(BankSaid.Rejected, returned.Progress.BankSaidAt!.Value.AddSeconds(repeat), "AC04"), []));
        }

        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: Amount);
        Assert.Single(world.Book.Told<PayoutReturned>());
        Assert.Equal($"payout/{payout}/settled", Assert.Single(await world.Book.Reader.EntryAsync(new EntryKey($"payout/{payout}/returned"))).Cites);
    }

    [Fact]
    public async Task A_return_whose_report_is_lost_is_found_by_asking_later()
    {
        await using var world = await RailWorld.StartAsync(hasCallback: false);
        await world.SwitchAsync(new { return_after = "PT20H" });
        var payout = world.OrderPayout();
        world.Book.Settle();
        await world.BankTimePassesAsync(TimeSpan.FromHours(2));
        world.Book.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(BankOrderStatus.Settled, (await world.PayoutAsync(payout)).Progress.Status);
        await world.BankTimePassesAsync(TimeSpan.FromHours(20));
        world.Book.Advance(TimeSpan.FromHours(25));
        Assert.Equal(BankOrderStatus.Returned, (await world.PayoutAsync(payout)).Progress.Status);
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: Amount);
    }

    [Fact]
    public async Task The_effect_may_run_again_after_a_crash_and_the_bank_pays_once()
    {
        await using var world = await RailWorld.StartAsync();
        var payout = world.OrderPayout();
        for (var crash = 0; crash < 5; crash++)
        {
            // It acts outside, and the process dies before the outcome is written.
            await world.Effect.ActAsync(new PayoutDue(payout), new EffectContext("evt_1/payouts.send", 1, world.Book.Reader), CancellationToken.None);
        }

        world.Book.Settle();
        Assert.Equal(BankOrderStatus.Accepted, (await world.PayoutAsync(payout)).Progress.Status);
        Assert.Equal(1, await world.TimesReceivedAsync(payout.Value));
    }

    [Fact]
    public async Task A_card_that_cannot_be_opened_is_a_rejection_only_after_the_bank_said_that_it_has_nothing()
    {
        await using var world = await RailWorld.StartAsync();
        world.Card.IsGone = true;
        world.OrderPayout();
        world.Book.Settle();
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: Amount);
        Assert.Equal(BankReasons.CardGone, Assert.Single(world.Book.Told<PayoutRejected>()).Reason);
    }

    [Fact]
    public async Task The_same_reference_is_the_same_payout()
    {
        await using var world = await RailWorld.StartAsync();
        var payout = world.OrderPayout();
        Assert.Equal(payout, world.OrderPayout());
        Assert.Throws<CommandFailedException>(() => world.OrderPayout(Amount + 1));
    }

    [Fact]
    public async Task Files_are_kept_for_operators_and_sealed_at_rest()
    {
        await using var world = await RailWorld.StartAsync();
        var payout = world.OrderPayout();
        world.Book.Settle();
        await world.BankTimePassesAsync(TimeSpan.FromHours(1));

        var files = await BankFiles.ReadAsync(world.Book.Reader, world.Vault, payout.Value, TestContext.Current.CancellationToken);
        Assert.Equal([PaymentFile.Name, StatusFile.Name, StatusFile.Name], files.Select(file => file.Name));
        Assert.Contains(OneCard.Number, files[0].Xml, StringComparison.Ordinal);
        var journal = string.Concat(world.Book.Journal.Select(frame => Encoding.UTF8.GetString(frame.Payload)));
        Assert.DoesNotContain(OneCard.Number, journal, StringComparison.Ordinal);
        Assert.DoesNotContain("林小满", journal, StringComparison.Ordinal);

        await world.Vault.DestroyKeyAsync(RailWorld.Customer.Value, TestContext.Current.CancellationToken);
        files = await BankFiles.ReadAsync(world.Book.Reader, world.Vault, payout.Value, TestContext.Current.CancellationToken);
        Assert.All(files, file => Assert.Null(file.Xml));
    }

    [Fact]
    public async Task A_collection_is_posted_when_it_settled_and_not_before()
    {
        await using var world = await RailWorld.StartAsync();
        var collection = world.OrderCollection();
        world.Book.Settle();
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: 0);
        await world.BankTimePassesAsync(TimeSpan.FromHours(1));
        await world.AssertBalancesAsync(clearing: 0, settlement: Amount, wallet: Amount);
        Assert.Equal(collection, Assert.Single(world.Book.Told<CollectionSettled>()).Collection);
        Assert.Equal(1, await world.TimesReceivedAsync(collection.Value));
    }

    [Theory]
    [InlineData("""{ "reject": "AM04" }""")]
    [InlineData("""{ "late_reject": "PT1H", "reason": "AM04" }""")]
    public async Task A_collection_that_is_rejected_posts_nothing(string faults)
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(System.Text.Json.JsonDocument.Parse(faults).RootElement);
        world.OrderCollection();
        world.Book.Settle();
        await world.BankTimePassesAsync(TimeSpan.FromHours(1));
        await world.AssertBalancesAsync(clearing: 0, settlement: 0, wallet: 0);
        Assert.Equal("AM04", Assert.Single(world.Book.Told<CollectionFailed>()).Reason);
    }

    [Fact]
    public async Task A_collection_whose_answer_was_lost_debits_once()
    {
        await using var world = await RailWorld.StartAsync();
        await world.SwitchAsync(new { timeout_after_accept = true });
        var collection = world.OrderCollection();
        world.Book.Settle();
        await world.SwitchAsync(new { });
        world.Book.Advance(TimeSpan.FromMinutes(1));
        await world.BankTimePassesAsync(TimeSpan.FromHours(1));
        await world.AssertBalancesAsync(clearing: 0, settlement: Amount, wallet: Amount);
        Assert.Equal(1, await world.TimesReceivedAsync(collection.Value));
    }
}
