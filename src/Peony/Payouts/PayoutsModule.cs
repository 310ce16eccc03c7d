using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;
using Peony.Ledger;

namespace Peony.Payouts;

/// <summary>Payouts and collections on the bank rail.</summary>
internal sealed class PayoutsModule : IModule
{
    public const string ByReference = "reference";
    public const string ByCustomer = "customer";

    /// <summary>Open orders are indexed as <c>open</c>, contradictions as <c>contradiction</c>; both for operators.</summary>
    public const string ByAttention = "attention";

    public void Describe(BookSchema schema)
    {
        schema.Record<Payout>("payout").Unique(ByReference, payout => payout.Reference).Index(ByCustomer, payout => payout.Customer.Value)
            .Index(ByAttention, payout => Attention(payout.Progress));
        schema.Record<Collection>("collection").Unique(ByReference, collection => collection.Reference).Index(ByCustomer, collection => collection.Customer.Value)
            .Index(ByAttention, collection => Attention(collection.Progress));
        schema.Record<BankMessage>("bank_message").Index(BankFiles.ByOrder, message => message.Order);

        schema.Command<OrderPayout>("payouts.order");
        schema.Command<ReadPayout>("payouts.read");
        schema.Command<PayoutAnswered>("payouts.answered");
        schema.Command<AskBank>("payouts.ask");
        schema.Command<BankReported>("payouts.reported");
        schema.Command<OrderCollection>("collections.order");
        schema.Command<ReadCollection>("collections.read");
        schema.Command<CollectionAnswered>("collections.answered");
        schema.Command<AskBankForCollection>("collections.ask");

        schema.Event<PayoutDue>("payouts.due");
        schema.Event<PayoutSettled>("payouts.settled");
        schema.Event<PayoutRejected>("payouts.rejected");
        schema.Event<PayoutReturned>("payouts.returned");
        schema.Event<PayoutDelayed>("payouts.delayed");
        schema.Event<CollectionDue>("collections.due");
        schema.Event<CollectionSettled>("collections.settled");
        schema.Event<CollectionFailed>("collections.failed");
        schema.Event<CollectionReturned>("collections.returned");

        schema.EffectOn<PayoutDue>(PayoutEffect.EffectName);
        schema.EffectOn<CollectionDue>(CollectionEffect.EffectName);

        schema.SystemAccount(new AccountDefinition(PayoutAccounts.Clearing, NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
        schema.SystemAccount(new AccountDefinition(PayoutAccounts.Unclaimed, NormalSide.Credit, Currency.Cny, Floor: 0, Ceiling: null));
        schema.SystemAccount(new AccountDefinition(PayoutAccounts.Settlement, NormalSide.Debit, Currency.Cny, Floor: null, Ceiling: null));
        schema.Control("open payouts equal the money in clearing", CheckClearing);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddProvider(HttpBank.ClientName);
        services.AddSingleton<IBankRail, HttpBank>();
        services.AddEffect<PayoutDue, PayoutEffect>();
        services.AddEffect<CollectionDue, CollectionEffect>();
    }

    public void MapApi(IEndpointRouteBuilder api) => BankCallback.Map(api);

    private static string? Attention(BankProgress progress) => progress.Contradiction is not null ? "contradiction" : progress.IsOpen() ? "open" : null;

    private static string? CheckClearing(IControlContext control)
    {
        var open = control.All<Payout>().Where(payout => payout.Progress.IsOpen()).Sum(payout => payout.Amount.Minor);
        var held = control.Account(PayoutAccounts.Clearing).Balance;
        return open == held ? null : $"{PayoutAccounts.Clearing} holds {Money.Cny(held)}, open payouts are {Money.Cny(open)}";
    }
}
