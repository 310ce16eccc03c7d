using System.Security.Cryptography;
using Peony.Book;
using Peony.Edge;

namespace Peony.Customers.Mail;

/// <summary>The customer's e-mail address for pages and API alike: what was typed is parsed and sealed before a command sees it.</summary>
internal sealed class EmailFlow(IBook book, IBookReader reader, Secrets secrets, IVault vault, PeonyOptions options)
{
    /// <summary>Whether this instance sends mail at all.</summary>
    public bool IsOffered => options.SmtpUrl is not null;

    /// <summary>Sends a code to the address.</summary>
    /// <exception cref="InvalidRequestException">It is no address.</exception>
    public async Task<Result<EmailCodeSent>> OrderAsync(SessionId session, CustomerId customer, string typed, CallKey? key, CancellationToken cancel = default)
    {
        if (!EmailAddress.TryParse(typed, out var address))
        {
            throw new InvalidRequestException("email", "this is no e-mail address.", "这不是有效的邮箱地址。");
        }

        if (!IsOffered)
        {
            return CustomersRefusals.EmailNotOffered;
        }

        var envelope = await vault.SealAsync(customer.Value, address.Value, cancel);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return await book.RunAsync(new OrderEmailCode(session, envelope, nonce, HashOf(customer, CodeOf(secrets, customer, nonce))), key, cancel);
    }

    /// <summary>Takes the code back.</summary>
    public Task<Result<Done>> ConfirmAsync(SessionId session, CustomerId customer, string code, CallKey? key, CancellationToken cancel = default) =>
        book.RunAsync(new ConfirmEmail(session, HashOf(customer, string.Concat(code.Where(char.IsAsciiDigit)))), key, cancel);

    /// <summary>The address notices go to and the one that waits for its code, both masked; null where there is none.</summary>
    public async Task<(string? Confirmed, string? Waiting)> MaskedAsync(CustomerId customer, CancellationToken cancel = default)
    {
        var record = await reader.FindAsync<Customer>(customer.Value, cancel);
        var confirmation = await reader.FindAsync<EmailConfirmation>(customer.Value, cancel);
        return (await MaskAsync(record?.Email), confirmation?.IsAlive(reader.Now) == true ? await MaskAsync(confirmation.Email) : null);

        async Task<string?> MaskAsync(Sealed? envelope) =>
            envelope is { } known && EmailAddress.TryParse(await vault.OpenAsync(customer.Value, known, cancel), out var address) ? address.Masked : null;
    }

    /// <summary>Six digits as at sign-up, of a kind of their own: no sign-up has such a name.</summary>
    public static string CodeOf(Secrets secrets, CustomerId customer, string nonce) => SignUpCode.Derive(secrets, "email/" + customer, nonce);

    private string HashOf(CustomerId customer, string code) => SignUpCode.Hash(secrets, "email/" + customer, code);
}
