using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Customers.Verification;
using Peony.Edge;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Notices;
using Peony.Operators;
using Peony.Payouts;
using Peony.Risk;
using Peony.Server;
using Peony.Trades;
using Peony.Wallet;
using Peony.Wallet.Disbursements;
using Peony.Withdrawals;

namespace Peony.Scenarios;

/// <summary>
/// Where a story plays: every capability of the program with its own effects on a Book without threads; only the phones, the bank and the bureau are ours. Whoever is in
/// the story came there by the real slices: signed up, verified, bound cards, topped up, overpaid.
/// </summary>
internal sealed class Stage : IDisposable
{
    public const string BookName = "stepped";
    private const string Pin = "135790";
    private readonly ServiceProvider _services;
    private static readonly SignInProof StoryProof = new(SignInProof.Passkey, "story");
    private readonly Dictionary<string, Person> _people = [];
    private (OperatorSessionId First, OperatorSessionId Second)? _operators;
    private FundingId _funding = new("fun_none");
    private LineChangeId _change = new("lch_none");
    private Disbursed? _paid;

    public Stage(DateTimeOffset start)
    {
        Secrets = new Secrets(new byte[32]);
        var options = new PeonyOptions { DataDirectory = "" };
        IReadOnlyList<IModule> modules = [.. PeonyModules.All("", RiskRules.Shipped(), WithdrawalRules.Shipped(), new WithdrawalCodes(Secrets.Key(WithdrawalCodes.KeyPurpose)), new PayCodes(Secrets.Key(PayCodes.KeyPurpose))), new TakenAwayModule()];
        Schema = PeonyModules.Describe(modules);
        var late = new LateBook();
        var bureau = new Bureau();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton(options);
        services.AddSingleton(Secrets);
        services.AddSingleton(Schema);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IVault>(Vault);
        services.AddSingleton<IBook>(late);
        services.AddSingleton<IBookReader>(late);
        foreach (var module in modules)
        {
            module.AddServices(services, options);
        }

        services.AddSingleton<ISmsProvider>(Phones);
        services.AddSingleton<IBankRail>(Bank);
        services.AddSingleton<ICardBureau>(bureau);
        services.AddSingleton<IIdentityBureau>(bureau);
        _services = services.BuildServiceProvider();
        Book = new SteppedBook(Schema, Secrets, effects: _services.GetServices<EffectRegistration>(), start: start);
        late.Inner = Book;
        Bank.Now = () => Book.Now;
    }

    public BookSchema Schema { get; }

    public Secrets Secrets { get; }

    public SteppedBook Book { get; }

    public NumberedVault Vault { get; } = new();

    public Phones Phones { get; } = new();

    public Bank Bank { get; } = new();

    /// <summary>The refusal of the newest act, or null.</summary>
    public Refusal? Refused { get; private set; }

    /// <summary>The most that may be withdrawn and why not more, as the newest look or refusal said.</summary>
    public (string Most, string Because)? Most { get; private set; }

    public void Dispose() => _services.Dispose();

    /// <summary>What the person's page of the bill would show now.</summary>
    public BillView Bill(Person person) => _services.GetRequiredService<BillingReader>().BillAsync(person.Customer).Result ?? throw new InvalidOperationException($"{person.Name} has no credit line.");

    /// <summary>The state the person's line was left in.</summary>
    public BillingState Billing(Person person) => Book.Reader.FindAsync<CreditBilling>(person.Customer.Value).Result!.State;

    /// <summary>Brings every credit line up to now.</summary>
    public void CloseCreditDays()
    {
        foreach (var line in Book.Reader.ListAllAsync<CreditLine>().Result)
        {
            Book.Run(new CloseCreditDays(line.Customer));
        }
    }

    /// <summary>All that happened to credit lines, oldest first.</summary>
    public IReadOnlyList<LineFact> Facts() => [.. Book.Reader.ListAllAsync<LineFact>(new Page(1_000, NewestFirst: false)).Result.Where(fact => fact.VoidAt is null)];

    /// <summary>Where every credit line and every account stands, and what the statements say: one line of text each. A statement that was corrected to nothing is as one there never was.</summary>
    public IReadOnlyList<string> CreditBooks() =>
    [
        .. Book.Reader.AccountsAsync("").Result.Where(account => account.State.Balance != 0).Select(account => $"{account.Id} {account.State.Balance}").Order(StringComparer.Ordinal),
        .. Book.Reader.ListAllAsync<CreditBilling>().Result.Select(billing => $"{billing.Customer} {JsonSerializer.Serialize(billing.State)}"),
        .. Book.Reader.ListAllAsync<CreditLine>().Result.Select(line => $"{line.Customer} {line.StoppedOn:O}"),
        .. Book.Reader.ListAllAsync<Statement>(new Page(1_000)).Result.Where(statement => statement.Cut.Total != 0 || statement.Cut.Lines != CycleTotals.Nothing).Select(statement => $"{statement.Customer} {statement.Cut}").Order(StringComparer.Ordinal),
    ];

    public Person PersonOf(string name) => _people[name];

    /// <summary>Moves the clock to a time of the story, through every timer on the way.</summary>
    public void MoveTo(DateTimeOffset time)
    {
        if (time > Book.Now)
        {
            Book.Advance(time - Book.Now);
        }
    }

    /// <summary>Carries out one act and whatever follows from it at once.</summary>
    public Refusal? Do(Func<Stage, Refusal?> act)
    {
        Refused = null;
        var refusal = act(this);
        Book.Settle();
        foreach (var person in _people.Values)
        {
            SeeTexts(person);
        }

        Refused = refusal;
        if (refusal?.Arguments is { } arguments && arguments.TryGetValue("most", out var most))
        {
            Most = (Money.Parse(most).Shown(), arguments.GetValueOrDefault("bound") ?? "balance");
        }

        return refusal;
    }

    /// <summary>From here on only what comes counts as new in the inboxes.</summary>
    public void BeginStep()
    {
        foreach (var person in _people.Values)
        {
            person.NoticesSeen = Inbox(person).Count;
        }
    }

    // What was before the story.

    public void Join(Cast cast)
    {
        var number = _people.Count + 1;
        var digits = number.ToString("D3", CultureInfo.InvariantCulture);
        var customer = new CustomerId($"{CustomerId.Prefix}_0000000000000000000000{digits}a");
        var phone = MobileNumber.Parse("13800138" + digits).Number!;
        var person = new Person(cast.Name, customer, phone, number);
        SignUp(person);
        _people.Add(cast.Name, person);
        foreach (var device in cast.Devices.Prepend(Person.FirstDevice))
        {
            Expect(SignIn(person, device));
        }

        Expect(Book.Run(new SetPin(person.On(Person.FirstDevice), PinOf(person))).Refusal);
        if (cast.Level >= VerificationLevel.Basic)
        {
            Verify(person);
        }

        if (cast.Level == VerificationLevel.Enhanced)
        {
            Expect(PassPhotoCheck(person, Person.FirstDevice));
        }

        foreach (var card in cast.Cards)
        {
            Expect(Bind(person, Person.FirstDevice, card));
        }

        GiveMoney(person, cast);
    }

    private void SignUp(Person person)
    {
        var id = new SignUpId($"{SignUpId.Prefix}_{person.Customer.Value[4..]}");
        var nonce = person.Name;
        var codeHash = SignUpCode.Hash(Secrets, id.Value, SignUpCode.Derive(Secrets, id.Value, nonce));
        var sealedPhone = Vault.SealAsync(person.Customer.Value, person.Phone.E164).Result;
        Expect(Book.Run(new StartSignUp(id, person.Customer, PersonalHashes.Phone(Secrets, person.Phone), sealedPhone, nonce, codeHash, "en")).Refusal);
        Expect(Book.Run(new ConfirmPhone(id, codeHash)).Refusal);
    }

    private void Verify(Person person)
    {
        var digits = "11010519900101" + person.Number.ToString("D3", CultureInfo.InvariantCulture);
        var id = ResidentId.Parse(digits + ResidentId.CheckCharacterOf(digits), new DateOnly(2026, 1, 1)).Id!;
        var owner = person.Customer.Value;
        Expect(Book.Run(new RecordVerification(person.On(Person.FirstDevice), Vault.SealAsync(owner, person.Name).Result, PersonalHashes.Name(Secrets, person.Name),
            Vault.SealAsync(owner, id.Value).Result, PersonalHashes.ResidentId(Secrets, id), new BureauAnswer(BureauVerdict.Agrees, "story"))).Refusal);
    }

    private void GiveMoney(Person person, Cast cast)
    {
        Bank.SettlesAtOnce = true;
        if (cast.Wallet > 0)
        {
            Expect(TopUp(person, Person.FirstDevice, Money.Cny(cast.Wallet), cast.Cards[0]));
            Book.Settle();
        }

        if (cast.HasCreditLine)
        {
            Expect(OpenCreditLine(person, Person.FirstDevice, cast.Cards[0]));
        }

        if (cast.CreditBalance > 0)
        {
            Expect(Repay(person, Person.FirstDevice, Money.Cny(cast.CreditBalance), cast.Cards[0]));
            Book.Settle();
        }

        if (cast.Owed > 0)
        {
            Expect(Buy(person, Person.FirstDevice, Money.Cny(cast.Owed)));
        }

        Book.Settle();
        Bank.SettlesAtOnce = false;
    }

    private static void Expect(Refusal? refusal)
    {
        if (refusal is not null)
        {
            throw new InvalidOperationException($"what was before the story is refused {refusal.Code}");
        }
    }

    // What customers do.

    public Refusal? SignIn(Person person, string device)
    {
        var at = new DeviceAtHand(PersonalHashes.Browser(Secrets, $"{person.Name}/{device}"), device);
        if (Book.Run(new StartSession(person.Customer, new SignInProof(SignInProof.Password, "password"), at, SessionKind.Bearer)).IsRefused(out var refusal, out var signedIn))
        {
            return refusal;
        }

        person.Devices[device] = (signedIn.Session, signedIn.Device);
        return null;
    }

    public Refusal? Bind(Person person, string device, string lastFour)
    {
        var binding = _services.GetRequiredService<CardBinding>();
        if (binding.BindCardAsync(person.On(device), NumberOf(person, lastFour), person.Phone, key: null).Result.IsRefused(out var refusal, out var card))
        {
            return refusal;
        }

        person.Cards[lastFour] = card.Id;
        return null;
    }

    public Refusal? Unbind(Person person, string device, string lastFour)
    {
        var checks = _services.GetRequiredService<CardUseChecks>();
        if (Book.Run(new WhatUsesCard(person.On(device), person.Card(lastFour), checks)).IsRefused(out var refusal, out var uses))
        {
            return refusal;
        }

        return Book.Run(new UnbindCard(person.On(device), person.Card(lastFour), PinOf(person), [.. uses.Uses.Select(use => use.Reference)], checks)).Refusal;
    }

    public Refusal? PassPhotoCheck(Person person, string device) =>
        Book.Run(new RecordPhotoCheck(person.On(device), ["front", "back", "face"], new BureauAnswer(BureauVerdict.Agrees, "story"))).Refusal;

    public Refusal? TopUp(Person person, string device, Money amount, string card) =>
        Book.Run(new OrderTopUp(person.On(device), person.Card(card), amount, PinOf(person))).Refusal;

    public Refusal? OpenCreditLine(Person person, string device, string card) =>
        Book.Run(new OpenCreditLine(person.On(device), person.Card(card), CreditTerms.Of(CreditProduct.Shipped()).Digest)).Refusal;

    /// <param name="periods">In so many instalments, or null: with the next statement.</param>
    public Refusal? Buy(Person person, string device, Money amount, int? periods = null, string shop = "bookshop") =>
        Book.Run(new MakePurchase(person.On(device), shop, amount, PinOf(person), periods, AgreesToInstalments: true)).Refusal;

    public Refusal? Turn(Person person, string device, Money amount, int periods) =>
        Book.Run(new TurnIntoInstalments(person.On(device), amount, periods, Agrees: true, PinOf(person))).Refusal;

    public Refusal? RepayAutomatically(Person person, string device, string card) =>
        Book.Run(new SetAutoRepayment(person.On(device), person.Card(card), IsMinimumOnly: false, PinOf(person))).Refusal;

    public Refusal? SetCap(Person person, string device, Money? most, bool hasPin) => Book.Run(new SetSpendingCap(person.On(device), most, hasPin ? PinOf(person) : null)).Refusal;

    public Refusal? CloseLine(Person person, string device) => Book.Run(new CloseCreditLine(person.On(device), PinOf(person))).Refusal;

    public Refusal? Refund(Person person, string device, Money amount, RefundChoice? choice)
    {
        var purchase = CreditReader.PurchasesAsync(Book.Reader, person.Customer, new Page(1)).Result[0];
        return Book.Run(new RefundPurchase(person.On(device), purchase.Id, amount, choice)).Refusal;
    }

    /// <summary>Pays off the oldest plan, at what its page says.</summary>
    public Refusal? PayOff(Person person, string device)
    {
        var plan = _services.GetRequiredService<BillingReader>().PlansAsync(person.Customer).Result![0];
        return Book.Run(new PayOffPlan(person.On(device), plan.Id, plan.Payoff, PinOf(person))).Refusal;
    }

    /// <param name="card">Null for the wallet.</param>
    public Refusal? Repay(Person person, string device, Money amount, string? card) => card is null
        ? Book.Run(new RepayFromWallet(person.On(device), amount, PinOf(person))).Refusal
        : Book.Run(new RepayFromCard(person.On(device), person.Card(card), amount, PinOf(person))).Refusal;

    public Refusal? Freeze(Person person, string device) => Book.Run(new FreezeCustomer(person.On(device))).Refusal;

    public Refusal? Unfreeze(Person person, string device) =>
        Book.Run(new UnfreezeCustomer(person.On(device), new SignInProof(SignInProof.Password, "password"), PinOf(person))).Refusal;

    public Refusal? Look(Person person, string device, WithdrawalSource source, string? card)
    {
        if (Book.Run(new QuoteWithdrawal(person.On(device), source, card is null ? null : person.Card(card), Amount: null)).IsRefused(out var refusal, out var quote))
        {
            return refusal;
        }

        Most = (quote.Most.Shown(), WithdrawalCheck.Word(quote.Bound));
        return null;
    }

    public Refusal? Ask(Person person, Wish wish, bool isPinRight = true)
    {
        CardId? card = wish.Card is null ? null : person.Card(wish.Card);
        PasskeyProof? passkey = null;
        if (wish.HasPasskey)
        {
            if (Book.Run(new QuoteWithdrawal(person.On(wish.Device), wish.Source, card, wish.Amount)).IsRefused(out var no, out var quote))
            {
                return no;
            }

            passkey = new PasskeyProof("passkey", quote.Details!);
        }

        var pin = isPinRight ? PinOf(person) : PersonalHashes.Pin(Secrets, person.Customer, "864209");
        if (Book.Run(new RequestWithdrawal(person.On(wish.Device), wish.Source, card, wish.Amount, pin, passkey, wish.Channel, wish.Purpose)).IsRefused(out var refusal, out var view))
        {
            return refusal;
        }

        person.Withdrawals.Add(new Asked(view.Id, wish));
        return null;
    }

    public Refusal? AskForCode(Person person, string device, CodeChannel channel)
    {
        var asked = person.Withdrawal(null);
        if (Book.Run(new ResendCode(person.On(device), asked.Id, channel)).IsRefused(out var refusal, out _))
        {
            return refusal;
        }

        asked.Channel = channel;
        asked.Code = null;
        return null;
    }

    public Refusal? Redeem(Person person, string device, int? number)
    {
        var asked = person.Withdrawal(number);
        if (asked.Channel == CodeChannel.Push)
        {
            asked.Code ??= ReadPush(person, asked);
        }

        var code = asked.Code ?? throw new InvalidOperationException($"no code has arrived for {person.Name}");
        return Book.Run(new RedeemCode(person.On(device), asked.Id, code)).Refusal;
    }

    /// <summary>Types a code that differs from the right one in its last digit.</summary>
    public Refusal? TypeWrong(Person person, string device)
    {
        var asked = person.Withdrawal(null);
        var code = asked.Code ?? throw new InvalidOperationException($"no code has arrived for {person.Name}");
        var wrong = code[..7] + (char)('0' + ((code[7] - '0' + 1) % 10));
        return Book.Run(new RedeemCode(person.On(device), asked.Id, wrong)).Refusal;
    }

    public Refusal? Cancel(Person person, string device) => Book.Run(new CancelWithdrawal(person.On(device), person.Withdrawal(null).Id)).Refusal;

    // What others do.

    public Refusal? Report(IReadOnlyList<(string Order, BankAnswer Answer)> reports)
    {
        foreach (var (order, answer) in reports)
        {
            var report = order.StartsWith(PayoutId.Prefix, StringComparison.Ordinal)
                ? new BankReported(new PayoutAnswered(new PayoutId(order), answer, []), null)
                : new BankReported(null, new CollectionAnswered(new CollectionId(order), answer, []));
            if (Book.Run(report).IsRefused(out var refusal, out _))
            {
                return refusal;
            }
        }

        return null;
    }

    /// <summary>An operator decides what has waited longest; with nothing waiting, on the newest withdrawal.</summary>
    public Refusal? Review(bool isApproved)
    {
        var waiting = RiskReader.QueueAsync(Book.Reader).Result;
        var id = waiting.Count > 0
            ? new WithdrawalId(waiting[0].Subject)
            : _people.Values.SelectMany(person => person.Withdrawals).LastOrDefault()?.Id ?? throw new InvalidOperationException("there is nothing to decide on");
        return isApproved
            ? Book.Run(new ApproveWithdrawal(id, "op_story", "called the customer")).Refusal
            : Book.Run(new DeclineWithdrawal(id, "op_story", "the customer knows nothing of it")).Refusal;
    }

    // Operators who change lines.

    public Refusal? PrepareChange(string name, LineChangeKind kind, Money? limit)
    {
        var prepared = Book.Run(new PrepareLineChange(Operators.First, PersonOf(name).Customer, kind, limit, "asked_for", "for the story"));
        if (prepared.IsDone)
        {
            _change = prepared.Value.Id;
        }

        return prepared.Refusal;
    }

    public Refusal? DecideChange(bool isSecond, bool isApproved)
    {
        var session = isSecond ? Operators.Second : Operators.First;
        return isApproved ? Book.Run(new ApproveLineChange(session, _change)).Refusal : Book.Run(new RejectLineChange(session, _change, "not for this story")).Refusal;
    }

    // Customers who cannot pay, and the operators who decide and who call.

    public Refusal? AskForRelief(Person person, string device, HardshipRelief relief, string reason) => Book.Run(new AskForRelief(person.On(device), relief, reason)).Refusal;

    public Refusal? TakeRequestBack(Person person, string device) => Book.Run(new WithdrawHardship(person.On(device), Request(person).Id)).Refusal;

    /// <param name="grant">What is granted instead of what was asked.</param>
    public Refusal? PrepareRelief(bool isGranted, HardshipRelief? grant)
    {
        var waiting = HardshipReader.AllAsync(Book.Reader).Result[0].Request;
        return Book.Run(new PrepareHardship(Operators.First, waiting.Id, isGranted ? grant ?? waiting.Asked : null, "as the story has it")).Refusal;
    }

    public Refusal? DecideRelief(bool isSecond, bool isApproved)
    {
        var (session, request) = (isSecond ? Operators.Second : Operators.First, HardshipReader.AllAsync(Book.Reader).Result[0].Request.Id);
        return isApproved ? Book.Run(new ApproveHardship(session, request)).Refusal : Book.Run(new RejectHardship(session, request, "not for this story")).Refusal;
    }

    public Refusal? Contact(Person person, ContactChannel channel) =>
        Book.Run(new RecordContact(Operators.First, person.Customer, channel, ContactRules.Shipped().Of(channel).Outcomes[0].Code)).Refusal;

    /// <summary>The newest request of the person.</summary>
    public HardshipView Request(Person person) => HardshipReader.ListAsync(Book.Reader, person.Customer, new Page(1)).Result is [var newest] ? newest : throw new InvalidOperationException($"{person.Name} has asked for nothing");

    public IReadOnlyList<ContactView> Contacts(Person person) => ContactReader.ListAsync(Book.Reader, person.Customer).Result;

    /// <summary>The templates of the texts that were sent to the person.</summary>
    public IReadOnlyList<string> Texts(Person person) =>
        [.. Book.Reader.ListAsync<Message>(NoticesModule.ByCustomer, person.Customer.Value, new Page(1_000)).Result.Where(message => message.Channel == MessageChannel.Sms).Select(message => message.Template)];

    // Operators who pay many at once.

    public Refusal? PrepareFunding(Money amount)
    {
        var prepared = Book.Run(new PrepareFunding(Operators.First, amount, "for the story"));
        if (prepared.IsDone)
        {
            _funding = prepared.Value.Id;
        }

        return prepared.Refusal;
    }

    public Refusal? DecideFunding(bool isSecond, bool isApproved)
    {
        var session = isSecond ? Operators.Second : Operators.First;
        return isApproved ? Book.Run(new ApproveFunding(session, _funding)).Refusal : Book.Run(new RejectFunding(session, _funding, "not for this story")).Refusal;
    }

    public Refusal? Disburse(IReadOnlyList<(string Name, Money Amount)> lines)
    {
        var result = Book.Run(new Disburse(Operators.First, "for the story", [.. lines.Select(line => DisbursementLine.To(PersonOf(line.Name).Customer, line.Amount))]));
        _paid = result.IsDone ? result.Value : _paid;
        return result.Refusal;
    }

    /// <summary>What came of the newest disbursement.</summary>
    public Disbursed Paid => _paid ?? throw new InvalidOperationException("nothing was disbursed");

    /// <summary>Why this line of it, from 1, was not paid; null when it was.</summary>
    public string? LineRefused(int line) => Paid.Refused.Where(refused => refused.Index == line - 1)
        .Select(refused => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(refused.Code.ToString())).FirstOrDefault();

    /// <summary>The operators come when they are first needed: the first by the link of the installation, the second by invitation.</summary>
    private (OperatorSessionId First, OperatorSessionId Second) Operators => _operators ??= Enrol();

    private (OperatorSessionId First, OperatorSessionId Second) Enrol()
    {
        Expect(Book.Run(new InviteFirstOperator("first")).Refusal);
        var first = Book.Run(new EnrolOperator(new OperatorId("op_0000000000000000000000001a"), "first", "Wu", StoryProof)).Value;
        Expect(Book.Run(new InviteOperator(first.Session, "second", "Zhao", OperatorRole.Reviewer)).Refusal);
        return (first.Session, Book.Run(new EnrolOperator(new OperatorId("op_0000000000000000000000002a"), "second", "", StoryProof)).Value.Session);
    }

    // What can be seen.

    public Withdrawal Record(Asked asked) => Book.Reader.FindAsync<Withdrawal>(asked.Id.Value).Result!;

    public AccountState Account(LedgerAccountId account) => Book.Reader.AccountAsync(account).Result?.State ?? default;

    public IReadOnlyList<string> Inbox(Person person) =>
        [.. Book.Reader.ListAsync<Notice>(NoticesModule.ByCustomer, person.Customer.Value, new Page(1_000, NewestFirst: false)).Result.Select(notice => notice.Template)];

    private void SeeTexts(Person person)
    {
        var codes = Phones.CodesOn(person.Phone.E164);
        if (codes.Count > person.CodesSeen && person.Withdrawals.Count > 0)
        {
            person.Withdrawals[^1].Code = codes[^1];
        }

        person.CodesSeen = codes.Count;
    }

    private string? ReadPush(Person person, Asked asked)
    {
        var messages = _services.GetRequiredService<DeviceMessages>();
        return Record(asked).Code?.To is { } device && messages.ReadAsync(person.Customer, device, "en").Result is [var newest, ..] ? Phones.CodeIn(newest.Text) : null;
    }

    private PinProof PinOf(Person person) => PersonalHashes.Pin(Secrets, person.Customer, Pin);

    /// <summary>A debit card number that ends in the four digits and follows the Luhn rule; another one for every customer.</summary>
    private static CardNumber NumberOf(Person person, string lastFour)
    {
        for (var middle = person.Number * 1_000; ; middle++)
        {
            if (CardNumber.Parse($"622609{middle.ToString("D6", CultureInfo.InvariantCulture)}{lastFour[^4..]}").Number is { } number)
            {
                return number;
            }
        }
    }
}

internal static class Amounts
{
    /// <summary>As stories write amounts: <c>1,000.00</c>.</summary>
    public static string Shown(this Money money) => Shown(money.Minor);

    public static string Shown(long minor) => (minor / 100m).ToString("N2", CultureInfo.InvariantCulture);
}
