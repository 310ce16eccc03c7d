using Peony.Book;

namespace Peony.Customers.SignIn;

/// <summary>
/// Notes in the Book that a password or passkey changed in the identity store, with a digest of what is there now. A changed password ends all other sessions:
/// whoever knew the old one is out.
/// </summary>
internal sealed record RecordCredentialChange(SessionId Asking, string What, string Digest, bool EndOthers) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Asking).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller!.Customer.Value);
        work.Save(customer with { CredentialChanges = customer.CredentialChanges + 1 });
        if (EndOthers)
        {
            Sessions.End(work, customer.Id, SessionEnd.CredentialChanged, session => session.Id != Asking);
        }

        work.Tell(new CredentialChanged(customer.Id, What, Digest));
        return new Done();
    }
}

/// <summary>Sets the language of messages and screens.</summary>
internal sealed record SetLanguage(SessionId Asking, string Language) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Asking).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller!.Customer.Value);
        if (customer.Language != Language)
        {
            work.Save(customer with { Language = Language });
            work.Save(work.Get<CustomerSession>(Asking.Value) with { Language = Language });
        }

        return new Done();
    }
}
