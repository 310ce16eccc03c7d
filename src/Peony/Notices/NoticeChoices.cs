using Peony.Book;
using Peony.Customers;

namespace Peony.Notices;

/// <summary>Where notices of a kind go beside the inbox, which always has them.</summary>
/// <param name="Sms">To the phone, those that are written as text messages.</param>
/// <param name="Email">To the confirmed e-mail address, if there is one.</param>
internal sealed record NoticeChannels(bool Sms, bool Email);

/// <summary>A kind of notice: which templates are of it, where it goes unless the customer chooses otherwise. A row of <c>notices.json</c>.</summary>
/// <param name="Templates">Names of templates, or beginnings of names that end in a dot; the longest that fits decides. An empty one fits all.</param>
/// <param name="IsFixed">The customer cannot switch it off: what an attacker would do first, to hide the rest.</param>
internal sealed record NoticeKind(string Kind, IReadOnlyList<string> Templates, bool Sms, bool Email, bool IsFixed = false)
{
    public NoticeChannels Channels => new(Sms, Email);
}

/// <summary>What a customer chose, by kind. A kind that is not in it goes where <c>notices.json</c> says.</summary>
internal sealed record NoticeChoices(CustomerId Customer, IReadOnlyDictionary<string, NoticeChannels> Chosen) : IRecord
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string Key => Customer.Value;

    /// <summary>Where a notice goes: what cannot be chosen goes where it always goes.</summary>
    public static NoticeChannels Of(NoticeChoices? choices, NoticeKind kind) => kind.IsFixed ? kind.Channels : choices?.Chosen.GetValueOrDefault(kind.Kind) ?? kind.Channels;
}

/// <param name="HasSms">Whether any notice of the kind is written as a text message.</param>
internal sealed record NoticeChoiceView(string Kind, bool Sms, bool Email, bool IsFixed, bool HasSms);

/// <summary>Chooses where notices of some kinds go. Kinds that are not named stay as they are.</summary>
internal sealed record ChooseNotices(SessionId Session, IReadOnlyDictionary<string, NoticeChannels> Chosen) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        foreach (var name in Chosen.Keys)
        {
            if (NoticeTexts.Kinds.FirstOrDefault(kind => kind.Kind == name) is not { } kind)
            {
                return NoticesRefusals.KindNotFound;
            }

            if (kind.IsFixed)
            {
                return NoticesRefusals.KindFixed;
            }
        }

        var chosen = new Dictionary<string, NoticeChannels>(work.Find<NoticeChoices>(caller.Customer.Value)?.Chosen ?? new Dictionary<string, NoticeChannels>(), StringComparer.Ordinal);
        foreach (var (kind, channels) in Chosen)
        {
            chosen[kind] = channels;
        }

        work.Save(new NoticeChoices(caller.Customer, chosen));
        return new Done();
    }
}

/// <summary>What pages and the API read of the choices.</summary>
internal static class NoticeChoicesReader
{
    /// <summary>Every kind, in the order of <c>notices.json</c>.</summary>
    public static async Task<IReadOnlyList<NoticeChoiceView>> OfAsync(IBookReader reader, CustomerId customer, CancellationToken cancel = default)
    {
        var choices = await reader.FindAsync<NoticeChoices>(customer.Value, cancel);
        return [.. NoticeTexts.Kinds.Select(kind => (Kind: kind, Channels: NoticeChoices.Of(choices, kind))).Select(one =>
            new NoticeChoiceView(one.Kind.Kind, one.Channels.Sms, one.Channels.Email, one.Kind.IsFixed, NoticeTexts.All.Any(row => row.EnSms is not null && NoticeTexts.KindOf(row.Template) == one.Kind)))];
    }
}
