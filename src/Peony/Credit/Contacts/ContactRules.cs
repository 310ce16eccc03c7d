using System.Text.Json;

namespace Peony.Credit;

/// <summary>How a contact ended, in both languages.</summary>
public sealed record ContactOutcome(string Code, string Zh, string En);

/// <summary>How often one channel may be used.</summary>
/// <param name="MostOfDay">Contacts of a business day, 0 or more; 0 forbids the channel.</param>
/// <param name="MostOfWeek">Contacts of a business day and the six before it, at least <paramref name="MostOfDay"/>.</param>
/// <param name="Outcomes">How a contact of it may end; never empty.</param>
internal sealed record ChannelRules(ContactChannel Channel, int MostOfDay, int MostOfWeek, IReadOnlyList<ContactOutcome> Outcomes);

/// <summary>
/// When and how often customers are contacted to collect what is overdue. The file is part of the program; an operator's own <c>rules/collection.json</c> in the data folder stands in its place.
/// </summary>
/// <param name="From">The hour of the day, in the product's time zone, from which on customers are contacted, 0 to 23.</param>
/// <param name="To">The hour from which on they are not any more, up to 24.</param>
/// <param name="MostOfDay">Contacts of a business day, by all channels together.</param>
/// <param name="MostOfWeek">Contacts of a business day and the six before it, by all channels together.</param>
/// <param name="Channels">Each channel once.</param>
internal sealed record ContactRules(int From, int To, int MostOfDay, int MostOfWeek, IReadOnlyList<ChannelRules> Channels)
{
    private const string FileName = "collection.json";

    public ChannelRules Of(ContactChannel channel) => Channels.First(rules => rules.Channel == channel);

    /// <summary>The rules that come with the program.</summary>
    public static ContactRules Shipped()
    {
        using var stream = typeof(ContactRules).Assembly.GetManifestResourceStream("Peony.Credit." + FileName)
            ?? throw new InvalidOperationException("The rules of collection are not in the program.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd(), FileName);
    }

    /// <summary>The operator's rules if there are any, else those of the program.</summary>
    public static ContactRules Load(string dataDirectory)
    {
        var path = Path.Combine(dataDirectory, "rules", FileName);
        return File.Exists(path) ? Parse(File.ReadAllText(path), FileName) : Shipped();
    }

    /// <exception cref="InvalidOperationException">The file is not well formed or contradicts itself: says the line, or the term, and the reason. The program does not start with it.</exception>
    public static ContactRules Parse(string json, string file)
    {
        ContactRules rules;
        try
        {
            rules = JsonSerializer.Deserialize<ContactRules>(json, CreditProduct.Strict) ?? throw new InvalidOperationException($"{file}, line 1: there are no rules in it.");
        }
        catch (JsonException exception)
        {
            throw new InvalidOperationException($"{file}, line {exception.LineNumber + 1}: {exception.Message}", exception);
        }

        return rules.Wrong() is var (term, reason) ? throw new InvalidOperationException($"{file}, line {CreditProduct.LineOf(json, term)}, {term}: {reason}") : rules;
    }

    private (string Term, string Reason)? Wrong()
    {
        if (From is < 0 or > 23 || To > 24 || To <= From)
        {
            return ("from", "contacts are made from an hour of 0 to 23 to a later one, up to 24.");
        }

        if (MostOfDay < 0 || MostOfWeek < MostOfDay)
        {
            return ("mostOfDay", "the most of a day is 0 or more, and that of a week no less.");
        }

        if (Enum.GetValues<ContactChannel>().Except(Channels.Select(rules => rules.Channel)).Any() || Channels.Count != Enum.GetValues<ContactChannel>().Length)
        {
            return ("channels", "phone, sms and letter stand in it once each.");
        }

        if (Channels.FirstOrDefault(rules => rules.MostOfDay < 0 || rules.MostOfWeek < rules.MostOfDay) is { } odd)
        {
            return ("channels", $"the most of a day is 0 or more, and that of a week no less; {odd.Channel} has {odd.MostOfDay} and {odd.MostOfWeek}.");
        }

        return Channels.FirstOrDefault(rules => rules.Outcomes.Count == 0 || rules.Outcomes.DistinctBy(outcome => outcome.Code).Count() != rules.Outcomes.Count) is { } ends
            ? ("channels", $"{ends.Channel} has outcomes, and no two with the same code.")
            : null;
    }
}
