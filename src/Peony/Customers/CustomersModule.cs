using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Peony.Book;
using Peony.Customers.Erasure;
using Peony.Customers.Mail;
using Peony.Customers.SignIn;
using Peony.Customers.Verification;
using Peony.Edge;
using Peony.Notices;

namespace Peony.Customers;

internal sealed class CustomersModule : IModule
{
    /// <summary>The index of erased customers.</summary>
    public const string Erased = "erased";

    /// <summary>The unique index of the numbers by which merchants know customers.</summary>
    public const string ByNumber = "number";

    public void Describe(BookSchema schema)
    {
        schema.Record<Customer>("customer").Unique("phone", customer => customer.PhoneHash).Unique("resident_id", customer => customer.IdHash)
            .Index(Erased, customer => customer.IsErased ? "yes" : null);
        schema.Record<SignUp>("sign_up").Index("phone", signUp => signUp.PhoneHash).Index("customer", signUp => signUp.Customer.Value);
        schema.Record<CustomerSession>("customer_session").Index(Sessions.ByLiveCustomer, session => session.IsLive ? session.Customer.Value : null);
        schema.Record<Device>("device").Index("customer", device => device.Customer.Value)
            .Unique("browser", device => device.RemovedAt is null ? Device.BrowserKey(device.Customer, device.Browser) : null);
        schema.Record<PaymentPin>("payment_pin");
        schema.Record<CustomerNumber>("customer_number").Unique(ByNumber, kept => kept.Number);
        schema.Record<EmailConfirmation>("email_confirmation");

        schema.Command<Authenticate>("customers.authenticate");
        schema.Command<AuthenticateActive>("customers.authenticate_active");
        schema.Command<RequireVerified>("customers.require_verified");
        schema.Command<LookUpCustomer>("customers.look_up");
        schema.Command<CheckPin>("customers.check_pin");
        schema.Command<ReadDevices>("customers.read_devices");
        schema.Command<ReadSealedIdentity>("customers.read_sealed_identity");
        schema.Command<StartSignUp>("customers.start_sign_up");
        schema.Command<ForgetSignUp>("customers.forget_sign_up");
        schema.Command<ConfirmPhone>("customers.confirm_phone");
        schema.Command<StartSession>("customers.start_session");
        schema.Command<EndSession>("customers.end_session");
        schema.Command<EndOtherSessions>("customers.end_other_sessions");
        schema.Command<RemoveDevice>("customers.remove_device");
        schema.Command<RecordCredentialChange>("customers.record_credential_change");
        schema.Command<SetLanguage>("customers.set_language");
        schema.Command<SetPin>("customers.set_pin");
        schema.Command<ChangePin>("customers.change_pin");
        schema.Command<ResetPin>("customers.reset_pin");
        schema.Command<FreezeCustomer>("customers.freeze");
        schema.Command<UnfreezeCustomer>("customers.unfreeze");
        schema.Command<RecordVerification>("customers.record_verification");
        schema.Command<RecordPhotoCheck>("customers.record_photo_check");
        schema.Command<OrderEmailCode>("customers.order_email_code");
        schema.Command<ForgetEmailCode>("customers.forget_email_code");
        schema.Command<ConfirmEmail>("customers.confirm_email");
        schema.Command<RemoveEmail>("customers.remove_email");
        schema.Command<EraseCustomer>("customers.erase");
        schema.Command<NumberOfCustomer>("customers.number_of");
        schema.Command<CustomerOfNumber>("customers.of_number");

        schema.Event<SignUpCodeOrdered>("customers.sign_up_code_ordered");
        schema.Event<CustomerJoined>("customers.joined");
        schema.Event<NewDeviceSignedIn>("customers.new_device_signed_in");
        schema.Event<PinLocked>("customers.pin_locked");
        schema.Event<PinChanged>("customers.pin_changed");
        schema.Event<CustomerFrozen>("customers.frozen");
        schema.Event<CustomerUnfrozen>("customers.unfrozen");
        schema.Event<IdentityVerified>("customers.identity_verified");
        schema.Event<CredentialChanged>("customers.credential_changed");
        schema.Event<EmailCodeOrdered>("customers.email_code_ordered");
        schema.Event<EmailChanged>("customers.email_changed");
        schema.Event<CustomerErased>("customers.erased");
        schema.EffectOn<SignUpCodeOrdered>(SendSignUpCode.EffectName);
        schema.EffectOn<EmailCodeOrdered>(SendEmailCode.EffectName);
        schema.EffectOn<CustomerErased>(DestroyPersonalData.EffectName);

        schema.Control("erased customers keep nothing personal", Erasures.Check);
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        services.AddDbContext<IdentityStore>(store =>
        {
            if (options.Database is { } connection)
            {
                store.UseNpgsql(connection);
            }
            else
            {
                store.UseSqlite($"Data Source={Path.Combine(options.DataDirectory, "identity.db")}");
            }
        });
        services.AddIdentityCore<PeonyUser>(identity =>
        {
            identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;
            identity.User.RequireUniqueEmail = false;
            identity.User.AllowedUserNameCharacters = "abcdefghijklmnopqrstuvwxyz0123456789_";
            identity.Password = new PasswordOptions
            {
                RequiredLength = PasswordRules.MinimumLength,
                RequireDigit = false,
                RequireLowercase = false,
                RequireUppercase = false,
                RequireNonAlphanumeric = false,
                RequiredUniqueChars = 1,
            };
            identity.Lockout.MaxFailedAccessAttempts = 10;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
        }).AddEntityFrameworkStores<IdentityStore>().AddPasswordValidator<PasswordRules>();
        services.Configure<IdentityPasskeyOptions>(passkeys =>
        {
            // Found by the authenticator without a name typed, and never without the finger, face or code of its owner.
            passkeys.ResidentKeyRequirement = "required";
            passkeys.UserVerificationRequirement = "required";
            passkeys.ValidateOrigin = Passkeys.IsOwnOrigin;
        });
        services.TryAddScoped<IPasskeyHandler<PeonyUser>, PasskeyHandler<PeonyUser>>();
        services.AddHostedService<IdentityStartup>();
        CustomerAuthentication.Add(services);

        services.AddSingleton<SignInTurns>();
        services.AddScoped<Passkeys>();
        services.AddScoped<StepUp>();
        services.AddScoped<SignUpFlow>();
        services.AddScoped<SignInFlow>();
        services.AddScoped<SecurityFlow>();
        services.AddScoped<VerificationFlow>();
        services.AddScoped<EmailFlow>();
        services.AddProvider(HttpIdentityBureau.ClientName);
        services.AddSingleton<IIdentityBureau, HttpIdentityBureau>();
        services.AddSingleton<CustomerContacts>();
        services.AddSingleton<SealedFiles>();
        services.AddSingleton<ICustomerContacts, SmsContacts>();
        services.AddEffect<SignUpCodeOrdered, SendSignUpCode>();
        services.AddEffect<EmailCodeOrdered, SendEmailCode>();
        services.AddEffect<CustomerErased, DestroyPersonalData>();
        services.AddHostedService<RepeatErasures>();
    }

    public void MapApi(IEndpointRouteBuilder api) => CustomersApi.Map(api);

    /// <summary>The identity store is ready before the first request.</summary>
    private sealed class IdentityStartup(IServiceProvider services) : IHostedLifecycleService
    {
        public Task StartingAsync(CancellationToken cancellationToken) => IdentityTables.EnsureAsync(services, cancellationToken);

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
