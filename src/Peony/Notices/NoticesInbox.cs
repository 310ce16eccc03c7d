using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>Reads a customer's inbox for pages and the API.</summary>
internal static class NoticesInbox
{
    /// <summary>The customer's notices that this session may see, in the language.</summary>
    public static async Task<IReadOnlyList<NoticeView>> ListAsync(IBookReader reader, CustomerId customer, SessionId session, string language, Page page,
        CancellationToken cancel = default)
    {
        // Those of other sessions are passed over, and the page is filled from behind them.
        var shown = new List<NoticeView>();
        for (var after = page.After; shown.Count < page.Limit;)
        {
            var notices = await reader.ListAsync<Notice>(NoticesModule.ByCustomer, customer.Value, page with { After = after }, cancel);
            shown.AddRange(notices.Where(notice => notice.Session is null || notice.Session == session).Select(notice => View(notice, language)));
            if (notices.Count < page.Limit)
            {
                break;
            }

            after = notices[^1].Id.Value;
        }

        return shown.Count > page.Limit ? shown[..page.Limit] : shown;
    }

    /// <summary>How many notices are unread; 100 stands for 100 or more.</summary>
    public static async Task<int> CountUnreadAsync(IBookReader reader, CustomerId customer, SessionId session, CancellationToken cancel = default)
    {
        var notices = await reader.ListAsync<Notice>(NoticesModule.ByUnread, customer.Value, new Page(100), cancel);
        return notices.Count(notice => notice.Session is null || notice.Session == session);
    }

    private static NoticeView View(Notice notice, string language)
    {
        var (title, text) = NoticeTexts.Of(notice.Template, notice.Arguments, language);
        return new NoticeView(notice.Id, notice.Template, title, text, notice.Link, notice.At, notice.ReadAt is not null);
    }
}
