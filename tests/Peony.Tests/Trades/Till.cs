using Peony.Book;
using Peony.Customers;
using Peony.Ledger;
using Peony.Merchants;
using Peony.Trades;

namespace Peony.Tests.Trades;

/// <summary>A merchant's till on a Book without threads, and the phones whose codes it scans.</summary>
internal sealed class Till
{
    /// <summary>0.6 % of each payment.</summary>
    public const long Rate = 6_000;

    private static int s_sequence;
    private readonly MoneyWorld _world;

    public Till(MoneyWorld world, string name = "清心茶馆", CustomerId? owner = null)
    {
        _world = world;
        App = world.Book.Run(new OpenSandboxMerchant(name, MerchantCategory.Dining, Rate, "key", owner)).Value;
        Proof = new AppProof(App.Id);
    }

    public AppView App { get; }

    public SellerProof Proof { get; }

    public long Payable => _world.Balance(MerchantAccounts.Payable(App.Merchant));

    public static TradeOrder Order(string number, long minor, TradeInstalments? instalments = null, IReadOnlyList<Funding>? allowed = null) =>
        new(number, Money.Cny(minor), "乌龙茶", Instalments: instalments, Allowed: allowed);

    public static TradeSelector Named(string outTradeNo) => new(null, outTradeNo);

    /// <summary>A fresh code of the person's phone, whatever till it is shown to.</summary>
    public string CodeOf(Person person) => MoneyWorld.PayCodes.Make(_world.Book.Run(new EnablePayCode(person.Session, MoneyWorld.Pin)).Value, _world.Book.Now, Interlocked.Increment(ref s_sequence) % 1000);

    public Result<TradeView> Scan(string outTradeNo, long minor, Person person, TradeInstalments? instalments = null, IReadOnlyList<Funding>? allowed = null) =>
        _world.Book.Run(new PayTrade(Proof, Order(outTradeNo, minor, instalments, allowed), CodeOf(person)));

    public Result<TradeView> Confirm(Person person, TradeId trade, Funding? from = null, int? periods = null, bool agrees = false, PinProof? pin = null) =>
        _world.Book.Run(new ConfirmTrade(person.Session, trade, pin ?? MoneyWorld.Pin, new PaymentChoice(from, periods, agrees)));

    public Result<TradeRefundView> Refund(string outTradeNo, long minor, string? number) => _world.Book.Run(new RefundTrade(Proof, Named(outTradeNo), Money.Cny(minor), number, "退货"));

    public TradeView? Look(string outTradeNo) => new TradeReader(_world.Book.Reader).FindAsync(App.Merchant, Named(outTradeNo)).Result;
}
