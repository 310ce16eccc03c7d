using Peony.Book;

namespace Peony.Customers;

/// <summary>Says who a session belongs to, or refuses because it has ended. A frozen customer is still signed in; the caller's flag says so.</summary>
internal sealed record Authenticate(SessionId Session) : ICommand<Caller>
{
    public Result<Caller> Handle(IWork work)
    {
        var session = work.Find<CustomerSession>(Session.Value);
        if (session is null || !session.IsLive)
        {
            return CustomersRefusals.SessionEnded;
        }

        var customer = work.Get<Customer>(session.Customer.Value);
        if (customer.IsErased)
        {
            return CustomersRefusals.SessionEnded;
        }

        var hasPin = work.Find<PaymentPin>(customer.Id.Value) is not null;
        return new Caller(customer.Id, session.Id, session.Device, customer.Level, customer.IsFrozen, hasPin, customer.NameHash, customer.Language);
    }
}

/// <summary>As <see cref="Authenticate"/>, and refuses a frozen customer: for whatever moves money or widens what can be moved.</summary>
internal sealed record AuthenticateActive(SessionId Session) : ICommand<Caller>
{
    public Result<Caller> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        return caller!.IsFrozen ? CustomersRefusals.Frozen : caller;
    }
}

/// <summary>Refuses unless the customer's identity is verified at least this far.</summary>
internal sealed record RequireVerified(CustomerId Customer, VerificationLevel Level) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var level = work.Get<Customer>(Customer.Value).Level;
        if (level >= Level)
        {
            return new Done();
        }

        return Level == VerificationLevel.Enhanced && level == VerificationLevel.Basic
            ? CustomersRefusals.HigherVerificationRequired
            : CustomersRefusals.VerificationRequired;
    }
}

/// <summary>The facts other capabilities need of a customer who is not signed in just now.</summary>
internal sealed record LookUpCustomer(CustomerId Customer) : ICommand<CustomerFacts>
{
    public Result<CustomerFacts> Handle(IWork work)
    {
        var customer = work.Find<Customer>(Customer.Value);
        return customer is null ? CustomersRefusals.NotFound : customer.Facts();
    }
}
