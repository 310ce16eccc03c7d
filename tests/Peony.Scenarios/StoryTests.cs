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
