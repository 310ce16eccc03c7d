using Peony.Book;

namespace Peony.Merchants;

/// <summary>Keeps the certificate of an app's key. A key that has one keeps it: programs name it by its serial number.</summary>
/// <param name="Spki">The key, as the app has it.</param>
/// <param name="Serial">The certificate's serial number as clients compute it (<c>app_cert_sn</c>).</param>
/// <param name="Certificate">PEM.</param>
internal sealed record CertifyAppKey(AppId App, string Spki, string Serial, string Certificate) : ICommand<AppView>
{
    public Result<AppView> Handle(IWork work)
    {
        if (work.Find<MerchantApp>(App.Value) is not { } app || !app.Keys.Any(key => key.Spki == Spki))
        {
            return MerchantsRefusals.AppUnknown;
        }

        var certified = app with
        {
            Keys = [.. app.Keys.Select(key => key.Spki == Spki && key.Certificate is null ? key with { CertificateSerial = Serial, Certificate = Certificate } : key)],
        };
        work.Save(certified);
        return certified.View(work.Get<Merchant>(app.Merchant.Value), work.Now);
    }
}
