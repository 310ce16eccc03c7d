using System.Globalization;
using System.Text.RegularExpressions;
using Peony.Credit;
using Peony.Ledger;
using Peony.Wallet;
using Peony.Wallet.Disbursements;
using Peony.Withdrawals;

namespace Peony.Scenarios;

/// <summary>What stories may expect. Each is one line here and one in README.md; it answers what was got instead, or null.</summary>
internal static class Expectations
{
    private const string AmountPattern = @"(?<amount>[\d,]+\.\d\d)";

    private static readonly (string Words, WithdrawalState State)[] States =
    [
        ("awaiting code", WithdrawalState.AwaitingCode),
        ("in review", WithdrawalState.InReview),
        ("payout ordered", WithdrawalState.Ordered),
        ("paid", WithdrawalState.Paid),
        ("cancelled", WithdrawalState.Cancelled),
        ("expired", WithdrawalState.Expired),
        ("locked", WithdrawalState.LockedOut),
        ("declined", WithdrawalState.Declined),
        ("rejected", WithdrawalState.Rejected),
        ("returned", WithdrawalState.Returned),
    ];

    private static readonly (Regex Words, Func<Match, Func<Stage, Person, string?>?> Read)[] All =
    [
        Expect(@"refused (?<code>[a-z_]+\.[a-z_]+)", words => (stage, _) =>
            stage.Refused?.Code == words.Groups["code"].Value ? null : stage.Refused is { } other ? $"refused {other.Code}" : "no refusal"),
        Expect("code (?<how>sent|delivered|not delivered)", words => (stage, person) => Delivery(stage, person, words.Groups["how"].Value)),
        Expect(@"tries left (?<left>\d)", words => (stage, _) => Differs(words.Groups["left"].Value, stage.Refused?.Arguments?.GetValueOrDefault("left") ?? "no count")),
        Expect($@"(withdrawal (?<number>\d) )?(?<state>{string.Join('|', States.Select(state => state.Words))})( {AmountPattern})?", State),
        Amount("held", (stage, person) => stage.Account(WalletAccounts.Of(person.Customer)).DebitsPending + stage.Account(CreditAccounts.Balance(person.Customer)).DebitsPending
            + stage.Account(CreditAccounts.Owed(person.Customer)).DebitsPending),
        Amount("wallet", (stage, person) => stage.Account(WalletAccounts.Of(person.Customer)).Balance),
        Amount("credit balance", (stage, person) => stage.Account(CreditAccounts.Balance(person.Customer)).Balance),
        Amount("owed", (stage, person) => stage.Account(CreditAccounts.Owed(person.Customer)).Balance),
        Amount("interest", (stage, person) => stage.Account(CreditAccounts.Interest(person.Customer)).Balance),
        Amount("charges", (stage, person) => stage.Account(CreditAccounts.Fees(person.Customer)).Balance),
        Amount("advances", (stage, person) => stage.Billing(person).Advances),
        Amount("payable", (stage, person) => stage.Bill(person).Payable.Minor),
        Amount("minimum", (stage, person) => stage.Bill(person).MinimumLeft.Minor),
        Amount("overdue", (stage, person) => stage.Bill(person).Overdue.Minor),
        Amount("unbilled", (stage, person) => stage.Bill(person).Unbilled.Minor),
        Amount("written off", (stage, person) => stage.Bill(person).WrittenOff.Minor),
        Amount("interest earned", (stage, _) => stage.Account(CreditAccounts.InterestIncome).Balance),
        Amount("shops", (stage, _) => stage.Account(CreditAccounts.SandboxMerchants).Balance),
        Amount("recovered", (stage, _) => stage.Account(CreditAccounts.Recovered).Balance),
        Expect(@"(?<days>\d+) days overdue", words => (stage, person) => Differs(words.Groups["days"].Value, stage.Bill(person).DaysPastDue.ToString(CultureInfo.InvariantCulture))),
        Amount("credit limit", (stage, person) => stage.Account(CreditAccounts.Owed(person.Customer)).Ceiling),
        Amount("available", (stage, person) => CreditReader.LineAsync(stage.Book.Reader, person.Customer).Result!.Available.Minor),
        Expect("line (?<how>open|frozen|closed)", words => (stage, person) => Differs(words.Groups["how"].Value,
            CreditReader.LineAsync(stage.Book.Reader, person.Customer).Result switch { { ClosedAt: not null } => "closed", { FrozenAt: not null } => "frozen", _ => "open" })),
        Expect($"left {AmountPattern}", words => (stage, _) => Money.TryParse(stage.Refused?.Arguments?.GetValueOrDefault("left") ?? "", out var left) && left.Shown() == words.Groups["amount"].Value
            ? null : $"left {stage.Refused?.Arguments?.GetValueOrDefault("left") ?? "unsaid"}"),
        Amount("fee", (stage, person) => stage.Record(person.Withdrawal(null)).Fee.Minor),
        Amount("fees earned", (stage, _) => stage.Account(WithdrawalAccounts.Fees).Balance),
        Amount("fund", (stage, _) => stage.Account(DisbursementAccounts.Fund).Balance),
        Amount("disbursed", (stage, _) => stage.Paid.TotalPaid.Minor),
        Expect(@"line (?<line>\d) (?<code>[a-z_]+)", words => (stage, _) => stage.LineRefused(int.Parse(words.Groups["line"].Value, CultureInfo.InvariantCulture)) is { } code
            ? Differs(words.Groups["code"].Value, code) : "it was paid"),
        Expect("request (?<state>waiting|granted|declined|withdrawn|not decided)", words => (stage, person) => Differs(words.Groups["state"].Value, stage.Request(person).State switch
        {
            HardshipState.Waiting => "waiting",
            HardshipState.Granted => "granted",
            HardshipState.Declined => "declined",
            HardshipState.Withdrawn => "withdrawn",
            HardshipState.NotDecided => "not decided",
        })),
        Expect(@"due (?<day>\d{4}-\d\d-\d\d|nothing)", words => (stage, person) =>
            Differs(words.Groups["day"].Value, stage.Bill(person).DueDay?.ToString("O", CultureInfo.InvariantCulture) ?? "nothing")),
        Expect(@"contacts (?<count>\d+)", words => (stage, person) => Differs(words.Groups["count"].Value, stage.Contacts(person).Count.ToString(CultureInfo.InvariantCulture))),
        Expect(@"next contact (?<at>\d{4}-\d\d-\d\d \d\d:\d\d)", words => (stage, _) => Differs(words.Groups["at"].Value, stage.Refused?.Arguments?.GetValueOrDefault("next") is { } next
            ? DateTimeOffset.Parse(next, CultureInfo.InvariantCulture).ToOffset(TimeSpan.FromHours(8)).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : "no word of it")),
        Expect(@"text (?<template>[a-z_]+\.[a-z_]+)", words => (stage, person) => stage.Texts(person).Contains(words.Groups["template"].Value) ? null : string.Join(' ', stage.Texts(person))),
        Expect($"at most {AmountPattern}( because of (?<bound>[a-z_]+))?", words => (stage, _) =>
        {
            var (most, because) = stage.Most ?? ("no word of it", "nothing");
            var hasBound = words.Groups["bound"].Success;
            return most == words.Groups["amount"].Value && (!hasBound || because == words.Groups["bound"].Value) ? null : $"at most {most} because of {because}";
        }),
        Expect(@"inbox (?<template>[a-z_]+\.[a-z_]+)", words => (stage, person) =>
        {
            var news = stage.Inbox(person).Skip(person.NoticesSeen).ToList();
            return news.Contains(words.Groups["template"].Value) ? null : news.Count == 0 ? "nothing new" : string.Join(' ', news);
        }),
    ];

    /// <summary>The check of what is expected, or null for words that mean nothing.</summary>
    public static Func<Stage, Person, string?>? Of(string text)
    {
        foreach (var (words, read) in All)
        {
            if (words.Match(text) is { Success: true } match)
            {
                return read(match);
            }
        }

        return null;
    }

    private static Func<Stage, Person, string?>? State(Match words)
    {
        int? number = words.Groups["number"].Success ? int.Parse(words.Groups["number"].Value, CultureInfo.InvariantCulture) : null;
        var amount = words.Groups["amount"];
        if (amount.Success && Acts.AmountIn(amount.Value) is null)
        {
            return null;
        }

        return (stage, person) =>
        {
            var withdrawal = stage.Record(person.Withdrawal(number));
            var got = States.First(state => state.State == withdrawal.State).Words;
            return got == words.Groups["state"].Value && (!amount.Success || withdrawal.Amount.Shown() == amount.Value) ? null : $"{got} {withdrawal.Amount.Shown()}";
        };
    }

    private static string? Delivery(Stage stage, Person person, string how)
    {
        var withdrawal = stage.Record(person.Withdrawal(null));
        return withdrawal.Code is not { } code
            ? "no live code"
            : (how, code.Delivery) switch
            {
                ("sent", CodeDelivery.Sent or CodeDelivery.Delivered) or ("delivered", CodeDelivery.Delivered) or ("not delivered", CodeDelivery.Failed) => null,
                _ => $"a code that is {code.Delivery.ToString().ToLowerInvariant()}",
            };
    }

    private static string? Differs(string expected, string got) => expected == got ? null : got;

    private static (Regex, Func<Match, Func<Stage, Person, string?>?>) Amount(string name, Func<Stage, Person, long> got) => Expect($"{name} {AmountPattern}", words =>
        Acts.AmountIn(words.Groups["amount"].Value) is { } expected
            ? (stage, person) => Differs(expected.Shown(), Amounts.Shown(got(stage, person)))
            : null);

    private static (Regex, Func<Match, Func<Stage, Person, string?>?>) Expect(string pattern, Func<Match, Func<Stage, Person, string?>?> read) =>
        (new Regex($"^({pattern})$", RegexOptions.ExplicitCapture), read);
}
