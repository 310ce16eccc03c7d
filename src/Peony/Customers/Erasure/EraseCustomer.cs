using System.Text.Json.Serialization;
using Peony.Book;
using Peony.Customers.Mail;
using Peony.Customers.SignIn;

namespace Peony.Customers.Erasure;

/// <summary>
/// A capability that may still owe or be owed something registers one (<c>services.AddSingleton&lt;IErasureCheck, …&gt;()</c>): a slice that refuses while money or open business
/// of the customer remains. Customers calls no other capability, so they hand it theirs.
/// </summary>
internal interface IErasureCheck
{
    ICommand<Done> Of(CustomerId customer);
}

/// <summary>
/// Erases a customer who asked for it and showed a password or passkey: sessions end, every hash and envelope goes from the record, and the event has key, sign-in and files
/// destroyed. What was posted stays posted; nobody can say any more whose it was.
/// </summary>
/// <param name="Checks">What other capabilities have to say, from their <see cref="IErasureCheck"/>.</param>
internal sealed record EraseCustomer(SessionId Session, SignInProof Proof, [property: JsonIgnore] IReadOnlyList<ICommand<Done>> Checks) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        if (new Authenticate(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        foreach (var check in Checks)
        {
            if (check.Handle(work).IsRefused(out refusal, out _))
            {
                return refusal;
            }
        }

        var customer = work.Get<Customer>(caller!.Customer.Value);
        Sessions.End(work, customer.Id, SessionEnd.Erased, _ => true);
        foreach (var device in work.FindBy<Device>("customer", customer.Id.Value))
        {
            work.Save(device with { Browser = "", Name = "", RemovedAt = device.RemovedAt ?? work.Now });
        }

        if (work.Find<PaymentPin>(customer.Id.Value) is not null)
        {
            work.Save(new PaymentPin(customer.Id, "", work.Now));
        }

        if (work.Find<EmailConfirmation>(customer.Id.Value) is { } confirmation)
        {
            work.Save(confirmation.Forget());
        }

        // Sign-ups of the same phone that were never finished know it too.
        if (customer.PhoneHash is { } phone)
        {
            foreach (var signUp in work.FindBy<SignUp>("phone", phone))
            {
                work.Save(signUp.Forget());
            }
        }

        work.Save(customer.Erase(work.Now));
        work.Tell(new CustomerErased(customer.Id));
        return new Done();
    }
}
