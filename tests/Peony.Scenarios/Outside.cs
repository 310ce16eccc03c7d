using System.Text.RegularExpressions;
using Peony.Book;
using Peony.Cards;
using Peony.Customers.Verification;
using Peony.Identifiers;
using Peony.Ledger;
using Peony.Notices;
using Peony.Payouts;

namespace Peony.Scenarios;

/// <summary>The carrier and everybody's phones, in memory. A text arrives at once, or not at all.</summary>
internal sealed partial class Phones : ISmsProvider
{
    private readonly Dictionary<string, SmsReceipt> _receipts = [];
    private readonly List<(string To, string Text)> _arrived = [];

    public bool Arrive { get; set; } = true;

    public Task<SmsReceipt> SendAsync(string clientMessageId, string to, string text, CancellationToken cancel)
    {
        if (!_receipts.TryGetValue(clientMessageId, out var receipt))
        {
            receipt = Arrive ? new SmsReceipt(clientMessageId, SmsState.Delivered, null) : new SmsReceipt(clientMessageId, SmsState.Failed, "absent");
            _receipts.Add(clientMessageId, receipt);
            if (Arrive)
            {
                _arrived.Add((to, text));
            }
        }

        return Task.FromResult(receipt);
    }

    public Task<SmsReceipt?> StatusAsync(string providerId, CancellationToken cancel) => Task.FromResult(_receipts.GetValueOrDefault(providerId));

    /// <summary>The codes of eight digits that arrived on a phone, oldest first.</summary>
    public IReadOnlyList<string> CodesOn(string phone) => [.. _arrived.Where(text => text.To == phone).Select(text => CodeIn(text.Text)).OfType<string>()];

    public static string? CodeIn(string text) => EightDigits().Match(text) is { Success: true } code ? code.Value : null;

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)")]
    private static partial Regex EightDigits();
}

/// <summary>The bank, in memory. It takes orders and then does what the story says.</summary>
internal sealed class Bank : IBankRail
{
    private readonly Dictionary<string, BankAnswer> _orders = [];
    private readonly List<string> _settled = [];

    /// <summary>The Book's time, by which the bank dates its reports.</summary>
    public Func<DateTimeOffset> Now { get; set; } = () => default;

    /// <summary>Orders settle as they come in; for what was before the story.</summary>
    public bool SettlesAtOnce { get; set; }

    /// <summary>It takes orders, but no answer about an order that it has arrives.</summary>
    public bool IsSilent { get; set; }

    /// <summary>It takes nothing and answers nothing.</summary>
    public bool IsClosed { get; set; }

    public Task<BankReply> AskAsync(string endToEndId, Money amount, CancellationToken cancel) =>
        Reply(_orders.GetValueOrDefault(endToEndId) ?? new BankAnswer(BankSaid.NotKnown));

    public Task<BankReply> PayAsync(Payout payout, byte[] file, CancellationToken cancel) => Take(payout.Id.Value);

    public Task<BankReply> CollectAsync(Collection collection, CardInstruction card, CancellationToken cancel) => Take(collection.Id.Value);

    /// <summary>Settles or rejects every order that is open; gives the ids of those it reports.</summary>
    public IReadOnlyList<(string Order, BankAnswer Answer)> Decide(BankSaid said, string? reason)
    {
        var open = _orders.Where(order => order.Value.Said == BankSaid.Accepted).Select(order => order.Key).ToList();
        foreach (var order in open)
        {
            _orders[order] = new BankAnswer(said, Now(), reason);
            if (said == BankSaid.Settled)
            {
                _settled.Add(order);
            }
        }

        return Reported(open);
    }

    /// <summary>Sends back the payout it settled last.</summary>
    public IReadOnlyList<(string Order, BankAnswer Answer)> Return(string reason) => Undo(PayoutId.Prefix, reason);

    /// <summary>Takes back the debit it settled last.</summary>
    public IReadOnlyList<(string Order, BankAnswer Answer)> TakeBack(string reason) => Undo(CollectionId.Prefix, reason);

    private IReadOnlyList<(string Order, BankAnswer Answer)> Undo(string prefix, string reason)
    {
        var last = _settled.FindLast(order => order.StartsWith(prefix + "_", StringComparison.Ordinal)) ?? throw new InvalidOperationException("the bank has settled no such order that it could undo");
        _settled.Remove(last);
        _orders[last] = new BankAnswer(BankSaid.Rejected, Now(), reason);
        return Reported([last]);
    }

    private IReadOnlyList<(string Order, BankAnswer Answer)> Reported(IEnumerable<string> orders) =>
        IsSilent || IsClosed ? [] : [.. orders.Select(order => (order, _orders[order]))];

    private Task<BankReply> Take(string order)
    {
        if (!IsClosed)
        {
            _orders.TryAdd(order, new BankAnswer(SettlesAtOnce ? BankSaid.Settled : BankSaid.Accepted, Now()));
        }

        return Reply(_orders.GetValueOrDefault(order) ?? new BankAnswer(BankSaid.NotKnown));
    }

    private Task<BankReply> Reply(BankAnswer answer) => IsClosed || (IsSilent && answer.Said != BankSaid.NotKnown)
        ? Task.FromException<BankReply>(new HttpRequestException("The bank does not answer."))
        : Task.FromResult(new BankReply(answer, Report: null));
}

/// <summary>The bureau, which agrees to everybody.</summary>
internal sealed class Bureau : ICardBureau, IIdentityBureau
{
    public Task<CardCheck> CheckAsync(CardCheckId reference, FourElements elements, CancellationToken cancel) =>
        Task.FromResult(new CardCheck(FourElementsAnswer.Agree, Bank: null, Kind: null));

    public Task<BureauAnswer> CheckAsync(string reference, string name, ResidentId id, CancellationToken cancel) =>
        Task.FromResult(new BureauAnswer(BureauVerdict.Agrees, reference));

    public Task<BureauAnswer> CheckPhotosAsync(string reference, string name, ResidentId id, IdentityPhotos photos, CancellationToken cancel) =>
        Task.FromResult(new BureauAnswer(BureauVerdict.Agrees, reference));
}

/// <summary>Envelopes that are numbers; the texts stay here, so a story has the same frames every time.</summary>
internal sealed class NumberedVault : IVault
{
    private readonly List<(string Owner, string Text)> _sealed = [];
    private readonly HashSet<string> _erased = [];

    public Task EnsureKeyAsync(string owner, CancellationToken cancel = default) => Task.CompletedTask;

    public Task<Sealed> SealAsync(string owner, string text, CancellationToken cancel = default)
    {
        _sealed.Add((owner, text));
        return Task.FromResult(new Sealed((_sealed.Count - 1).ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    public Task<string?> OpenAsync(string owner, Sealed envelope, CancellationToken cancel = default)
    {
        var (sealedFor, text) = _sealed[int.Parse(envelope.Envelope, System.Globalization.CultureInfo.InvariantCulture)];
        return Task.FromResult(sealedFor == owner && !_erased.Contains(owner) ? text : null);
    }

    public Task DestroyKeyAsync(string owner, CancellationToken cancel = default)
    {
        _erased.Add(owner);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ErasedAsync(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<string>>([.. _erased]);
}

/// <summary>The Book for effects and edges that must exist before it does.</summary>
internal sealed class LateBook : IBook, IBookReader
{
    public SteppedBook? Inner { get; set; }

    public DateTimeOffset Now => Book.Now;

    private SteppedBook Book => Inner ?? throw new InvalidOperationException("The Book is not there yet.");

    public Task<Result<TReply>> RunAsync<TReply>(ICommand<TReply> command, CallKey? key = null, CancellationToken cancel = default) => Book.RunAsync(command, key, cancel);

    public Task<DryRun<TReply>> DryRunAsync<TReply>(ICommand<TReply> command, CancellationToken cancel = default) => Book.DryRunAsync(command, cancel);

    public Task<T?> FindAsync<T>(string id, CancellationToken cancel = default)
        where T : class, IRecord => Book.Reader.FindAsync<T>(id, cancel);

    public Task<IReadOnlyList<T>> ListAsync<T>(string index, string value, Page? page = null, CancellationToken cancel = default)
        where T : class, IRecord => Book.Reader.ListAsync<T>(index, value, page, cancel);

    public Task<IReadOnlyList<T>> ListAllAsync<T>(Page? page = null, CancellationToken cancel = default)
        where T : class, IRecord => Book.Reader.ListAllAsync<T>(page, cancel);

    public Task<T> ReadStateAsync<T>(Func<IControlContext, T> read, CancellationToken cancel = default) => Book.Reader.ReadStateAsync(read, cancel);

    public Task<AccountRow?> AccountAsync(LedgerAccountId account, CancellationToken cancel = default) => Book.Reader.AccountAsync(account, cancel);

    public Task<IReadOnlyList<AccountRow>> AccountsAsync(string prefix, int limit = 1000, CancellationToken cancel = default) => Book.Reader.AccountsAsync(prefix, limit, cancel);

    public Task<IReadOnlyList<PostingRow>> StatementAsync(LedgerAccountId account, long? before = null, int limit = 50, CancellationToken cancel = default) =>
        Book.Reader.StatementAsync(account, before, limit, cancel);

    public Task<IReadOnlyList<PostingRow>> EntryAsync(EntryKey key, CancellationToken cancel = default) => Book.Reader.EntryAsync(key, cancel);
}
