using CsCheck;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

/// <summary>Random lives of withdrawals: whatever is done in whatever order, the control totals hold and nobody gains money. And each total finds what it is for.</summary>
public sealed class WithdrawalControlTests
{
    [Fact]
    public void Whatever_is_done_in_whatever_order_the_totals_hold() =>
        Gen.Select(Gen.ULong[1, 1_000_000], Gen.Int[0, 9].Array[5, 40]).Sample(
            (seed, steps) =>
            {
                var world = new WithdrawalWorld(seed: seed);
                var (lin, card) = world.JoinSettled();
                WithdrawalId? last = null;
                foreach (var step in steps)
                {
                    last = Take(world, lin, card, last, step) ?? last;
                }

                Assert.Empty(world.WhatIsWrong());
                var sentOff = world.Book.Reader.ListAllAsync<Withdrawal>(new Page(1_000)).Result
                    .Where(withdrawal => withdrawal.State is WithdrawalState.Ordered or WithdrawalState.Paid).ToList();
                var left = sentOff.Where(withdrawal => withdrawal.Card is not null).Sum(withdrawal => withdrawal.Total.Minor);
                Assert.Equal(10_800_00 - left, world.Wallet(lin) + world.CreditBalance(lin));
                Assert.Equal(sentOff.Sum(withdrawal => withdrawal.Fee.Minor), world.Fees);
            },
            iter: 60, threads: 1, writeLine: TestContext.Current.TestOutputHelper!.WriteLine);

    [Theory]
    [InlineData("hold gone")]
    [InlineData("hold kept")]
    [InlineData("paid without a code")]
    [InlineData("another payout")]
    [InlineData("no payout")]
    public void A_broken_withdrawal_is_named(string what)
    {
        var world = new WithdrawalWorld();
        var (lin, card) = world.JoinSettled();
        var asked = world.Ask(lin, card, 500_00).Value;
        if (what is "another payout")
        {
            world.Redeem(lin, asked.Id, world.CodeOnPhone());
        }

        Assert.Empty(world.WhatIsWrong());
        var broken = world.Record(asked.Id);
        broken = what switch
        {
            "hold gone" => broken with { Holds = [] },
            "hold kept" => broken with { State = WithdrawalState.Cancelled },
            "paid without a code" => broken with { State = WithdrawalState.Paid, Holds = [] },
            "another payout" => broken with { Payout = "po_other" },
            _ => broken with { State = WithdrawalState.Ordered, Holds = [], RedeemedAt = world.Book.Now, Code = null },
        };
        world.Book.Run(new Overwrite(broken));

        Assert.Contains(world.WhatIsWrong(), wrong => wrong.Contains(asked.Id.Value, StringComparison.Ordinal));
    }

    private static WithdrawalId? Take(WithdrawalWorld world, Person lin, CardView card, WithdrawalId? last, int step)
    {
        switch (step)
        {
            case 0 or 1:
                return world.Ask(lin, card, 300_00) is { IsDone: true } asked ? asked.Value.Id : null;
            case 2:
                return world.Ask(lin, null, 200_00, WithdrawalSource.CreditBalance) is { IsDone: true } inside ? inside.Value.Id : null;
            case 3 or 4 when last is { } id && world.Record(id).Code is { } code:
                world.Redeem(lin, id, world.Codes.Derive(code.Nonce, world.Record(id).BindingAsMade(code)));
                return null;
            case 5 when last is { } id:
                world.Redeem(lin, id, "00000000");
                return null;
            case 6 when last is { } id:
                world.Cancel(lin, id);
                return null;
            case 7:
                world.Book.Advance(TimeSpan.FromMinutes(4));
                return null;
            case 8 when last is { } id && world.Record(id).Payout is not null:
                world.BankSays(id, BankSaid.Settled);
                return null;
            case 9 when last is { } id && world.Record(id).Payout is not null:
                world.BankSays(id, BankSaid.Rejected, "AC04");
                return null;
            default:
                return null;
        }
    }
}
