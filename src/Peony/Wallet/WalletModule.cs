using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Customers.Erasure;
using Peony.Edge;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Wallet.Disbursements;

namespace Peony.Wallet;

/// <summary>The wallet balance, its top-ups, and what operators pay into many wallets at once.</summary>
internal sealed class WalletModule(DisbursementRules rules) : IModule
{
    public const string ByOpenCard = "open_card";
    public const string ByOpenCustomer = "open_customer";

    public WalletModule()
        : this(DisbursementRules.Shipped())
    {
    }

    public void Describe(BookSchema schema)
    {
        schema.Record<TopUp>("top_up")
            .Index(WalletReader.ByCustomer, topUp => topUp.Customer.Value)
            .Index(ByOpenCustomer, topUp => topUp.State == TopUpState.Ordered ? topUp.Customer.Value : null)
            .Index(ByOpenCard, topUp => topUp.State == TopUpState.Ordered ? topUp.Card.Id.Value : null);

        schema.Command<OrderTopUp>("wallet.order_top_up");
        schema.Command<EndTopUp>("wallet.end_top_up");
        schema.Command<TopUpsOnCard>("wallet.top_ups_on_card");
        schema.Command<ReadWallet>("wallet.read");
        schema.Command<CloseWallet>("wallet.close");

        schema.Event<TopUpSettled>("wallet.top_up_settled");
        schema.Event<TopUpFailed>("wallet.top_up_failed");
        schema.EffectOn<CollectionSettled>(TopUpCollectedEffect.EffectName);
        schema.EffectOn<CollectionFailed>(TopUpNotCollectedEffect.EffectName);

        schema.Control("wallets' floors", WalletControls.Floors);
        schema.Control("settled top-ups' money", WalletControls.SettledTopUps);
        DescribeDisbursements(schema);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddEffect<CollectionSettled, TopUpCollectedEffect>();
        services.AddEffect<CollectionFailed, TopUpNotCollectedEffect>();
        services.AddSingleton(rules);
        services.AddSingleton<ICardUse, TopUpCardUse>();
        services.AddSingleton<IErasureCheck, CloseWalletCheck>();
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
        WalletApi.Map(api);
        DisbursementsApi.Map(api);
    }

    private void DescribeDisbursements(BookSchema schema)
    {
        schema.Constant(rules);
        schema.Record<Funding>("funding").Index(DisbursementReader.ByState, funding => DisbursementReader.TextOf(funding.State));
        schema.Record<Disbursement>("disbursement");
        schema.Record<DisbursementRefused>("disbursement_refused");
        schema.Command<PrepareFunding>("disbursements.prepare_funding");
        schema.Command<ApproveFunding>("disbursements.approve_funding");
        schema.Command<RejectFunding>("disbursements.reject_funding");
        schema.Command<Disburse>("disbursements.disburse");
        schema.SystemAccount(new AccountDefinition(DisbursementAccounts.Fund, NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
        schema.Control("disbursement fund's credits equal approved fundings", DisbursementControls.Funded);
        schema.Control("disbursement fund's debits equal what was paid", DisbursementControls.Paid);
    }
}
