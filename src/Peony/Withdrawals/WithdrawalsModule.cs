using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Customers.Erasure;
using Peony.Edge;
using Peony.Ledger;
using Peony.Notices;
using Peony.Payouts;

namespace Peony.Withdrawals;

/// <summary>Withdrawals and their authorization codes.</summary>
/// <param name="codes">Makes and checks codes under a key that is outside every database; see <see cref="WithdrawalCodes.KeyPurpose"/>.</param>
internal sealed class WithdrawalsModule(WithdrawalRules rules, WithdrawalCodes codes) : IModule
{
    public const string ByCustomer = "customer";

    /// <summary>A customer has one live code a card, or for the wallet balance.</summary>
    public const string ByLivePlace = "live_place";

    public const string ByCardInUse = "card_in_use";
    public const string ByOpenOf = "open_of";
    public const string ByState = "state";

    public void Describe(BookSchema schema)
    {
        schema.Constant(rules);
        schema.Constant(codes);
        schema.Record<Withdrawal>("withdrawal").Index(ByCustomer, withdrawal => withdrawal.Customer.Value).Index(ByCardInUse, withdrawal => withdrawal.CardInUse)
            .Index(ByOpenOf, withdrawal => withdrawal.IsOpen ? withdrawal.Customer.Value : null).Index(ByState, withdrawal => withdrawal.State.ToString())
           .Unique(ByLivePlace, withdrawal => withdrawal.LivePlace);
        schema.Record<WithdrawalCounters>("withdrawal_counters");
        schema.Record<WithdrawalBrake>("withdrawal_brake");

        schema.Command<QuoteWithdrawal>("withdrawals.quote");
        schema.Command<RequestWithdrawal>("withdrawals.request");
        schema.Command<ResendCode>("withdrawals.resend_code");
        schema.Command<RedeemCode>("withdrawals.redeem");
        schema.Command<CancelWithdrawal>("withdrawals.cancel");
        schema.Command<CancelWithdrawalsTo>("withdrawals.cancel_to_card");
        schema.Command<ExpireWithdrawal>("withdrawals.expire");
        schema.Command<ApproveWithdrawal>("withdrawals.approve");
        schema.Command<DeclineWithdrawal>("withdrawals.decline");
        schema.Command<DeclineUnreviewed>("withdrawals.decline_unreviewed");
        schema.Command<SettleWithdrawal>("withdrawals.settle");
        schema.Command<RejectWithdrawal>("withdrawals.reject");
        schema.Command<ReturnWithdrawal>("withdrawals.return");
        schema.Command<TellDelay>("withdrawals.tell_delay");
        schema.Command<RecordDelivery>("withdrawals.record_delivery");
        schema.Command<FindCardUses>("withdrawals.find_card_uses");
        schema.Command<RequireNoOpenWithdrawal>("withdrawals.require_none_open");

        schema.Event<WithdrawalChanged>("withdrawals.changed");
        schema.EffectOn<WithdrawalChanged>(WithdrawalFeed.EffectName);
        schema.EffectOn<PayoutSettled>(SettleOnPayout.EffectName);
        schema.EffectOn<PayoutRejected>(RejectOnPayout.EffectName);
        schema.EffectOn<PayoutReturned>(ReturnOnPayout.EffectName);
        schema.EffectOn<PayoutDelayed>(TellOnDelay.EffectName);
        schema.EffectOn<CardUnbound>(CancelOnUnbind.EffectName);
        schema.EffectOn<MessageMoved>(MarkDelivery.EffectName);

        schema.SystemAccount(new AccountDefinition(WithdrawalAccounts.Fees, NormalSide.Credit, rules.Currency, Floor: 0, Ceiling: null));
        schema.Control("withdrawals' holds", WithdrawalControls.Holds);
        schema.Control("withdrawals' payouts and transfers", WithdrawalControls.PaidOnce);
        schema.Control("withdrawals' redeemed codes", WithdrawalControls.Redeemed);
        schema.Control("cash advances that came back are off their lines", WithdrawalControls.AdvancesReturned);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddSingleton(rules);
        services.AddSingleton(codes);
        services.AddSingleton<ICodeSource, WithdrawalCodeSource>();
        services.AddSingleton<ICardUse, WithdrawalCardUse>();
        services.AddSingleton<IErasureCheck, WithdrawalErasureCheck>();
        services.AddEffect<WithdrawalChanged, WithdrawalFeed>();
        services.AddEffect<PayoutSettled, SettleOnPayout>();
        services.AddEffect<PayoutRejected, RejectOnPayout>();
        services.AddEffect<PayoutReturned, ReturnOnPayout>();
        services.AddEffect<PayoutDelayed, TellOnDelay>();
        services.AddEffect<CardUnbound, CancelOnUnbind>();
        services.AddEffect<MessageMoved, MarkDelivery>();
    }

    public void MapApi(IEndpointRouteBuilder api) => WithdrawalsApi.Map(api);
}
