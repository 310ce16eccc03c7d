using System.Globalization;
using Microsoft.Extensions.Localization;
using Peony.Web.Resources;
using Peony.Web.Shared;
using Peony.Withdrawals;

namespace Peony.Web.Consumer;

/// <summary>A withdrawal's states and moments in words, the same for its owner and for operators.</summary>
internal static class WithdrawalTexts
{
    /// <summary>How much can be withdrawn now and why not more.</summary>
    public static string Most(IStringLocalizer<Texts> texts, WithdrawalQuote quote, DateTimeOffset now, CultureInfo language)
    {
        var most = texts["withdraw.most", MoneyText.Format(quote.Most, language)].Value;
        var why = texts["bound." + WithdrawalWords.Of(quote.Bound)].Value;
        var from = quote.MoreFrom is { } moment ? " " + texts["withdraw.more_from", TimeText.Moment(moment, now, language)].Value : "";
        return $"{most} {why}{from}";
    }

    /// <summary>The source an address names; the wallet balance when it names none.</summary>
    public static WithdrawalSource SourceOf(string? word) => Enum.GetValues<WithdrawalSource>().FirstOrDefault(source => WithdrawalWords.Of(source) == word, WithdrawalSource.Wallet);

    public static string State(IStringLocalizer<Texts> texts, WithdrawalState state) => texts["wd.state." + WithdrawalWords.Of(state)];

    public static string Tone(WithdrawalState state) => state switch
    {
        WithdrawalState.AwaitingCode => "warn",
        WithdrawalState.InReview => "warn",
        WithdrawalState.Ordered => "info",
        WithdrawalState.Paid => "good",
        WithdrawalState.Cancelled => "",
        WithdrawalState.Expired => "",
        WithdrawalState.LockedOut => "bad",
        WithdrawalState.Declined => "bad",
        WithdrawalState.Rejected => "bad",
        WithdrawalState.Returned => "bad",
    };

    /// <summary>True when it has ended without the money arriving, so that it may be asked for again.</summary>
    public static bool MayAskAgain(WithdrawalState state) => state is WithdrawalState.Cancelled or WithdrawalState.Expired or WithdrawalState.LockedOut
        or WithdrawalState.Declined or WithdrawalState.Rejected or WithdrawalState.Returned;

    /// <summary>The review step with everything filled in.</summary>
    public static string AskAgain(WithdrawalView withdrawal) =>
        $"/app/withdraw/review?from={WithdrawalWords.Of(withdrawal.Source)}&to={withdrawal.Card?.Id.Value ?? "wallet"}&amount={MoneyText.Plain(withdrawal.Amount)}";

    public static IReadOnlyList<Timeline.Step> Steps(IStringLocalizer<Texts> texts, WithdrawalView withdrawal)
    {
        var steps = withdrawal.Moments.Select(moment => new Timeline.Step(texts["wd.moment." + WithdrawalWords.Of(moment.Kind)], ToneOf(moment.Kind), moment.At, DetailOf(texts, moment))).ToList();
        if (withdrawal.State is WithdrawalState.AwaitingCode)
        {
            steps.Add(new Timeline.Step(texts["wd.next.code"], "now"));
        }
        else if (withdrawal.State is WithdrawalState.InReview)
        {
            steps.Add(new Timeline.Step(texts["wd.next.review"], "now"));
        }
        else if (withdrawal.State is WithdrawalState.Ordered)
        {
            steps.Add(new Timeline.Step(texts["wd.next.bank"], "now"));
        }

        return steps;
    }

    private static string? DetailOf(IStringLocalizer<Texts> texts, WithdrawalMoment moment) =>
        moment.Detail is not { } detail ? null : texts["wd.detail." + detail] is { ResourceNotFound: false } known ? known.Value : detail;

    private static string ToneOf(WithdrawalMomentKind kind) => kind switch
    {
        WithdrawalMomentKind.CodeNotDelivered or WithdrawalMomentKind.WrongCode or WithdrawalMomentKind.Declined or WithdrawalMomentKind.Rejected or WithdrawalMomentKind.Returned
            or WithdrawalMomentKind.Expired or WithdrawalMomentKind.LockedOut => "bad",
        WithdrawalMomentKind.CodeIssued or WithdrawalMomentKind.CodeSent or WithdrawalMomentKind.CodeDelivered or WithdrawalMomentKind.CodeRedeemed or WithdrawalMomentKind.HeldForReview
            or WithdrawalMomentKind.Approved or WithdrawalMomentKind.PayoutOrdered or WithdrawalMomentKind.Paid or WithdrawalMomentKind.Cancelled => "done",
    };
}
