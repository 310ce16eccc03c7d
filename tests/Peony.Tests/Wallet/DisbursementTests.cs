using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Operators;
using Peony.Payouts;
using Peony.Tests.Credit;
using Peony.Wallet;
using Peony.Wallet.Disbursements;

namespace Peony.Tests.Wallet;

public sealed class DisbursementTests
{
    private readonly MoneyWorld _world = new();
    private readonly OperatorCaller _wu;
    private readonly OperatorCaller _zhao;

    public DisbursementTests()
    {
        _wu = Enrol("Wu", OperatorRole.Admin);
        _zhao = Enrol("Zhao", OperatorRole.Reviewer);
    }

    [Fact]
    public void Money_is_in_the_fund_only_when_a_second_operator_has_approved_it()
    {
        var funding = Prepare(5_000_00).Value;
        Assert.Equal((FundingState.Prepared, 0L), (funding.State, Fund));

        var approved = Approve(_zhao, funding.Id).Value;
        Assert.Equal((FundingState.Approved, _wu.Operator, (OperatorId?)_zhao.Operator), (approved.State, approved.PreparedBy, approved.DecidedBy));
        Assert.Equal((5_000_00L, 5_000_00L), (Fund, _world.Balance(PayoutAccounts.Settlement)));
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Nobody_decides_what_they_prepared_themselves()
    {
        var funding = Prepare(5_000_00).Value;
        Assert.Equal("operator.own_work", Approve(_wu, funding.Id).Refusal?.Code);
        Assert.Equal("operator.own_work", Reject(_wu, funding.Id, "a slip").Refusal?.Code);
        Assert.Equal((FundingState.Prepared, 0L), (Only(funding.Id).State, Fund));
    }

    [Theory]
    [InlineData("prepared", "approve", null)]
    [InlineData("prepared", "reject", null)]
    [InlineData("approved", "approve", "disbursement.funding_decided")]
    [InlineData("approved", "reject", "disbursement.funding_decided")]
    [InlineData("rejected", "approve", "disbursement.funding_decided")]
    [InlineData("rejected", "reject", "disbursement.funding_decided")]
    public void A_funding_is_decided_once(string state, string act, string? refused)
    {
        var funding = Prepare(100_00).Value;
        if (state != "prepared")
        {
            Assert.True(Decide(state == "approved" ? "approve" : "reject", funding.Id).IsDone);
        }

        Assert.Equal(refused, Decide(act, funding.Id).Refusal?.Code);
        Assert.Equal(state == "approved" || (state == "prepared" && act == "approve") ? 100_00 : 0, Fund);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_funding_takes_roles_an_amount_a_note_and_for_a_no_a_reason()
    {
        Assert.Equal("operator.role_too_low", _world.Book.Run(new PrepareFunding(_zhao.Session, Money.Cny(1), "March")).Refusal?.Code);
        Assert.Equal("operator.reason_needed", _world.Book.Run(new PrepareFunding(_wu.Session, Money.Cny(1), " ")).Refusal?.Code);
        foreach (var amount in new[] { Money.Cny(0), Money.Cny(-1), Money.Cny(DisbursementRules.Shipped().FundingMost + 1), new Money(1, Currency.Usd) })
        {
            Assert.Equal("disbursement.amount_invalid", _world.Book.Run(new PrepareFunding(_wu.Session, amount, "March")).Refusal?.Code);
        }

        var funding = Prepare(1).Value;
        var support = Enrol("Qian", OperatorRole.Support);
        Assert.Equal("operator.role_too_low", Approve(support, funding.Id).Refusal?.Code);
        Assert.Equal("disbursement.funding_not_found", Approve(_zhao, new FundingId("fun_none")).Refusal?.Code);
        Assert.Equal("operator.session_ended", _world.Book.Run(new ApproveFunding(new OperatorSessionId("os_none"), new FundingId("fun_none"))).Refusal?.Code);
        Assert.Equal("operator.reason_needed", Reject(_zhao, funding.Id, "").Refusal?.Code);
        Assert.Equal("not ours", Reject(_zhao, funding.Id, "not ours").Value.Reason);
    }

    [Fact]
    public void Every_line_is_paid_or_refused_by_itself()
    {
        FillFund(1_000_00);
        var (lin, chen, stranger) = (Open(), Open(), _world.Join());
        var lines = new[]
        {
            DisbursementLine.To(lin.Customer, Money.Cny(400_00)),
            DisbursementLine.To(stranger.Customer, Money.Cny(1_00)),
            DisbursementLine.To(chen.Customer, Money.Cny(700_00)),
            DisbursementLine.To(chen.Customer, new Money(1_00, Currency.Usd)),
            DisbursementLine.To(chen.Customer, Money.Cny(0)),
            DisbursementLine.To(lin.Customer, Money.Cny(100_00)),
            DisbursementLine.To(chen.Customer, Money.Cny(500_00)),
        };

        var paid = Disburse(lines).Value;

        Assert.Equal((7, 3, Money.Cny(1_000_00)), (paid.Lines, paid.Paid, paid.TotalPaid));
        Assert.Equal([new(1, LineRefusal.WalletNotOpen), new(2, LineRefusal.FundShort), new(3, LineRefusal.CurrencyDiffers), new(4, LineRefusal.AmountInvalid)], paid.Refused);
        Assert.Equal((500_00L, 500_00L, 0L, 0L), (_world.Wallet(lin), _world.Wallet(chen), _world.Wallet(stranger), Fund));
        var detail = DisbursementReader.DisbursementAsync(_world.Book.Reader, paid.Id).Result!;
        Assert.Equal(("三月餐补", 7, 3, 4), (detail.Disbursement.Purpose, detail.Disbursement.Lines, detail.Disbursement.Paid, detail.Disbursement.Refused));
        Assert.Equal(new RefusedLine(2, LineRefusal.FundShort, chen.Customer, Money.Cny(700_00)), detail.Refused[1]);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_line_takes_at_most_what_the_rules_say()
    {
        FillFund(200_000_00);
        var lin = Open();
        var most = DisbursementRules.Shipped().LineMost;
        var paid = Disburse(DisbursementLine.To(lin.Customer, Money.Cny(most)), DisbursementLine.To(lin.Customer, Money.Cny(most + 1)), DisbursementLine.To(lin.Customer, Money.Cny(-1))).Value;
        Assert.Equal([new(1, LineRefusal.AmountInvalid), new(2, LineRefusal.AmountInvalid)], paid.Refused);
        Assert.Equal(most, _world.Wallet(lin));
    }

    [Fact]
    public void As_many_lines_as_one_entry_takes_are_paid_and_their_sum_is_right()
    {
        FillFund(1_000_000_00);
        var people = Enumerable.Range(0, 90).Select(_ => Open()).ToList();
        var paid = Disburse([.. Enumerable.Range(0, IWork.TransfersMost).Select(line => DisbursementLine.To(people[line % 90].Customer, Money.Cny(1 + line)))]).Value;
        Assert.Equal((IWork.TransfersMost, IWork.TransfersMost * (IWork.TransfersMost + 1L) / 2), (paid.Paid, paid.TotalPaid.Minor));
        Assert.Equal(paid.TotalPaid.Minor, people.Sum(_world.Wallet));
        Assert.Empty(paid.Refused);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void Nothing_is_paid_from_an_empty_fund_and_the_attempt_is_kept()
    {
        var lin = Open();
        var paid = Disburse(DisbursementLine.To(lin.Customer, Money.Cny(1))).Value;
        Assert.Equal((0, Money.Cny(0), new UnpaidLine(0, LineRefusal.FundShort)), (paid.Paid, paid.TotalPaid, Assert.Single(paid.Refused)));
        Assert.Equal(1, Assert.Single(DisbursementReader.DisbursementsAsync(_world.Book.Reader).Result).Refused);
        Assert.Empty(_world.WhatIsWrong());
    }

    [Fact]
    public void A_disbursement_takes_an_administrator_a_purpose_and_lines()
    {
        var line = DisbursementLine.To(Open().Customer, Money.Cny(1));
        Assert.Equal("operator.role_too_low", _world.Book.Run(new Disburse(_zhao.Session, "March", [line])).Refusal?.Code);
        foreach (var purpose in new[] { "", "  ", new string('a', 41), "two\nlines" })
        {
            Assert.Equal("disbursement.purpose_invalid", _world.Book.Run(new Disburse(_wu.Session, purpose, [line])).Refusal?.Code);
        }

        Assert.Equal("disbursement.lines_invalid", Disburse().Refusal?.Code);
        Assert.Equal("disbursement.lines_invalid", Disburse([.. Enumerable.Repeat(line, IWork.TransfersMost + 1)]).Refusal?.Code);
        Assert.Empty(DisbursementReader.DisbursementsAsync(_world.Book.Reader).Result);
    }

    [Fact]
    public void The_same_key_pays_once()
    {
        FillFund(100_00);
        var lin = Open();
        var command = new Disburse(_wu.Session, "March", [DisbursementLine.To(lin.Customer, Money.Cny(10_00)), DisbursementLine.To(_world.Join().Customer, Money.Cny(10_00))]);
        var key = new CallKey(_wu.Operator.Value, "march", new byte[16]);
        var first = _world.Book.Run(command, key).Value;
        var again = _world.Book.Run(command, key).Value;
        Assert.Equal((first.Id, first.Paid, 10_00L), (again.Id, again.Paid, _world.Wallet(lin)));
        Assert.Equal(first.Refused, again.Refused);
    }

    [Fact]
    public void An_erased_customers_wallet_takes_nothing()
    {
        FillFund(100_00);
        var (lin, gone) = (Open(), Open());
        Assert.True(_world.Book.Run(new CloseWallet(gone.Customer)).IsDone);
        var paid = Disburse(DisbursementLine.To(gone.Customer, Money.Cny(1)), DisbursementLine.To(lin.Customer, Money.Cny(1))).Value;
        Assert.Equal(new UnpaidLine(0, LineRefusal.WalletClosed), Assert.Single(paid.Refused));
        Assert.Equal((0L, 1L), (_world.Wallet(gone), _world.Wallet(lin)));
    }

    [Fact]
    public void The_customer_reads_what_it_was_for()
    {
        FillFund(100_00);
        var lin = Open();
        Disburse(DisbursementLine.To(lin.Customer, Money.Cny(30_00)));
        var line = Assert.Single(_world.Book.Reader.StatementAsync(WalletAccounts.Of(lin.Customer)).Result);
        Assert.Equal(("disbursement.paid", 30_00L), (line.EntryKind, line.Posting.Amount));
        Assert.Equal("三月餐补", DisbursementReader.PurposeAsync(_world.Book.Reader, line).Result);
    }

    [Fact]
    public void Money_that_no_funding_brought_and_no_disbursement_paid_is_found()
    {
        FillFund(100_00);
        var lin = Open();
        _world.Book.Run(new PlantEntry(PayoutAccounts.Settlement, DisbursementAccounts.Fund, Money.Cny(1)));
        Assert.StartsWith("disbursement fund's credits", Assert.Single(_world.WhatIsWrong()), StringComparison.Ordinal);
        _world.Book.Advance(TimeSpan.FromSeconds(1));
        _world.Book.Run(new PlantEntry(DisbursementAccounts.Fund, WalletAccounts.Of(lin.Customer), Money.Cny(1)));
        Assert.Equal(2, _world.WhatIsWrong().Count);
    }

    private long Fund => _world.Balance(DisbursementAccounts.Fund);

    private OperatorCaller Enrol(string name, OperatorRole role) => _world.Book.Run(new PlantOperator(name, role)).Value;

    /// <summary>A customer whose wallet is open and empty.</summary>
    private Person Open()
    {
        var person = _world.Join();
        _world.Book.Run(new PlantWallet(person.Customer));
        return person;
    }

    private void FillFund(long amount) => Assert.True(Approve(_zhao, Prepare(amount).Value.Id).IsDone);

    private Result<FundingView> Prepare(long amount) => _world.Book.Run(new PrepareFunding(_wu.Session, Money.Cny(amount), "March"));

    private Result<FundingView> Approve(OperatorCaller checker, FundingId funding) => _world.Book.Run(new ApproveFunding(checker.Session, funding));

    private Result<FundingView> Reject(OperatorCaller checker, FundingId funding, string reason) => _world.Book.Run(new RejectFunding(checker.Session, funding, reason));

    private Result<FundingView> Decide(string act, FundingId funding) => act == "approve" ? Approve(_zhao, funding) : Reject(_zhao, funding, "no");

    private FundingView Only(FundingId id) => DisbursementReader.FundingsAsync(_world.Book.Reader, state: null).Result.Single(funding => funding.Id == id);

    private Result<Disbursed> Disburse(params DisbursementLine[] lines) => _world.Book.Run(new Disburse(_wu.Session, "三月餐补", lines));
}

/// <summary>Opens a wallet as its first use does.</summary>
internal sealed record PlantWallet(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        WalletAccounts.Open(work, Customer);
        return new Done();
    }
}
