using System.Text.Json;
using System.Text.Json.Serialization;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Withdrawals;

/// <summary>The limits on codes. All but the first count what happened in the time before.</summary>
/// <param name="WrongTriesPerHourOfAll">Over all customers, in one hour of the Book's clock.</param>
internal sealed record CodeRules(int LifeSeconds, int TriesPerCode, int IssuesPerHour, int WrongTriesPerDay, int WrongTriesPerHourOfAll)
{
    public TimeSpan Life => TimeSpan.FromSeconds(LifeSeconds);
}

/// <summary>One way money can be withdrawn: from where, to a card or to the wallet balance, how fast, at what price, within which limits.</summary>
/// <param name="FeePartsPerMillion">The fee's share of the amount, rounded half up, then raised to the least and cut to the most.</param>
/// <param name="SingleMost">The highest single amount in minor units, or null for all there is.</param>
/// <param name="DailyMost">The most in 24 hours in minor units, or null for all there is.</param>
internal sealed record WithdrawalRoute(WithdrawalSource Source, bool ToCard, int ArrivesMinutes, long FeePartsPerMillion = 0, long FeeLeast = 0, long? FeeMost = null,
    long? SingleMost = null, long? DailyMost = null)
{
    /// <summary>What a withdrawal of the amount costs on top.</summary>
    public Money Fee(Money amount)
    {
        var fee = Math.Max(new Rate(FeePartsPerMillion).Of(amount, Rounding.HalfUp).Minor, FeeLeast);
        return new Money(FeeMost is { } most ? Math.Min(fee, most) : fee, amount.Currency);
    }

    /// <summary>The highest amount that fits into the balance together with its fee. A fee never falls when the amount grows, so halving finds it.</summary>
    public Money MostWithin(Money available)
    {
        var (fits, tooMuch) = (0L, available.Minor + 1);
        while (tooMuch - fits > 1)
        {
            var middle = fits + ((tooMuch - fits) / 2);
            if (middle + Fee(new Money(middle, available.Currency)).Minor <= available.Minor)
            {
                fits = middle;
            }
            else
            {
                tooMuch = middle;
            }
        }

        return new Money(fits, available.Currency);
    }
}

/// <summary>
/// The rules of withdrawals as data; amounts are minor units of the one currency. The file is part of the program; an operator's own <c>rules/withdrawals.json</c> in the
/// data folder stands in its place.
/// </summary>
/// <param name="Least">The least amount.</param>
/// <param name="PasskeyAbove">A single amount above this needs a passkey over the same details.</param>
/// <param name="EnhancedAbovePerDay">More than this in 24 hours needs the enhanced level of identity verification.</param>
/// <param name="NewCardHours">How long a bind is new.</param>
/// <param name="NewCardMost">The most that goes to a card in 24 hours while its bind is new; above zero, so a new customer is never shut out.</param>
/// <param name="ReviewHours">How long an operator has to decide; after that the answer is no and the money is free again.</param>
internal sealed record WithdrawalRules(string Version, Currency Currency, CodeRules Code, long Least, long PasskeyAbove, long EnhancedAbovePerDay, int NewCardHours,
    long NewCardMost, int ReviewHours, IReadOnlyList<WithdrawalRoute> Routes)
{
    private const string FileName = "withdrawals.json";

    private static readonly JsonSerializerOptions Strict = new(BookJson.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        ReadCommentHandling = JsonCommentHandling.Skip,
    };

    /// <summary>The rules that come with the program.</summary>
    public static WithdrawalRules Shipped()
    {
        using var stream = typeof(WithdrawalRules).Assembly.GetManifestResourceStream("Peony.Withdrawals." + FileName)
            ?? throw new InvalidOperationException("The withdrawal rules are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>The operator's rules if there are any, else those of the program.</summary>
    public static WithdrawalRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path)) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed or contradicts itself; the program does not start with it.</exception>
    public static WithdrawalRules Parse(string json)
    {
        WithdrawalRules rules;
        try
        {
            rules = JsonSerializer.Deserialize<WithdrawalRules>(json, Strict)!;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new InvalidOperationException($"The withdrawal rules cannot be read: {exception.Message}", exception);
        }

        return rules.FirstContradiction() is { } wrong ? throw new InvalidOperationException($"The withdrawal rules contradict themselves: {wrong}.") : rules;
    }

    /// <summary>The way from the source to a card or to the wallet balance, or null if there is none.</summary>
    public WithdrawalRoute? Route(WithdrawalSource source, bool toCard) => Routes.FirstOrDefault(route => route.Source == source && route.ToCard == toCard);

    private string? FirstContradiction()
    {
        if (Code is not { LifeSeconds: > 0, TriesPerCode: > 0, IssuesPerHour: > 0, WrongTriesPerDay: > 0, WrongTriesPerHourOfAll: > 0 })
        {
            return "each limit on codes is above zero";
        }

        // With eight digits this many tries a day keep a guesser's luck at one in a million or below; see WithdrawalCodes.
        if (Code.WrongTriesPerDay > 100)
        {
            return "more than 100 wrong tries a day let codes be guessed";
        }

        if (Least <= 0 || NewCardMost <= 0 || NewCardMost < Least || PasskeyAbove < 0 || EnhancedAbovePerDay < 0 || NewCardHours < 0 || ReviewHours <= 0)
        {
            return "the least amount and what a new card may receive are above zero, and no limit is below";
        }

        if (Routes.Any(route => route is { Source: WithdrawalSource.Wallet, ToCard: false }))
        {
            return "the wallet balance is not withdrawn to itself";
        }

        if (Routes.Any(route => route is { Source: WithdrawalSource.CashAdvance } and not { ToCard: true, FeePartsPerMillion: 0, FeeLeast: 0, SingleMost: null, DailyMost: null }))
        {
            return "a cash advance goes to a card, and its price and limits are terms of the credit product";
        }

        if (Routes.DistinctBy(route => (route.Source, route.ToCard)).Count() != Routes.Count)
        {
            return "there is one route from a source to a destination";
        }

        return Routes.Any(route => route.ArrivesMinutes < 0 || route.FeeLeast < 0 || route.FeeMost < route.FeeLeast || route.FeePartsPerMillion is < 0 or > 1_000_000)
            ? "a fee lies between its least and its most, and nothing arrives before it was sent"
            : null;
    }
}
