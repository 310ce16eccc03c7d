using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Peony.Book;
using Peony.Customers.SignIn;
using Peony.Customers.Verification;

namespace Peony.Customers.Erasure;

/// <summary>Destroys what lies outside the Book of an erased customer: envelope key, sign-in, files. Doing it twice does no harm.</summary>
internal sealed class DestroyPersonalData(IVault vault, SealedFiles files, IServiceScopeFactory scopes) : IEffect<CustomerErased>
{
    public const string EffectName = "customers.destroy_personal_data";

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(CustomerErased @event, EffectContext context, CancellationToken cancel)
    {
        await DestroyAsync(@event.Customer, cancel);
        return null;
    }

    public async Task DestroyAsync(CustomerId customer, CancellationToken cancel)
    {
        using var scope = scopes.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<PeonyUser>>();
        if (await users.FindByIdAsync(customer.Value) is { Kind: SignInKind.Customer } user)
        {
            var deleted = await users.DeleteAsync(user);
            if (!deleted.Succeeded)
            {
                throw new InvalidOperationException("The sign-in of an erased customer could not be deleted.");
            }
        }

        files.DeleteAll(customer);
        await vault.DestroyKeyAsync(customer.Value, cancel);
    }
}

/// <summary>
/// Carries out every erasure of the journal again at each start: a restored backup brings back keys, sign-ins and files from before, and must not bring back people.
/// </summary>
internal sealed partial class RepeatErasures(IBookReader reader, DestroyPersonalData destroy, TimeProvider clock, ILogger<RepeatErasures> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
                return;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (BookUnavailableException)
            {
                // A process that stands by waits for its turn.
            }
            catch (Exception exception)
            {
                LogFailed(log, exception);
            }

            await Task.Delay(TimeSpan.FromSeconds(5), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task RunAsync(CancellationToken cancel)
    {
        string? after = null;
        while (true)
        {
            var page = await reader.ListAsync<Customer>(CustomersModule.Erased, "yes", new Page(100, after, NewestFirst: false), cancel);
            foreach (var customer in page)
            {
                await destroy.DestroyAsync(customer.Id, cancel);
            }

            if (page.Count < 100)
            {
                return;
            }

            after = page[^1].Key;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Erasures could not be carried out again; the next try comes in five seconds.")]
    private static partial void LogFailed(ILogger log, Exception exception);
}
