using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

/// <summary>Says for which merchant somebody asks, or refuses because the app was switched off, the person has no role that reaches, or the merchant may not take payments or lacks the product.</summary>
/// <param name="Needs">A product the act belongs to; null for what every merchant may do.</param>
/// <param name="IsForSelling">A suspended merchant sells nothing more; it may still look up and refund what it sold.</param>
internal sealed record AuthenticateSeller(SellerProof Proof, MerchantProduct? Needs = null, bool IsForSelling = true) : ICommand<Seller>
{
    public Result<Seller> Handle(IWork work)
    {
        if (MerchantOf(work).IsRefused(out var refusal, out var asking))
        {
            return refusal;
        }

        var merchant = work.Get<Merchant>(asking.Merchant.Value);
        if (IsForSelling && merchant.State != MerchantState.Active)
        {
            return MerchantsRefusals.NotActive;
        }

        return Needs is not { } product || merchant.Products.Contains(product) ? merchant.By(asking.App) : MerchantsRefusals.ProductMissing;
    }

    private Result<Asking> MerchantOf(IWork work)
    {
        switch (Proof)
        {
            case AppProof proof:
                return work.Find<MerchantApp>(proof.App.Value) is { IsActive: true } app ? new Asking(app.Merchant, app.Id) : MerchantsRefusals.AppUnknown;
            case StaffProof proof:
                return new Authenticate(proof.Session).Handle(work).IsRefused(out var refusal, out var caller) ? refusal
                    : caller.IsFrozen ? CustomersRefusals.Frozen
                    : work.FindOne<StaffMember>(MerchantsModule.BySeat, StaffMember.SeatOf(proof.Merchant, caller.Customer)) is not { } member ? StaffRefusals.NotStaff
                    : member.Role.May(proof.Needs) ? new Asking(proof.Merchant, null) : StaffRefusals.RightMissing;
            default:
                throw new InvalidOperationException($"Nobody looks at a {Proof.GetType().Name}.");
        }
    }

    private readonly record struct Asking(MerchantId Merchant, AppId? App);
}

/// <summary>A merchant as capabilities see it that nobody asks for just now: for money that comes back to a trade, for the days' settlement.</summary>
internal sealed record LookUpMerchant(MerchantId Merchant) : ICommand<Seller>
{
    public Result<Seller> Handle(IWork work) => work.Get<Merchant>(Merchant.Value).By(null);
}
