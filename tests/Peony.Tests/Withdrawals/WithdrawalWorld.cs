using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Notices;
using Peony.Payouts;
using Peony.Risk;
using Peony.Wallet;
using Peony.Withdrawals;

namespace Peony.Tests.Withdrawals;

/// <summary>Plants a customer with a session on a device and a PIN; for a customer given, only another session on another device.</summary>
internal sealed record PlantSignIn(VerificationLevel Level, CustomerId? Of = null, DeviceId? On = null) : ICommand<Person>
{
    public Result<Person> Handle(IWork work)
    {
        var (id, session) = (Of ?? work.NewId<CustomerId>(), work.NewId<SessionId>());
        if (Of is null)
        {
            work.Save(new Customer(id, id.Value, new Sealed("envelope"), "zh-CN", work.Now)
            {
                Level = Level,
                Name = new Sealed("envelope"),
                IdNumber = new Sealed("envelope"),
                IdHash = id.Value,
                NameHash = "name",
            });
            work.Save(new PaymentPin(id, MoneyWorld.Pin.Hash, work.Now));
        }

        var device = On ?? work.NewId<DeviceId>();
        if (On is null)
        {
            work.Save(new Device(device, id, device.Value, "Chrome · Android", work.Now) { LastSignInAt = work.Now });
        }

        work.Save(new CustomerSession(session, id, device, SessionKind.Bearer, "password", "zh-CN", work.Now));
        return new Person(id, session);
    }
}

/// <summary>Puts money into a wallet and a credit balance without the steps that lead to it.</summary>
internal sealed record PlantMoney(CustomerId Customer, long Wallet, long CreditBalance, int Times) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        WalletAccounts.Open(work, Customer);
        CreditAccounts.Open(work, Customer, Money.Cny(1_500_00));
        foreach (var (account, amount) in new[] { (WalletAccounts.Of(Customer), Wallet), (CreditAccounts.Balance(Customer), CreditBalance) })
        {
            if (amount > 0)
            {
                work.Post(new Entry(new EntryKey($"test/{account}/{Times}"), "test.money", PostingLine.Post(PayoutAccounts.Settlement, account, Money.Cny(amount))));
            }
        }

        return new Done();
    }
}

/// <summary>Changes a withdrawal's record behind everybody's back, as no door can.</summary>
internal sealed record Tamper(WithdrawalId Id, string What) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var withdrawal = work.Get<Withdrawal>(Id.Value);
        work.Save(What switch
        {
            "card" => withdrawal with { Card = withdrawal.Card! with { Id = new CardId(work.FindBy<BankCard>(CardsModule.ByCustomer, withdrawal.Customer.Value)[1].Key) } },
            "amount" => withdrawal with { Amount = withdrawal.Amount + Money.Cny(1), Fee = withdrawal.Fee - Money.Cny(1) },
            "currency" => withdrawal with { Amount = new Money(withdrawal.Amount.Minor, Currency.Usd) },
            "purpose" => withdrawal with { Source = WithdrawalSource.CreditBalance },
            "expiry" => withdrawal with { Code = withdrawal.Code! with { ExpiresAt = withdrawal.Code!.ExpiresAt.AddSeconds(1) } },
            "nonce" => withdrawal with { Code = withdrawal.Code! with { Nonce = [.. withdrawal.Code!.Nonce.Reverse()] } },
            _ => throw new ArgumentException(What),
        });
        return new Done();
    }
}

/// <summary>Writes a withdrawal's record as no slice would.</summary>
internal sealed record Overwrite(Withdrawal Withdrawal) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(Withdrawal);
        return new Done();
    }
}

/// <summary>The carrier and the phones, in memory.</summary>
internal sealed class Phones : ISmsProvider, ICustomerContacts
{
    private readonly Dictionary<string, string> _texts = [];

    /// <summary>What the carrier says of every message from now on.</summary>
    public SmsState Says { get; set; } = SmsState.Delivered;

    public IReadOnlyCollection<string> Texts => _texts.Values;

    public Task<SmsReceipt> SendAsync(string clientMessageId, string to, string text, CancellationToken cancel)
    {
        _texts[clientMessageId] = text;
        return Task.FromResult(new SmsReceipt(clientMessageId, Says, Says == SmsState.Failed ? "absent" : null));
    }

    public Task<SmsReceipt?> StatusAsync(string providerId, CancellationToken cancel) => Task.FromResult<SmsReceipt?>(new SmsReceipt(providerId, Says, null));

    public Task<ContactDetails?> OfAsync(CustomerId customer, CancellationToken cancel = default) =>
        Task.FromResult<ContactDetails?>(new ContactDetails("+8613800138000", "zh-CN"));
}

/// <summary>The code source for effects that must exist before the Book they read.</summary>
internal sealed class LateCodes : ICodeSource
{
    public ICodeSource? Inner { get; set; }

    public string Purpose => CodeIssue.Purpose;

    public Task<string?> CodeOfAsync(string reference, CancellationToken cancel = default) => Inner!.CodeOfAsync(reference, cancel);
}

/// <summary>Withdrawals and all they call, on a Book without threads. The carrier delivers at once; the bank answers when the test says so.</summary>
internal sealed partial class WithdrawalWorld
{
    private readonly BookSchema _schema = new();
    private readonly LateCodes _late = new();
    private int _times;

    public WithdrawalWorld(WithdrawalRules? rules = null, RiskRules? risk = null, ulong seed = 1)
    {
        Rules = rules ?? WithdrawalRules.Shipped();
        IModule[] modules =
        [
            new CustomersModule(), new CardsModule(), new WalletModule(), new CreditModule(), new PayoutsModule(), new NoticesModule(),
            new RiskModule(risk ?? RiskRules.Shipped()), new WithdrawalsModule(Rules, Codes),
        ];
        foreach (var module in modules)
        {
            module.Describe(_schema);
        }

        _schema.Command<PlantSignIn>("test.sign_in");
        _schema.Command<PlantFreeze>("test.freeze");
        _schema.Command<PlantMoney>("test.money");
        _schema.Command<Tamper>("test.tamper");
        _schema.Command<Overwrite>("test.overwrite");
        _schema.Command<TimeTries>("test.time_tries");
        Book = new SteppedBook(_schema, seed: seed, effects:
        [
            EffectRegistration.Of(new CarrierEffect(Phones, new Edge.MemoryMail(), Phones, [_late])),
            EffectRegistration.Of(new MessageFeedEffect(Feed)),
            EffectRegistration.Of(new NoticeFeedEffect(Feed)),
            EffectRegistration.Of(new WithdrawalFeed(Feed)),
            EffectRegistration.Of(new MarkDelivery()),
            EffectRegistration.Of(new SettleOnPayout()),
            EffectRegistration.Of(new RejectOnPayout()),
            EffectRegistration.Of(new ReturnOnPayout()),
            EffectRegistration.Of(new TellOnDelay()),
            EffectRegistration.Of(new CancelOnUnbind()),
        ]);
        _late.Inner = new WithdrawalCodeSource(Book.Reader, Codes);
    }

    public SteppedBook Book { get; }

    public WithdrawalRules Rules { get; }

    public WithdrawalCodes Codes { get; } = new([.. Enumerable.Range(0, 32).Select(value => (byte)value)]);

    public Phones Phones { get; } = new();

    public NoticeFeed Feed { get; } = new();

    public CardUseChecks CardUses { get; } = new([new WithdrawalCardUse()]);

    public Person Join(VerificationLevel level = VerificationLevel.Enhanced, long wallet = 0, long creditBalance = 0)
    {
        var person = Book.Run(new PlantSignIn(level)).Value;
        Fund(person, wallet, creditBalance);
        return person;
    }

    public void Fund(Person person, long wallet, long creditBalance = 0) => Book.Run(new PlantMoney(person.Customer, wallet, creditBalance, ++_times));

    public Person SignInElsewhere(Person person) => Book.Run(new PlantSignIn(default, person.Customer)).Value;

    public CardView Bind(Person person, string number = "6226090000000001", CardKind kind = CardKind.Debit) =>
        Book.Run(new BindCard(person.Session, MoneyWorld.Card(number, kind), FourElementsAnswer.Agree)).Value;

    public void Unbind(Person person, CardView card)
    {
        var uses = Book.Run(new WhatUsesCard(person.Session, card.Id, CardUses)).Value.Uses.Select(use => use.Reference).ToList();
        Assert.False(Book.Run(new UnbindCard(person.Session, card.Id, MoneyWorld.Pin, uses, CardUses)).Value.IsBound);
    }

    /// <summary>A customer of the enhanced level with 10,000.00 in the wallet, 800.00 credit balance, and a card and device no longer new.</summary>
    public (Person Person, CardView Card) JoinSettled(string number = "6226090000000001")
    {
        var person = Join(VerificationLevel.Enhanced, wallet: 10_000_00, creditBalance: 800_00);
        var card = Bind(person, number);
        Book.Advance(TimeSpan.FromHours(25));
        return (person, card);
    }

    public Result<WithdrawalView> Ask(Person person, CardView? card, long amount, WithdrawalSource source = WithdrawalSource.Wallet, PinProof? pin = null,
        PasskeyProof? passkey = null, CodeChannel channel = CodeChannel.Sms)
    {
        var answer = Book.Run(new RequestWithdrawal(person.Session, source, card?.Id, Money.Cny(amount), pin ?? MoneyWorld.Pin, passkey, channel));
        Book.Settle();
        return answer;
    }

    /// <summary>Asks with the passkey over what the quote shows.</summary>
    public Result<WithdrawalView> AskWithPasskey(Person person, CardView? card, long amount, WithdrawalSource source = WithdrawalSource.Wallet) =>
        Ask(person, card, amount, source, passkey: new PasskeyProof("passkey", Quote(person, card, amount, source).Value.Details!));

    /// <summary>Asks with a passkey over details that no quote would show, because the request will be refused.</summary>
    public Result<WithdrawalView> AskWithDetails(Person person, CardView card, long amount)
    {
        var passkey = Ask(person, card, amount).Refusal!.Arguments!["details"];
        return Ask(person, card, amount, passkey: new PasskeyProof("passkey", passkey));
    }

    public Result<WithdrawalQuote> Quote(Person person, CardView? card, long? amount, WithdrawalSource source = WithdrawalSource.Wallet) =>
        Book.Run(new QuoteWithdrawal(person.Session, source, card?.Id, amount is { } minor ? Money.Cny(minor) : null));

    public Result<WithdrawalView> Redeem(Person person, WithdrawalId id, string code)
    {
        var answer = Book.Run(new RedeemCode(person.Session, id, code));
        Book.Settle();
        return answer;
    }

    public Result<WithdrawalView> Cancel(Person person, WithdrawalId id)
    {
        var answer = Book.Run(new CancelWithdrawal(person.Session, id));
        Book.Settle();
        return answer;
    }

    /// <summary>The code in the newest text message.</summary>
    public string CodeOnPhone() => EightDigits().Match(Phones.Texts.Last(text => EightDigits().IsMatch(text))).Value;

    public static string Wrong(string code) => code[..7] + (char)('0' + ((code[7] - '0' + 1) % 10));

    public Withdrawal Record(WithdrawalId id) => Book.Reader.FindAsync<Withdrawal>(id.Value).Result!;

    public WithdrawalState StateOf(WithdrawalId id) => Record(id).State;

    public void BankSays(WithdrawalId id, BankSaid said, string? reason = null)
    {
        Book.Run(new PayoutAnswered(new PayoutId(Record(id).Payout!), new BankAnswer(said, Reason: reason), []));
        Book.Settle();
    }

    public long Wallet(Person person) => Account(WalletAccounts.Of(person.Customer)).Balance;

    public long Held(Person person) => Account(WalletAccounts.Of(person.Customer)).DebitsPending + Account(CreditAccounts.Balance(person.Customer)).DebitsPending;

    public long CreditBalance(Person person) => Account(CreditAccounts.Balance(person.Customer)).Balance;

    public long Fees => Account(WithdrawalAccounts.Fees).Balance;

    public AccountState Account(LedgerAccountId account) => Book.Reader.AccountAsync(account).Result?.State ?? default;

    /// <summary>The templates of the notices in the customer's inbox, oldest first.</summary>
    public IEnumerable<string> Inbox(Person person) =>
        Book.Reader.ListAsync<Notice>(NoticesModule.ByCustomer, person.Customer.Value, new Page(1_000, NewestFirst: false)).Result.Select(notice => notice.Template);

    /// <summary>What the control totals of all capabilities here find wrong.</summary>
    public IReadOnlyList<string> WhatIsWrong() =>
        [.. _schema.Controls.Select(control => control.Check(new SteppedBooks(Book)) is { } wrong ? $"{control.Name}: {wrong}" : null).OfType<string>()];

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)")]
    private static partial Regex EightDigits();
}

/// <summary>The tables of a stepped Book as control totals see them.</summary>
internal sealed class SteppedBooks(SteppedBook book) : IControlContext
{
    public DateTimeOffset Now => book.Now;

    public IEnumerable<T> All<T>()
        where T : class, IRecord => book.Reader.ListAllAsync<T>(new Page(Limit: 100_000, NewestFirst: false)).Result;

    public AccountState Account(LedgerAccountId account) => book.Reader.AccountAsync(account).Result?.State ?? default;

    public HoldState Hold(HoldId hold) => book.Tables.Holds.FirstOrDefault(state => state.Number == hold.Number);

    public IEnumerable<(LedgerAccountId Id, AccountState State)> Accounts(string prefix) =>
        book.Reader.AccountsAsync(prefix, 100_000).Result.Select(account => (account.Id, account.State));

    public (string Kind, IReadOnlyList<Posting> Postings)? Entry(EntryKey key) =>
        book.Reader.EntryAsync(key).Result is { Count: > 0 } rows ? (rows[0].EntryKind, [.. rows.Select(row => row.Posting)]) : null;
}
