using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Ledger;
using Peony.Operators;

namespace Peony.Tests.Credit.Limits;

/// <summary>A customer with a line of 1,500.00 and a wallet of 5,000.00, and two operators.</summary>
internal sealed class LimitWorld
{
    public LimitWorld()
    {
        (Lin, Card) = Money.JoinWithMoney();
        Money.TopUp(Lin, Card, 4_000_00);
        Wu = Money.Book.Run(new PlantOperator("Wu", OperatorRole.Admin)).Value;
        Zhao = Money.Book.Run(new PlantOperator("Zhao", OperatorRole.Reviewer)).Value;
    }

    public MoneyWorld Money { get; } = new();

    public SteppedBook Book => Money.Book;

    public Person Lin { get; }

    public CardView Card { get; }

    public OperatorCaller Wu { get; }

    public OperatorCaller Zhao { get; }

    public CreditLineView Line => CreditReader.LineAsync(Book.Reader, Lin.Customer).Result!;

    public BillView Bill => new BillingReader(Book.Reader, new CreditProducts([CreditProduct.Shipped()])).BillAsync(Lin.Customer).Result!;

    public CreditLine Record => Book.Reader.FindAsync<CreditLine>(Lin.Customer.Value).Result!;

    public AccountState Owed => Book.Reader.AccountAsync(CreditAccounts.Owed(Lin.Customer)).Result!.State;

    public Result<LineChangeView> Prepare(LineChangeKind kind, long? limit = null, string? reason = null, OperatorCaller? by = null) => Book.Run(new PrepareLineChange(
        (by ?? Wu).Session, Lin.Customer, kind, limit is { } minor ? Ledger.Money.Cny(minor) : null, reason ?? (kind == LineChangeKind.Unfreeze ? "checked" : "asked_for"), "a call of the customer"));

    /// <summary>Both operators agree.</summary>
    public LineChangeView Change(LineChangeKind kind, long? limit = null, string? reason = null) =>
        Book.Run(new ApproveLineChange(Zhao.Session, Prepare(kind, limit, reason).Value.Id)).Value;

    public Result<RepaymentView> Repay(long amount) => Book.Run(new RepayFromWallet(Lin.Session, Ledger.Money.Cny(amount), MoneyWorld.Pin));

    public string? Buy(long amount) => Money.Buy(Lin, amount).Refusal?.Code;

    /// <summary>Goes on to noon of a day in Shanghai, running what falls due between.</summary>
    public void GoTo(int month, int day)
    {
        var noon = new DateTimeOffset(Book.Now.Year, month, day, 4, 0, 0, TimeSpan.Zero);
        Book.Advance(noon - Book.Now);
        Book.Settle();
    }
}
