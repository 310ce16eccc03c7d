using Peony.Book;
using Peony.Customers.SignIn;

namespace Peony.Customers;

/// <summary>Sets the first payment PIN. The edge has refused weak ones.</summary>
internal sealed record SetPin(SessionId Session, PinProof New) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (caller!.HasPin)
        {
            return CustomersRefusals.PinAlreadySet;
        }

        work.Save(new PaymentPin(caller.Customer, New.Hash, work.Now));
        work.Tell(new PinChanged(caller.Customer, IsFirst: true));
        return new Done();
    }
}

/// <summary>Changes the payment PIN for who knows the old one.</summary>
internal sealed record ChangePin(SessionId Session, PinProof Old, PinProof New) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller)
            || new CheckPin(caller!.Customer, Old).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        work.Save(new PaymentPin(caller.Customer, New.Hash, work.Now));
        work.Tell(new PinChanged(caller.Customer, IsFirst: false));
        return new Done();
    }
}

/// <summary>
/// Sets the payment PIN anew for who forgot it: a fresh password or passkey, and the name and resident ID the customer was verified with. Wrong ones are counted like wrong
/// identity verifications. A locked PIN stays locked for its half hour: forgetting is no way around it.
/// </summary>
internal sealed record ResetPin(SessionId Session, SignInProof Proof, string NameHash, string IdHash, PinProof New) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller)
            || new RequireVerified(caller!.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller.Customer.Value);
        if (customer.VerificationLockedUntil is { } until && work.Now < until)
        {
            return CustomersRefusals.VerificationTooManyTries.With("until", until.ToString("O", System.Globalization.CultureInfo.InvariantCulture));
        }

        if (customer.NameHash != NameHash || customer.IdHash != IdHash)
        {
            work.KeepOnRefusal(customer.AfterWrongVerification(work.Now));
            return CustomersRefusals.VerificationMismatch;
        }

        var pin = work.Find<PaymentPin>(customer.Id.Value);
        if (pin?.IsLockedAt(work.Now) == true)
        {
            return CheckPin.Locked(pin);
        }

        work.Save(new PaymentPin(customer.Id, New.Hash, work.Now));
        work.Tell(new PinChanged(customer.Id, IsFirst: false));
        return new Done();
    }
}
