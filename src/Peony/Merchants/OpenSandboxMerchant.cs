using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

/// <summary>A merchant of the sandbox with everything granted and one app: at once, because nothing it is paid is money.</summary>
/// <param name="Name">1 to 64 characters.</param>
/// <param name="PublicKey">SubjectPublicKeyInfo of the app's key, base64.</param>
/// <param name="Owner">Who signs in to its portal; null when nobody does.</param>
internal sealed record OpenSandboxMerchant(string Name, MerchantCategory Category, long RatePpm, string PublicKey, CustomerId? Owner = null) : ICommand<AppView>
{
    public Result<AppView> Handle(IWork work)
    {
        var merchant = Merchant.Open(work, Name, Category, RatePpm, Enum.GetValues<MerchantProduct>(), Owner);
        var app = new MerchantApp(MerchantApp.DrawId(work), merchant.Id, Name, AppKeyMode.Key, [new AppKey(PublicKey, null, work.Now, null)], 1, null, IsActive: true, work.Now);
        work.Save(app);
        return app.View(merchant, work.Now);
    }
}
