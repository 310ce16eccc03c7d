using System.Globalization;
using System.Net.Sockets;
using System.Resources;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;
using Peony.Customers.Mail;
using Peony.Edge;
using Peony.Notices;
using Peony.Simulators;
using Peony.Simulators.Mail;
using Peony.Tests.Payouts;
using Peony.Web.Resources;

namespace Peony.Tests.Notices;

/// <summary>Mail goes over a real socket to the simulated server, by the protocol.</summary>
public sealed class MailTests
{
    private static readonly Dictionary<string, string> Bill = new() { ["total"] = "1283.50 CNY", ["minimum"] = "128.35 CNY", ["due"] = "2026-04-10" };

    [Theory]
    [InlineData("zh-CN", "账单已出", "本期账单 ¥1,283.50，最低还款 ¥128.35", "请勿回复")]
    [InlineData("en", "Statement ready", "Your statement asks for ¥1,283.50, at least ¥128.35", "do not reply")]
    public async Task A_notice_comes_into_the_mailbox_in_the_customers_language(string language, string subject, string text, string foot)
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        world.Phone.Language = language;
        Tell(world);
        var mail = Assert.Single((await world.MailboxAsync()).Mail);
        Assert.Equal(subject, mail.Subject);
        Assert.Contains(text, mail.Text, StringComparison.Ordinal);
        Assert.Contains(foot, mail.Text, StringComparison.Ordinal);
        Assert.Equal(MessageStatus.Sent, Assert.Single(world.Messages(MessageChannel.Email)).Status);
        Assert.DoesNotContain("peony.example", string.Concat(world.Book.Journal.Select(frame => Encoding.UTF8.GetString(frame.Payload))), StringComparison.Ordinal);

        world.Book.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, (await world.MailboxAsync()).HandedOver);
    }

    [Fact]
    public async Task A_mail_that_is_refused_for_now_is_handed_over_again_and_comes_once()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        await world.SwitchMailAsync(new { refuse = true });
        Tell(world);
        world.Book.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(MessageStatus.Ordered, Assert.Single(world.Messages(MessageChannel.Email)).Status);
        Assert.Empty((await world.MailboxAsync()).Mail);

        await world.SwitchMailAsync(new { });
        world.Book.Advance(TimeSpan.FromHours(1));
        Assert.Equal(MessageStatus.Sent, Assert.Single(world.Messages(MessageChannel.Email)).Status);
        Assert.Equal(1, (await world.MailboxAsync()).HandedOver);
    }

    [Fact]
    public async Task A_mail_whose_answer_was_lost_lies_in_the_mailbox_once()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        await world.SwitchMailAsync(new { drop = true });
        Tell(world);
        Assert.Equal((1, MessageStatus.Ordered), ((await world.MailboxAsync()).HandedOver, Assert.Single(world.Messages(MessageChannel.Email)).Status));
        await world.SwitchMailAsync(new { });
        world.Book.Advance(TimeSpan.FromMinutes(1));
        var (mail, handedOver) = await world.MailboxAsync();
        Assert.Single(mail);
        Assert.Equal(2, handedOver);
    }

    [Fact]
    public async Task A_mailbox_that_does_not_exist_is_not_asked_again()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        await world.SwitchMailAsync(new { refuse_for_good = true });
        Tell(world);
        var message = Assert.Single(world.Messages(MessageChannel.Email));
        Assert.Equal((MessageStatus.Failed, "smtp_550"), (message.Status, message.Reason));
        await world.SwitchMailAsync(new { });
        world.Book.Advance(TimeSpan.FromDays(1));
        Assert.Empty((await world.MailboxAsync()).Mail);
    }

    [Fact]
    public async Task A_server_that_stays_down_is_given_up_and_a_slow_one_is_waited_for()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        await world.SwitchMailAsync(new { down = true });
        Tell(world);
        world.Book.Advance(TimeSpan.FromHours(3));
        Assert.Equal("unreachable", Assert.Single(world.Messages(MessageChannel.Email)).Reason);

        await world.SwitchMailAsync(new { answer_after_milliseconds = 50 });
        Tell(world);
        Assert.Single((await world.MailboxAsync()).Mail);
    }

    [Fact]
    public async Task Without_an_address_nothing_is_ordered()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox(null);
        Tell(world);
        Assert.Empty(world.Messages(MessageChannel.Email));
        Assert.Single(await world.PhoneAsync());
        Assert.Single(await world.InboxAsync());
    }

    [Fact]
    public async Task What_a_customer_chose_is_kept_and_obeyed()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        Choose(world, new() { ["bill_ready"] = new(Sms: false, Email: true), ["repayment"] = new(Sms: false, Email: true) });
        Choose(world, new() { ["due_soon"] = new(Sms: true, Email: false) });
        Tell(world);
        Tell(world, "repayment.settled", new() { ["amount"] = "1.00 CNY" });
        Tell(world, "credit.bill_due", Bill);
        Assert.Equal(["还款成功", "账单已出"], (await world.MailboxAsync()).Mail.Select(mail => mail.Subject));
        Assert.Contains("还款日", Assert.Single(await world.PhoneAsync()), StringComparison.Ordinal);
        Assert.Equal(3, (await world.InboxAsync()).Count);

        var choices = (await NoticeChoicesReader.OfAsync(world.Book.Reader, NoticesWorld.Customer, TestContext.Current.CancellationToken)).ToDictionary(choice => choice.Kind);
        Assert.Equal((false, true), (choices["bill_ready"].Sms, choices["bill_ready"].Email));
        Assert.Equal((true, false), (choices["due_soon"].Sms, choices["due_soon"].Email));
        Assert.Equal((true, true), (choices["missed"].Sms, choices["missed"].Email));
    }

    [Fact]
    public async Task What_guards_the_account_cannot_be_switched_off()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        var off = new Dictionary<string, NoticeChannels> { ["security"] = new(Sms: false, Email: false) };
        Assert.True(world.Book.Run(new ChooseNotices(NoticesWorld.Session, off)).Refusal!.Is(NoticesRefusals.KindFixed));
        Assert.True(world.Book.Run(new ChooseNotices(NoticesWorld.Session, new Dictionary<string, NoticeChannels> { ["weather"] = new(true, true) })).Refusal!.Is(NoticesRefusals.KindNotFound));
        Assert.True(world.Book.Run(new ChooseNotices(new SessionId("ses_9"), off)).Refusal!.Is(CustomersRefusals.SessionEnded));
        Tell(world, "pin.changed", []);
        Assert.Single(await world.PhoneAsync());
        Assert.Single((await world.MailboxAsync()).Mail);
    }

    [Fact]
    public async Task What_only_one_session_may_see_is_not_mailed()
    {
        await using var world = await NoticesWorld.StartAsync();
        world.GiveMailbox();
        Choose(world, new() { ["withdrawal"] = new(Sms: true, Email: true) });
        world.Book.Run(new SendNotice(NoticesWorld.Customer, "withdrawal.code_sent", NoticesWorld.Arguments, Session: NoticesWorld.Session));
        world.SendCode();
        world.Book.Settle();
        Assert.Empty((await world.MailboxAsync()).Mail);
    }

    [Fact]
    public async Task In_production_nothing_is_said_to_a_server_without_tls()
    {
        await using var world = await NoticesWorld.StartAsync();
        var options = new PeonyOptions { DataDirectory = "", Mode = PeonyMode.Production, SmtpUrl = world.SmtpUrl };
        var receipt = await new SmtpMail(options).SendAsync("msg_1", "lin@peony.example", "subject", "text", TestContext.Current.CancellationToken);
        Assert.Equal(MailState.NotNow, receipt.State);
        Assert.Equal(0, (await world.MailboxAsync()).HandedOver);
    }

    [Fact]
    public async Task The_simulated_server_speaks_the_protocol()
    {
        await using var world = await NoticesWorld.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(world.SmtpUrl.Host, world.SmtpUrl.Port, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(client.GetStream());
        Assert.StartsWith("220", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Equal("500", await SayAsync("WHAT"));
        Assert.Equal("250", await SayAsync("HELO me"));
        Assert.Equal("503", await SayAsync("RCPT TO:<b@peony.example>"));
        Assert.Equal("501", await SayAsync("MAIL nonsense"));
        Assert.Equal("250", await SayAsync("MAIL FROM:<a@peony.example> SIZE=100"));
        Assert.Equal("503", await SayAsync("DATA"));
        Assert.Equal("250", await SayAsync("RCPT TO:<b@peony.example>"));
        Assert.Equal("354", await SayAsync("DATA"));
        Assert.Equal("250", await SayAsync("Message-ID: <1@peony.example>\r\nSubject: dots\r\n\r\n..one\r\n."));
        Assert.Equal("221", await SayAsync("QUIT"));
        Assert.Equal(("dots", ".one\n"), Assert.Single((await world.MailboxAsync()).Mail));

        async Task<string> SayAsync(string line)
        {
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), TestContext.Current.CancellationToken);
            return (await reader.ReadLineAsync(TestContext.Current.CancellationToken))![..3];
        }
    }

    [Fact]
    public void Every_template_has_a_kind_and_every_kind_a_name_in_both_languages()
    {
        Assert.Equal("security", NoticeTexts.KindOf("withdrawal.locked_out").Kind);
        Assert.Equal("withdrawal", NoticeTexts.KindOf("withdrawal.paid").Kind);
        Assert.Equal("other", NoticeTexts.KindOf("top_up.settled").Kind);
        Assert.All(NoticeTexts.Kinds.SelectMany(kind => kind.Templates).Where(name => name.Length > 0 && !name.EndsWith('.')), name => NoticeTexts.Demand(name, needsSms: false));
        var resources = new ResourceManager(typeof(Texts));
        foreach (var language in new[] { CultureInfo.InvariantCulture, CultureInfo.GetCultureInfo("zh-CN") })
        {
            Assert.All(NoticeTexts.Kinds, kind => Assert.NotNull(resources.GetResourceSet(language, createIfNotExists: true, tryParents: false)!.GetString("notices.kind." + kind.Kind)));
        }

        Assert.Single(NoticeTexts.Kinds, kind => kind.IsFixed);
    }

    [Theory]
    [InlineData("lin@Peony.Example", "lin@peony.example")]
    [InlineData(" a.b+c@x.co ", "a.b+c@x.co")]
    [InlineData("lin", null)]
    [InlineData("lin@localhost", null)]
    [InlineData("a@b@c.d", null)]
    [InlineData("Lin <lin@peony.example>", null)]
    [InlineData("lin@peony.example\r\nBcc: all@peony.example", null)]
    [InlineData("林@peony.example", null)]
    public void An_address_is_an_address_and_nothing_more(string typed, string? address)
    {
        Assert.Equal(address is not null, EmailAddress.TryParse(typed, out var parsed));
        Assert.Equal(address, parsed?.Value);
    }

    [Fact]
    public async Task The_mailbox_may_be_stopped_when_it_is_already_gone()
    {
        await using var simulators = SimulatorsApp.Build("http://127.0.0.1:0", new SimulatorOptions { ProviderKey = RailWorld.Key });
        await simulators.StartAsync(TestContext.Current.CancellationToken);
        var listener = simulators.Services.GetRequiredService<SmtpListener>();
        await simulators.StopAsync(TestContext.Current.CancellationToken);
        await simulators.DisposeAsync();
        await listener.StopAsync(TestContext.Current.CancellationToken);
    }

    private static void Tell(NoticesWorld world) => Tell(world, "credit.statement_ready", Bill);

    private static void Tell(NoticesWorld world, string template, Dictionary<string, string> arguments)
    {
        world.Book.Run(new SendNotice(NoticesWorld.Customer, template, arguments, IsAlsoSms: template != "repayment.settled"));
        world.Book.Settle();
    }

    private static void Choose(NoticesWorld world, Dictionary<string, NoticeChannels> chosen) => Assert.True(world.Book.Run(new ChooseNotices(NoticesWorld.Session, chosen)).IsDone);
}
