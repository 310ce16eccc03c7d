using Peony.Book;
using Peony.Customers;

namespace Peony.Merchants;

public readonly record struct MerchantId(string Value) : IId<MerchantId>
{
    public static string Prefix => "mer";
    public static MerchantId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>The number of a merchant's app, as the gateway's callers know it: 16 digits, beginning with 2021.</summary>
public readonly record struct AppId(string Value)
{
    public override string ToString() => Value;
}

/// <summary>How an app and the platform show each other their keys.</summary>
public enum AppKeyMode
{
    /// <summary>Public keys, exchanged by hand; a request that names a certificate all the same is answered with certificates.</summary>
    Key = 1,

    /// <summary>Every request names a certificate of Peony's own CA by its serial number, and so does every answer.</summary>
    Certificate = 2,
}

/// <summary>What a merchant may be allowed to do; each is applied for by itself.</summary>
public enum MerchantProduct
{
    /// <summary>Takes payments from wallet balance, credit balance and credit line.</summary>
    Payments = 1,

    /// <summary>Lets buyers pay in instalments.</summary>
    Instalments = 2,

    /// <summary>Pays out of its balance to wallets and bank cards.</summary>
    Transfers = 3,
}

/// <summary>What a merchant sells, for a buyer who looks at where the money went.</summary>
public enum MerchantCategory
{
    Dining = 1,
    Culture,
    Groceries,
    Transport,
    Other,
}

/// <summary>The merchant on whose behalf something is asked, as other capabilities see it.</summary>
/// <param name="Number">16 digits, beginning with 2088: the seller id (pid) on the wire.</param>
/// <param name="App">The app that asks; null when something else of the merchant does.</param>
/// <param name="RatePpm">The fee on a payment, parts per million of the amount.</param>
internal sealed record Seller(MerchantId Merchant, string Number, string Name, MerchantCategory Category, AppId? App, long RatePpm, IReadOnlyList<MerchantProduct> Products);

/// <summary>Who asks for a merchant, as the edge proved it.</summary>
internal abstract record SellerProof;

/// <summary>An app, by its signature over the request.</summary>
internal sealed record AppProof(AppId App) : SellerProof;

/// <summary>Somebody who works for the merchant and signed in.</summary>
/// <param name="Needs">The right that the act belongs to: their role must reach it.</param>
internal sealed record StaffProof(SessionId Session, MerchantId Merchant, StaffRight Needs) : SellerProof;

/// <summary>What the gateway needs of an app to read its requests and sign its answers.</summary>
/// <param name="PublicKeys">Base64 of each SubjectPublicKeyInfo that may have signed now, the newest first.</param>
/// <param name="CertificateSerials">The serial number (<c>app_cert_sn</c>) of the certificate that goes with each; null where a key has none.</param>
/// <param name="Certificate">The newest key's certificate, PEM; null when it has none.</param>
/// <param name="KeyVersion">Which AES key; each new one counts up.</param>
internal sealed record AppView(AppId Id, MerchantId Merchant, string SellerNumber, string Name, AppKeyMode Mode, IReadOnlyList<string> PublicKeys, IReadOnlyList<string?> CertificateSerials,
    string? Certificate, int KeyVersion, string? NotifyUrl, bool IsActive);
