using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Peony.Book;
using Peony.Ledger;

namespace Peony.Credit;

/// <summary>The terms of the credit line as they are shown: one edition in both languages with the prices of a product, and the digest that says exactly which words.</summary>
/// <param name="Digest">SHA-256 over both texts, hexadecimal. The texts are public, so a plain digest is enough.</param>
internal sealed record CreditTerms(string Version, string Digest, string Zh, string En)
{
    /// <summary>The terms of a product; its version is their edition.</summary>
    public static CreditTerms Of(CreditProduct product)
    {
        var zh = Filled("zh-CN", product);
        var en = Filled("en", product);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{product.Version}\n{zh}\n{en}")));
        return new CreditTerms(product.Version, digest, zh, en);
    }

    /// <summary>Puts the product's prices into the text.</summary>
    private static string Filled(string language, CreditProduct product)
    {
        const int daysOfYear = 365;
        return new StringBuilder(Read(language))
            .Replace("{edition}", product.Version)
            .Replace("{statementDay}", product.Cycle.StatementDay.ToString(CultureInfo.InvariantCulture))
            .Replace("{dueAfterDays}", product.Cycle.DueAfterDays.ToString(CultureInfo.InvariantCulture))
            .Replace("{minimumShare}", Share(product.Minimum.Share))
            .Replace("{minimumLeast}", Amount(product.Minimum.Least))
            .Replace("{purchasesPerDay}", Share(product.Interest.PurchasesPerDay))
            .Replace("{purchasesPerYear}", Share(product.Interest.PurchasesPerDay * daysOfYear))
            .Replace("{latePerDay}", Share(product.Interest.LatePerDay))
            .Replace("{lateFeeShare}", Share(product.LateFee.Share))
            .Replace("{lateFeeLeast}", Amount(product.LateFee.Least))
            .Replace("{lateFeeMost}", Amount(product.LateFee.Most))
            .Replace("{lateFeeMostInAll}", Amount(product.LateFee.MostInAll))
            .Replace("{stopFromDays}", product.Overdue.StopFromDays.ToString(CultureInfo.InvariantCulture))
            .Replace("{plans}", string.Join(", ", product.Instalments.Plans.OrderBy(plan => plan.Periods).Select(plan => $"{plan.Periods}: {Share(plan.Bearer == FeeBearer.Buyer ? plan.Fee : 0)}")))
            .Replace("{instalmentLeast}", Amount(product.Instalments.Least))
            .Replace("{advanceShare}", Share(product.Advances.ShareOfLimit))
            .Replace("{advanceFee}", Share(product.Advances.Fee))
            .Replace("{advanceLeast}", Amount(product.Advances.Least))
            .Replace("{advancesPerDay}", Share(product.Interest.AdvancesPerDay))
            .Replace("{advancesPerYear}", Share(product.Interest.AdvancesPerDay * daysOfYear))
            .Replace("{refusedPurposes}", string.Join("; ", product.Advances.Purposes.Where(purpose => purpose.IsRefused).Select(purpose => language == "en" ? purpose.En : purpose.Zh)))
            .Replace("{payoffFee}", Share(product.Instalments.PayoffFee))
            .Replace("{extensionDays}", product.Hardship.ExtensionDays.ToString(CultureInfo.InvariantCulture))
            .Replace("{afterDueDays}", product.Hardship.AfterDueDays.ToString(CultureInfo.InvariantCulture))
            .Replace("{costMost}", Share(product.CostMost))
            .ToString();

        static string Share(long partsPerMillion) => new Rate(partsPerMillion).ToString();

        string Amount(long minor) => new Money(minor, product.Currency).Amount();
    }

    private static string Read(string language)
    {
        using var stream = typeof(CreditTerms).Assembly.GetManifestResourceStream($"Peony.Credit.Terms.{language}.txt")
            ?? throw new InvalidOperationException($"The credit-line terms in {language} are not in the program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}

/// <summary>An edition of the terms that somebody accepted, kept word by word as long as the books are.</summary>
internal sealed record TermsText(string Digest, string Version, string Zh, string En) : IRecord
{
    public string Key => Digest;
}

/// <summary>What a customer accepted, and when.</summary>
/// <param name="Language">The language they read it in.</param>
internal sealed record AcceptedTerms(string Version, string Digest, string Language, DateTimeOffset At);
