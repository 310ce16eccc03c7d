using System.Globalization;
using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Withdrawals;

namespace Peony.Scenarios;

/// <summary>The verbs of stories. Each is one line here and one in README.md.</summary>
internal static class Acts
{
    private const string AmountPattern = @"(?<amount>[\d,]+\.\d\d)";
    private const string CardPattern = @"(?<card>··\d{4})";
    private const string DestinationPattern = $"({CardPattern}|(?<wallet>the wallet))(?<balance> from the credit balance)?";
    private const string ReliefPattern = @"(an extension of )?(?<count>\d+) (?<of>days|instalments)";
    private const string ReasonPattern = "( with (?<reason>[A-Z]{2}\\d\\d))?";

    private static readonly (Regex Words, Func<Match, string, Func<Stage, Person, Refusal?>?> Read)[] Customers =
    [
        Verb($"asks to withdraw {AmountPattern} to {DestinationPattern}(?<passkey> with a passkey)?(?<wrongpin> with a wrong PIN)?(?<push> by push)?", Ask),
        Verb($"asks for a cash advance of {AmountPattern} to {CardPattern}( for (?<purpose>[a-z]+))?", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.Ask(person, new Wish(device, WithdrawalSource.CashAdvance, CardIn(words), amount, CodeChannel.Sms, HasPasskey: false)
            {
                Purpose = words.Groups["purpose"] is { Success: true } purpose ? purpose.Value : "daily",
            }) : null),
        Verb("asks again(?<passkey> with a passkey)?", (words, _) => (stage, person) =>
        {
            var wish = person.Withdrawal(null).Wish;
            return stage.Ask(person, words.Groups["passkey"].Success ? wish with { HasPasskey = true } : wish);
        }),
        Verb("asks for a new code by (?<channel>text|push)", (words, device) => (stage, person) =>
            stage.AskForCode(person, device, words.Groups["channel"].Value == "push" ? CodeChannel.Push : CodeChannel.Sms)),
        Verb(@"redeems the code( of withdrawal (?<number>\d))?", (words, device) => (stage, person) => stage.Redeem(person, device, NumberIn(words))),
        Verb("types a wrong code", (_, device) => (stage, person) => stage.TypeWrong(person, device)),
        Verb("cancels", (_, device) => (stage, person) => stage.Cancel(person, device)),
        Verb($"looks at withdrawing to {DestinationPattern}", (words, device) => (stage, person) => stage.Look(person, device, SourceIn(words), CardIn(words))),
        Verb($"binds {CardPattern}", (words, device) => (stage, person) => stage.Bind(person, device, CardIn(words)!)),
        Verb($"unbinds {CardPattern}", (words, device) => (stage, person) => stage.Unbind(person, device, CardIn(words)!)),
        Verb(@"signs in on the (?<new>\w+)", (words, _) => (stage, person) => stage.SignIn(person, words.Groups["new"].Value)),
        Verb("freezes the account", (_, device) => (stage, person) => stage.Freeze(person, device)),
        Verb("unfreezes the account", (_, device) => (stage, person) => stage.Unfreeze(person, device)),
        Verb("passes the photo check", (_, device) => (stage, person) => stage.PassPhotoCheck(person, device)),
        Verb($"tops up {AmountPattern} from {CardPattern}", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.TopUp(person, device, amount, CardIn(words)!) : null),
        Verb($"opens a credit line with {CardPattern}", (words, device) => (stage, person) => stage.OpenCreditLine(person, device, CardIn(words)!)),
        Verb($"buys books for {AmountPattern}", (words, device) => AmountOf(words) is { } amount ? (stage, person) => stage.Buy(person, device, amount) : null),
        Verb($@"buys a bicycle for {AmountPattern} in (?<periods>\d+) instalments", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.Buy(person, device, amount, PeriodsIn(words), "bicycles") : null),
        Verb($@"buys books for {AmountPattern} in (?<periods>\d+) instalments", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.Buy(person, device, amount, PeriodsIn(words)) : null),
        Verb($@"turns {AmountPattern} of the statement into (?<periods>\d+) instalments", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.Turn(person, device, amount, PeriodsIn(words)) : null),
        Verb($"switches automatic repayment on for {CardPattern}", (words, device) => (stage, person) => stage.RepayAutomatically(person, device, CardIn(words)!)),
        Verb($"gets {AmountPattern} of the last purchase refunded( and (?<choice>its instalments lowered|its instalments shortened|paid back))?", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.Refund(person, device, amount, ChoiceIn(words)) : null),
        Verb($"sets a spending cap of {AmountPattern}(?<pin> with the PIN)?", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.SetCap(person, device, amount, words.Groups["pin"].Success) : null),
        Verb("takes the spending cap away", (_, device) => (stage, person) => stage.SetCap(person, device, most: null, hasPin: true)),
        Verb("closes the credit line", (_, device) => (stage, person) => stage.CloseLine(person, device)),
        Verb("pays off the instalments", (_, device) => (stage, person) => stage.PayOff(person, device)),
        Verb($@"asks for {ReliefPattern}( because of (?<reason>[a-z]+))?", (words, device) => (stage, person) =>
            stage.AskForRelief(person, device, ReliefIn(words), words.Groups["reason"] is { Success: true } reason ? reason.Value : "income")),
        Verb("takes the request back", (_, device) => (stage, person) => stage.TakeRequestBack(person, device)),
        Verb($"repays {AmountPattern} from ({CardPattern}|the wallet)", (words, device) => AmountOf(words) is { } amount
            ? (stage, person) => stage.Repay(person, device, amount, CardIn(words)) : null),
    ];

    private static readonly (Regex Words, Func<Match, Func<Stage, Refusal?>?> Read)[] Others =
    [
        Other("the bank settles", _ => stage => stage.Report(stage.Bank.Decide(BankSaid.Settled, reason: null))),
        Other($"the bank rejects{ReasonPattern}", words => stage => stage.Report(stage.Bank.Decide(BankSaid.Rejected, ReasonIn(words)))),
        Other($"the bank returns the payout{ReasonPattern}", words => stage => stage.Report(stage.Bank.Return(ReasonIn(words)))),
        Other($"the bank takes the repayment back{ReasonPattern}", words => stage => stage.Report(stage.Bank.TakeBack(ReasonIn(words)))),
        Other("the bank falls silent", _ => Setting(stage => stage.Bank.IsSilent = true)),
        Other("the bank closes", _ => Setting(stage => stage.Bank.IsClosed = true)),
        Other("the bank answers again", _ => Setting(stage => (stage.Bank.IsSilent, stage.Bank.IsClosed) = (false, false))),
        Other("the operator approves", _ => stage => stage.Review(isApproved: true)),
        Other("the operator declines", _ => stage => stage.Review(isApproved: false)),
        Other($"the operator prepares a funding of {AmountPattern}", words => AmountOf(words) is { } amount ? stage => stage.PrepareFunding(amount) : null),
        Other("(?<second>the second|the same) operator (?<verdict>approves|rejects) the funding", words => stage =>
            stage.DecideFunding(isSecond: words.Groups["second"].Value == "the second", isApproved: words.Groups["verdict"].Value == "approves")),
        Other($@"the operator sets the limit of (?<name>[A-Z]\w*) to {AmountPattern}", words => AmountOf(words) is { } amount
            ? stage => stage.PrepareChange(words.Groups["name"].Value, LineChangeKind.Limit, amount) : null),
        Other(@"the operator (?<kind>freezes|unfreezes) the line of (?<name>[A-Z]\w*)", words => stage =>
            stage.PrepareChange(words.Groups["name"].Value, words.Groups["kind"].Value == "freezes" ? LineChangeKind.Freeze : LineChangeKind.Unfreeze, limit: null)),
        Other("(?<second>the second|the same) operator (?<verdict>approves|rejects) the change", words => stage =>
            stage.DecideChange(isSecond: words.Groups["second"].Value == "the second", isApproved: words.Groups["verdict"].Value == "approves")),
        Other($@"the operator pays (?<lines>[A-Z]\w* [\d,]+\.\d\d( and [A-Z]\w* [\d,]+\.\d\d)*)", words => LinesIn(words.Groups["lines"].Value) is { } lines ? stage => stage.Disburse(lines) : null),
        Other($"the operator prepares to (?<verdict>grant the request|grant {ReliefPattern}|decline the request)", words => stage =>
            stage.PrepareRelief(words.Groups["verdict"].Value != "decline the request", words.Groups["count"].Success ? ReliefIn(words) : null)),
        Other("(?<second>the second|the same) operator (?<verdict>agrees|disagrees)", words => stage =>
            stage.DecideRelief(isSecond: words.Groups["second"].Value == "the second", isApproved: words.Groups["verdict"].Value == "agrees")),
        Other(@"the operator contacts (?<who>[A-Z]\w*) by (?<channel>phone|SMS|letter)", words => stage =>
            stage.Contact(stage.PersonOf(words.Groups["who"].Value), Enum.Parse<ContactChannel>(words.Groups["channel"].Value, ignoreCase: true))),
        Other("texts stop arriving", _ => Setting(stage => stage.Phones.Arrive = false)),
        Other("texts arrive again", _ => Setting(stage => stage.Phones.Arrive = true)),
        Other("nothing happens", _ => Setting(_ => { })),
    ];

    /// <summary>What a customer does, said without the name: <c>on the tablet cancels</c>; null for words that mean nothing.</summary>
    public static Func<Stage, Person, Refusal?>? OfCustomer(string text)
    {
        var device = Person.FirstDevice;
        if (Regex.Match(text, @"^on the (?<device>\w+) (?<act>.+)$") is { Success: true } elsewhere)
        {
            (device, text) = (elsewhere.Groups["device"].Value, elsewhere.Groups["act"].Value);
        }

        foreach (var (words, read) in Customers)
        {
            if (words.Match(text) is { Success: true } match)
            {
                return read(match, device);
            }
        }

        return null;
    }

    /// <summary>What the bank, the operator or the carrier does; null for words that mean nothing.</summary>
    public static Func<Stage, Refusal?>? OfOthers(string text)
    {
        foreach (var (words, read) in Others)
        {
            if (words.Match(text) is { Success: true } match)
            {
                return read(match);
            }
        }

        return null;
    }

    /// <summary>An amount as stories write it, commas in the right places, or null.</summary>
    public static Money? AmountIn(string text) =>
        decimal.TryParse(text, NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount) && Amounts.Shown((long)(amount * 100)) == text
            ? Money.Cny((long)(amount * 100))
            : null;

    private static Func<Stage, Person, Refusal?>? Ask(Match words, string device) => AmountOf(words) is { } amount
        ? (stage, person) => stage.Ask(person, new Wish(device, SourceIn(words), CardIn(words), amount,
            words.Groups["push"].Success ? CodeChannel.Push : CodeChannel.Sms, words.Groups["passkey"].Success), isPinRight: !words.Groups["wrongpin"].Success)
        : null;

    private static List<(string Name, Money Amount)>? LinesIn(string text)
    {
        var lines = text.Split(" and ").Select(line => line.Split(' ')).Select(words => (Name: words[0], Amount: AmountIn(words[1]))).ToList();
        return lines.All(line => line.Amount is not null) ? [.. lines.Select(line => (line.Name, line.Amount!.Value))] : null;
    }

    private static Money? AmountOf(Match words) => AmountIn(words.Groups["amount"].Value);

    private static string? CardIn(Match words) => words.Groups["card"] is { Success: true } card ? card.Value : null;

    // Only the credit balance goes to the wallet.
    private static WithdrawalSource SourceIn(Match words) =>
        words.Groups["balance"].Success || words.Groups["wallet"].Success ? WithdrawalSource.CreditBalance : WithdrawalSource.Wallet;

    private static int? NumberIn(Match words) => words.Groups["number"] is { Success: true } number ? int.Parse(number.Value, CultureInfo.InvariantCulture) : null;

    private static int PeriodsIn(Match words) => int.Parse(words.Groups["periods"].Value, CultureInfo.InvariantCulture);

    private static HardshipRelief ReliefIn(Match words) =>
        new(words.Groups["of"].Value == "days" ? HardshipKind.Extension : HardshipKind.Plan, int.Parse(words.Groups["count"].Value, CultureInfo.InvariantCulture));

    private static RefundChoice? ChoiceIn(Match words) => words.Groups["choice"].Value switch
    {
        "its instalments lowered" => RefundChoice.LowerEach,
        "its instalments shortened" => RefundChoice.Shorten,
        "paid back" => RefundChoice.PayBack,
        _ => null,
    };

    private static string ReasonIn(Match words) => words.Groups["reason"] is { Success: true } reason ? reason.Value : "AC04";

    private static Func<Stage, Refusal?> Setting(Action<Stage> set) => stage =>
    {
        set(stage);
        return null;
    };

    private static (Regex, Func<Match, string, Func<Stage, Person, Refusal?>?>) Verb(string pattern, Func<Match, string, Func<Stage, Person, Refusal?>?> read) =>
        (new Regex($"^{pattern}$", RegexOptions.ExplicitCapture), read);

    private static (Regex, Func<Match, Func<Stage, Refusal?>?>) Other(string pattern, Func<Match, Func<Stage, Refusal?>?> read) =>
        (new Regex($"^{pattern}$", RegexOptions.ExplicitCapture), read);
}
