using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Notices;
using Peony.Payouts;
using Peony.Risk;
using Peony.Sandbox;
using Peony.Wallet;
using Peony.Withdrawals;

namespace Peony.Server;

/// <summary>The capabilities of this program. A new one is a line here.</summary>
internal static class PeonyModules
{
    public static IReadOnlyList<IModule> All(Secrets secrets) =>
    [
        new CustomersModule(),
        new CardsModule(),
        new WalletModule(),
        new CreditModule(),
        new RiskModule(RiskRules.Shipped()),
        new PayoutsModule(),
        new WithdrawalsModule(WithdrawalRules.Shipped(), new WithdrawalCodes(secrets.Key(WithdrawalCodes.KeyPurpose))),
        new NoticesModule(),
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
