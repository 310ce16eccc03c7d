using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Customers;
using Peony.Edge;
using Peony.Notices;
using Peony.Simulators;
using Peony.Tests.Payouts;

namespace Peony.Tests.Notices;

/// <summary>A phone that belongs to everybody, in the language the test asks for.</summary>
internal sealed class OnePhone : ICustomerContacts
{
    public const string Number = "+8613552535506";

    public string? Language { get; set; } = "zh-CN";

    public string? Email { get; set; }

    public Task<ContactDetails?> OfAsync(CustomerId customer, CancellationToken cancel = default) =>
        Task.FromResult(Language is null ? null : new ContactDetails(Number, Language, Email));
}

/// <summary>A code that lives until the test kills it.</summary>
internal sealed class OneCode : ICodeSource
{
    public const string Digits = "48151623";

    public string Purpose => "withdrawal";

    public bool IsDead { get; set; }

    public Task<string?> CodeOfAsync(string reference, CancellationToken cancel = default) => Task.FromResult(IsDead ? null : Digits);
}

/// <summary>The notices on a Book without threads, with the SMS carrier simulated over real HTTP.</summary>
internal sealed class NoticesWorld : IAsyncDisposable
{
    public static readonly CustomerId Customer = new("cus_1");
    public static readonly SessionId Session = new("ses_1");
    public static readonly Dictionary<string, string> Arguments = new() { ["bank"] = "PAB", ["lastFour"] = "0018", ["amount"] = "500.00 CNY", ["minutes"] = "5" };

    private readonly WebApplication _simulators;
    private readonly ServiceProvider _services;

    private NoticesWorld(WebApplication simulators, ServiceProvider services, SteppedBook book, HttpClient control)
    {
        _simulators = simulators;
        _services = services;
        Book = book;
        Control = control;
    }

    public SteppedBook Book { get; }

    public HttpClient Control { get; }

    public OnePhone Phone => _services.GetRequiredService<OnePhone>();

    public OneCode Code => _services.GetRequiredService<OneCode>();

    public INoticeFeed Feed => _services.GetRequiredService<INoticeFeed>();

    public Uri SmtpUrl => _services.GetRequiredService<PeonyOptions>().SmtpUrl!;

    public DeviceMessages DeviceMessages => new(Book, Book.Reader, [Code]);

    public static async Task<NoticesWorld> StartAsync()
    {
        var options = new PeonyOptions { DataDirectory = "", ProviderKey = RailWorld.Key };
        var simulators = SimulatorsApp.Build("http://127.0.0.1:0", new SimulatorOptions { ProviderKey = RailWorld.Key });
        await simulators.StartAsync();
        var address = RailWorld.AddressOf(simulators);
        options.SmsUrl = new Uri(address + "/sms/");
        options.SmtpUrl = SimulatorsApp.SmtpAddressOf(simulators);

        var services = new ServiceCollection();
        services.AddSingleton(options);
        services.AddSingleton<OnePhone>();
        services.AddSingleton<ICustomerContacts>(provider => provider.GetRequiredService<OnePhone>());
        services.AddSingleton<OneCode>();
        services.AddSingleton<ICodeSource>(provider => provider.GetRequiredService<OneCode>());
        IModule[] described = [new CustomersModule(), new CardsModule(CardRules.Shipped()), new NoticesModule()];
        new NoticesModule().AddServices(services, options);
        var provider = services.BuildServiceProvider();

        var schema = new BookSchema();
        foreach (var module in described)
        {
            module.Describe(schema);
        }

        schema.Command<Tell>("test.tell");
        schema.Command<PlantMailbox>("test.plant_mailbox");
        schema.EffectOn<MessageMoved>("test.listener");
        var book = new SteppedBook(schema, effects: provider.GetServices<EffectRegistration>());
        var control = new HttpClient { BaseAddress = new Uri(address) };
        control.DefaultRequestHeaders.Add(SimulatorsApp.KeyHeader, RailWorld.Key);
        return new NoticesWorld(simulators, provider, book, control);
    }

    public MessageId SendCode(MessageChannel channel = MessageChannel.Sms, DeviceId? device = null)
    {
        var message = Book.Run(new SendCode(Customer, new CodeReference("withdrawal", "wd_1/1"), "withdrawal.code", Arguments, channel, device, Book.Now.AddMinutes(5))).Value;
        Book.Settle();
        return message;
    }

    public async Task SwitchAsync(object sms) => (await Control.PostAsJsonAsync("/control/faults", new { sms })).EnsureSuccessStatusCode();

    /// <summary>The texts on the sandbox phone, newest first.</summary>
    public async Task<List<string>> PhoneAsync() => [.. (await Control.GetFromJsonAsync<JsonElement>("/control/messages")).GetProperty("messages").EnumerateArray()
        .Select(message => message.GetProperty("text").GetString()!)];

    public async Task SwitchMailAsync(object mail) => (await Control.PostAsJsonAsync("/control/faults", new { mail })).EnsureSuccessStatusCode();

    /// <summary>Subject and text of what lies in the mailbox, newest first, and how often a mail was handed over whole.</summary>
    public async Task<(List<(string Subject, string Text)> Mail, int HandedOver)> MailboxAsync()
    {
        var mailbox = await Control.GetFromJsonAsync<JsonElement>("/control/mail");
        return ([.. mailbox.GetProperty("messages").EnumerateArray().Select(mail => (mail.GetProperty("subject").GetString()!, mail.GetProperty("text").GetString()!))],
            mailbox.GetProperty("handed_over").GetInt32());
    }

    /// <summary>The customer is there, signed in, with a confirmed e-mail address.</summary>
    public void GiveMailbox(string? address = "lin@peony.example")
    {
        Phone.Email = address;
        Book.Run(new PlantMailbox(address is not null));
    }

    public IEnumerable<Message> Messages(MessageChannel channel) => Book.Reader.ListAllAsync<Message>(new Page(1000)).Result.Where(message => message.Channel == channel);

    public MessageView Message(MessageId message) => Book.Run(new ReadMessage(Customer, message)).Value;

    public IEnumerable<MessageStatus> Moves => Book.Told<MessageMoved>().Select(moved => moved.Status);

    public Task<IReadOnlyList<NoticeView>> InboxAsync(string language = "zh-CN", SessionId? session = null) =>
        NoticesInbox.ListAsync(Book.Reader, Customer, session ?? Session, language, new Page());

    public async ValueTask DisposeAsync()
    {
        Control.Dispose();
        await _simulators.DisposeAsync();
        await _services.DisposeAsync();
    }

    /// <summary>Plants the customer and the session.</summary>
    internal sealed record PlantMailbox(bool HasEmail) : ICommand<Done>
    {
        public Result<Done> Handle(IWork work)
        {
            work.Save(new Customer(NoticesWorld.Customer, "phone", new Sealed("envelope"), "zh-CN", work.Now) { Email = HasEmail ? new Sealed("envelope") : null });
            work.Save(new CustomerSession(NoticesWorld.Session, NoticesWorld.Customer, new DeviceId("dev_1"), SessionKind.Bearer, "password", "zh-CN", work.Now));
            return new Done();
        }
    }

    /// <summary>Tells an event as its capability does.</summary>
    internal sealed record Tell(string Type, string Body) : ICommand<Done>
    {
        public static Tell Of<TEvent>(TEvent told)
            where TEvent : IEvent => new(typeof(TEvent).AssemblyQualifiedName!, JsonSerializer.Serialize(told, BookJson.Options));

        public Result<Done> Handle(IWork work)
        {
            work.Tell((IEvent)JsonSerializer.Deserialize(Body, System.Type.GetType(Type)!, BookJson.Options)!);
            return new Done();
        }
    }
}
