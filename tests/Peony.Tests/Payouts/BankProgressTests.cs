using System.Text;
using Peony.Payouts;

namespace Peony.Tests.Payouts;

public sealed class BankProgressTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 5, 4, 0, 0, TimeSpan.Zero);

    // Rows are states, columns what the bank says: nothing, not known, received, accepted, settled, rejected. A star is a contradiction.
    private static readonly string[] Table =
    [
        "Ordered   Unknown   Unknown   Sent      Accepted  Settled   Rejected",
        "Unknown   Unknown   Unknown   Sent      Accepted  Settled   Rejected",
        "Sent      Sent      Unknown   Sent      Accepted  Settled   Rejected",
        "Accepted  Accepted  Accepted* Accepted  Accepted  Settled   Rejected",
        "Settled   Settled   Settled*  Settled   Settled   Settled   Returned",
        "Rejected  Rejected  Rejected  Rejected  Rejected  Rejected* Rejected",
        "Returned  Returned  Returned  Returned  Returned  Returned* Returned",
    ];

    [Fact]
    public void Every_answer_in_every_state_is_decided()
    {
        BankSaid[] said = [BankSaid.Nothing, BankSaid.NotKnown, BankSaid.Received, BankSaid.Accepted, BankSaid.Settled, BankSaid.Rejected];
        Assert.Equal(Enum.GetValues<BankSaid>(), said);
        Assert.Equal(Enum.GetValues<BankOrderStatus>(), Table.Select(row => Enum.Parse<BankOrderStatus>(row.Split(' ')[0])));
        foreach (var row in Table.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            var before = new BankProgress(Enum.Parse<BankOrderStatus>(row[0]), Noon);
            for (var column = 0; column < said.Length; column++)
            {
                var after = before.After(new BankAnswer(said[column], said[column] < BankSaid.Received ? null : Noon.AddMinutes(1), "AC04"));
                Assert.True(row[column + 1] == after.Status + (after.Contradiction is null ? "" : "*"), $"{row[0]} and {said[column]} gave {after}");
                Assert.Equal(after, after.After(new BankAnswer(said[column], said[column] < BankSaid.Received ? null : Noon.AddMinutes(1), "AC04")) with { Enquiries = after.Enquiries });
            }
        }
    }

    [Fact]
    public void A_report_older_than_the_newest_one_changes_nothing()
    {
        foreach (var status in Enum.GetValues<BankOrderStatus>())
        {
            foreach (var said in new[] { BankSaid.Received, BankSaid.Accepted, BankSaid.Settled, BankSaid.Rejected })
            {
                var before = new BankProgress(status, Noon);
                Assert.Same(before, before.After(new BankAnswer(said, Noon.AddSeconds(-1))));
            }
        }
    }

    [Fact]
    public void An_order_may_be_sent_only_while_the_bank_has_not_been_heard() => Assert.Equal(
        [BankOrderStatus.Ordered, BankOrderStatus.Unknown],
        Enum.GetValues<BankOrderStatus>().Where(status => new BankProgress(status).MayBeSent()));

    [Fact]
    public void The_drawing_in_the_documents_is_this_state_machine()
    {
        var path = Path.Combine(Repository.Root, "docs", "flows", "payout.md");
        var text = File.ReadAllText(path);
        const string begin = "<!-- from here on written by BankProgressTests -->\n";
        var written = text[..(text.IndexOf(begin, StringComparison.Ordinal) + begin.Length)] + Drawing();
        if (Environment.GetEnvironmentVariable("PEONY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, written);
        }

        Assert.Equal(written, File.ReadAllText(path));
    }

    private static string Drawing()
    {
        var text = new StringBuilder("\n```mermaid\nstateDiagram-v2\n    [*] --> ordered: order\n");
        foreach (var state in Enum.GetValues<BankOrderStatus>())
        {
            foreach (var next in Enum.GetValues<BankSaid>().Select(said => (Said: said, Next: After(state, said))).Where(step => step.Next.Status != state).GroupBy(step => step.Next.Status))
            {
                text.Append("    ").Append(Word(state)).Append(" --> ").Append(Word(next.Key)).Append(": ").AppendJoin(", ", next.Select(step => Word(step.Said))).Append('\n');
            }
        }

        text.Append("    settled --> [*]\n    rejected --> [*]\n    returned --> [*]\n```\n\n## What every answer does in every state\n\n| |");
        text.AppendJoin("|", Enum.GetValues<BankSaid>().Select(said => $" {Word(said)} ")).Append("|\n|").Append(string.Concat(Enumerable.Repeat(" --- |", 7))).Append('\n');
        foreach (var state in Enum.GetValues<BankOrderStatus>())
        {
            text.Append("| ").Append(Word(state)).Append(" |");
            text.AppendJoin("|", Enum.GetValues<BankSaid>().Select(said => After(state, said)).Select(next =>
                next.Contradiction is not null ? " contradiction " : next.Status == state ? " – " : $" **{Word(next.Status)}** ")).Append("|\n");
        }

        return text.ToString();
    }

    private static BankProgress After(BankOrderStatus state, BankSaid said) =>
        new BankProgress(state, Noon).After(new BankAnswer(said, said < BankSaid.Received ? null : Noon.AddMinutes(1)));

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()).Replace('_', ' ');
}
