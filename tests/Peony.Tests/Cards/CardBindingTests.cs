using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Edge;
using Peony.Identifiers;
using Peony.Simulators;

namespace Peony.Tests.Cards;

/// <summary>Gives a planted customer a verified name and ID in real envelopes.</summary>
internal sealed record PlantIdentity(CustomerId Customer, Sealed Name, Sealed IdNumber) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(work.Get<Customer>(Customer.Value) with { Name = Name, IdNumber = IdNumber });
        return new Done();
    }
}

/// <summary>Binding from what a person typed, over HTTP to the bureau simulator, with a real vault.</summary>
public sealed class CardBindingTests : IAsyncLifetime
{
    private const string Key = "a-provider-key-of-enough-length";
    private const string Number = "6225880000000001";
    private const string Name = "林牡丹";
    private const string ResidentIdNumber = "110101188001010011";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("peony-cards-");
    private readonly MoneyWorld _world = new();
    private readonly WebApplication _simulators = SimulatorsApp.Build("http://127.0.0.1:0", new SimulatorOptions { ProviderKey = Key });
    private SqlVault _vault = null!;
    private ServiceProvider _services = null!;
    private PeonyOptions _options = null!;

    public async ValueTask InitializeAsync()
    {
        await _simulators.StartAsync();
        _options = new PeonyOptions { DataDirectory = _directory.FullName, BureauUrl = new Uri(_simulators.Urls.First() + "/bureau/"), ProviderKey = Key };
        _vault = SqlVault.OnSqlite(Path.Combine(_directory.FullName, "keys.db"), _world.Book.Secrets);
        var services = new ServiceCollection();
        services.AddProvider(HttpCardBureau.ClientName);
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _simulators.DisposeAsync();
        await _services.DisposeAsync();
        await _vault.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task A_card_the_bureau_confirms_is_bound_with_its_bank_and_kind_and_its_number_stands_nowhere_in_clear()
    {
        var person = await JoinAsync();
        var card = (await BindAsync(person)).Value;
        Assert.Equal(("CMB", CardKind.Debit, "0001", 1), (card.Bank, card.Kind, card.LastFour, card.Version));

        var journal = string.Concat(_world.Book.Journal.Select(frame => Encoding.UTF8.GetString(frame.Payload)));
        Assert.DoesNotContain(Number, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(Name, journal, StringComparison.Ordinal);
        Assert.DoesNotContain(ResidentIdNumber, journal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_the_bureau_does_not_confirm_is_refused_without_saying_what_differs()
    {
        await SwitchOnAsync("""{"bureau": {"mismatches": ["6225880000000001"]}}""");
        Assert.Equal("card.four_elements_differ", (await BindAsync(await JoinAsync())).Refusal!.Code);
    }

    [Fact]
    public async Task A_bureau_that_is_away_binds_nothing_and_the_same_key_can_be_used_again()
    {
        var person = await JoinAsync();
        var key = new CallKey("caller", "key", new byte[16]);
        await SwitchOnAsync("""{"bureau": {"down": true}}""");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => BindAsync(person, key));
        await SwitchOnAsync("""{"bureau": {}}""");
        var bound = (await BindAsync(person, key)).Value;
        Assert.Equal(bound, Assert.Single(_world.Book.Run(new ListCards(person.Customer)).Value.Cards));
    }

    [Fact]
    public async Task The_rail_opens_number_and_name_of_a_bound_card_until_its_owner_is_erased()
    {
        var person = await JoinAsync();
        var card = (await BindAsync(person)).Value;
        var numbers = new SealedCardNumbers(_world.Book, _world.Book.Reader, _vault);
        var opened = await numbers.OpenAsync(card.Id, card.Version);
        Assert.Equal((Name, Number, "CMB"), (opened!.Name, opened.Number, opened.Bank));
        Assert.Null(await numbers.OpenAsync(card.Id, card.Version + 1));
        Assert.Null(await numbers.OpenAsync(new CardId("card_none"), 1));

        await _vault.DestroyKeyAsync(person.Customer.Value);
        Assert.Null(await numbers.OpenAsync(card.Id, card.Version));
    }

    [Fact]
    public void The_elements_print_masked()
    {
        var elements = new FourElements(CardNumber.Parse(Number).Number!, Name, ResidentIdNumber, MobileNumber.Parse("13800138000").Number!);
        Assert.Equal("(four elements of ··0001)", elements.ToString());
    }

    private async Task<Person> JoinAsync()
    {
        var person = _world.Join();
        var owner = person.Customer.Value;
        await _vault.EnsureKeyAsync(owner);
        _world.Book.Run(new PlantIdentity(person.Customer, await _vault.SealAsync(owner, Name), await _vault.SealAsync(owner, ResidentIdNumber)));
        return person;
    }

    private Task<Result<CardView>> BindAsync(Person person, CallKey? key = null)
    {
        var bureau = new HttpCardBureau(_services.GetRequiredService<IHttpClientFactory>(), _options);
        var binding = new CardBinding(_world.Book, _vault, _world.Book.Secrets, bureau);
        return binding.BindCardAsync(person.Session, CardNumber.Parse(Number).Number!, MobileNumber.Parse("13800138000").Number!, key);
    }

    private async Task SwitchOnAsync(string faults)
    {
        using var client = new HttpClient { BaseAddress = new Uri(_simulators.Urls.First()) };
        client.DefaultRequestHeaders.Add(SimulatorsApp.KeyHeader, Key);
        using var content = new StringContent(faults, Encoding.UTF8, "application/json");
        using var response = await client.PostAsync(new Uri("/control/faults", UriKind.Relative), content);
        response.EnsureSuccessStatusCode();
    }
}
