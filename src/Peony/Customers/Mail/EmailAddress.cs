using System.Diagnostics.CodeAnalysis;
using MimeKit;

namespace Peony.Customers.Mail;

/// <summary>An e-mail address in ASCII (RFC 5321), the domain in small letters. Prints masked.</summary>
internal sealed record EmailAddress
{
    /// <summary>The longest address a mail path takes (RFC 5321, 4.5.3.1.3, less the brackets).</summary>
    public const int Longest = 254;

    private EmailAddress(string value) => Value = value;

    public string Value { get; }

    /// <summary><c>l***@example.com</c>.</summary>
    public string Masked => Value[0] + "***" + Value[Value.IndexOf('@', StringComparison.Ordinal)..];

    public static bool TryParse(string? text, [NotNullWhen(true)] out EmailAddress? address)
    {
        address = null;
        var plain = text?.Trim() ?? "";
        if (plain.Length is 0 or > Longest || !plain.All(letter => letter is > ' ' and <= '~') || plain.Count(letter => letter == '@') != 1
            || !MailboxAddress.TryParse(plain, out var mailbox) || mailbox.Address != plain || mailbox.Domain is not { } domain || !domain.Contains('.', StringComparison.Ordinal))
        {
            return false;
        }

        address = new EmailAddress(mailbox.LocalPart + "@" + domain.ToLowerInvariant());
        return true;
    }

    public override string ToString() => Masked;
}
