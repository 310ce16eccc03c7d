using System.Diagnostics;
using Peony.Book;
using Peony.Cards;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

/// <summary>The binding table: a valid code, one thing changed, the same words.</summary>
public sealed class BindingTests
{
    public static TheoryData<string> Changes =>
        ["card", "card unbound", "card rebound", "amount", "currency", "session on the same device", "session and device", "purpose", "expiry", "nonce"];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_single_change_is_refused_with_the_same_words_and_counts_as_a_try(string change)
    {
        var world = new WithdrawalWorld();
        var (lin, card) = world.JoinSettled();
        world.Bind(lin, "6226090000000007");
        var asked = world.Ask(lin, card, 500_00).Value;
        var code = world.CodeOnPhone();

        var who = Change(world, lin, card, "6226090000000001", asked.Id, change);
        var refusal = world.Book.Run(new RedeemCode(who.Session, asked.Id, code)).Refusal!;
        var plainlyWrong = new WithdrawalWorld();
        var (chen, chensCard) = plainlyWrong.JoinSettled();
        var other = plainlyWrong.Ask(chen, chensCard, 500_00).Value;
        var expected = plainlyWrong.Redeem(chen, other.Id, WithdrawalWorld.Wrong(plainlyWrong.CodeOnPhone())).Refusal!;

        Assert.Equal((expected.Code, expected.Kind), (refusal.Code, refusal.Kind));
        Assert.Equal(expected.Arguments!.Order(), refusal.Arguments!.Order());
        Assert.Equal(1, world.Record(asked.Id).Code!.WrongTries);
        Assert.Null(world.Record(asked.Id).RedeemedAt);
    }

    [Fact]
    public void Every_mismatch_takes_the_same_time()
    {
        var world = new WithdrawalWorld();
        string[] changes = ["nothing but the code", "card rebound", "amount", "currency", "session on the same device", "session and device", "purpose"];
        var settled = changes.Select((_, index) => (Number: $"622609000000001{index}", Joined: world.JoinSettled($"622609000000001{index}"))).ToList();
        var asked = settled.Select(one => (one.Number, one.Joined.Person, one.Joined.Card, world.Ask(one.Joined.Person, one.Joined.Card, 500_00).Value.Id, Code: world.CodeOnPhone())).ToList();
        var cases = changes.Zip(asked, (change, one) =>
        {
            var who = Change(world, one.Person, one.Card, one.Number, one.Id, change);
            return (change, new RedeemCode(who.Session, one.Id, change == changes[0] ? WithdrawalWorld.Wrong(one.Code) : one.Code));
        }).ToList();

        var medians = world.Book.Run(new TimeTries(cases, Tries: 10_000)).Value;

        var said = string.Join(", ", changes.Zip(medians, (change, median) => $"{change} {median}"));
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        Assert.True(medians.Max() <= medians.Min() * 1.05, said);
    }

    [Fact]
    public void Unchanged_the_same_code_is_good()
    {
        var world = new WithdrawalWorld();
        var (lin, card) = world.JoinSettled();
        var asked = world.Ask(lin, card, 500_00).Value;

        Assert.True(world.Redeem(lin, asked.Id, world.CodeOnPhone()).IsDone);
    }

    [Fact]
    public void The_code_of_one_withdrawal_is_no_code_of_another()
    {
        var world = new WithdrawalWorld();
        var (lin, card) = world.JoinSettled();
        var toWallet = world.Ask(lin, null, 500_00, WithdrawalSource.CreditBalance).Value;
        var code = world.CodeOnPhone();
        var toCard = world.Ask(lin, card, 500_00).Value;

        Assert.Equal("withdrawal.code_wrong", world.Redeem(lin, toCard.Id, code).Refusal?.Code);
        Assert.True(world.Redeem(lin, toWallet.Id, code).IsDone);
    }

    /// <summary>Makes the change, and says who tries the code then.</summary>
    private static Person Change(WithdrawalWorld world, Person person, CardView card, string number, WithdrawalId id, string change)
    {
        switch (change)
        {
            case "nothing but the code":
                return person;
            case "card unbound":
                world.Unbind(person, card);
                return person;
            case "card rebound":
                world.Unbind(person, card);
                world.Bind(person, number);
                return person;
            case "session on the same device":
                return world.Book.Run(new PlantSignIn(default, person.Customer, world.Record(id).Device)).Value;
            case "session and device":
                return world.SignInElsewhere(person);
            default:
                world.Book.Run(new Tamper(id, change));
                return person;
        }
    }
}

/// <summary>
/// Tries each case again and again inside one work and times every try. The work succeeds, so nothing that a refused try would keep is kept, and every try meets the same state.
/// </summary>
internal sealed record TimeTries(IReadOnlyList<(string What, RedeemCode Try)> Cases, int Tries) : ICommand<long[]>
{
    public Result<long[]> Handle(IWork work)
    {
        var samples = Cases.Select(_ => new long[Tries]).ToArray();
        for (var round = -1_000; round < Tries; round++)
        {
            for (var index = 0; index < Cases.Count; index++)
            {
                // The order turns, so that no case always runs after the same other.
                var turn = (index + round + 1_000) % Cases.Count;
                var start = Stopwatch.GetTimestamp();
                var answer = Cases[turn].Try.Handle(work);
                var took = Stopwatch.GetTimestamp() - start;
                Assert.Equal("withdrawal.code_wrong", answer.Refusal?.Code);
                if (round >= 0)
                {
                    samples[turn][round] = took;
                }
            }
        }

        return samples.Select(sample => sample.Order().ElementAt(Tries / 2)).ToArray();
    }
}
