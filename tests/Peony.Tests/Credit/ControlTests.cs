using Peony.Book;
using Peony.Credit;
using Peony.Ledger;

namespace Peony.Tests.Credit;

/// <summary>Plants an entry that no slice would make.</summary>
internal sealed record PlantEntry(LedgerAccountId Debit, LedgerAccountId Credit, Money Amount) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Post(new Entry(new EntryKey($"test/{work.Now.Ticks}"), "test.planted", PostingLine.Post(Debit, Credit, Amount)));
        return new Done();
    }
}

public sealed class ControlTests
{
    [Fact]
    public void A_day_of_random_purchases_and_repayments_leaves_the_books_right()
    {
        var world = new MoneyWorld();
        var random = new SeededRandomness(20260305);
        var people = Enumerable.Range(0, 3).Select(_ => world.Join()).ToList();
        for (var index = 0; index < people.Count; index++)
        {
            var card = world.Bind(people[index], $"622609000000010{index}");
            world.OpenLine(people[index], card);
            world.TopUp(people[index], card, 5_000_00);
        }

        var refused = 0;
        for (var step = 0; step < 400; step++)
        {
            var person = people[random.Next(people.Count)];
            var amount = 1 + random.Next(600_00);
            var card = world.Book.Run(new Peony.Cards.ListCards(person.Customer)).Value.Cards[0];
            var isDone = random.Next(6) switch
            {
                0 or 1 or 2 => world.Buy(person, amount).IsDone,
                3 => world.Book.Run(new RepayFromWallet(person.Session, Money.Cny(amount), MoneyWorld.Pin)).IsDone,
                4 => world.Book.Run(new RepayFromCard(person.Session, card.Id, Money.Cny(amount), MoneyWorld.Pin)).IsDone,
                _ => Bank(),
            };
            refused += isDone ? 0 : 1;
        }

        Assert.InRange(refused, 1, 399);
        Assert.Empty(world.WhatIsWrong());

        bool Bank()
        {
            if (random.Next(3) == 0)
            {
                world.BankRejects();
            }
            else
            {
                world.BankSettles();
            }

            return true;
        }
    }

    [Fact]
    public void An_entry_no_slice_made_is_found()
    {
        var world = new MoneyWorld();
        var (person, _) = world.JoinWithMoney();
        world.Book.Run(new PlantEntry(CreditAccounts.Owed(person.Customer), CreditAccounts.SandboxMerchants, Money.Cny(1)));
        Assert.Equal(2, world.WhatIsWrong().Count);
    }
}
