using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;
using Peony.Ledger;
using Peony.Merchants.Onboarding;

namespace Peony.Merchants;

/// <summary>Merchants, and the apps their programs sign as.</summary>
internal sealed class MerchantsModule : IModule
{
    public const string ByNumber = "number";
    public const string ByMerchant = "merchant";
    public const string ByCustomer = "customer";
    public const string BySeat = "seat";
    public const string ByApplicant = "applicant";
    public const string ByState = "state";
    public const string Waiting = "waiting";

    public void Describe(BookSchema schema)
    {
        schema.Record<Merchant>("merchant").Unique(ByNumber, merchant => merchant.Number);
        schema.Record<MerchantApp>("merchant_app").Index(ByMerchant, app => app.Merchant.Value);

        schema.Record<StaffMember>("staff_member")
            .Unique(BySeat, member => member.Seat)
            .Index(ByMerchant, member => member.Merchant.Value)
            .Index(ByCustomer, member => member.Customer.Value);

        schema.Record<MerchantApplication>("merchant_application")
            .Unique(ByApplicant, application => application.OpenOf)
            .Index(ByCustomer, application => application.Customer.Value)
            .Index(ByState, application => application.IsWaiting ? Waiting : null);

        schema.Command<AuthenticateSeller>("merchants.authenticate");
        schema.Command<LookUpMerchant>("merchants.look_up");
        schema.Command<OpenSandboxMerchant>("merchants.open_sandbox_merchant");
        schema.Command<CertifyAppKey>("merchants.certify_app_key");
        schema.Command<SayWhoApplies>("merchants.say_who_applies");
        schema.Command<SayWhatBusiness>("merchants.say_what_business");
        schema.Command<SubmitApplication>("merchants.submit_application");
        schema.Command<ProposeDecision>("merchants.propose_decision");
        schema.Command<DecideApplication>("merchants.decide_application");
        schema.Command<AddStaff>("merchants.add_staff");
        schema.Command<ChangeStaff>("merchants.change_staff");

        schema.SystemAccount(new AccountDefinition(MerchantAccounts.FeeIncome, NormalSide.Credit, Currency.Cny, Floor: null, Ceiling: null));
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddSingleton<AppReader>();
        services.AddSingleton<StaffReader>();
        services.AddSingleton<ApplicationReader>();
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}
