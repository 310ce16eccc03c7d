using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Wallet;

internal sealed record TopUpSettled(CustomerId Customer, TopUpId TopUp, Money Amount, string Bank, string LastFour) : IEvent
{
    public string Lane => Customer.Value;
}

internal sealed record TopUpFailed(CustomerId Customer, TopUpId TopUp, Money Amount, string Bank, string LastFour, string BankReason) : IEvent
{
    public string Lane => Customer.Value;
}
