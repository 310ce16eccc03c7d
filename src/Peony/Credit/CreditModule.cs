using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Customers.Erasure;
using Peony.Edge;
using Peony.Ledger;
using Peony.Payouts;

namespace Peony.Credit;

/// <summary>The credit line, purchases in the sandbox's shops, repayments, relief for those who cannot pay, and contacts to collect.</summary>
internal sealed class CreditModule(CreditLineRules rules, CreditProducts products, LineReasons reasons, ContactRules contacts) : IModule
{
    public const string ByOpenCard = "open_card";
    public const string ByPurchase = "purchase";
    public const string ByMonth = "month";
    public const string BySubject = "subject";
    public const string ByOpenCustomer = "open_customer";

    /// <summary>The name of the command that closes a line's days.</summary>
    public const string CloseDaysCommand = "credit.close_days";

    private readonly CreditTerms _terms = CreditTerms.Of(products.Offered);

    public CreditModule()
        : this(CreditLineRules.Shipped(), new CreditProducts([CreditProduct.Shipped()]), LineReasons.Shipped(), ContactRules.Shipped())
    {
    }

    public void Describe(BookSchema schema)
    {
        schema.Constant(rules);
        schema.Constant(products);
        schema.Constant(reasons);
        schema.Constant(_terms);
        schema.Constant(contacts);
        schema.Record<CreditLine>("credit_line");
        schema.Record<FormerCreditLine>("credit_former_line").Index(CreditReader.ByCustomer, former => former.Line.Customer.Value);
        schema.Record<LineChange>("credit_line_change")
            .Index(CreditReader.ByCustomer, change => change.Customer.Value)
            .Index(ByOpenCustomer, change => change.State == LineChangeState.Prepared ? change.Customer.Value : null)
            .Index(CreditReader.ByWaiting, change => change.State == LineChangeState.Prepared ? CreditReader.Waiting : null);
        schema.Record<CycleSpending>("credit_cycle_spending");
        schema.Record<RefusedApplication>("credit_refused_application").Index(CreditReader.ByCustomer, application => application.Customer.Value);
        schema.Record<TermsText>("credit_terms_text");
        schema.Record<Purchase>("purchase").Index(ByMonth, purchase => Purchase.MonthOf(purchase.Customer, purchase.Day));
        schema.Record<InstalmentPlan>("credit_plan").Index(CreditReader.ByCustomer, plan => plan.Customer.Value);
        schema.Record<PurchaseRefund>("credit_refund").Index(ByPurchase, refund => refund.Purchase.Value);
        schema.Record<AutoRepayment>("credit_auto_repayment");
        schema.Record<CreditBilling>("credit_billing");
        schema.Record<LineFact>("credit_fact")
            .Index(ByMonth, fact => fact.Month)
            .Unique(BySubject, fact => fact.Subject);
        schema.Record<Statement>("credit_statement").Index(CreditReader.ByCustomer, statement => statement.Customer.Value);
        schema.Record<HardshipRequest>("credit_hardship")
            .Index(CreditReader.ByCustomer, request => request.Customer.Value)
            .Index(HardshipReader.ByState, request => request.State.ToString())
            .Unique(ByOpenCustomer, request => request.IsOpen ? request.Customer.Value : null);
        schema.Record<Contact>("credit_contact")
            .Index(CreditReader.ByCustomer, contact => contact.Customer.Value)
            .Index(ByMonth, contact => Purchase.MonthOf(contact.Customer, contact.Day));
        schema.Record<Repayment>("repayment")
            .Index(CreditReader.ByCustomer, repayment => repayment.Customer.Value)
            .Index(ByOpenCustomer, repayment => repayment.State == RepaymentState.Ordered ? repayment.Customer.Value : null)
            .Index(ByOpenCard, repayment => repayment.State == RepaymentState.Ordered ? repayment.Card?.Id.Value : null);

        schema.Command<OpenCreditLine>("credit.open_line");
        schema.Command<CloseCreditLine>("credit.close_line");
        schema.Command<PrepareLineChange>("credit.prepare_line_change");
        schema.Command<ApproveLineChange>("credit.approve_line_change");
        schema.Command<RejectLineChange>("credit.reject_line_change");
        schema.Command<SetSpendingCap>("credit.set_spending_cap");
        schema.Command<MakePurchase>("credit.purchase");
        schema.Command<TakePurchase>("credit.take_purchase");
        schema.Command<CloseCreditDays>(CloseDaysCommand);
        schema.Command<RemindOfBill>("credit.remind_of_bill");
        schema.Command<TurnIntoInstalments>("credit.turn_into_instalments");
        schema.Command<PayOffPlan>("credit.pay_off_plan");
        schema.Command<RefundPurchase>("credit.refund_purchase");
        schema.Command<GiveBackPurchase>("credit.give_back_purchase");
        schema.Command<SetAutoRepayment>("credit.set_auto_repayment");
        schema.Command<RepayAutomatically>("credit.repay_automatically");
        schema.Command<RepayFromWallet>("credit.repay_from_wallet");
        schema.Command<RepayFromCard>("credit.repay_from_card");
        schema.Command<EndRepayment>("credit.end_repayment");
        schema.Command<ReturnRepayment>("credit.return_repayment");
        schema.Command<ReadAdvances>("credit.read_advances");
        schema.Command<TakeAdvance>("credit.take_advance");
        schema.Command<UndoAdvance>("credit.undo_advance");
        schema.Command<ReadHardshipOffer>("credit.read_hardship_offer");
        schema.Command<PreviewRelief>("credit.preview_relief");
        schema.Command<AskForRelief>("credit.ask_for_relief");
        schema.Command<WithdrawHardship>("credit.withdraw_hardship");
        schema.Command<PrepareHardship>("credit.prepare_hardship");
        schema.Command<ApproveHardship>("credit.approve_hardship");
        schema.Command<RejectHardship>("credit.reject_hardship");
        schema.Command<DeclineUndecided>("credit.decline_undecided");
        schema.Command<ReadContactChances>("credit.read_contact_chances");
        schema.Command<RecordContact>("credit.record_contact");
        schema.Command<RepaymentsOnCard>("credit.repayments_on_card");
        schema.Command<ReadCreditLine>("credit.read_line");
        schema.Command<SettledCreditLine>("credit.settled_line");

        schema.Event<CreditLineOpened>("credit.line_opened");
        schema.Event<CreditLineChanged>("credit.line_changed");
        schema.Event<CreditLineClosed>("credit.line_closed");
        schema.Event<StatementReady>("credit.statement_ready");
        schema.Event<PlanOpened>("credit.plan_opened");
        schema.Event<AutoRepaymentOff>("credit.auto_repayment_off");
        schema.Event<PurchaseRefunded>("credit.purchase_refunded");
        schema.Event<BillDue>("credit.bill_due");
        schema.Event<PaymentMissed>("credit.payment_missed");
        schema.Event<RepaymentSettled>("credit.repayment_settled");
        schema.Event<RepaymentFailed>("credit.repayment_failed");
        schema.Event<RepaymentReturned>("credit.repayment_returned");
        schema.EffectOn<CollectionSettled>(RepaymentCollectedEffect.EffectName);
        schema.EffectOn<CollectionFailed>(RepaymentNotCollectedEffect.EffectName);
        schema.EffectOn<CollectionReturned>(RepaymentReturnedEffect.EffectName);

        schema.SystemAccount(new AccountDefinition(CreditAccounts.SandboxMerchants, NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
        schema.SystemAccount(new AccountDefinition(CreditAccounts.RepaymentsReceived, NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
        schema.SystemAccount(new AccountDefinition(CreditAccounts.AdvancesReturned, NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
        schema.SystemAccount(new AccountDefinition(CreditAccounts.RepaymentsReturned, NormalSide.Debit, Currency.Cny, Floor: 0, Ceiling: null));
        foreach (var income in (ReadOnlySpan<LedgerAccountId>)[CreditAccounts.InterestIncome, CreditAccounts.LateFeeIncome, CreditAccounts.InstalmentFeeIncome, CreditAccounts.AdvanceFeeIncome,
            CreditAccounts.MerchantFeeIncome, CreditAccounts.Recovered])
        {
            schema.SystemAccount(new AccountDefinition(income, NormalSide.Credit, Currency.Cny, Floor: null, Ceiling: null));
        }

        schema.SystemAccount(new AccountDefinition(CreditAccounts.WrittenOff, NormalSide.Debit, Currency.Cny, Floor: null, Ceiling: null));

        schema.Control("purchases less refunds and fees add up to what the shops are owed", CreditControls.Purchases);
        schema.Control("what is owed is what the billing has, within the limit", CreditControls.Lines);
        schema.Control("billing follows from purchases and facts", CreditControls.Facts(products));
        schema.Control("limits and freezes are what two operators decided", CreditControls.Changes);
        schema.Control("income and losses are what the billing charged and wrote off", CreditControls.Income);
        schema.Control("relief on a line was granted by two operators", CreditControls.Relief);
        schema.Control("repayments received are put against a debt", CreditControls.Received);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddSingleton(_terms);
        services.AddSingleton(products);
        services.AddSingleton(reasons);
        services.AddSingleton(rules);
        services.AddSingleton(contacts);
        services.AddTransient<BillingReader>();
        services.AddSingleton<CreditReports>();
        services.AddTransient<StatementReader>();
        services.AddTransient<SpendingReader>();
        services.AddEffect<CollectionSettled, RepaymentCollectedEffect>();
        services.AddEffect<CollectionFailed, RepaymentNotCollectedEffect>();
        services.AddEffect<CollectionReturned, RepaymentReturnedEffect>();
        services.AddSingleton<ICardUse, RepaymentCardUse>();
        services.AddSingleton<IErasureCheck, SettledCreditLineCheck>();
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
        CreditApi.Map(api, _terms);
        LimitsApi.Map(api);
        ReportsApi.Map(api);
        HardshipApi.Map(api);
    }
}
