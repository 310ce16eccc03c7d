using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>Buys at a shop of the sandbox, with the payment PIN.</summary>
/// <param name="Periods">Pays it in so many instalments; then the whole of it is on the line.</param>
/// <param name="AgreesToInstalments">The customer agrees to open instalments; asked at their first use only.</param>
internal sealed record MakePurchase(SessionId Session, string Shop, Money Amount, PinProof Pin, int? Periods = null, bool AgreesToInstalments = false) : ICommand<PurchaseView>
{
    public Result<PurchaseView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (SandboxShops.Find(Shop) is not { } shop)
        {
            return CreditRefusals.ShopNotFound;
        }

        if (new CheckPin(caller.Customer, Pin).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        return new TakePurchase(caller.Customer, Shop, null, Amount, Periods, AgreesToInstalments, shop.Bears).Handle(work).IsRefused(out refusal, out var taken) ? refusal : taken.Purchase;
    }
}
