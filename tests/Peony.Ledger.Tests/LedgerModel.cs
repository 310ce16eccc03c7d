using System.Numerics;

namespace Peony.Ledger.Tests;

/// <summary>
/// What the ledger should do, written without any of its code or its shape: it keeps the whole history in lists, sums it up anew for every question
/// and works on a copy that is thrown away when an entry fails. Slow and plain on purpose.
/// </summary>
internal sealed class LedgerModel
{
    internal sealed record Account(bool GrowsByCredit, string Currency, BigInteger? Floor, BigInteger? Ceiling);

    internal sealed record Moved(int From, int To, BigInteger Amount);

    internal sealed record Held(int From, int To, BigInteger First, BigInteger Left, long Until, string End);

    internal sealed record Ask(string Verb, int From, int To, BigInteger Amount, int HoldIndex, long Until);

    private List<Moved> _moves = [];
    private List<Held> _holds = [];

    public required IReadOnlyList<Account> Accounts { get; init; }

    public IReadOnlyList<Held> Holds => _holds;

    /// <summary>All asks or none; the word for the first failure, or "applied".</summary>
    public string Enter(IEnumerable<Ask> asks, long now)
    {
        var (moves, holds) = (_moves.ToList(), _holds.ToList());
        foreach (var ask in asks)
        {
            var word = ask.Verb is "post" or "hold" ? Add(moves, holds, ask) : Use(moves, holds, ask, now);
            if (word != "applied")
            {
                return word;
            }
        }

        (_moves, _holds) = (moves, holds);
        return "applied";
    }

    public BigInteger Posted(int account) => Balance(_moves, account);

    /// <summary>The four totals: debits pending and posted, credits pending and posted.</summary>
    public (BigInteger, BigInteger, BigInteger, BigInteger) Totals(int account) =>
        (Sum(_holds.Where(hold => hold.From == account).Select(hold => hold.Left)), Sum(_moves.Where(move => move.From == account).Select(move => move.Amount)),
         Sum(_holds.Where(hold => hold.To == account).Select(hold => hold.Left)), Sum(_moves.Where(move => move.To == account).Select(move => move.Amount)));

    private string Add(List<Moved> moves, List<Held> holds, Ask ask)
    {
        var (from, to) = (Accounts[ask.From], Accounts[ask.To]);
        if (ask.Amount <= 0)
        {
            return "not positive";
        }

        if (ask.From == ask.To)
        {
            return "same account";
        }

        if (from.Currency != to.Currency)
        {
            return "currencies";
        }

        // The worst that can become of an account: all that takes from it happens, or all that adds to it happens.
        foreach (var (account, sign) in new[] { (ask.From, -1), (ask.To, 1) })
        {
            var kind = Accounts[account];
            var change = kind.GrowsByCredit ? sign : -sign;
            if (change < 0 && kind.Floor is { } floor && Worst(moves, holds, account, -1) - ask.Amount < floor)
            {
                return "floor";
            }

            if (change > 0 && kind.Ceiling is { } ceiling && Worst(moves, holds, account, 1) + ask.Amount > ceiling)
            {
                return "ceiling";
            }
        }

        if (ask.Verb == "post")
        {
            moves.Add(new Moved(ask.From, ask.To, ask.Amount));
        }
        else
        {
            holds.Add(new Held(ask.From, ask.To, ask.Amount, ask.Amount, ask.Until, "open"));
        }

        return "applied";
    }

    private static string Use(List<Moved> moves, List<Held> holds, Ask ask, long now)
    {
        if (ask.HoldIndex >= holds.Count || holds[ask.HoldIndex].Left == 0)
        {
            return "not open";
        }

        var hold = holds[ask.HoldIndex];
        var amount = ask.Amount == 0 ? hold.Left : ask.Amount;
        if (amount > hold.Left || (ask.Verb == "expire" && amount != hold.Left))
        {
            return "more than held";
        }

        if (ask.Verb == "expire" && (hold.Until == 0 || hold.Until > now))
        {
            return "not due";
        }

        if (ask.Verb == "capture")
        {
            moves.Add(new Moved(hold.From, hold.To, amount));
        }

        holds[ask.HoldIndex] = hold with { Left = hold.Left - amount, End = hold.Left == amount ? ask.Verb : "open" };
        return "applied";
    }

    private BigInteger Worst(List<Moved> moves, List<Held> holds, int account, int direction)
    {
        var pending = holds.Where(hold => hold.Left > 0).Select(hold => new Moved(hold.From, hold.To, hold.Left));
        var bad = pending.Where(move => Math.Sign((int)Effect(move with { Amount = 1 }, account)) == direction);
        return Balance(moves, account) + Sum(bad.Select(move => Effect(move, account)));
    }

    private BigInteger Balance(List<Moved> moves, int account) => Sum(moves.Select(move => Effect(move, account)));

    private BigInteger Effect(Moved move, int account)
    {
        var side = (move.To == account ? 1 : 0) - (move.From == account ? 1 : 0);
        return side * (Accounts[account].GrowsByCredit ? 1 : -1) * move.Amount;
    }

    private static BigInteger Sum(IEnumerable<BigInteger> amounts) => amounts.Aggregate(BigInteger.Zero, (sum, amount) => sum + amount);
}
