using System.Globalization;
using Peony.Book;
using Peony.Notices;

namespace Peony.Withdrawals;

/// <summary>What a withdrawal says to its owner. Never the code: that goes out by its own message, and the inbox says only that it was sent.</summary>
internal static class WithdrawalNotices
{
    public static Dictionary<string, string> Arguments(Withdrawal withdrawal, CodeRules rules)
    {
        var arguments = new Dictionary<string, string>
        {
            ["amount"] = withdrawal.Amount.ToString(),
            ["minutes"] = (rules.LifeSeconds / 60).ToString(CultureInfo.InvariantCulture),
        };
        if (withdrawal.Card is { } card)
        {
            arguments["bank"] = card.Bank;
            arguments["lastFour"] = card.LastFour;
        }

        if (withdrawal.Reason is { } reason)
        {
            arguments["reason"] = reason;
        }

        return arguments;
    }

    /// <param name="onlyToAsker">Only the session that asked sees it.</param>
    public static void Tell(IWork work, Withdrawal withdrawal, string template, bool isAlsoSms = false, bool onlyToAsker = false) =>
        new SendNotice(withdrawal.Customer, template, Arguments(withdrawal, work.Use<WithdrawalRules>().Code), isAlsoSms, $"/app/withdrawals/{withdrawal.Id.Value}",
            onlyToAsker ? withdrawal.Session : null).Handle(work);
}
