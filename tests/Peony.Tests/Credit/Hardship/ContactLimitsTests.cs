using Peony.Credit;

namespace Peony.Tests.Credit.Hardship;

public sealed class ContactLimitsTests
{
    private static readonly CreditProduct Product = CreditProduct.Shipped();
    private static readonly ContactRules Rules = ContactRules.Shipped();
    private static readonly string Json = File.ReadAllText(Path.Combine(Repository.Root, "src", "Peony", "Credit", "Contacts", "collection.json"));

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    /// <summary>
    /// Somebody tries at random moments for weeks. What was let through keeps every limit, counted anew over all of it; what was not let through would have broken one; and the moment a refusal names is the first
    /// that is allowed, found by trying every quarter of an hour.
    /// </summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void What_is_let_through_keeps_every_limit_and_a_refusal_names_the_first_moment_that_does(int seed)
    {
        var random = new Random(seed);
        var rules = Rules with { From = random.Next(0, 12), To = random.Next(13, 25), MostOfDay = random.Next(1, 4), MostOfWeek = random.Next(4, 8) };
        var made = new List<(ContactChannel Channel, DateTimeOffset At)>();
        var now = new DateTimeOffset(2026, 4, 10, 16, 0, 0, TimeSpan.Zero);
        for (var tries = 0; tries < 120; tries++)
        {
            now = now.AddMinutes(15 * random.Next(1, 60));
            var channel = (ContactChannel)random.Next(1, 4);
            var limits = new ContactLimits(rules, Product, made);
            var isAllowed = IsAllowed(rules, made, channel, now);
            Assert.Equal((seed, tries, isAllowed), (seed, tries, limits.BoundOf(channel, now) is null));
            Assert.Equal(FirstAllowed(rules, made, channel, now), limits.Next(channel, now));
            if (isAllowed && random.Next(3) > 0)
            {
                made.Add((channel, now));
            }
        }

        Assert.InRange(made.Count, 3, 120);
    }

    [Theory]
    [InlineData("2026-04-11T00:00:00Z", null)] // 08:00 in Shanghai
    [InlineData("2026-04-11T11:59:59Z", null)]
    [InlineData("2026-04-11T12:00:00Z", "2026-04-12T00:00:00Z")]
    [InlineData("2026-04-10T23:59:59Z", "2026-04-11T00:00:00Z")]
    public void Contacts_are_made_from_eight_to_eight_in_the_products_time_zone(string at, string? next)
    {
        var limits = new ContactLimits(Rules, Product, []);
        Assert.Equal(next is null ? null : ContactBound.Hours, limits.BoundOf(ContactChannel.Phone, Time(at)));
        Assert.Equal(Time(next ?? at), limits.Next(ContactChannel.Phone, Time(at)));
    }

    [Fact]
    public void A_channel_that_is_closed_has_no_next_moment()
    {
        var rules = Rules with { Channels = [.. Rules.Channels.Select(channel => channel.Channel == ContactChannel.Phone ? channel with { MostOfDay = 0 } : channel)] };
        Assert.Null(new ContactLimits(rules, Product, []).Next(ContactChannel.Phone, Time("2026-04-11T04:00:00Z")));
        Assert.NotNull(new ContactLimits(rules, Product, []).Next(ContactChannel.Letter, Time("2026-04-11T04:00:00Z")));
    }

    [Theory]
    [InlineData("\"from\": 8", "\"from\": 24", "line 2, from: ")]
    [InlineData("\"from\": 8", "\"from\": -1", "line 2, from: ")]
    [InlineData("\"to\": 20", "\"to\": 8", "line 2, from: ")]
    [InlineData("\"to\": 20", "\"to\": 25", "line 2, from: ")]
    [InlineData("\"from\": 8,", "", "line ")]
    [InlineData("\"mostOfDay\": 2", "\"mostOfDay\": -1", "line 4, mostOfDay: ")]
    [InlineData("\"mostOfWeek\": 5", "\"mostOfWeek\": 1", "line 4, mostOfDay: ")]
    [InlineData("\"mostOfWeek\": 5", "\"mostOfWeeks\": 5", "line 5: ")]
    [InlineData("\"channel\": \"phone\"", "\"channel\": \"sms\"", "line 6, channels: phone, sms and letter stand in it once each.")]
    [InlineData("\"channel\": \"phone\"", "\"channel\": \"neighbour\"", "line 8: ")]
    [InlineData("\"mostOfDay\": 1, \"mostOfWeek\": 3,", "\"mostOfDay\": 4, \"mostOfWeek\": 3,", "line 6, channels: ")]
    [InlineData("\"code\": \"reached\"", "\"code\": \"no_answer\"", "line 6, channels: Phone has outcomes, and no two with the same code.")]
    public void A_file_that_contradicts_itself_is_refused_with_its_line_and_why(string from, string to, string said)
    {
        Assert.Contains(from, Json, StringComparison.Ordinal);
        var at = Json.IndexOf(from, StringComparison.Ordinal);
        var exception = Assert.Throws<InvalidOperationException>(() => ContactRules.Parse(Json[..at] + to + Json[(at + from.Length)..], "own.json"));
        Assert.StartsWith("own.json, " + said, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_operators_own_file_stands_in_place_of_the_programs()
    {
        var folder = Directory.CreateTempSubdirectory("peony-collection-");
        try
        {
            Assert.Equal(8, ContactRules.Load(folder.FullName).From);
            Directory.CreateDirectory(Path.Combine(folder.FullName, "rules"));
            File.WriteAllText(Path.Combine(folder.FullName, "rules", "collection.json"), Json.Replace("\"from\": 8", "\"from\": 10", StringComparison.Ordinal));
            Assert.Equal(10, ContactRules.Load(folder.FullName).From);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The rules as the README says them, counted over everything that was made.</summary>
    private static bool IsAllowed(ContactRules rules, List<(ContactChannel Channel, DateTimeOffset At)> made, ContactChannel channel, DateTimeOffset now)
    {
        var local = now.ToOffset(TimeSpan.FromHours(8));
        var own = rules.Channels.Single(one => one.Channel == channel);
        var ofDay = made.Where(contact => contact.At.ToOffset(TimeSpan.FromHours(8)).Date == local.Date).ToList();
        var ofWeek = made.Where(contact => contact.At.ToOffset(TimeSpan.FromHours(8)).Date > local.Date.AddDays(-7) && contact.At <= now).ToList();
        return local.Hour >= rules.From && local.Hour < rules.To && ofDay.Count < rules.MostOfDay && ofWeek.Count < rules.MostOfWeek
            && ofDay.Count(contact => contact.Channel == channel) < own.MostOfDay && ofWeek.Count(contact => contact.Channel == channel) < own.MostOfWeek;
    }

    private static DateTimeOffset FirstAllowed(ContactRules rules, List<(ContactChannel Channel, DateTimeOffset At)> made, ContactChannel channel, DateTimeOffset now)
    {
        while (!IsAllowed(rules, made, channel, now))
        {
            now = now.AddMinutes(15);
        }

        return now;
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
