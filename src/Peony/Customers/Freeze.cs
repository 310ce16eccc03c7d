using Peony.Book;
using Peony.Customers.SignIn;

namespace Peony.Customers;

/// <summary>Freezes the account (冻结) in one tap: no money moves and nothing is widened until it is unfrozen. Freezing a frozen one changes nothing.</summary>
internal sealed record FreezeCustomer(SessionId Session) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller!.Customer.Value);
        if (!customer.IsFrozen)
        {
            work.Save(customer with { FrozenAt = work.Now });
            work.Tell(new CustomerFrozen(customer.Id));
        }

        return new Done();
    }
}

/// <summary>Unfreezes for who shows a password or passkey just now and, where one is set, the payment PIN: a thief with the phone in hand has neither.</summary>
internal sealed record UnfreezeCustomer(SessionId Session, SignInProof Proof, PinProof? Pin) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller!.Customer.Value);
        if (!customer.IsFrozen)
        {
            return CustomersRefusals.NotFrozen;
        }

        if (caller.HasPin && new CheckPin(customer.Id, Pin ?? new PinProof("")).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.Save(customer with { FrozenAt = null });
        work.Tell(new CustomerUnfrozen(customer.Id));
        return new Done();
    }
}
