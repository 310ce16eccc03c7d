using System.Net.Http.Json;
using System.Text;
using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Customers.Mail;
using Peony.Notices;

namespace Peony.Tests.Notices;

public sealed class MessageTests
{
    [Fact]
    public async Task A_code_reaches_the_phone_and_is_stored_nowhere()
    {
        await using var world = await NoticesWorld.StartAsync();
        var message = world.SendCode();
        Assert.Equal("【牡丹】提现授权码48151623，输入后将向平安银行尾号0018支付¥500.00，5分钟内有效。没有人会向您索要它，索要的都是骗子。", Assert.Single(await world.PhoneAsync()));
        Assert.Equal(MessageStatus.Delivered, world.Message(message).Status);
        Assert.Equal([MessageStatus.Delivered], world.Moves);
        var journal = string.Concat(world.Book.Journal.Select(frame => Encoding.UTF8.GetString(frame.Payload)));
        Assert.DoesNotContain(OneCode.Digits, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(OnePhone.Number, journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_written_in_the_customers_language()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.Phone.Language = "en";
        world.SendCode();
        Assert.Equal("[Peony] 48151623 is your withdrawal code. Entering it within 5 minutes pays ¥500.00 to your Ping An Bank card ending 0018. "
            + "Nobody will ever ask you for it; whoever asks is a fraud.", Assert.Single(await world.PhoneAsync()));
    }

    [Fact]
    public async Task A_slow_message_is_followed_until_it_is_delivered()
    {
        await using var world = await NoticesWorld.StartAsync();
        await world.SwitchAsync(new { deliver_after = "PT10S" });
        var message = world.SendCode();
        Assert.Equal(MessageStatus.Sent, world.Message(message).Status);
        var now = (await world.Control.GetFromJsonAsync<System.Text.Json.JsonElement>("/control/state")).GetProperty("now").GetDateTimeOffset();
        await world.Control.PostAsJsonAsync("/control/clock", new { now = now.AddSeconds(10) });
        world.Book.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(MessageStatus.Delivered, world.Message(message).Status);
        Assert.Equal([MessageStatus.Sent, MessageStatus.Delivered], world.Moves);
    }

    [Fact]
    public async Task A_message_that_is_not_delivered_is_known_as_failed()
    {
        await using var world = await NoticesWorld.StartAsync();
        await world.SwitchAsync(new { not_delivered = true });
        var message = world.SendCode();
        Assert.Equal((MessageStatus.Failed, "absent_subscriber"), (world.Message(message).Status, world.Message(message).Reason));
        Assert.Equal([MessageStatus.Failed], world.Moves);
    }

    [Fact]
    public async Task While_the_carrier_is_down_the_message_is_handed_over_again_and_arrives_once()
    {
        await using var world = await NoticesWorld.StartAsync();
        await world.SwitchAsync(new { down = true });
        var message = world.SendCode();
        Assert.Equal(MessageStatus.Ordered, world.Message(message).Status);
        await world.SwitchAsync(new { });
        world.Book.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(MessageStatus.Delivered, world.Message(message).Status);
        Assert.Single(await world.PhoneAsync());
    }

    [Fact]
    public async Task A_carrier_that_stays_down_is_given_up_within_two_minutes()
    {
        await using var world = await NoticesWorld.StartAsync();
        await world.SwitchAsync(new { down = true });
        var message = world.SendCode();
        world.Book.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal((MessageStatus.Failed, "unreachable"), (world.Message(message).Status, world.Message(message).Reason));
    }

    [Fact]
    public async Task A_dead_code_is_not_sent()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.Code.IsDead = true;
        var message = world.SendCode();
        Assert.Equal((MessageStatus.Failed, "too_late"), (world.Message(message).Status, world.Message(message).Reason));
        Assert.Empty(await world.PhoneAsync());
    }

    [Fact]
    public async Task A_customer_without_a_phone_gets_no_message()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.Phone.Language = null;
        Assert.Equal("no_contact", world.Message(world.SendCode()).Reason);
    }

    [Fact]
    public async Task A_pushed_code_is_read_by_its_own_device_only()
    {
        await using var world = await NoticesWorld.StartAsync();
        var tablet = new DeviceId("dev_tablet");
        var message = world.SendCode(MessageChannel.Push, tablet);
        Assert.Empty(await world.PhoneAsync());
        Assert.Empty(await world.DeviceMessages.ReadAsync(NoticesWorld.Customer, new DeviceId("dev_phone"), "zh-CN"));
        Assert.Empty(await world.DeviceMessages.ReadAsync(new CustomerId("cus_2"), tablet, "zh-CN"));
        Assert.Equal(MessageStatus.Sent, world.Message(message).Status);

        var shown = Assert.Single(await world.DeviceMessages.ReadAsync(NoticesWorld.Customer, tablet, "en"));
        Assert.Contains(OneCode.Digits, shown.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(OneCode.Digits, shown.ToString(), StringComparison.Ordinal);
        Assert.Equal(MessageStatus.Delivered, world.Message(message).Status);

        world.Code.IsDead = true;
        Assert.Empty(await world.DeviceMessages.ReadAsync(NoticesWorld.Customer, tablet, "en"));
        Assert.DoesNotContain(OneCode.Digits, string.Concat(world.Book.Journal.Select(frame => Encoding.UTF8.GetString(frame.Payload))), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_strangers_message_looks_like_none()
    {
        await using var world = await NoticesWorld.StartAsync();
        var message = world.SendCode();
        Assert.True(world.Book.Run(new ReadMessage(new CustomerId("cus_2"), message)).Refusal!.Is(NoticesRefusals.NotFound));
    }

    // Rows are states, columns what the carrier says: nothing, accepted, delivered, failed.
    [Theory]
    [InlineData("Ordered", "Ordered Sent Delivered Failed")]
    [InlineData("Sent", "Sent Sent Delivered Failed")]
    [InlineData("Delivered", "Delivered Delivered Delivered Delivered")]
    [InlineData("Failed", "Failed Failed Failed Failed")]
    public void Every_answer_in_every_state_is_decided(string state, string expected)
    {
        var now = new DateTimeOffset(2026, 3, 5, 4, 0, 0, TimeSpan.Zero);
        var message = new Message(new MessageId("msg_1"), NoticesWorld.Customer, MessageChannel.Sms, null, "withdrawal.code", NoticesWorld.Arguments, null, null,
            Enum.Parse<MessageStatus>(state), now);
        Assert.Equal(expected, string.Join(' ', Enum.GetValues<CarrierSaid>().Select(said => message.After(new CarrierAnswer(said), now).Status)));
    }
}

public sealed class InboxTests
{
    [Fact]
    public async Task A_notice_is_read_in_the_readers_language_and_marked_as_read()
    {
        await using var world = await NoticesWorld.StartAsync();
        var first = world.Book.Run(new SendNotice(NoticesWorld.Customer, "withdrawal.returned",
            new Dictionary<string, string> { ["amount"] = "1283.50 CNY", ["reason"] = "AC04" }, Link: "/app/withdrawals/wd_1")).Value;
        var chinese = Assert.Single(await world.InboxAsync());
        Assert.Equal(("提现被退回", "银行退回了提现 ¥1,283.50：银行卡已销户。资金已退回。", false), (chinese.Title, chinese.Text, chinese.IsRead));
        Assert.Equal("The bank returned your withdrawal of ¥1,283.50: the card's account is closed. The money is back.", Assert.Single(await world.InboxAsync("en")).Text);
        Assert.Equal(1, await NoticesInbox.CountUnreadAsync(world.Book.Reader, NoticesWorld.Customer, NoticesWorld.Session));

        world.Book.Advance(TimeSpan.FromSeconds(1));
        world.Book.Run(new SendNotice(NoticesWorld.Customer, "pin.set", new Dictionary<string, string>()));
        world.Book.Run(new ReadNotices(NoticesWorld.Customer, first));
        Assert.Equal([false, true], (await world.InboxAsync()).Select(notice => notice.IsRead));
        Assert.Equal(1, await NoticesInbox.CountUnreadAsync(world.Book.Reader, NoticesWorld.Customer, NoticesWorld.Session));
    }

    [Fact]
    public async Task A_page_of_the_inbox_is_full_also_when_notices_of_other_sessions_lie_between()
    {
        await using var world = await NoticesWorld.StartAsync();
        SessionId?[] sessions = [null, new SessionId("ses_2"), new SessionId("ses_2"), new SessionId("ses_2"), null];
        var posted = sessions.Select(session => world.Book.Run(new SendNotice(NoticesWorld.Customer, "withdrawal.code_sent", NoticesWorld.Arguments, Session: session)).Value).ToArray();
        var page = await NoticesInbox.ListAsync(world.Book.Reader, NoticesWorld.Customer, NoticesWorld.Session, "en", new Page(2), TestContext.Current.CancellationToken);
        Assert.Equal([posted[4], posted[0]], page.Select(notice => notice.Id));
        Assert.Single(await NoticesInbox.ListAsync(world.Book.Reader, NoticesWorld.Customer, NoticesWorld.Session, "en", new Page(1), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_notice_for_a_session_is_seen_there_only()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.Book.Run(new SendNotice(NoticesWorld.Customer, "withdrawal.code_sent", NoticesWorld.Arguments, Session: NoticesWorld.Session));
        Assert.Single(await world.InboxAsync());
        Assert.Empty(await world.InboxAsync(session: new SessionId("ses_2")));
    }

    [Fact]
    public async Task A_template_that_does_not_exist_is_a_defect()
    {
        await using var world = await NoticesWorld.StartAsync();
        Assert.Throws<CommandFailedException>(() => world.Book.Run(new SendNotice(NoticesWorld.Customer, "no.such", new Dictionary<string, string>())));
        Assert.Throws<CommandFailedException>(() => world.Book.Run(new SendNotice(NoticesWorld.Customer, "pin.set", new Dictionary<string, string>(), IsAlsoSms: true)));
    }

    [Fact]
    public async Task What_an_attacker_would_do_first_is_told_by_sms_too()
    {
        await using var world = await NoticesWorld.StartAsync();
        var customer = NoticesWorld.Customer;
        Tell(new CardBound(customer, new CardId("card_1"), 1, "CMB", CardKind.Debit, "1234"));
        Tell(new NewDeviceSignedIn(customer, NoticesWorld.Session, new DeviceId("dev_1"), "Chrome · Android"));
        Tell(new PinChanged(customer, IsFirst: false));
        Tell(new PinLocked(customer, world.Book.Now.AddHours(1)));
        Tell(new CredentialChanged(customer, "passkey", "digest"));
        Tell(new CustomerFrozen(customer));
        Tell(new CustomerUnfrozen(customer));
        Tell(new EmailChanged(customer, IsSet: true));
        Tell(new EmailChanged(customer, IsSet: false));
        Assert.Equal(9, (await world.PhoneAsync()).Count);

        Tell(new PinChanged(customer, IsFirst: true));
        Tell(new CardUnbound(customer, new CardId("card_1"), 1, "CMB", CardKind.Debit, "1234"));
        Tell(new IdentityVerified(customer, VerificationLevel.Basic));
        Assert.Equal(9, (await world.PhoneAsync()).Count);
        Assert.Equal(12, (await world.InboxAsync()).Count);

        void Tell<TEvent>(TEvent told)
            where TEvent : IEvent
        {
            world.Book.Run(NoticesWorld.Tell.Of(told));
            world.Book.Settle();
        }
    }

    [Fact]
    public async Task A_listener_hears_of_a_notice_after_it_is_on_disk()
    {
        await using var world = await NoticesWorld.StartAsync();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await using var heard = world.Feed.ListenAsync(NoticesWorld.Customer, stop.Token).GetAsyncEnumerator();
        await using var stranger = world.Feed.ListenAsync(new CustomerId("cus_2"), stop.Token).GetAsyncEnumerator();
        var next = heard.MoveNextAsync();
        var silence = stranger.MoveNextAsync();
        var notice = world.Book.Run(new SendNotice(NoticesWorld.Customer, "pin.set", new Dictionary<string, string>())).Value;
        Assert.False(next.IsCompleted);
        world.Book.Settle();
        Assert.True(await next);
        Assert.Equal(new FeedItem("notice", notice.Value), heard.Current);
        Assert.False(silence.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await silence);
    }
}

public sealed partial class NoticeTextsTests
{
    public static TheoryData<string> Templates => [.. NoticeTexts.All.Select(row => row.Template)];

    [Theory]
    [MemberData(nameof(Templates))]
    public void Both_languages_say_the_same_with_the_same_places(string template)
    {
        var row = NoticeTexts.All.Single(row => row.Template == template);
        Assert.Equal(PlacesOf(row.Zh), PlacesOf(row.En));
        Assert.Equal(PlacesOf(row.ZhTitle), PlacesOf(row.EnTitle));
        Assert.Equal(PlacesOf(row.ZhSms ?? ""), PlacesOf(row.EnSms ?? ""));
        Assert.Matches(@"\p{IsCJKUnifiedIdeographs}", row.Zh + row.ZhTitle);
        Assert.DoesNotMatch(@"\p{IsCJKUnifiedIdeographs}", row.En + row.EnTitle + row.EnSms);
        Assert.True((row.ZhSms is null) == (row.EnSms is null));
    }

    [Theory]
    [MemberData(nameof(Templates))]
    public void No_template_but_a_codes_own_has_a_place_for_a_code(string template)
    {
        var row = NoticeTexts.All.Single(row => row.Template == template);
        var hasCode = PlacesOf(row.Zh + row.En + row.ZhSms + row.EnSms + row.ZhTitle + row.EnTitle).Contains("{code}");
        Assert.Equal(template is "withdrawal.code" or "withdrawal.code_to_wallet" or "sign_up.code" or "customer.email_code", hasCode);
    }

    private static List<string> PlacesOf(string text) => [.. Place().Matches(text).Select(match => match.Value).Distinct().Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"\{\w+(:\w+)?\}")]
    private static partial Regex Place();
}
