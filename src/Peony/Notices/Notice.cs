using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>A line in a customer's inbox: a template's name and its arguments. The text is made in the reader's language when it is read. Never a code.</summary>
/// <param name="Session">When set, only this session sees it.</param>
/// <param name="Link">A path on our own site that the notice leads to, or null.</param>
internal sealed record Notice(
    NoticeId Id,
    CustomerId Customer,
    string Template,
    IReadOnlyDictionary<string, string> Arguments,
    string? Link,
    SessionId? Session,
    DateTimeOffset At) : IRecord
{
    public DateTimeOffset? ReadAt { get; init; }

    public string Key => Id.Value;
}

/// <summary>A notice as a screen shows it.</summary>
internal sealed record NoticeView(NoticeId Id, string Template, string Title, string Text, string? Link, DateTimeOffset At, bool IsRead);
