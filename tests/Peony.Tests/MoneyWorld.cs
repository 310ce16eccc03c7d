using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Edge;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Operators;
using Peony.Payouts;
using Peony.Trades;
using Peony.Wallet;

namespace Peony.Tests;

/// <summary>A customer who is there without the steps that lead to it: signed in, verified as far as asked, with the PIN 135790.</summary>
internal sealed record Person(CustomerId Customer, SessionId Session);

/// <summary>Plants a customer, a session and a PIN.</summary>
internal sealed record Plant(VerificationLevel Level) : ICommand<Person>
{
    public Result<Person> Handle(IWork work)
    {
        var id = work.NewId<CustomerId>();
        var session = work.NewId<SessionId>();
        var sealedText = new Sealed("envelope");
        work.Save(new Customer(id, PhoneHash: id.Value, sealedText, "zh-CN", work.Now)
        {
            Level = Level,
            Name = Level == VerificationLevel.None ? null : sealedText,
            IdNumber = Level == VerificationLevel.None ? null : sealedText,
            IdHash = Level == VerificationLevel.None ? null : id.Value,
            NameHash = "name",
        });
        work.Save(new CustomerSession(session, id, work.NewId<DeviceId>(), SessionKind.Bearer, "password", "zh-CN", work.Now));
        work.Save(new PaymentPin(id, MoneyWorld.Pin.Hash, work.Now));
        return new Person(id, session);
    }
}

/// <summary>Freezes or unfreezes without the steps that lead to it.</summary>
internal sealed record PlantFreeze(CustomerId Customer, bool IsFrozen) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Save(work.Get<Customer>(Customer.Value) with { FrozenAt = IsFrozen ? work.Now : null });
        return new Done();
    }
}

/// <summary>Holds part of an account, as an open withdrawal does.</summary>
internal sealed record PlantHold(LedgerAccountId Account, Money Amount) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        work.Post(new Entry(new EntryKey($"test/{Account.Value}/held"), "test.held", PostingLine.MakeHold(Account, PayoutAccounts.Clearing, Amount, expiresAt: null)));
        return new Done();
    }
}

/// <summary>Plants an operator who is signed in.</summary>
internal sealed record PlantOperator(string Name, OperatorRole Role) : ICommand<OperatorCaller>
{
    public Result<OperatorCaller> Handle(IWork work)
    {
        var person = new Operator(work.NewId<OperatorId>(), Name, Role, work.Now);
        var session = new OperatorSession(work.NewId<OperatorSessionId>(), person.Id, "passkey", work.Now);
        work.Save(person);
        work.Save(session);
        return new OperatorCaller(person.Id, session.Id, Name, Role);
    }
}

/// <summary>Something of another capability that uses every card it is asked about.</summary>
internal sealed class AlwaysInUse : ICardUse
{
    public ICommand<CardUses> Of(CustomerId customer, CardId card) => new Use();

    private sealed record Use : ICommand<CardUses>
    {
        public Result<CardUses> Handle(IWork work) => new CardUses([new CardUse("wd_1", "withdrawal", "code_sent", Money.Cny(100))]);
    }
}

/// <summary>The capabilities of a customer's money on a Book without threads; the bank answers when the test says so.</summary>
internal sealed class MoneyWorld
{
    public static readonly PinProof Pin = new("0123456789abcdef0123456789abcdef");
    public static readonly PinProof WrongPin = new("ffffffffffffffffffffffffffffffff");

    /// <summary>Makes the pay codes of phones, as the phones do.</summary>
    public static readonly PayCodes PayCodes = new([.. Enumerable.Range(0, 32).Select(value => (byte)value)]);

    private readonly BookSchema _schema = new();

    public MoneyWorld(CardRules? rules = null)
    {
        IModule[] modules =
        [
            new CustomersModule(), new CardsModule(rules ?? CardRules.Shipped()), new WalletModule(), new CreditModule(), new PayoutsModule(), new OperatorsModule(),
            new MerchantsModule(), new TradesModule(TradeRules.Shipped(), PayCodes),
        ];
        foreach (var module in modules)
        {
            module.Describe(_schema);
        }

        _schema.Command<Plant>("test.plant");
        _schema.Command<PlantFreeze>("test.freeze");
        _schema.Command<PlantHold>("test.hold");
        _schema.Command<PlantOperator>("test.operator");
        _schema.Command<Wallet.PlantWallet>("test.wallet");
        _schema.Command<Cards.PlantIdentity>("test.identity");
        _schema.Command<Credit.PlantEntry>("test.entry");
        _schema.Command<Credit.Limits.PlantRecord>("test.line");
        _schema.Command<Credit.Limits.PlantBilling>("test.billing");
        _schema.Command<Credit.DelayNight>("test.delay_night");
        // An event that nobody acts on is not kept; the tests want to see what was told.
        _schema.EffectOn<CardBound>("test.listener");
        _schema.EffectOn<CardUnbound>("test.listener");
        _schema.EffectOn<TopUpSettled>("test.listener");
        _schema.EffectOn<TopUpFailed>("test.listener");
        _schema.EffectOn<CreditLineOpened>("test.listener");
        _schema.EffectOn<CreditLineChanged>("test.listener");
        _schema.EffectOn<CreditLineClosed>("test.listener");
        _schema.EffectOn<RepaymentSettled>("test.listener");
        _schema.EffectOn<RepaymentFailed>("test.listener");
        _schema.EffectOn<TradeAwaitsBuyer>("test.listener");
        _schema.EffectOn<TradePaid>("test.listener");
        _schema.EffectOn<TradeRefunded>("test.listener");
        _schema.EffectOn<TradeClosed>("test.listener");
        Terms = CreditTerms.Of(CreditProduct.Shipped());
        Book = new SteppedBook(_schema, effects:
        [
            EffectRegistration.Of(new TopUpCollectedEffect()),
            EffectRegistration.Of(new TopUpNotCollectedEffect()),
            EffectRegistration.Of(new RepaymentCollectedEffect()),
            EffectRegistration.Of(new RepaymentNotCollectedEffect()),
            EffectRegistration.Of(new ForgetCardsEffect()),
        ]);
    }

    public SteppedBook Book { get; }

    public CreditTerms Terms { get; }

    public CardUseChecks CardUses { get; } = new([new TopUpCardUse(), new RepaymentCardUse()]);

    public Person Join(VerificationLevel level = VerificationLevel.Basic) => Book.Run(new Plant(level)).Value;

    public static CardToBind Card(string number, CardKind kind = CardKind.Debit) => new("hash-" + number, new Sealed("envelope"), number[^4..], "CMB", kind);

    public CardView Bind(Person person, string number = "6226090000000001", CardKind kind = CardKind.Debit) =>
        Book.Run(new BindCard(person.Session, Card(number, kind), FourElementsAnswer.Agree)).Value;

    public CreditLineView OpenLine(Person person, CardView card) => Book.Run(new OpenCreditLine(person.Session, card.Id, Terms.Digest)).Value;

    /// <summary>A verified customer with a debit card, a credit line of 1,500.00 and a wallet of 1,000.00.</summary>
    public (Person Person, CardView Card) JoinWithMoney()
    {
        var person = Join();
        var card = Bind(person);
        OpenLine(person, card);
        TopUp(person, card, 1_000_00);
        return (person, card);
    }

    /// <summary>A second customer with a card of another number and a credit line.</summary>
    public Person JoinWithOtherCard()
    {
        var person = Join();
        OpenLine(person, Bind(person, "6226090000000009"));
        return person;
    }

    public void TopUp(Person person, CardView card, long amount)
    {
        Book.Run(new OrderTopUp(person.Session, card.Id, Money.Cny(amount), Pin));
        BankSettles();
    }

    /// <summary>The bank answers every collection that is open.</summary>
    public void BankSettles() => BankAnswers(new BankAnswer(BankSaid.Settled));

    public void BankRejects(string reason = "AM04") => BankAnswers(new BankAnswer(BankSaid.Rejected, Reason: reason));

    public Result<PurchaseView> Buy(Person person, long amount, PinProof? pin = null) => Book.Run(new MakePurchase(person.Session, "bookshop", Money.Cny(amount), pin ?? Pin));

    public long Balance(LedgerAccountId account) => Book.Reader.AccountAsync(account).Result?.State.Balance ?? 0;

    public long Owed(Person person) => Balance(CreditAccounts.Owed(person.Customer));

    public long CreditBalance(Person person) => Balance(CreditAccounts.Balance(person.Customer));

    public long Wallet(Person person) => Balance(WalletAccounts.Of(person.Customer));

    /// <summary>What the control totals of all capabilities here find wrong.</summary>
    public IReadOnlyList<string> WhatIsWrong() =>
        [.. _schema.Controls.Select(control => control.Check(new Books(Book.Reader)) is { } wrong ? $"{control.Name}: {wrong}" : null).OfType<string>()];

    private void BankAnswers(BankAnswer answer)
    {
        foreach (var collection in Book.Reader.ListAllAsync<Collection>().Result.Where(collection => collection.Progress.IsOpen()))
        {
            Book.Run(new CollectionAnswered(collection.Id, answer, []));
        }

        Book.Settle();
    }
}

/// <summary>The tables as control totals see them.</summary>
internal sealed class Books(IBookReader reader) : IControlContext
{
    public DateTimeOffset Now => reader.Now;

    public IEnumerable<T> All<T>()
        where T : class, IRecord => reader.ListAllAsync<T>(new Page(Limit: 10_000, NewestFirst: false)).Result;

    public AccountState Account(LedgerAccountId account) => reader.AccountAsync(account).Result?.State ?? default;

    public HoldState Hold(HoldId hold) => throw new NotSupportedException("No control total here asks for a hold.");

    public IEnumerable<(LedgerAccountId Id, AccountState State)> Accounts(string prefix) =>
        reader.AccountsAsync(prefix, 10_000).Result.Select(account => (account.Id, account.State));

    public (string Kind, IReadOnlyList<Posting> Postings)? Entry(EntryKey key) =>
        reader.EntryAsync(key).Result is { Count: > 0 } rows ? (rows[0].EntryKind, [.. rows.Select(row => row.Posting)]) : null;
}
