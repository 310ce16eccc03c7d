using System.Text.Json;
using Microsoft.Extensions.Logging;
using Peony.Bench;
using Peony.Book;
using Peony.Credit;
using Peony.Ledger;
using Peony.Server;
using Peony.Withdrawals;

namespace Peony.Proof;

/// <summary>
/// The Book in this process on SQLite files of a folder, with every capability of the program and its shipped rules: what the driver drives, and what is opened again on each image
/// of the disk. Effects are ended at once, as if the outside had nothing to tell.
/// </summary>
internal sealed class DrivenBook : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _folder;
    private readonly Secrets _secrets;
    private readonly BookSchema _schema;
    private readonly BenchPins _pins;
    private readonly WithdrawalCodes _codes;
    private readonly SqlVault _vault;

    private DrivenBook(string folder, bool isEager, ILogger<BookHost> log)
    {
        _folder = folder;
        _secrets = new Secrets(MasterKey.Load(Path.Combine(folder, "secrets"), isProduction: false));
        _pins = new BenchPins(_secrets);
        _codes = new WithdrawalCodes(_secrets.Key(WithdrawalCodes.KeyPurpose));
        _schema = PeonyModules.Describe(PeonyModules.All(_secrets, folder));
        _schema.Constant(_pins);
        _schema.Command<PlantPerson>("bench.plant_person");
        _vault = Place.OpenVault(_secrets);
        var journal = OpenJournal();
        Host = new BookHost(_schema, _secrets, isEager ? new EagerJournal(journal) : journal, new SqlTables(OpenTables(), _schema), Place.OpenSeal(_secrets), TimeProvider.System,
            new BookOptions { Book = Instance.BookName }, () => _schema.Effects.Select(effect => new EffectRegistration(effect, static (_, _, _) => Task.FromResult<ICommand?>(null))), log);
    }

    public BookHost Host { get; }

    private BookPlace Place => new(_folder);

    /// <param name="isEager">A planted bug: the Book answers before the journal has the frame.</param>
    public static async Task<DrivenBook> StartAsync(string folder, ILogger<BookHost> log, bool isEager = false, CancellationToken cancel = default)
    {
        var book = new DrivenBook(folder, isEager, log);
        try
        {
            await book.Host.StartAsync(cancel);
            return book;
        }
        catch
        {
            await book.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends the command once, under its key.</summary>
    /// <param name="plants">The answers to the plant commands, by number.</param>
    /// <exception cref="BookUnavailableException">Nothing moved.</exception>
    /// <exception cref="OutcomeUnknownException">Nobody knows; the same key will tell.</exception>
    public async Task<Told> SendAsync(Sent sent, IReadOnlyDictionary<int, BenchPerson> plants)
    {
        switch (sent.Act)
        {
            case Act.Plant:
                return await RunAsync(new PlantPerson(Limit: 10_000_00, Wallet: 1_000_00, CreditBalance: 10_00), sent);
            case Act.Buy:
                return await RunAsync(new MakePurchase(plants[sent.Person].Session, "grocer", Money.Cny(sent.Minor), _pins.ProofOf(plants[sent.Person].Customer)), sent);
            case Act.Ask:
                return await RunAsync(new RequestWithdrawal(plants[sent.Person].Session, WithdrawalSource.Wallet, plants[sent.Person].Card, Money.Cny(sent.Minor),
                    _pins.ProofOf(plants[sent.Person].Customer)), sent);
            case Act.Redeem:
                return await RunAsync(new RedeemCode(plants[sent.Person].Session, new WithdrawalId(sent.Subject!), sent.Code!), sent);
            case Act.Cancel:
                return await RunAsync(new CancelWithdrawal(plants[sent.Person].Session, new WithdrawalId(sent.Subject!)), sent);
            case Act.Seal:
                if ((await _vault.ErasedAsync()).Contains(sent.Owner))
                {
                    return new Told(null, "erased");
                }

                await _vault.EnsureKeyAsync(sent.Owner);
                return new Told((await _vault.SealAsync(sent.Owner, sent.Owner)).Envelope, null);
            case Act.Destroy:
                await _vault.DestroyKeyAsync(sent.Owner);
                return new Told("", null);
            default:
                throw new ArgumentOutOfRangeException(nameof(sent));
        }
    }

    /// <summary>What the envelope holds, or null when its owner's key is destroyed.</summary>
    public Task<string?> OpenAsync(string owner, string envelope) => _vault.OpenAsync(owner, new Sealed(envelope));

    /// <summary>The code as the effect that sends it derives it.</summary>
    public async Task<string> CodeAsync(string withdrawal)
    {
        var found = await Host.Reader.FindAsync<Withdrawal>(withdrawal) ?? throw new ProofFailedException($"{withdrawal} was acknowledged and is not in the tables.");
        return _codes.Derive(found.Code!.Nonce, found.BindingAsMade(found.Code));
    }

    /// <summary>Waits until everything acknowledged is in the tables and every effect has ended.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        for (var health = Host.Health; health.Applied < health.Acknowledged || health.OutstandingEffects > 0 || health.Waiting > 0; health = Host.Health)
        {
            Proofs.Hold(health.State == BookState.Serving, $"The Book does not serve any more: {health.State}, {health.Problem}");
            await Task.Delay(1, patience.Token);
        }
    }

    /// <summary>Recomputes everything; only after the Book has ended.</summary>
    public async Task<VerifyReport> VerifyAsync(CancellationToken cancel)
    {
        await using var journal = OpenJournal();
        await using var tables = OpenTables();
        return await BookVerifier.RunAsync(journal, tables, Place.OpenSeal(_secrets), _schema, _secrets, Instance.BookName, cancel: cancel);
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _vault.DisposeAsync();
    }

    // Small logs, so that a short script sees them brought back into their files, and begun anew, several times.
    private SqliteJournal OpenJournal() => new(Place.JournalPath, Instance.BookName, new SqliteJournalOptions { CheckpointPages = 64 });

    private SqliteDialect OpenTables() => new(Place.TablesPath, checkpointPages: 256);

    private async Task<Told> RunAsync<TReply>(ICommand<TReply> command, Sent sent)
    {
        var key = new CallKey($"person-{sent.Person}", sent.Key, _secrets.Fingerprint("POST", sent.Act.ToString(), sent.Key, sent.Subject ?? ""));
        var result = await Host.RunAsync(command, key);
        return result.IsDone ? new Told(JsonSerializer.Serialize(result.Value, BookJson.Options), null) : new Told(null, result.Refusal!.Code);
    }

    /// <summary>A planted bug: says that a frame is durable before it is.</summary>
    private sealed class EagerJournal(IJournal journal) : IJournal
    {
        private Task _last = Task.CompletedTask;

        public Task<long> TakeAsync(Action standingBy, CancellationToken cancel) => journal.TakeAsync(standingBy, cancel);

        public Task<long> RenewAsync(CancellationToken cancel) => journal.RenewAsync(cancel);

        public Task AppendAsync(StoredFrame frame, CancellationToken cancel)
        {
            _last = _last.ContinueWith(async _ =>
            {
                await Task.Delay(10, cancel);
                await journal.AppendAsync(frame, cancel);
            }, TaskScheduler.Default).Unwrap();
            return Task.CompletedTask;
        }

        public Task<StoredFrame?> HeadAsync(CancellationToken cancel) => journal.HeadAsync(cancel);

        public IAsyncEnumerable<StoredFrame> ReadAsync(long from, CancellationToken cancel) => journal.ReadAsync(from, cancel);

        public async ValueTask DisposeAsync()
        {
            await _last;
            await journal.DisposeAsync();
        }
    }
}
