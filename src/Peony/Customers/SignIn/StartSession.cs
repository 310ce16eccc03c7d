using Peony.Book;

namespace Peony.Customers.SignIn;

/// <summary>A password or passkey the edge verified just now: how, and a digest that names the credential.</summary>
internal sealed record SignInProof(string Method, string Credential)
{
    public const string Password = "password";
    public const string Passkey = "passkey";
}

/// <summary>The browser or app at the other end: a keyed hash of its own secret, and a name its owner will know again.</summary>
internal sealed record DeviceAtHand(string Browser, string Name);

internal sealed record SignedIn(CustomerId Customer, SessionId Session, DeviceId Device, bool IsNewDevice, string Language);

/// <summary>
/// Starts a session of a customer who showed a password or passkey. A sign-up that stopped after its sign-in was made becomes a customer here.
/// </summary>
internal sealed record StartSession(CustomerId Customer, SignInProof Proof, DeviceAtHand Device, SessionKind Kind) : ICommand<SignedIn>
{
    public Result<SignedIn> Handle(IWork work)
    {
        var customer = work.Find<Customer>(Customer.Value);
        if (customer is null)
        {
            var signUp = work.FindBy<SignUp>("customer", Customer.Value).FirstOrDefault(one => one.State == SignUpState.PhoneVerified);
            if (signUp is null)
            {
                return CustomersRefusals.SignInFailed;
            }

            if (work.FindOne<Customer>("phone", signUp.PhoneHash!) is not null)
            {
                return CustomersRefusals.PhoneInUse;
            }

            customer = Join(signUp, work);
        }

        if (customer.IsErased)
        {
            return CustomersRefusals.SignInFailed;
        }

        var device = work.FindOne<Device>("browser", Customers.Device.BrowserKey(customer.Id, Device.Browser));
        var isNew = device is null;
        device ??= new Device(work.NewId<DeviceId>(), customer.Id, Device.Browser, Device.Name, work.Now);
        work.Save(device with { LastSignInAt = work.Now });

        var session = new CustomerSession(work.NewId<SessionId>(), customer.Id, device.Id, Kind, Proof.Method, customer.Language, work.Now);
        work.Save(session);
        if (isNew)
        {
            work.Tell(new NewDeviceSignedIn(customer.Id, session.Id, device.Id, device.Name));
        }

        return new SignedIn(customer.Id, session.Id, device.Id, isNew, customer.Language);
    }

    private static Customer Join(SignUp signUp, IWork work)
    {
        var customer = new Customer(signUp.Customer, signUp.PhoneHash, signUp.Phone, signUp.Language, work.Now);
        work.Save(customer);
        work.Save(signUp with { State = SignUpState.Finished, PhoneHash = null, Phone = null });
        work.CancelTimer($"sign-up/{signUp.Id}");
        work.Tell(new CustomerJoined(customer.Id));
        return customer;
    }
}
