using Peony.Book;

namespace Peony.Merchants;

internal static class MerchantsRefusals
{
    /// <summary>There is no such app, or it was switched off.</summary>
    public static readonly Refusal AppUnknown = new("merchant.app_unknown", RefusalKind.NotFound);

    /// <summary>The merchant was suspended, or is not approved yet.</summary>
    public static readonly Refusal NotActive = new("merchant.not_active", RefusalKind.Refused);

    /// <summary>The merchant may not do this: the product was not applied for, or not granted.</summary>
    public static readonly Refusal ProductMissing = new("merchant.product_missing", RefusalKind.Refused);
}
