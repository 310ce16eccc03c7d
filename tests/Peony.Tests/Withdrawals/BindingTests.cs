using Peony.Book;
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

        var who = lin;
        switch (change)
        {
            case "card unbound":
                world.Unbind(lin, card);
                break;
            case "card rebound":
                world.Unbind(lin, card);
                world.Bind(lin);
                break;
            case "session on the same device":
                who = world.Book.Run(new PlantSignIn(default, lin.Customer, world.Record(asked.Id).Device)).Value;
                break;
            case "session and device":
                who = world.SignInElsewhere(lin);
                break;
            default:
                world.Book.Run(new Tamper(asked.Id, change));
                break;
        }

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
}
