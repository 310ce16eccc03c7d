using System.Security.Cryptography;
using System.Text;
using Peony.Book;

namespace Peony.Credit;

/// <summary>The terms of the credit line as they are shown: one edition in both languages, and the digest that says exactly which words.</summary>
/// <param name="Digest">SHA-256 over both texts, hexadecimal. The texts are public, so a plain digest is enough.</param>
internal sealed record CreditTerms(string Version, string Digest, string Zh, string En)
{
    private const string Edition = "2026-01";

    /// <summary>The edition this program offers.</summary>
    public static CreditTerms Present()
    {
        var zh = Read("zh-CN");
        var en = Read("en");
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Edition}\n{zh}\n{en}")));
        return new CreditTerms(Edition, digest, zh, en);
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
