using System.Text.Json;
using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Customers.SignIn;
using Peony.Ledger;
using Peony.Operators;
using Peony.Payouts;
using Peony.Risk;
using Peony.Trades;
using Peony.Wallet;
using Peony.Wallet.Disbursements;
using Peony.Withdrawals;

namespace Peony.Server.Simulation;

/// <summary>A simulated customer: two sessions on two devices.</summary>
internal sealed record SimulatedPerson(CustomerId Customer, SessionId Session, SessionId Elsewhere, bool HasTwoDevices);

/// <summary>Puts a customer with sessions, PIN and money there, without the steps that lead to it. For the simulation only.</summary>
internal sealed record PlantPerson(bool HasTwoDevices, VerificationLevel Level, long Wallet, long CreditBalance) : ICommand<SimulatedPerson>
{
    public Result<SimulatedPerson> Handle(IWork work)
    {
        var (id, session, elsewhere) = (work.NewId<CustomerId>(), work.NewId<SessionId>(), work.NewId<SessionId>());
        var (device, other) = (work.NewId<DeviceId>(), work.NewId<DeviceId>());
        var envelope = new Sealed("envelope");
        work.Save(new Customer(id, id.Value, envelope, "zh-CN", work.Now) { Level = Level, Name = envelope, IdNumber = envelope, IdHash = id.Value, NameHash = "name" });
        work.Save(new PaymentPin(id, WithdrawalWorld.Pin.Hash, work.Now));
        work.Save(new Device(device, id, device.Value, "A", work.Now) { LastSignInAt = work.Now });
        if (HasTwoDevices)
        {
            work.Save(new Device(other, id, other.Value, "B", work.Now) { LastSignInAt = work.Now });
        }

        work.Save(new CustomerSession(session, id, device, SessionKind.Bearer, "password", "zh-CN", work.Now));
        work.Save(new CustomerSession(elsewhere, id, HasTwoDevices ? other : device, SessionKind.Bearer, "password", "zh-CN", work.Now));
        WalletAccounts.Open(work, id);
        var limit = Money.Cny(1_500_00);
        CreditAccounts.Open(work, id, limit);
        foreach (var (account, amount) in new[] { (WalletAccounts.Of(id), Wallet), (CreditAccounts.Balance(id), CreditBalance) })
        {
            work.Post(new Entry(new EntryKey($"simulation/{account}"), "simulation.money", PostingLine.Post(PayoutAccounts.Settlement, account, Money.Cny(amount))));
        }

        var accepted = new AcceptedTerms("simulated", "simulated", "zh-CN", work.Now);
        work.Save(new CreditLine(id, limit, new CardId("card_simulated"), accepted, work.Use<CreditProducts>().Offered.Version, "simulated", [new CreditReason("simulated", limit, "模拟", "simulated")], work.Now));
        LineBilling.Open(work, id);
        return new SimulatedPerson(id, session, elsewhere, HasTwoDevices);
    }
}

/// <summary>The simulated operators: who prepares and pays, and who looks at it as well.</summary>
internal sealed record SimulatedOperators(OperatorSessionId First, OperatorSessionId Second);

/// <summary>Puts two operators there, signed in. For the simulation only.</summary>
internal sealed record PlantOperators : ICommand<SimulatedOperators>
{
    public Result<SimulatedOperators> Handle(IWork work)
    {
        return new SimulatedOperators(Enrol("first"), Enrol("second"));

        OperatorSessionId Enrol(string name)
        {
            if (work.FindOne<Operator>("name", OperatorNames.Plain(name)) is { } known)
            {
                return work.FindBy<OperatorSession>("operator", known.Id.Value)[0].Id;
            }

            var (id, session) = (work.NewId<OperatorId>(), work.NewId<OperatorSessionId>());
            work.Save(new Operator(id, name, OperatorRole.Admin, work.Now));
            work.Save(new OperatorSession(session, id, "passkey", work.Now));
            return session;
        }
    }
}

/// <summary>
/// Customers who withdraw in every right and wrong way, operators who pay many of them at once, a bank that answers late, twice, out of order and otherwise than it said, and what must hold whatever
/// they do. The brakes are set low, so that they are reached.
/// </summary>
internal sealed class WithdrawalWorld : ISimulatedWorld
{
    public static readonly PinProof Pin = new("pin");
    private readonly WithdrawalCodes _codes = new([.. Enumerable.Repeat((byte)7, 32)]);
    private readonly BookSchema _schema;
    private readonly CardUseChecks _cardUses = new([new WithdrawalCardUse()]);
    private readonly Dictionary<string, EffectRegistration> _effects;
    private readonly List<SimulatedPerson> _people = [];
    private readonly List<(SimulatedPerson Person, CardView Card)> _cards = [];
    private readonly List<(SimulatedPerson Person, WithdrawalId Id)> _withdrawals = [];
    private readonly List<FundingId> _fundings = [];
    private SimulatedOperators? _operators;
    private BookReader? _reader;
    private int _number;
    private int _planted;
    private SimulatedPerson? _unlucky;

    public WithdrawalWorld()
    {
        var shipped = WithdrawalRules.Shipped();
        var rules = shipped with { Code = shipped.Code with { IssuesPerHour = 6, WrongTriesPerDay = 8, WrongTriesPerHourOfAll = 12 }, ReviewHours = 1 };
        var risk = RiskRules.Shipped();
        risk = risk with { Rules = [.. risk.Rules.Select(rule => rule.Name == "very_frequent" ? rule with { When = rule.When with { ActsOfDayFrom = 2 } } : rule)] };
        _schema = PeonyModules.Describe(PeonyModules.All("", risk, rules, _codes, new PayCodes(new byte[32])));
        _schema.Command<PlantPerson>("simulation.person");
        _schema.Command<PlantOperators>("simulation.operators");
        _effects = new[]
        {
            EffectRegistration.Of(new SettleOnPayout()), EffectRegistration.Of(new RejectOnPayout()), EffectRegistration.Of(new ReturnOnPayout()),
            EffectRegistration.Of(new TellOnDelay()), EffectRegistration.Of(new CancelOnUnbind()),
        }.ToDictionary(effect => effect.Name);
    }

    public BookSchema Schema => _schema;

    /// <summary>The refusals that this world must reach, each at least once in a long run.</summary>
    public static IReadOnlyList<string> Refusals { get; } =
    [
        .. typeof(WithdrawalRefusals).GetFields().Select(field => ((Refusal)field.GetValue(null)!).Code),
        "pin.wrong", "pin.locked", "customer.frozen", "card.not_found", "card.not_debit", "idempotency.key_reused", "session.ended",
        "operator.own_work", DisbursementRefusals.FundingDecided.Code, DisbursementRefusals.FundingNotFound.Code, DisbursementRefusals.AmountInvalid.Code,
    ];

    public void Attach(MemoryTables tables)
    {
        _reader = new BookReader(_schema, tables, _ => ValueTask.CompletedTask, () => DateTimeOffset.UnixEpoch);
    }

    public (ICommand Command, CallKey? Key, Action<Outcome> Answered) Next(SeededRandomness random, DateTimeOffset now)
    {
        var number = ++_number;
        var key = new CallKey("c" + random.Next(3), "k" + (random.Next(60) == 0 ? random.Next(number) : number), [.. BitConverter.GetBytes(number), .. new byte[12]]);
        if (_people.Count == 0 || _planted < 3 || random.Next(80) == 0)
        {
            _planted++;
            var level = random.Next(20) == 0 ? VerificationLevel.None : random.Next(3) == 0 ? VerificationLevel.Basic : VerificationLevel.Enhanced;
            return (new PlantPerson(random.Next(2) == 0, level, 100_00 + random.Next(3_000_000), 1 + random.Next(2_000_00)), key,
                outcome => AddTo(_people, outcome.Reply as SimulatedPerson));
        }

        if (random.Next(16) == 0)
        {
            return (Operate(random), key, LearnOfOperators);
        }

        var person = _people[random.Next(_people.Count)];
        // Somebody has forgotten the PIN and keeps trying.
        _unlucky = random.Next(25) == 0 ? person : _unlucky;
        return (Act(person, random), key, outcome => Learn(person, outcome));
    }

    private ICommand Act(SimulatedPerson person, SeededRandomness random)
    {
        var session = random.Next(12) == 0 ? person.Elsewhere : person.Session;
        if (_withdrawals.Count == 0 || random.Next(5) < 2)
        {
            return random.Next(8) switch
            {
                < 2 => new BindCard(session, new CardToBind($"hash-{person.Customer}-{random.Next(3)}", new Sealed("envelope"), "1234", "CMB",
                    random.Next(8) == 0 ? CardKind.Credit : CardKind.Debit), FourElementsAnswer.Agree),
                _ => Ask(person, session, random),
            };
        }

        var (owner, id) = _withdrawals[_withdrawals.Count - 1 - random.Next(Math.Min(_withdrawals.Count, 4))];
        session = random.Next(10) switch { 0 => owner.Elsewhere, 1 => person.Session, _ => owner.Session };
        return random.Next(24) switch
        {
            < 4 => new RedeemCode(session, id, CodeOf(id)),
            < 13 => new RedeemCode(session, id, random.Next(100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture)),
            13 => new CancelWithdrawal(session, id),
            < 15 => new ResendCode(session, id, random.Next(2) == 0 ? CodeChannel.Push : CodeChannel.Sms),
            < 18 => new ApproveWithdrawal(InReview(id, random), "op_1", random.Next(6) == 0 ? " " : "seen"),
            18 => new DeclineWithdrawal(InReview(id, random), "op_1", "no"),
            19 => (ICommand?)UnbindWhatIsReviewed(random) ?? new DeclineWithdrawal(id, "op_1", "no"),
            20 => Said(id, random),
            21 => Stray(id, random.Next(3)),
            22 => random.Next(25) == 0 ? new FreezeCustomer(owner.Elsewhere) : random.Next(12) == 0 ? new EndSession(owner.Session, owner.Elsewhere) : new RedeemCode(session, new WithdrawalId("wd_none"), "00000000"),
            _ => Unbind(random),
        };
    }

    /// <summary>The fund is filled by little and paid from by more, so that it runs short within a list.</summary>
    private ICommand Operate(SeededRandomness random)
    {
        if (_operators is not { } operators)
        {
            return new PlantOperators();
        }

        var funding = _fundings.Count == 0 || random.Next(20) == 0 ? new FundingId("fun_none") : _fundings[^1];
        return random.Next(8) switch
        {
            < 2 => new PrepareFunding(operators.First, Money.Cny(random.Next(12) == 0 ? -1 : 1 + random.Next(50_00)), "simulated"),
            2 => new ApproveFunding(operators.Second, funding),
            3 => random.Next(3) == 0 ? new RejectFunding(operators.Second, funding, "simulated") : new ApproveFunding(operators.First, funding),
            _ => new Disburse(operators.First, "simulated", [.. Enumerable.Range(0, 1 + random.Next(12)).Select(_ => Line(random))]),
        };
    }

    private DisbursementLine Line(SeededRandomness random) => random.Next(12) switch
    {
        0 => DisbursementLine.To(new CustomerId("cus_none"), Money.Cny(1)),
        1 => DisbursementLine.To(_people[random.Next(_people.Count)].Customer, Money.Cny(0)),
        2 => DisbursementLine.To(_people[random.Next(_people.Count)].Customer, new Money(1, Currency.Usd)),
        _ => DisbursementLine.To(_people[random.Next(_people.Count)].Customer, Money.Cny(1 + random.Next(20_00))),
    };

    private void LearnOfOperators(Outcome outcome)
    {
        _operators = outcome.Reply as SimulatedOperators ?? _operators;
        if (outcome.Reply is FundingView { State: FundingState.Prepared } funding)
        {
            _fundings.Add(funding.Id);
        }
    }

    /// <summary>An outcome that no payout has. A cash advance is undone out of the money that came back, so for one only a payout may say that it did.</summary>
    private ICommand Stray(WithdrawalId id, int which) => which switch
    {
        0 => new SettleWithdrawal(id),
        _ when _reader!.FindAsync<Withdrawal>(id.Value).Result is { Source: WithdrawalSource.CashAdvance } => new SettleWithdrawal(id),
        1 => new RejectWithdrawal(id, "AC04"),
        _ => new ReturnWithdrawal(id, "AC04"),
    };

    private RequestWithdrawal Ask(SimulatedPerson person, SessionId session, SeededRandomness random)
    {
        var cards = _cards.Where(card => card.Person == person).ToList();
        CardId? card = cards.Count == 0 || random.Next(5) == 0 ? null : cards[random.Next(cards.Count)].Card.Id;
        if (random.Next(40) == 0)
        {
            card = new CardId("card_none");
        }

        var source = random.Next(card is null ? 12 : 3) != 0 == card is null ? WithdrawalSource.CreditBalance : random.Next(3) == 0 ? WithdrawalSource.CashAdvance : WithdrawalSource.Wallet;
        var amount = random.Next(12) switch { 0 => 0, 1 => 100_000 + random.Next(6_000_000), < 5 => 50_000 + random.Next(50_000), _ => 1 + random.Next(source == WithdrawalSource.Wallet ? 60_000 : 4_000) };
        amount = source == WithdrawalSource.CashAdvance ? 9_500 + random.Next(30_000) : amount;
        var passkey = random.Next(6) switch { 0 => new PasskeyProof("passkey", "other details"), 1 => null, _ => new PasskeyProof("passkey", DetailsOf(person, source, card, amount)) };
        return new RequestWithdrawal(session, source, card, Money.Cny(amount), random.Next(person == _unlucky ? 1 : 15) == 0 ? new PinProof("no!") : Pin, passkey,
            random.Next(6) == 0 ? CodeChannel.Push : CodeChannel.Sms, random.Next(20) switch { 0 => null, 1 => "property", _ => "daily" });
    }

    /// <summary>What a passkey over the review step would be given over; worked out as the page does it, from the quote.</summary>
    private string DetailsOf(SimulatedPerson person, WithdrawalSource source, CardId? card, long amount)
    {
        var view = _cards.LastOrDefault(bound => bound.Card.Id == card).Card;
        var rules = _schema.ConstantOf<WithdrawalRules>();
        var fee = rules.Route(source, card is not null)?.Fee(Money.Cny(amount)) ?? Money.Cny(0);
        var text = string.Join('\n', "withdrawal", person.Customer.Value, source.ToString(), card?.Value ?? "wallet",
            (view?.Version ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture), Money.Cny(amount).ToString(), fee.ToString());
        return Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>A withdrawal that waits for the operator, if there is one.</summary>
    private WithdrawalId InReview(WithdrawalId otherwise, SeededRandomness random)
    {
        var waiting = random.Next(5) == 0 ? [] : _reader!.ListAsync<Withdrawal>(WithdrawalsModule.ByState, nameof(WithdrawalState.InReview)).Result;
        return waiting.Count == 0 ? otherwise : waiting[random.Next(waiting.Count)].Id;
    }

    /// <summary>The card of a withdrawal that waits for the operator is unbound: whether approval or the unbinding's own effect comes first, no money may go there.</summary>
    private UnbindCard? UnbindWhatIsReviewed(SeededRandomness random)
    {
        var waiting = _reader!.ListAsync<Withdrawal>(WithdrawalsModule.ByState, nameof(WithdrawalState.InReview)).Result.FirstOrDefault(withdrawal => withdrawal.Card is not null);
        return waiting is null || random.Next(2) == 0 ? null : UnbindOf(_people.First(person => person.Customer == waiting.Customer), waiting.Card!.Id);
    }

    private UnbindCard UnbindOf(SimulatedPerson owner, CardId card) =>
        new(owner.Session, card, Pin, [.. _reader!.ListAsync<Withdrawal>(WithdrawalsModule.ByCardInUse, card.Value).Result.Select(withdrawal => withdrawal.Id.Value)], _cardUses);

    private ICommand Unbind(SeededRandomness random)
    {
        if (_cards.Count == 0)
        {
            return new CancelWithdrawal(_people[0].Session, new WithdrawalId("wd_none"));
        }

        var (owner, card) = _cards[random.Next(_cards.Count)];
        return UnbindOf(owner, card.Id);
    }

    private PayoutAnswered Said(WithdrawalId id, SeededRandomness random) =>
        new(new PayoutId(Record(id)?.Payout ?? "po_none"), Bank(random), []);

    private static BankAnswer Bank(SeededRandomness random) => random.Next(8) switch
    {
        < 3 => new BankAnswer(BankSaid.Settled),
        3 => new BankAnswer(BankSaid.Accepted),
        4 => new BankAnswer(BankSaid.Rejected, Reason: "AC04"),
        5 => new BankAnswer(BankSaid.Nothing),
        _ => new BankAnswer(BankSaid.Rejected, Reason: "AC03"),
    };

    /// <summary>The code as it stands on the phone: derived from the tables, which may be a moment behind.</summary>
    private string CodeOf(WithdrawalId id) => Record(id) is { Code: { } code } withdrawal ? _codes.Derive(code.Nonce, withdrawal.BindingAsMade(code)) : "00000000";

    private Withdrawal? Record(WithdrawalId id) => _reader!.FindAsync<Withdrawal>(id.Value).Result;

    private void Learn(SimulatedPerson person, Outcome outcome)
    {
        switch (outcome.Reply)
        {
            case CardView { IsBound: true } card:
                _cards.Add((person, card));
                break;
            case WithdrawalView { State: WithdrawalState.AwaitingCode } asked when _withdrawals.All(known => known.Id != asked.Id):
                _withdrawals.Add((_people.First(known => known.Customer == asked.Customer), asked.Id));
                break;
            default:
                break;
        }
    }

    private static void AddTo<T>(List<T> list, T? item)
        where T : class
    {
        if (item is not null)
        {
            list.Add(item);
        }
    }

    public (bool IsAnswered, ICommand? Outcome) Answer(OutstandingEffect effect, SeededRandomness random)
    {
        var @event = (IEvent)JsonSerializer.Deserialize(effect.Body, _schema.EventType(effect.Type), BookJson.Options)!;
        return @event switch
        {
            PayoutDue due => (random.Next(3) > 0, new PayoutAnswered(due.Payout, Bank(random), [])),
            _ when _effects.TryGetValue(effect.Effect, out var real) => (true, real.ActAsync(@event, new EffectContext("", 1, _reader!), default).GetAwaiter().GetResult()),
            _ => (true, null),
        };
    }

    public string? Check(MemoryTables tables, IReadOnlyList<Frame> journal)
    {
        var books = new MemoryBooks(_schema, tables);
        foreach (var control in _schema.Controls)
        {
            if (control.Check(books) is { } wrong)
            {
                return $"{control.Name}: {wrong}";
            }
        }

        // From the journal, without the state machine: how often each withdrawal left the state in which its code is alive by being redeemed, and what was counted.
        var last = new Dictionary<string, Withdrawal>(StringComparer.Ordinal);
        var sentOff = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var op in journal.SelectMany(frame => frame.Ops).OfType<RecordOp>().Where(op => op.Type == "withdrawal"))
        {
            var next = JsonSerializer.Deserialize<Withdrawal>(op.Body, BookJson.Options)!;
            if (next.RedeemedAt is not null && (!last.TryGetValue(op.Id, out var before) || before.RedeemedAt != next.RedeemedAt))
            {
                sentOff[op.Id] = sentOff.GetValueOrDefault(op.Id) + 1;
            }

            if (next.Code is { } code && (code.WrongTries >= 5 || code.ExpiresAt - code.IssuedAt != TimeSpan.FromMinutes(5)))
            {
                return $"{op.Id} has a live code after {code.WrongTries} wrong tries.";
            }

            last[op.Id] = next;
        }

        if (sentOff.FirstOrDefault(pair => pair.Value > 1) is { Key: not null } twice)
        {
            return $"The code of {twice.Key} worked {twice.Value} times.";
        }

        foreach (var withdrawal in last.Values)
        {
            var held = withdrawal.Holds.Sum(hold => books.Hold(hold).Remaining);
            var mustHold = withdrawal.State is WithdrawalState.AwaitingCode or WithdrawalState.InReview ? withdrawal.Total.Minor : 0;
            if (held != mustHold)
            {
                return $"{withdrawal.Id} is {withdrawal.State} and holds {held} instead of {mustHold}.";
            }

            if (withdrawal.State == WithdrawalState.AwaitingCode && withdrawal.Code!.ExpiresAt < books.Now)
            {
                return $"{withdrawal.Id} waits for a code whose time ran out.";
            }
        }

        return CountTries(journal) ?? CountLines(tables, books, journal);
    }

    /// <summary>
    /// Every line of a disbursement was paid or refused, never both and never neither: its entry has as many transfers as it says were paid, of the sum it says. And nothing was paid out of
    /// a fund that did not have it.
    /// </summary>
    private static string? CountLines(MemoryTables tables, MemoryBooks books, IReadOnlyList<Frame> journal)
    {
        if (books.Account(DisbursementAccounts.Fund).Balance < 0)
        {
            return $"{DisbursementAccounts.Fund} is below zero.";
        }

        var refused = books.All<DisbursementRefused>().ToDictionary(disbursement => disbursement.Id, disbursement => disbursement.Lines.Count);
        foreach (var op in journal.SelectMany(frame => frame.Ops).OfType<RecordOp>().Where(op => op.Type == "disbursement"))
        {
            var disbursement = JsonSerializer.Deserialize<Disbursement>(op.Body, BookJson.Options)!;
            var paid = tables.EntryOf(DisbursementReader.EntryOf(disbursement.Id).Value)?.Postings ?? [];
            if (paid.Length != disbursement.Paid || paid.Sum(posting => posting.Amount) != disbursement.TotalPaid.Minor
                || paid.Length + refused.GetValueOrDefault(disbursement.Id) != disbursement.Lines)
            {
                return $"{disbursement.Id} paid {disbursement.Paid} of {disbursement.Lines} lines and its entry has {paid.Length}.";
            }
        }

        return null;
    }

    /// <summary>Every wrong try that a caller heard of is on the record: a try that leaves no mark could be repeated for ever.</summary>
    private static string? CountTries(IReadOnlyList<Frame> journal)
    {
        var refused = 0;
        var counted = 0;
        foreach (var op in journal.SelectMany(frame => frame.Ops))
        {
            if (op is CommandOp { Name: "withdrawals.redeem", Refusal: "withdrawal.code_wrong" })
            {
                refused++;
            }

            if (op is RecordOp { Type: "withdrawal_brake" })
            {
                counted++;
            }
        }

        return counted >= refused ? null : $"{refused} wrong codes were refused and {counted} counted.";
    }
}
