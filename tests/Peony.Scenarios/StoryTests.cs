using Peony.Book;
using Peony.Testing;

[assembly: AssemblyFixture(typeof(PostgresCluster))]

namespace Peony.Scenarios;

/// <summary>Every story comes true, and its books are sound on both databases.</summary>
public sealed class StoryTests(PostgresCluster cluster)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Stories");

    public static TheoryData<string> Stories => [.. Directory.GetFiles(Folder, "*.story").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task The_story_comes_true(string file)
    {
        using var stage = Play(file);
        AssertSound(stage, await Verified.OnSqliteAsync(stage));
    }

    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Its_books_are_sound_on_PostgreSQL_too(string file)
    {
        var connectionString = cluster.ConnectionString;
        using var stage = Play(file);
        AssertSound(stage, await Verified.OnPostgresAsync(stage, connectionString));
    }

    /// <summary>Facts that turn out not to have happened, and become known again long after in another order, leave the books as they were.</summary>
    [Theory]
    [MemberData(nameof(Stories))]
    public async Task Its_credit_lines_follow_from_their_facts_whenever_those_become_known(string file)
    {
        using var stage = Play(file);
        stage.CloseCreditDays();
        var before = stage.CreditBooks();
        foreach (var line in stage.Facts().GroupBy(fact => fact.Customer))
        {
            foreach (var fact in line)
            {
                Assert.Null(stage.Book.Run(new TakeAway(line.Key, fact.Subject)).Refusal);
            }

            foreach (var fact in line.Reverse())
            {
                Assert.Null(stage.Book.Run(new PutBack(line.Key, fact.Subject)).Refusal);
            }
        }

        Assert.Equal(before, stage.CreditBooks());
        AssertSound(stage, await Verified.OnSqliteAsync(stage));
    }

    /// <summary>Instalments bought on 5 March and paid off on any day of the second period, the one between the statements of 1 April and 1 May: the same price each day, and never a fee that is not billed.</summary>
    [Theory]
    [MemberData(nameof(DaysOfAPeriod))]
    public async Task Instalments_are_paid_off_on_any_day(string day)
    {
        var story = $"""
            # Paid off on {day}.
            customer  Lin   wallet 2,000.00   credit-line   card ··1234

            2026-03-05 10:00   Lin buys books for 900.00 in 3 instalments   -> owed 900.00
            2026-04-02 00:05   Lin repays 306.90 from the wallet            -> payable 0.00
            {day} 10:00   Lin pays off the instalments                 -> owed 0.00, wallet 1,093.10, charges 0.00
            2026-06-02 00:05   nothing happens                              -> payable 0.00, interest 0.00
            """;
        var (stage, wrong) = Story.Read($"payoff on {day}", story).Play();
        using (stage)
        {
            Assert.Empty(wrong);
            AssertSound(stage, await Verified.OnSqliteAsync(stage));
        }
    }

    public static TheoryData<string> DaysOfAPeriod =>
        [.. Enumerable.Range(0, 30).Select(day => new DateOnly(2026, 4, 2).AddDays(day).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture))];

    [Fact]
    public void There_are_stories() => Assert.InRange(Stories.Count, 16, int.MaxValue);

    private static Stage Play(string file)
    {
        var (stage, wrong) = Story.Read(file, File.ReadAllText(Path.Combine(Folder, file))).Play();
        if (wrong.Count > 0)
        {
            stage.Dispose();
            Assert.Fail(string.Join('\n', wrong));
        }

        return stage;
    }

    private static void AssertSound(Stage stage, VerifyReport report)
    {
        Assert.Null(report.Problem);
        Assert.Empty(report.Notes);
        Assert.Equal((stage.Book.Journal.Count, stage.Book.Journal.Count), (report.Frames, report.TablesAt));
        Assert.Equal(stage.Schema.Controls.Count, report.Controls);
        Assert.Equal(0, stage.Book.Tables.ParkedCount);
    }
}
