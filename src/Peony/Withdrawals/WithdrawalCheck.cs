using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Risk;

namespace Peony.Withdrawals;

/// <summary>Who withdraws, from where to where, and what the customer did lately: all that must be loaded before anything is decided.</summary>
/// <param name="Card">The bound debit card, or null when the money goes to the wallet balance.</param>
/// <param name="Replaced">The withdrawal whose live code a new one would kill, or null.</param>
/// <param name="Available">What the source holds free, counting what the replaced one holds.</param>
/// <param name="Advances">The terms of a cash advance; null for other money.</param>
internal sealed record WithdrawalAsk(Caller Caller, WithdrawalSource Source, CardView? Card, WithdrawalRoute Route, WithdrawalCounters Counters, Withdrawal? Replaced, Money Available,
    AdvanceOffer? Advances)
{
    /// <summary>Loads, and refuses what does not exist or is not the caller's.</summary>
    public static Result<WithdrawalAsk> Load(IWork work, SessionId session, WithdrawalSource source, CardId? cardId)
    {
        if (new AuthenticateActive(session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        CardView? card = null;
        if (cardId is { } id && new ReadDebitCard(caller.Customer, id).Handle(work).IsRefused(out refusal, out card))
        {
            return refusal;
        }

        var rules = work.Use<WithdrawalRules>();
        if (rules.Route(source, card is not null) is not { } route)
        {
            return WithdrawalRefusals.SameBalance;
        }

        var replaced = work.FindOne<Withdrawal>(WithdrawalsModule.ByLivePlace, Withdrawal.PlaceOf(caller.Customer, cardId));
        AdvanceOffer? advances = null;
        if (source == WithdrawalSource.CashAdvance && new ReadAdvances(caller.Customer).Handle(work).IsRefused(out refusal, out advances))
        {
            return refusal;
        }

        var available = advances?.Available.Minor ?? work.Account(WithdrawalAccounts.Of(source, caller.Customer)).Available;
        var freed = replaced is not null && replaced.Source == source ? replaced.Total.Minor : 0;
        return new WithdrawalAsk(caller, source, card, route, WithdrawalCounters.Of(work, caller.Customer), replaced, new Money(available + freed, rules.Currency), advances);
    }
}

/// <summary>
/// What may be withdrawn, decided from what was loaded: the bounds, the most within them, and whether risk has something to say. Pure, so the review step and the request
/// cannot differ.
/// </summary>
internal sealed record WithdrawalCheck(WithdrawalAsk Ask, WithdrawalRules Rules, DateTimeOffset Now)
{
    private Currency Currency => Rules.Currency;

    /// <summary>The highest amount that can be withdrawn now, why not more, and when more if time alone helps.</summary>
    public (Money Most, WithdrawalBound Bound, DateTimeOffset? MoreFrom) Most()
    {
        var most = (Ask.Route.MostWithin(Ask.Available), WithdrawalBound.Balance, default(DateTimeOffset?));
        foreach (var (bound, limit, moreFrom) in Bounds())
        {
            if (limit < most.Item1)
            {
                most = (Money.Max(limit, Money.Zero(Currency)), bound, moreFrom);
            }
        }

        return most;
    }

    /// <summary>Refuses an amount that no rule allows; the money itself is looked at last.</summary>
    public Refusal? RefuseAmount(Money amount)
    {
        var least = Ask.Advances?.Least ?? new Money(Rules.Least, Currency);
        if (amount.Currency != Currency || amount < least)
        {
            return WithdrawalRefusals.AmountInvalid.With("least", least);
        }

        // The tightest bound speaks, so that what it names as the most is indeed the most.
        foreach (var (bound, tightest, moreFrom) in Bounds().OrderBy(bound => bound.Limit.Minor).Take(1).Where(bound => amount > bound.Limit))
        {
            var refusal = bound == WithdrawalBound.Verification ? CustomersRefusals.HigherVerificationRequired : WithdrawalRefusals.OverLimit;
            return refusal.With("most", Money.Max(tightest, Money.Zero(Currency))).With("bound", Word(bound)).With("until", moreFrom?.ToString("O", CultureInfo.InvariantCulture) ?? "");
        }

        return null;
    }

    public Refusal? RefuseMoney(Money amount) => amount + Ask.Route.Fee(amount) <= Ask.Available
        ? null
        : WithdrawalRefusals.NotEnough.With("most", Ask.Route.MostWithin(Ask.Available)).With("available", Ask.Available);

    /// <summary>What the risk rules look at.</summary>
    /// <param name="enrolledAt">When the device that asks was enrolled.</param>
    public RiskFacts Facts(Money amount, DateTimeOffset enrolledAt) => new("withdrawal", amount, Ask.Card is null ? null : Minutes(Ask.Card.BoundAt), Minutes(enrolledAt),
        Counted(_ => true).Count(), Sum(_ => true), Ask.Counters.WrongTries.Count, Ask.Advances?.RefundedOfWeek);

    /// <summary>
    /// The digest of what a passkey is given over: everything the review step shows. It keeps no secret, it only ties the assertion to these details.
    /// </summary>
    public string Details(Money amount)
    {
        var text = string.Join('\n', "withdrawal", Ask.Caller.Customer.Value, Ask.Source.ToString(), Ask.Card?.Id.Value ?? "wallet",
            (Ask.Card?.Version ?? 0).ToString(CultureInfo.InvariantCulture), amount.ToString(), Ask.Route.Fee(amount).ToString());
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A cash advance says what it is for, and not everything is lent for.</summary>
    public Refusal? RefusePurpose(string? purpose)
    {
        if (Ask.Advances is not { } advances)
        {
            return null;
        }

        var known = advances.Product.Advances.Purposes.FirstOrDefault(one => one.Code == purpose);
        return known is null ? WithdrawalRefusals.PurposeRequired : known.IsRefused ? WithdrawalRefusals.PurposeRefused.With("purpose_zh", known.Zh).With("purpose_en", known.En) : null;
    }

    public bool NeedsPasskey(Money amount) => amount.Minor > Rules.PasskeyAbove;

    public WithdrawalCard? Card() => Ask.Card is null ? null : new WithdrawalCard(Ask.Card.Id, Ask.Card.Version, Ask.Card.Bank, Ask.Card.LastFour);

    public static string Word(WithdrawalBound bound) => bound switch
    {
        WithdrawalBound.Balance => "balance",
        WithdrawalBound.Single => "single",
        WithdrawalBound.Daily => "daily",
        WithdrawalBound.NewCard => "new_card",
        WithdrawalBound.Verification => "verification",
    };

    private IEnumerable<(WithdrawalBound Bound, Money Limit, DateTimeOffset? MoreFrom)> Bounds()
    {
        if (Ask.Route.SingleMost is { } single)
        {
            yield return (WithdrawalBound.Single, new Money(single, Currency), null);
        }

        if ((Ask.Advances?.MostOfDay.Minor ?? Ask.Route.DailyMost) is { } daily)
        {
            yield return (WithdrawalBound.Daily, new Money(daily, Currency) - Sum(counted => counted.Source == Ask.Source),
                FirstEnd(counted => counted.Source == Ask.Source));
        }

        // The credit balance inside the house and small sums need the basic level only; what leaves for a card above this a day needs the enhanced one.
        if (Ask.Card is not null && Ask.Caller.Level < VerificationLevel.Enhanced)
        {
            yield return (WithdrawalBound.Verification, new Money(Rules.EnhancedAbovePerDay, Currency) - Sum(counted => counted.Card is not null), null);
        }

        if (Ask.Card is { } card && card.BoundAt.AddHours(Rules.NewCardHours) > Now)
        {
            yield return (WithdrawalBound.NewCard, new Money(Rules.NewCardMost, Currency) - Sum(counted => counted.Card == card.Id && counted.At >= card.BoundAt),
                card.BoundAt.AddHours(Rules.NewCardHours));
        }
    }

    // The withdrawal that a new one replaces gives its money back, so it does not count against the new one.
    private IEnumerable<CountedWithdrawal> Counted(Func<CountedWithdrawal, bool> where) => Ask.Counters.Counted.Where(counted => counted.Id != Ask.Replaced?.Id).Where(where);

    private Money Sum(Func<CountedWithdrawal, bool> where) => Counted(where).Aggregate(Money.Zero(Currency), (sum, counted) => sum + counted.Amount);

    private DateTimeOffset? FirstEnd(Func<CountedWithdrawal, bool> where) => Counted(where).Select(counted => (DateTimeOffset?)counted.At.AddHours(24)).Min();

    private long Minutes(DateTimeOffset since) => Math.Max(0, (long)(Now - since).TotalMinutes);
}
