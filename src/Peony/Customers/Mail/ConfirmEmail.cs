using Peony.Book;

namespace Peony.Customers.Mail;

/// <summary>The code from the mail comes back: the address is its owner's, and notices may go to it. Five wrong tries kill the code.</summary>
internal sealed record ConfirmEmail(SessionId Session, string CodeHash) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (work.Find<EmailConfirmation>(caller.Customer.Value) is not { } confirmation || !confirmation.IsAlive(work.Now))
        {
            return CustomersRefusals.EmailCodeExpired;
        }

        if (!confirmation.Matches(CodeHash))
        {
            var after = confirmation.AfterWrongTry();
            work.KeepOnRefusal(after);
            return CustomersRefusals.EmailCodeWrong.With("left", EmailConfirmation.MostTries - after.WrongTries);
        }

        work.Save(work.Get<Customer>(caller.Customer.Value) with { Email = confirmation.Email });
        work.Save(confirmation.Forget());
        work.Tell(new EmailChanged(caller.Customer, IsSet: true));
        return new Done();
    }
}

/// <summary>Takes a customer's e-mail address away; nothing goes to it any more.</summary>
internal sealed record RemoveEmail(SessionId Session) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller.Customer.Value);
        if (customer.Email is not null)
        {
            work.Save(customer with { Email = null });
            work.Tell(new EmailChanged(customer.Id, IsSet: false));
        }

        return new Done();
    }
}

/// <summary>A customer's e-mail address was set, changed or taken away: they are told by SMS, so that nobody diverts their notices unseen.</summary>
internal sealed record EmailChanged(CustomerId Customer, bool IsSet) : IEvent
{
    public string Lane => Customer.Value;
}
