using Peony.Book;
using Peony.Identifiers;

namespace Peony.Customers;

/// <summary>A customer's own data in clear, for a message or a bank order about to leave. Never stored, never logged: it prints masked.</summary>
internal sealed record CustomerContact(string? Phone, string? Name, string? IdNumber, string Language)
{
    /// <summary>The confirmed e-mail address.</summary>
    public string? Email { get; init; }

    public override string ToString() => "(contact)";
}

/// <summary>What a screen may show of it: <c>138****8000</c>, <c>*小明</c>, <c>1****************X</c>.</summary>
internal sealed record MaskedContact(string? Phone, string? Name, string? IdNumber);

/// <summary>Opens the envelopes of a customer for effects and own pages. An operator's view goes through its audit instead.</summary>
internal sealed class CustomerContacts(IBookReader reader, IVault vault)
{
    /// <summary>The contact, or null for nobody; an erased customer has only a language.</summary>
    public async Task<CustomerContact?> FindAsync(CustomerId customer, CancellationToken cancel = default)
    {
        var record = await reader.FindAsync<Customer>(customer.Value, cancel);
        return record is null
            ? null
            : new CustomerContact(
                await OpenAsync(customer, record.Phone, cancel), await OpenAsync(customer, record.Name, cancel), await OpenAsync(customer, record.IdNumber, cancel), record.Language)
            {
                Email = await OpenAsync(customer, record.Email, cancel),
            };
    }

    public async Task<MaskedContact> MaskedAsync(CustomerId customer, CancellationToken cancel = default)
    {
        var contact = await FindAsync(customer, cancel);
        return new MaskedContact(
            MobileNumber.Parse(contact?.Phone).Number?.Masked,
            contact?.Name is { Length: > 1 } name ? MaskName(name) : null,
            contact?.IdNumber is { Length: 18 } id ? $"{id[0]}{new string('*', 16)}{id[17]}" : null);
    }

    /// <summary>The family name is covered, as is the custom in China; what stays is the last character, or of a long name the last two.</summary>
    public static string MaskName(string name)
    {
        var kept = name.Length > 2 ? 2 : 1;
        return new string('*', Math.Min(name.Length - kept, 3)) + name[^kept..];
    }

    private async Task<string?> OpenAsync(CustomerId customer, Sealed? envelope, CancellationToken cancel) =>
        envelope is { } known ? await vault.OpenAsync(customer.Value, known, cancel) : null;
}
