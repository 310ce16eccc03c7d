using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Customers;

internal sealed class CustomersModule : IModule
{
    public void Describe(BookSchema schema)
    {
        schema.Record<Customer>("customer").Unique("phone", customer => customer.PhoneHash).Unique("resident_id", customer => customer.IdHash);
        schema.Record<CustomerSession>("customer_session").Index("customer", session => session.Customer.Value).Index("device", session => session.Device.Value);
        schema.Record<Device>("device").Index("customer", device => device.Customer.Value)
            .Unique("browser", device => device.RemovedAt is null ? Device.BrowserKey(device.Customer, device.Browser) : null);
        schema.Record<PaymentPin>("payment_pin");

        schema.Command<Authenticate>("customers.authenticate");
        schema.Command<AuthenticateActive>("customers.authenticate_active");
        schema.Command<RequireVerified>("customers.require_verified");
        schema.Command<LookUpCustomer>("customers.look_up");
        schema.Command<CheckPin>("customers.check_pin");
        schema.Command<ReadDevices>("customers.read_devices");
        schema.Command<ReadSealedIdentity>("customers.read_sealed_identity");

        schema.Event<SignUpCodeOrdered>("customers.sign_up_code_ordered");
        schema.Event<CustomerJoined>("customers.joined");
        schema.Event<NewDeviceSignedIn>("customers.new_device_signed_in");
        schema.Event<PinLocked>("customers.pin_locked");
        schema.Event<PinChanged>("customers.pin_changed");
        schema.Event<CustomerFrozen>("customers.frozen");
        schema.Event<CustomerUnfrozen>("customers.unfrozen");
        schema.Event<IdentityVerified>("customers.identity_verified");
        schema.Event<CredentialChanged>("customers.credential_changed");
        schema.Event<CustomerErased>("customers.erased");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
    }
}
