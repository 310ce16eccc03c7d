using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Simulators;

namespace Peony.Tests.Payouts;

/// <summary>A vault in memory with a real cipher: what is stored is never the text.</summary>
internal sealed class MemoryVault : IVault
{
    private readonly ConcurrentDictionary<string, byte[]?> _keys = new();

    public Task EnsureKeyAsync(string owner, CancellationToken cancel = default)
    {
        KeyOf(owner);
        return Task.CompletedTask;
    }

    public Task<Sealed> SealAsync(string owner, string text, CancellationToken cancel = default)
    {
        var nonce = RandomNumberGenerator.GetBytes(12);
        var plain = Encoding.UTF8.GetBytes(text);
        var cipher = new byte[plain.Length];
        var tag = new byte[16];
        using var aes = new AesGcm(KeyOf(owner), 16);
        aes.Encrypt(nonce, plain, cipher, tag);
        return Task.FromResult(new Sealed(Convert.ToBase64String([.. nonce, .. cipher, .. tag])));
    }

    public Task<string?> OpenAsync(string owner, Sealed envelope, CancellationToken cancel = default)
    {
        if (_keys.GetValueOrDefault(owner) is not { } key)
        {
            return Task.FromResult<string?>(null);
        }

        var bytes = Convert.FromBase64String(envelope.Envelope);
        var plain = new byte[bytes.Length - 28];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(12, plain.Length), bytes.AsSpan(12 + plain.Length), plain);
        return Task.FromResult<string?>(Encoding.UTF8.GetString(plain));
    }

    public Task DestroyKeyAsync(string owner, CancellationToken cancel = default)
    {
        _keys[owner] = null;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ErasedAsync(CancellationToken cancel = default) =>
        Task.FromResult<IReadOnlyList<string>>([.. _keys.Where(pair => pair.Value is null).Select(pair => pair.Key)]);

    private byte[] KeyOf(string owner) => _keys.GetOrAdd(owner, _ => RandomNumberGenerator.GetBytes(32)) ?? throw new InvalidOperationException("The key was destroyed.");
}

/// <summary>One card that always opens, until it is gone.</summary>
internal sealed class OneCard : ICardNumbers
{
    public const string Name = "林小满<&\"'>";
    public const string Number = "6216261000000000018";

    public bool IsGone { get; set; }

    public Task<CardInstruction?> OpenAsync(CardId card, int version, CancellationToken cancel = default) =>
        Task.FromResult(IsGone ? null : new CardInstruction(Name, Number, "PAB"));
}

/// <summary>Moves money into clearing and orders the payout in one work, as a withdrawal does.</summary>
internal sealed record PlantPayout(CustomerId Customer, string Reference, Money Amount) : ICommand<PayoutView>
{
    public static readonly LedgerAccountId Source = new("test/source");
    public static readonly LedgerAccountId Wallet = new("test/wallet");

    public Result<PayoutView> Handle(IWork work)
    {
        work.OpenAccount(new AccountDefinition(Source, NormalSide.Debit, Currency.Cny, null, null));
        work.OpenAccount(new AccountDefinition(Wallet, NormalSide.Credit, Currency.Cny, 0, null));
        var key = new EntryKey(Reference + "/paid-out");
        if (!work.HasPosted(key))
        {
            work.Post(new Entry(key, "test.paid_out", PostingLine.Post(Source, PayoutAccounts.Clearing, Amount)));
        }

        return new OrderPayout(new PayoutRequest(Reference, Customer, new CardId("card_1"), 1, Amount, Wallet, key)).Handle(work);
    }
}

/// <summary>Orders a collection, as a top-up does.</summary>
internal sealed record PlantCollection(CustomerId Customer, string Reference, Money Amount) : ICommand<CollectionView>
{
    public Result<CollectionView> Handle(IWork work)
    {
        work.OpenAccount(new AccountDefinition(PlantPayout.Wallet, NormalSide.Credit, Currency.Cny, 0, null));
        return new OrderCollection(new CollectionRequest(Reference, Customer, new CardId("card_1"), 1, Amount, PlantPayout.Wallet)).Handle(work);
    }
}

/// <summary>The bank rail on a Book without threads, the bank simulator over real HTTP, and the bank's calls back to us.</summary>
internal sealed class RailWorld : IAsyncDisposable
{
    public const string Key = "a provider key for tests";
    public static readonly CustomerId Customer = new("cus_1");

    private readonly WebApplication _simulators;
    private readonly WebApplication _us;
    private readonly ServiceProvider _services;

    private RailWorld(WebApplication simulators, WebApplication us, ServiceProvider services, SteppedBook book, HttpClient control)
    {
        _simulators = simulators;
        _us = us;
        _services = services;
        Book = book;
        Control = control;
    }

    public SteppedBook Book { get; }

    /// <summary>Speaks to the simulators with the key.</summary>
    public HttpClient Control { get; }

    public MemoryVault Vault => _services.GetRequiredService<MemoryVault>();

    public OneCard Card => _services.GetRequiredService<OneCard>();

    /// <summary>The effect itself, to run it as after a crash.</summary>
    public PayoutEffect Effect => _services.GetRequiredService<PayoutEffect>();

    public Uri Address => new(AddressOf(_us));

    public static async Task<RailWorld> StartAsync(bool hasCallback = true)
    {
        var options = new PeonyOptions { DataDirectory = "", ProviderKey = Key };
        var simulators = SimulatorsApp.Build("http://127.0.0.1:0", new SimulatorOptions { ProviderKey = Key, SettleAfter = TimeSpan.FromHours(1) });
        await simulators.StartAsync();
        var address = AddressOf(simulators);
        options.BankUrl = new Uri(address + "/bank/");

        var services = new ServiceCollection();
        services.AddSingleton(options);
        services.AddSingleton<MemoryVault>();
        services.AddSingleton<IVault>(provider => provider.GetRequiredService<MemoryVault>());
        services.AddSingleton<OneCard>();
        services.AddSingleton<ICardNumbers>(provider => provider.GetRequiredService<OneCard>());
        var module = new PayoutsModule();
        module.AddServices(services, options);
        var provider = services.BuildServiceProvider();

        var schema = new BookSchema();
        module.Describe(schema);
        schema.Command<PlantPayout>("test.payout");
        schema.Command<PlantCollection>("test.collection");
        schema.EffectOn<PayoutSettled>("test.listener");
        schema.EffectOn<PayoutRejected>("test.listener");
        schema.EffectOn<PayoutReturned>("test.listener");
        schema.EffectOn<PayoutDelayed>("test.listener");
        schema.EffectOn<CollectionSettled>("test.listener");
        schema.EffectOn<CollectionFailed>("test.listener");
        var book = new SteppedBook(schema, effects: provider.GetServices<EffectRegistration>());

        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IBook>(book);
        builder.Services.AddSingleton(book.Reader);
        builder.Services.AddSingleton<IVault>(provider.GetRequiredService<MemoryVault>());
        var us = builder.Build();
        BankCallback.Map(us.MapGroup("/api/v1"));
        await us.StartAsync();

        var control = new HttpClient { BaseAddress = new Uri(address) };
        control.DefaultRequestHeaders.Add(SimulatorsApp.KeyHeader, Key);
        var world = new RailWorld(simulators, us, provider, book, control);
        if (hasCallback)
        {
            (await control.PostAsJsonAsync("/control/callback", new { url = AddressOf(us) + BankCallback.Path })).EnsureSuccessStatusCode();
        }

        return world;
    }

    public PayoutId OrderPayout(long amount = 500_00, string reference = "withdrawal/wd_1") =>
        Book.Run(new PlantPayout(Customer, reference, Money.Cny(amount))).Value.Id;

    public CollectionId OrderCollection(long amount = 500_00, string reference = "top-up/tu_1") =>
        Book.Run(new PlantCollection(Customer, reference, Money.Cny(amount))).Value.Id;

    public async Task SwitchAsync(object bankFaults) => (await Control.PostAsJsonAsync("/control/faults", new { bank = bankFaults })).EnsureSuccessStatusCode();

    /// <summary>Lets the bank's time pass; its reports arrive meanwhile, and the effects they set off run after.</summary>
    public async Task BankTimePassesAsync(TimeSpan by)
    {
        var state = await StateAsync();
        (await Control.PostAsJsonAsync("/control/clock", new { now = state.GetProperty("now").GetDateTimeOffset() + by })).EnsureSuccessStatusCode();
        Book.Settle();
    }

    public async Task<JsonElement> StateAsync() => await Control.GetFromJsonAsync<JsonElement>("/control/state");

    /// <summary>How often the bank received the order.</summary>
    public async Task<int> TimesReceivedAsync(string order) => (await StateAsync()).GetProperty("orders").EnumerateArray()
        .Where(seen => seen.GetProperty("end_to_end_id").GetString() == order).Select(seen => seen.GetProperty("times_received").GetInt32()).SingleOrDefault();

    public async Task<Payout> PayoutAsync(PayoutId payout) => (await Book.Reader.FindAsync<Payout>(payout.Value))!;

    public async Task<long> BalanceAsync(LedgerAccountId account) => (await Book.Reader.AccountAsync(account))?.State.Balance ?? 0;

    /// <summary>Clearing, settlement and the wallet, and what they must add up to.</summary>
    public async Task AssertBalancesAsync(long clearing, long settlement, long wallet)
    {
        Assert.Equal((clearing, settlement, wallet),
            (await BalanceAsync(PayoutAccounts.Clearing), await BalanceAsync(PayoutAccounts.Settlement), await BalanceAsync(PlantPayout.Wallet)));
    }

    /// <summary>Posts a report as the bank does.</summary>
    public async Task<HttpStatusCode> ReportAsync(string xml, string? key = Key)
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, BankCallback.Path) { Content = new StringContent(xml, Encoding.UTF8, "application/xml") };
        if (key is not null)
        {
            request.Headers.Add(Providers.KeyHeader, key);
        }

        using var response = await client.SendAsync(request);
        Book.Settle();
        return response.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await _us.DisposeAsync();
        await _simulators.DisposeAsync();
        await _services.DisposeAsync();
    }

    public static string AddressOf(WebApplication app) => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
}
