using System.Globalization;
using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Customers;

namespace Peony.Scenarios;

/// <summary>A line of a story that means nothing, with its file and number.</summary>
public sealed class StoryFormatException(string file, int line, string why) : Exception($"{file}:{line}: {why}");

/// <summary>A customer as they are when the story begins.</summary>
internal sealed record Cast(string Name, VerificationLevel Level, IReadOnlyList<string> Cards, IReadOnlyList<string> Devices, long Wallet, bool HasCreditLine, long CreditBalance, long Owed);

/// <summary>One act, how often it is done, and whom what is expected afterwards is about.</summary>
internal sealed record Act(string Text, string? Who, int Times, Func<Stage, Refusal?> Do);

/// <summary>Something expected: the words, and what was got instead, or null when it came true.</summary>
internal sealed record Expectation(string Text, string? Who, Func<Stage, Person, string?> GotInstead);

internal sealed record StoryStep(int Line, DateTimeOffset At, IReadOnlyList<Act> Acts, IReadOnlyList<Expectation> Expectations);

/// <summary>
/// A story in plain text: who is there, then what happens when, and what is expected of it. README.md beside this file says how to write one.
/// </summary>
internal sealed partial class Story
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);
    private readonly List<Cast> _cast = [];
    private readonly List<StoryStep> _steps = [];
    private readonly string _file;
    private string? _subject;

    private Story(string file) => _file = file;

    public IReadOnlyList<Cast> Cast => _cast;

    public IReadOnlyList<StoryStep> Steps => _steps;

    /// <exception cref="StoryFormatException">A line means nothing.</exception>
    public static Story Read(string file, string text)
    {
        var story = new Story(file);
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var plain = line.Trim();
            if (plain.Length > 0 && plain[0] != '#')
            {
                story.ReadLine(number, plain);
            }
        }

        return story._steps.Count > 0 ? story : throw new StoryFormatException(file, number, "nothing happens in this story");
    }

    /// <summary>Plays the story and gives the stage as it is at the end, with everything that did not come true, each with its place.</summary>
    public (Stage Stage, IReadOnlyList<string> Wrong) Play()
    {
        // Cards and devices are three days old when the story begins, so nothing is new that the story does not call new.
        var stage = new Stage(_steps[0].At.AddDays(-3));
        var wrong = new List<string>();
        try
        {
            foreach (var cast in _cast)
            {
                stage.Join(cast);
            }

            foreach (var step in _steps)
            {
                Play(stage, step, wrong);
            }
        }
        catch
        {
            stage.Dispose();
            throw;
        }

        return (stage, wrong);
    }

    private void Play(Stage stage, StoryStep step, List<string> wrong)
    {
        stage.BeginStep();
        stage.MoveTo(step.At);
        Refusal? refusal = null;
        try
        {
            foreach (var act in step.Acts)
            {
                if (refusal is not null)
                {
                    break;
                }

                for (var time = 0; time < act.Times; time++)
                {
                    refusal = stage.Do(act.Do);
                }
            }

            if (refusal is not null && !step.Expectations.Any(expectation => expectation.Text.StartsWith("refused", StringComparison.Ordinal)))
            {
                wrong.Add($"{_file}:{step.Line}: expected it to go through, got refused {refusal.Code}");
            }

            foreach (var expectation in step.Expectations)
            {
                if (expectation.GotInstead(stage, stage.PersonOf(expectation.Who ?? _cast[0].Name)) is { } got)
                {
                    wrong.Add($"{_file}:{step.Line}: expected {expectation.Text}, got {got}");
                }
            }
        }
        catch (InvalidOperationException exception)
        {
            wrong.Add($"{_file}:{step.Line}: cannot be played: {exception.Message}");
        }
    }

    private void ReadLine(int number, string line)
    {
        if (line.StartsWith("customer ", StringComparison.Ordinal))
        {
            if (_steps.Count > 0)
            {
                throw Nonsense(number, "customers stand before what happens");
            }

            _cast.Add(ReadCast(number, line));
            return;
        }

        if (StepLine().Match(line) is not { Success: true } match
            || !DateTime.TryParseExact(match.Groups["time"].Value, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
        {
            throw Nonsense(number, "a line is a customer, or begins with a time like 2026-03-05 10:00");
        }

        if (_cast.Count == 0)
        {
            throw Nonsense(number, "nobody is there yet");
        }

        var at = new DateTimeOffset(time, China);
        if (_steps.Count > 0 && at < _steps[^1].At)
        {
            throw Nonsense(number, "time does not run backwards");
        }

        var acts = Parts(match.Groups["acts"].Value).Select(act => ReadAct(number, act)).ToList();
        var expectations = match.Groups["expected"].Success ? Parts(match.Groups["expected"].Value).Select(expected => ReadExpectation(number, expected)).ToList() : [];
        _steps.Add(new StoryStep(number, at, acts, expectations));
    }

    private Cast ReadCast(int number, string line)
    {
        var fields = Regex.Split(line, @"\s{2,}");
        if (fields.Length < 2 || fields[0] != "customer" || !NameAlone().IsMatch(fields[1]))
        {
            throw Nonsense(number, "a customer has a name; two spaces stand between one thing and the next");
        }

        if (_cast.Any(cast => cast.Name == fields[1]))
        {
            throw Nonsense(number, $"{fields[1]} is there already");
        }

        var cast = fields.Skip(2).Aggregate(new Cast(fields[1], VerificationLevel.Basic, [], [], 0, HasCreditLine: false, 0, 0), (known, field) => WithField(number, known, field));
        return (cast.Wallet > 0 || cast.HasCreditLine) && cast.Cards.Count == 0 ? throw Nonsense(number, "money comes from a card, so there must be one") : cast;
    }

    private Cast WithField(int number, Cast cast, string field)
    {
        var words = field.Split(' ', 2);
        var value = words.Length > 1 ? words[1].Trim() : "";
        return words[0] switch
        {
            "wallet" => cast with { Wallet = Amount(number, value) },
            "credit-balance" => cast with { HasCreditLine = true, CreditBalance = Amount(number, value) },
            "owed" => cast with { HasCreditLine = true, Owed = Amount(number, value) },
            "credit-line" when value.Length == 0 => cast with { HasCreditLine = true },
            "card" when CardAlone().IsMatch(value) => cast with { Cards = [.. cast.Cards, value] },
            "device" when value.Length > 0 && value != Person.FirstDevice => cast with { Devices = [.. cast.Devices, value] },
            "verified" => cast with
            {
                Level = value switch
                {
                    "no" => VerificationLevel.None,
                    "basic" => VerificationLevel.Basic,
                    "enhanced" => VerificationLevel.Enhanced,
                    _ => throw Nonsense(number, $"'{value}' is no level of verification: no, basic, enhanced"),
                },
            },
            _ => throw Nonsense(number, $"'{field}' says nothing about a customer"),
        };
    }

    private Act ReadAct(int number, string text)
    {
        var (plain, times) = TimesAtEnd().Match(text) is { Success: true } repeated
            ? (repeated.Groups["act"].Value, int.Parse(repeated.Groups["times"].Value, CultureInfo.InvariantCulture))
            : (text, 1);
        if (Acts.OfOthers(plain) is { } others)
        {
            return new Act(text, _subject, times, others);
        }

        // "asks again, redeems the code": the second act is the same person's.
        var who = _cast.Select(cast => cast.Name).FirstOrDefault(name => plain.StartsWith(name + " ", StringComparison.Ordinal));
        if (who is null && _subject is { } subject && Acts.OfCustomer(plain) is { } same)
        {
            return new Act(text, subject, times, stage => same(stage, stage.PersonOf(subject)));
        }

        if (who is null)
        {
            throw Nonsense(number, $"nobody knows how to play '{text}', or who it is about");
        }

        _subject = who;
        return Acts.OfCustomer(plain[(who.Length + 1)..]) is { } act
            ? new Act(text, who, times, stage => act(stage, stage.PersonOf(who)))
            : throw Nonsense(number, $"nobody knows how to play '{text}'");
    }

    private Expectation ReadExpectation(int number, string text)
    {
        var who = _cast.Select(cast => cast.Name).FirstOrDefault(name => text.StartsWith(name + " ", StringComparison.Ordinal));
        var plain = who is null ? text : text[(who.Length + 1)..];
        return Expectations.Of(plain) is { } check
            ? new Expectation(text, who ?? _subject, check)
            : throw Nonsense(number, $"'{text}' is nothing that can be expected");
    }

    private long Amount(int number, string text) => Acts.AmountIn(text)?.Minor ?? throw Nonsense(number, $"'{text}' is no amount like 1,000.00");

    private StoryFormatException Nonsense(int number, string why) => new(_file, number, why);

    // Amounts have commas without a space after them.
    private static string[] Parts(string text) => Regex.Split(text.Trim(), @",\s+");

    [GeneratedRegex(@"^(?<time>\d{4}-\d\d-\d\d \d\d:\d\d)\s+(?<acts>.+?)(\s+->\s*(?<expected>.+))?$")]
    private static partial Regex StepLine();

    [GeneratedRegex(@"^\p{Lu}\p{L}+$")]
    private static partial Regex NameAlone();

    [GeneratedRegex(@"^··\d{4}$")]
    private static partial Regex CardAlone();

    [GeneratedRegex(@"^(?<act>.+) (?<times>[1-9]\d?) times$")]
    private static partial Regex TimesAtEnd();
}
