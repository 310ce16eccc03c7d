using System.Text;
using Peony.Withdrawals;
using static Peony.Withdrawals.WithdrawalAct;
using static Peony.Withdrawals.WithdrawalState;

namespace Peony.Tests.Withdrawals;

/// <summary>Every act in every state, written out by hand beside the code; and the drawing in docs/flows, written from the code.</summary>
public sealed class WithdrawalLifeTests
{
    private static readonly WithdrawalState[] States = Enum.GetValues<WithdrawalState>();
    private static readonly WithdrawalAct[] Acts = Enum.GetValues<WithdrawalAct>();

    // One line an act, one word a state in this order: awaiting code, in review, ordered, paid, cancelled, expired, locked out, declined, rejected, returned.
    private static readonly Dictionary<WithdrawalAct, string> Table = new()
    {
        [IssueAgain] = "AwaitingCode code_used code_used code_used ended ended ended ended ended ended",
        [TryWrong] = "AwaitingCode code_used code_used code_used code_void code_expired code_locked code_used code_used code_used",
        [TryWrongLast] = "LockedOut code_used code_used code_used code_void code_expired code_locked code_used code_used code_used",
        [Redeem] = "Ordered code_used code_used code_used code_void code_expired code_locked code_used code_used code_used",
        [RedeemToWallet] = "Paid code_used code_used code_used code_void code_expired code_locked code_used code_used code_used",
        [RedeemForReview] = "InReview code_used code_used code_used code_void code_expired code_locked code_used code_used code_used",
        [Approve] = "not_in_review Ordered not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review",
        [ApproveToWallet] = "not_in_review Paid not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review",
        [Decline] = "not_in_review Declined not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review not_in_review",
        [Cancel] = "Cancelled Cancelled too_late_to_cancel too_late_to_cancel Cancelled ended ended ended ended ended",
        [Expire] = "Expired code_used code_used code_used ended Expired ended ended ended ended",
        [Settle] = "not_ordered not_ordered Paid Paid not_ordered not_ordered not_ordered not_ordered not_ordered Returned",
        [Reject] = "not_ordered not_ordered Rejected not_ordered not_ordered not_ordered not_ordered not_ordered Rejected not_ordered",
        [Return] = "not_ordered not_ordered Returned Returned not_ordered not_ordered not_ordered not_ordered not_ordered Returned",
    };

    [Fact]
    public void Every_act_in_every_state_does_what_the_table_says()
    {
        Assert.Equal(Acts.Order(), Table.Keys.Order());
        foreach (var act in Acts)
        {
            Assert.Equal(Table[act].Split(' '), States.Select(state => Outcome(state, act)));
        }
    }

    [Fact]
    public void Nothing_is_paid_or_ordered_but_by_way_of_a_redeemed_code()
    {
        // From the start, without any act that needs the right code, neither state can be reached.
        var reached = new HashSet<WithdrawalState> { AwaitingCode };
        var left = new Queue<WithdrawalState>(reached);
        while (left.TryDequeue(out var state))
        {
            foreach (var act in Acts.Except([Redeem, RedeemToWallet, RedeemForReview]))
            {
                if (!WithdrawalLife.Next(state, act).IsRefused(out _, out var next) && reached.Add(next))
                {
                    left.Enqueue(next);
                }
            }
        }

        Assert.Equal([AwaitingCode, Cancelled, Expired, LockedOut], reached.Order());
    }

    [Fact]
    public void The_drawing_in_the_documents_is_this_state_machine()
    {
        var path = Path.Combine(Repository.Root, "docs", "flows", "withdrawal.md");
        var text = File.ReadAllText(path);
        const string begin = "<!-- from here on written by WithdrawalLifeTests -->\n";
        var written = text[..(text.IndexOf(begin, StringComparison.Ordinal) + begin.Length)] + Drawing();
        if (Environment.GetEnvironmentVariable("PEONY_WRITE_DOCS") == "1")
        {
            File.WriteAllText(path, written);
        }

        Assert.Equal(written, File.ReadAllText(path));
    }

    private static string Outcome(WithdrawalState state, WithdrawalAct act) =>
        WithdrawalLife.Next(state, act).IsRefused(out var refusal, out var next) ? refusal.Code["withdrawal.".Length..] : next.ToString();

    private static string Drawing()
    {
        var text = new StringBuilder("\n```mermaid\nstateDiagram-v2\n    [*] --> awaiting_code: ask\n");
        foreach (var state in States)
        {
            foreach (var next in Acts.Select(act => (Act: act, Next: Outcome(state, act))).Where(step => step.Next == step.Next.ToUpperInvariant()[..1] + step.Next[1..])
                         .Where(step => step.Next != state.ToString() || step.Act is IssueAgain or TryWrong).GroupBy(step => step.Next))
            {
                text.Append("    ").Append(Word(state.ToString())).Append(" --> ").Append(Word(next.Key)).Append(": ")
                    .AppendJoin(", ", next.Select(step => Word(step.Act.ToString()).Replace('_', ' '))).Append('\n');
            }
        }

        foreach (var state in States.Where(state => Acts.All(act => Outcome(state, act) == state.ToString() || char.IsLower(Outcome(state, act)[0]))))
        {
            text.Append("    ").Append(Word(state.ToString())).Append(" --> [*]\n");
        }

        text.Append("```\n\n## What every act answers in every state\n\nA state in bold is the next one; the rest are refusals, each with `withdrawal.` before it.\n\n| |");
        text.AppendJoin("|", Acts.Select(act => $" {Word(act.ToString()).Replace('_', ' ')} ")).Append("|\n|").Append(string.Concat(Enumerable.Repeat(" --- |", Acts.Length + 1))).Append('\n');
        foreach (var state in States)
        {
            text.Append("| ").Append(Word(state.ToString()).Replace('_', ' ')).Append(" |");
            text.AppendJoin("|", Acts.Select(act => Outcome(state, act)).Select(outcome => char.IsLower(outcome[0]) ? $" {outcome} " : $" **{Word(outcome).Replace('_', ' ')}** "));
            text.Append("|\n");
        }

        return text.ToString();
    }

    private static string Word(string name) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
}
