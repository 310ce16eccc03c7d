using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Gateway;
using Peony.Merchants;
using Peony.Notices;
using Peony.Operators;
using Peony.Payouts;
using Peony.Risk;
using Peony.Sandbox;
using Peony.Trades;
using Peony.Wallet;
using Peony.Wallet.Disbursements;
using Peony.Withdrawals;

namespace Peony.Server;

/// <summary>The capabilities of this program. A new one is a line here.</summary>
internal static class PeonyModules
{
    /// <param name="dataDirectory">An operator's own rule files lie here, below <c>rules</c>; where there are none, those of the program hold.</param>
    public static IReadOnlyList<IModule> All(Secrets secrets, string dataDirectory) => All(dataDirectory, RiskRules.Load(dataDirectory), WithdrawalRules.Load(dataDirectory),
        new WithdrawalCodes(secrets.Key(WithdrawalCodes.KeyPurpose)), new PayCodes(secrets.Key(PayCodes.KeyPurpose)));

    /// <summary>The same with rules and codes of the caller's own, as a simulation wants them.</summary>
    public static IReadOnlyList<IModule> All(string dataDirectory, RiskRules risk, WithdrawalRules withdrawals, WithdrawalCodes codes, PayCodes payCodes) =>
    [
        new CustomersModule(),
        new CardsModule(CardRules.Load(dataDirectory)),
        new WalletModule(DisbursementRules.Load(dataDirectory)),
        new CreditModule(CreditLineRules.Load(dataDirectory), CreditProducts.Load(dataDirectory), LineReasons.Load(dataDirectory), ContactRules.Load(dataDirectory)),
        new RiskModule(risk),
        new PayoutsModule(),
        new WithdrawalsModule(withdrawals, codes),
        new MerchantsModule(),
        new TradesModule(TradeRules.Load(dataDirectory), payCodes),
        new GatewayModule(),
        new NoticesModule(),
        new OperatorsModule(),
        new SandboxModule(),
    ];

    public static BookSchema Describe(IEnumerable<IModule> modules)
    {
        var schema = new BookSchema();
        foreach (var module in modules)
        {
            module.Describe(schema);
        }

        return schema;
    }
}
