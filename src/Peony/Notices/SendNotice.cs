using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>Puts a notice into a customer's inbox and sends it as a text message and as a mail too, as its kind and the customer's choice have it. Called inside other capabilities' work or by an effect on their event.</summary>
/// <param name="Template">A row of <c>notices.json</c>.</param>
/// <param name="Arguments">Values for the places in the text; amounts as <c>Money.ToString()</c>, times as ISO 8601. Never a code, a name or a number in clear.</param>
/// <param name="IsAlsoSms">It is worth a text message, unless the customer chose otherwise; the template must have an SMS text.</param>
/// <param name="Link">A path on our own site, or null.</param>
/// <param name="Session">When set, only this session sees the notice.</param>
internal sealed record SendNotice(
    CustomerId Customer,
    string Template,
    IReadOnlyDictionary<string, string> Arguments,
    bool IsAlsoSms = false,
    string? Link = null,
    SessionId? Session = null) : ICommand<NoticeId>
{
    public Result<NoticeId> Handle(IWork work)
    {
        NoticeTexts.Demand(Template, IsAlsoSms);
        var notice = new Notice(work.NewId<NoticeId>(), Customer, Template, Arguments, Link, Session, work.Now);
        work.Save(notice);
        work.Tell(new NoticePosted(notice.Id, Customer));
        var channels = NoticeChoices.Of(work.Find<NoticeChoices>(Customer.Value), NoticeTexts.KindOf(Template));
        if (IsAlsoSms && channels.Sms)
        {
            Send(work, MessageChannel.Sms);
        }

        // What only one session may see is not for a mailbox.
        if (channels.Email && Session is null && new LookUpCustomer(Customer).Handle(work) is { IsDone: true, Value.HasEmail: true })
        {
            Send(work, MessageChannel.Email);
        }

        return notice.Id;
    }

    private void Send(IWork work, MessageChannel channel) => SendMessage.Order(work,
        new Message(work.NewId<MessageId>(), Customer, channel, Device: null, Template, Arguments, Code: null, Until: null, MessageStatus.Ordered, work.Now));
}

/// <summary>Marks everything in the inbox as read, up to and with the notice given.</summary>
internal sealed record ReadNotices(CustomerId Customer, NoticeId UpTo) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        foreach (var notice in work.FindBy<Notice>(NoticesModule.ByUnread, Customer.Value))
        {
            if (string.CompareOrdinal(notice.Id.Value, UpTo.Value) <= 0)
            {
                work.Save(notice with { ReadAt = work.Now });
            }
        }

        return new Done();
    }
}
