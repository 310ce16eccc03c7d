using Peony.Book;

namespace Peony.Customers;

/// <summary>The verified name and ID of a customer, still sealed. The edge opens them for the bureau, where a card must be in the same name.</summary>
internal sealed record ReadSealedIdentity(CustomerId Customer) : ICommand<SealedIdentity>
{
    public Result<SealedIdentity> Handle(IWork work)
    {
        var customer = work.Find<Customer>(Customer.Value);
        return customer is { Name: { } name, IdNumber: { } idNumber } ? new SealedIdentity(name, idNumber) : CustomersRefusals.VerificationRequired;
    }
}

internal sealed record SealedIdentity(Sealed Name, Sealed IdNumber);
