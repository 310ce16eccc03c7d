using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Customers.Erasure;

namespace Peony.Withdrawals;

/// <summary>What of withdrawals still uses a card, for the card's unbinding.</summary>
internal sealed class WithdrawalCardUse : ICardUse
{
    public ICommand<CardUses> Of(CustomerId customer, CardId card) => new FindCardUses(customer, card);
}

/// <summary>The withdrawals to a card that are not over.</summary>
internal sealed record FindCardUses(CustomerId Customer, CardId Card) : ICommand<CardUses>
{
    public Result<CardUses> Handle(IWork work) =>
        new CardUses([.. work.FindBy<Withdrawal>(WithdrawalsModule.ByCardInUse, Card.Value).Where(withdrawal => withdrawal.Customer == Customer)
            .Select(withdrawal => new CardUse(withdrawal.Id.Value, "withdrawal", WithdrawalWords.Of(withdrawal.State), withdrawal.Amount))]);
}

/// <summary>Nobody is erased while a withdrawal of theirs is open.</summary>
internal sealed class WithdrawalErasureCheck : IErasureCheck
{
    public ICommand<Done> Of(CustomerId customer) => new RequireNoOpenWithdrawal(customer);
}

/// <summary>Refuses while a withdrawal waits or is on its way.</summary>
internal sealed record RequireNoOpenWithdrawal(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work) =>
        work.FindBy<Withdrawal>(WithdrawalsModule.ByOpenOf, Customer.Value).Count == 0 ? new Done() : CustomersRefusals.EraseOpenBusiness;
}
