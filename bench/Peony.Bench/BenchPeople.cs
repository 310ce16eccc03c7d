using Peony.Book;
using Peony.Cards;
using Peony.Credit;
using Peony.Customers;
using Peony.Ledger;
using Peony.Payouts;
using Peony.Wallet;

namespace Peony.Bench;

/// <summary>A customer who is measured, and how many more codes the hour's brake lets them ask for.</summary>
internal sealed record BenchPerson(CustomerId Customer, SessionId Session, CardId Card)
{
    public int CodesLeft { get; init; }
}

/// <summary>Hashes payment PINs as the edge does.</summary>
internal sealed class BenchPins(Secrets secrets)
{
    public const string Pin = "735194";

    public PinProof ProofOf(CustomerId customer) => PersonalHashes.Pin(secrets, customer, Pin);
}

/// <summary>
/// Puts a verified customer there, with a device, a session, a payment PIN, a debit card, an open credit line and money, all a month old, without the steps that lead to it.
/// </summary>
internal sealed record PlantPerson(long Limit, long Wallet, long CreditBalance) : ICommand<BenchPerson>
{
    public Result<BenchPerson> Handle(IWork work)
    {
        var (id, session, device, card) = (work.NewId<CustomerId>(), work.NewId<SessionId>(), work.NewId<DeviceId>(), work.NewId<CardId>());
        var (since, envelope) = (work.Now.AddDays(-30), new Sealed("envelope"));
        work.Save(new Customer(id, id.Value, envelope, "zh-CN", since)
        {
            Level = VerificationLevel.Enhanced,
            Name = envelope,
            NameHash = "name",
            IdNumber = envelope,
            IdHash = id.Value,
            VerifiedAt = since,
        });
        work.Save(new PaymentPin(id, work.Use<BenchPins>().ProofOf(id).Hash, since));
        work.Save(new Device(device, id, device.Value, "Chrome · Android", since) { LastSignInAt = since });
        work.Save(new CustomerSession(session, id, device, SessionKind.Bearer, "password", "zh-CN", since));
        work.Save(new BankCard(card, id, id.Value, envelope, "1234", "CMB", CardKind.Debit, Version: 1, since, UnboundAt: null, []));
        work.Save(new CreditLine(id, Money.Cny(Limit), card, new AcceptedTerms("bench", "bench", "zh-CN", since), CreditProduct.Shipped().Version, "bench", [new CreditReason("bench", Money.Cny(Limit), "压测", "bench")], since));
        CreditAccounts.Open(work, id, Money.Cny(Limit));
        WalletAccounts.Open(work, id);
        work.Post(new Entry(new EntryKey($"bench/{id}"), "bench.money",
            PostingLine.Post(PayoutAccounts.Settlement, WalletAccounts.Of(id), Money.Cny(Wallet)),
            PostingLine.Post(PayoutAccounts.Settlement, CreditAccounts.Balance(id), Money.Cny(CreditBalance))));
        return new BenchPerson(id, session, card);
    }
}
