using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Wallet;

namespace Peony.Tests.Credit;

/// <summary>Every state against every transition of top-ups, repayments and cards: the next state, or the refusal.</summary>
public sealed class TransitionTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 5, 2, 0, 0, TimeSpan.Zero);
    private static readonly CardView Card = new(new CardId("card_1"), 1, "CMB", CardKind.Debit, "0001", IsBound: true, Now);

    [Theory]
    [InlineData(TopUpState.Ordered, "settle", "Settled")]
    [InlineData(TopUpState.Ordered, "fail", "Failed")]
    [InlineData(TopUpState.Settled, "settle", "Settled")]
    [InlineData(TopUpState.Settled, "fail", "wallet.top_up_ended")]
    [InlineData(TopUpState.Failed, "settle", "wallet.top_up_ended")]
    [InlineData(TopUpState.Failed, "fail", "Failed")]
    public void A_top_up(TopUpState state, string transition, string expected)
    {
        var topUp = TopUp.Order(new TopUpId("top_1"), new CustomerId("cus_1"), Card, Money.Cny(100), Now) with { State = state };
        var next = transition == "settle" ? topUp.Settle(Now) : topUp.Fail("AM04", Now);
        Assert.Equal(expected, Said(next, after => after.State.ToString()));
    }

    [Theory]
    [InlineData(RepaymentState.Ordered, "settle", "Settled")]
    [InlineData(RepaymentState.Ordered, "fail", "Failed")]
    [InlineData(RepaymentState.Settled, "settle", "Settled")]
    [InlineData(RepaymentState.Ordered, "return", "credit.repayment_ended")]
    [InlineData(RepaymentState.Settled, "fail", "credit.repayment_ended")]
    [InlineData(RepaymentState.Settled, "return", "Returned")]
    [InlineData(RepaymentState.Failed, "settle", "credit.repayment_ended")]
    [InlineData(RepaymentState.Failed, "fail", "Failed")]
    [InlineData(RepaymentState.Failed, "return", "credit.repayment_ended")]
    [InlineData(RepaymentState.Returned, "settle", "Returned")]
    [InlineData(RepaymentState.Returned, "fail", "credit.repayment_ended")]
    [InlineData(RepaymentState.Returned, "return", "Returned")]
    public void A_repayment(RepaymentState state, string transition, string expected)
    {
        var repayment = Repayment.OrderFromCard(new RepaymentId("rep_1"), new CustomerId("cus_1"), Card, Money.Cny(100), Now) with { State = state };
        var next = transition switch
        {
            "settle" => repayment.Settle(() => new RepaymentSplit(ToPrincipal: 40, 0, 0, 0, ToBalance: 60), Now),
            "return" => repayment.Return("AM04", Now),
            _ => repayment.Fail("AM04", Now),
        };
        Assert.Equal(expected, Said(next, after => after.State.ToString()));
    }

    [Theory]
    [InlineData(true, "bind", "card.already_bound")]
    [InlineData(true, "unbind", "1 unbound")]
    [InlineData(false, "bind", "2 bound")]
    [InlineData(false, "unbind", "card.unbound")]
    public void A_card(bool isBound, string transition, string expected)
    {
        var toBind = MoneyWorld.Card("6225880000000001");
        var card = BankCard.FirstBind(new CardId("card_1"), new CustomerId("cus_1"), toBind, Now) with { UnboundAt = isBound ? null : Now };
        var next = transition == "bind" ? card.BindAgain(toBind, Now) : card.Unbind(Now);
        Assert.Equal(expected, Said(next, after => $"{after.Version} {(after.IsBound ? "bound" : "unbound")}"));
    }

    private static string Said<T>(Result<T> result, Func<T, string> said) => result.IsRefused(out var refusal, out var after) ? refusal.Code : said(after);
}
