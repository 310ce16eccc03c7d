using System.Text.Json.Nodes;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Gateway;

/// <summary>The methods about a merchant's own money.</summary>
internal static class FundMapping
{
    private const string TransferAccount = "ACCTRANS_ACCOUNT";

    /// <summary>Whose account is looked at: nobody sees any but their own.</summary>
    public static string ReadAccount(GatewayCall call)
    {
        if (call.Fields.Text("account_type") is { } type && type != TransferAccount)
        {
            throw call.Fields.Invalid("account_type", "只支持" + TransferAccount);
        }

        return call.Fields.Text("alipay_user_id") is { } number && number != call.App.SellerNumber ? throw call.Fields.Invalid("alipay_user_id", "只能查询本商户的账户") : call.App.SellerNumber;
    }

    /// <summary>What the merchant is owed and could have, and what of it is held.</summary>
    public static NodeReply WriteAccount(GatewayCall call, AccountRow? account) => new(new JsonObject()
        .With("available_amount", Money.Cny(account?.State.Available ?? 0).Amount()).With("freeze_amount", Money.Cny((account?.State.Balance ?? 0) - (account?.State.Available ?? 0)).Amount()));
}
