using System.Globalization;
using Peony.Book;
using Peony.Ledger;
using Peony.Notices;

namespace Peony.Credit;

/// <summary>What a request for relief says to its customer: that it waits (inbox), and how it ended (inbox and text message).</summary>
internal static class HardshipNotices
{
    public const string Page = "/app/hardship";

    public static void Tell(IWork work, HardshipRequest request, string template)
    {
        var arguments = new Dictionary<string, string> { ["until"] = request.DecideBy.ToString("O", CultureInfo.InvariantCulture) };
        if (request.NewDueDay is { } day)
        {
            arguments["due"] = day.ToString("O", CultureInfo.InvariantCulture);
        }

        if (request is { InPlan: { } principal, Granted: { } relief })
        {
            arguments["amount"] = principal.ToString();
            arguments["periods"] = relief.Count.ToString(CultureInfo.InvariantCulture);
        }

        new SendNotice(request.Customer, template, arguments, IsAlsoSms: !request.IsOpen, Page).Handle(work);
    }
}
