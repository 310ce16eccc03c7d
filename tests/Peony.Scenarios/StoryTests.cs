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
