using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Payouts;
using Peony.Wallet;

namespace Peony.Tests.Credit;

public sealed class RefusedApplicationTests
{
    [Fact]
    public void A_refusal_tells_its_reasons_and_keeps_them()
    {
        var schema = new BookSchema();
        new CustomersModule().Describe(schema);
        new CardsModule().Describe(schema);
        new WalletModule().Describe(schema);
        new PayoutsModule().Describe(schema);
        new CreditModule(CreditLineRules.Shipped() with { Least = 9_000_00 }, new CreditProducts([CreditProduct.Shipped()]), LineReasons.Shipped(), ContactRules.Shipped()).Describe(schema);
        schema.Command<Plant>("test.plant");
        var book = new SteppedBook(schema);
        var person = book.Run(new Plant(VerificationLevel.Basic)).Value;
        var card = book.Run(new BindCard(person.Session, MoneyWorld.Card("6226090000000001"), FourElementsAnswer.Agree)).Value;

        var refusal = book.Run(new OpenCreditLine(person.Session, card.Id, CreditTerms.Of(CreditProduct.Shipped()).Digest)).Refusal!;
        Assert.Equal("credit.not_granted", refusal.Code);
        Assert.Contains("还达不到最低额度", refusal.Arguments!["reasonsZh"], StringComparison.Ordinal);
        Assert.Contains("below the least we lend", refusal.Arguments["reasonsEn"], StringComparison.Ordinal);
        var kept = Assert.Single(book.Reader.ListAllAsync<RefusedApplication>().Result);
        Assert.Equal(["verified", "debit_card", "least"], kept.Reasons.Select(reason => reason.Rule));
    }
}
