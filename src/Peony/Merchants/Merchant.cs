using System.Globalization;
using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

/// <summary>Where a merchant stands.</summary>
public enum MerchantState
{
    /// <summary>Takes payments.</summary>
    Active = 1,

    /// <summary>An operator stopped it: it takes no payments, and refunds what it took.</summary>
    Suspended = 2,
}

/// <summary>A merchant (商户): who sells, is paid and refunds.</summary>
/// <param name="Number">16 digits, 2088 and then a digit from 7 on: the seller id on the wire. Customers' numbers end before.</param>
/// <param name="RatePpm">The fee on a payment, parts per million of its amount.</param>
internal sealed record Merchant(MerchantId Id, string Number, string Name, MerchantCategory Category, MerchantState State, long RatePpm, IReadOnlyList<MerchantProduct> Products, DateTimeOffset JoinedAt)
    : IRecord
{
    private const string Prefix = "2088";
    private const ulong From = 700_000_000_000;
    private const ulong Many = 300_000_000_000;

    public string Key => Id.Value;

    public Seller By(AppId? app) => new(Id, Number, Name, Category, app, RatePpm, Products);

    /// <summary>Opens a merchant: its account, and its owner's seat.</summary>
    /// <param name="owner">Who signs in to its portal; null when nobody does.</param>
    public static Merchant Open(IWork work, string name, MerchantCategory category, long ratePpm, IReadOnlyList<MerchantProduct> products, CustomerId? owner)
    {
        var merchant = new Merchant(work.NewId<MerchantId>(), DrawNumber(work), name, category, MerchantState.Active, ratePpm, products, work.Now);
        MerchantAccounts.Open(work, merchant.Id);
        work.Save(merchant);
        if (owner is { } person)
        {
            work.Save(new StaffMember(work.NewId<StaffId>(), merchant.Id, person, name, StaffRole.Owner, work.Now));
        }

        return merchant;
    }

    /// <summary>A number drawn by chance that no merchant has.</summary>
    public static string DrawNumber(IWork work)
    {
        string number;
        do
        {
            number = Prefix + (From + (BitConverter.ToUInt64(work.Nonce(sizeof(ulong))) % Many)).ToString("D12", CultureInfo.InvariantCulture);
        }
        while (work.FindOne<Merchant>(MerchantsModule.ByNumber, number) is not null);

        return number;
    }
}

/// <summary>A public key that may sign an app's requests.</summary>
/// <param name="Spki">SubjectPublicKeyInfo, base64 on one line.</param>
/// <param name="CertificateSerial">The serial number (<c>app_cert_sn</c>) of its certificate; null when it has none.</param>
/// <param name="Until">When it ends, after a newer one took its place; null for the newest.</param>
/// <param name="Certificate">Its certificate, PEM.</param>
internal sealed record AppKey(string Spki, string? CertificateSerial, DateTimeOffset From, DateTimeOffset? Until, string? Certificate = null);

/// <summary>An app (应用) of a merchant: what its programs sign as.</summary>
/// <param name="Keys">The newest first. While one overlaps with the next, both may sign.</param>
/// <param name="AesVersion">Which AES key encrypts its contents; the keys follow from the master key.</param>
internal sealed record MerchantApp(AppId Id, MerchantId Merchant, string Name, AppKeyMode Mode, IReadOnlyList<AppKey> Keys, int AesVersion, string? NotifyUrl, bool IsActive, DateTimeOffset CreatedAt)
    : IRecord
{
    private const string Prefix = "2021";
    private const ulong Many = 1_000_000_000_000;

    public string Key => Id.Value;

    /// <summary>A number drawn by chance that no app has.</summary>
    public static AppId DrawId(IWork work)
    {
        string number;
        do
        {
            number = Prefix + (BitConverter.ToUInt64(work.Nonce(sizeof(ulong))) % Many).ToString("D12", CultureInfo.InvariantCulture);
        }
        while (work.Find<MerchantApp>(number) is not null);

        return new AppId(number);
    }

    public AppView View(Merchant merchant, DateTimeOffset now)
    {
        var keys = Keys.Where(key => key.Until is not { } until || now < until).ToList();
        return new AppView(Id, Merchant, merchant.Number, Name, Mode, [.. keys.Select(key => key.Spki)], [.. keys.Select(key => key.CertificateSerial)], keys.FirstOrDefault()?.Certificate, AesVersion, NotifyUrl, IsActive);
    }
}
