namespace Peony.Credit;

/// <summary>What a shop sells, for a customer who looks at where the money went.</summary>
public enum ShopCategory
{
    Dining = 1,
    Culture,
    Groceries,
    Transport,

    /// <summary>A shop that is not known any more.</summary>
    Other,
}

/// <summary>A shop of the sandbox, in both languages.</summary>
/// <param name="Bears">Who pays the fee of instalments bought here, where the terms leave it to the shop.</param>
internal sealed record SandboxShop(string Code, string Zh, string En, ShopCategory Category, FeeBearer Bears = FeeBearer.Buyer);

/// <summary>The shops where a sandbox purchase is made. Their names are fixed, so no one writes text into a purchase.</summary>
internal static class SandboxShops
{
    public static readonly IReadOnlyList<SandboxShop> All =
    [
        new("tea-house", "清心茶馆", "Clear Heart Tea House", ShopCategory.Dining),
        new("bookshop", "牡丹书店", "Peony Books", ShopCategory.Culture),
        new("grocer", "街角生鲜", "Corner Grocer", ShopCategory.Groceries),
        new("bicycles", "双轮车行", "Two Wheels Bicycles", ShopCategory.Transport, FeeBearer.Merchant),
    ];

    public static SandboxShop? Find(string code)
    {
        foreach (var shop in All)
        {
            if (string.Equals(shop.Code, code, StringComparison.Ordinal))
            {
                return shop;
            }
        }

        return null;
    }
}
