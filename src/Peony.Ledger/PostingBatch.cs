using System.Runtime.InteropServices;

namespace Peony.Ledger;

/// <summary>
/// A ledger small enough to stand in memory: accounts in an array, holds by number. Entries are applied in order, each whole or not at all and each with an outcome of its own,
/// so one bad entry spoils no other. For closing days, for rebuilding and for anything that posts by the thousand.
/// </summary>
/// <remarks>
/// Posting numbers are given to applied entries only, so they have no gaps. A capture, a release or an expiry may leave its accounts 0, and takes its hold's;
/// its amount 0 means all that remains of the hold.
/// Not safe for two threads at once.
/// </remarks>
/// <param name="accounts">The account of number <c>n</c> stands at index <c>n</c>; index 0 is not used. Changed in place.</param>
/// <param name="holds">The holds that entries may use, by number. Changed in place.</param>
/// <param name="lastPosting">The number of the last posting made so far, 0 for none.</param>
public sealed class PostingBatch(AccountState[] accounts, Dictionary<long, HoldState> holds, long lastPosting)
{
    private readonly Stack<(long Number, AccountState State)> _accountsBefore = new();
    private readonly Stack<(long Number, HoldState State)> _holdsBefore = new();

    /// <summary>The number of the last posting applied, 0 for none.</summary>
    public long LastPosting { get; private set; } = lastPosting;

    /// <summary>Applies many entries, one after another.</summary>
    /// <param name="postings">The postings of all entries, in order. Numbers and links are filled in for those that are applied.</param>
    /// <param name="lengths">How many postings each entry has, each 1 or more; they add up to the postings given.</param>
    /// <param name="outcomes">Filled with one outcome an entry: applied, or why its first bad posting was not.</param>
    /// <param name="now">Microseconds since 1970 UTC, for expiry.</param>
    /// <returns>How many entries were applied.</returns>
    /// <exception cref="ArgumentException">The lengths do not fit the postings or the outcomes.</exception>
    public int Apply(Span<Posting> postings, ReadOnlySpan<int> lengths, Span<PostingOutcome> outcomes, long now)
    {
        if (outcomes.Length != lengths.Length || Sum(lengths) != postings.Length)
        {
            throw new ArgumentException("Every entry has one length and one outcome, and the lengths add up to the postings.");
        }

        var applied = 0;
        for (var entry = 0; entry < lengths.Length; entry++)
        {
            outcomes[entry] = Apply(postings[..lengths[entry]], now);
            applied += outcomes[entry] == PostingOutcome.Applied ? 1 : 0;
            postings = postings[lengths[entry]..];
        }

        return applied;
    }

    /// <summary>Applies one entry: every posting of it, or none.</summary>
    /// <param name="entry">One posting or more. Numbers and links are filled in.</param>
    /// <param name="now">Microseconds since 1970 UTC, for expiry.</param>
    /// <returns>Applied, or why the first bad posting was not.</returns>
    public PostingOutcome Apply(Span<Posting> entry, long now)
    {
        var numberBefore = LastPosting;
        foreach (ref var posting in entry)
        {
            var outcome = ApplyOne(ref posting, now);
            if (outcome != PostingOutcome.Applied)
            {
                Undo(numberBefore);
                return outcome;
            }
        }

        _accountsBefore.Clear();
        _holdsBefore.Clear();
        return PostingOutcome.Applied;
    }

    private static int Sum(ReadOnlySpan<int> lengths)
    {
        var sum = 0;
        foreach (var length in lengths)
        {
            sum = length > 0 ? checked(sum + length) : throw new ArgumentException("An entry has at least one posting.");
        }

        return sum;
    }

    private PostingOutcome ApplyOne(ref Posting posting, long now)
    {
        var usesHold = posting.Kind is PostingKind.Capture or PostingKind.Release or PostingKind.Expire;
        var held = default(HoldState);
        if (usesHold)
        {
            if (!holds.TryGetValue(posting.Hold, out held))
            {
                return PostingOutcome.HoldNotOpen;
            }

            _holdsBefore.Push((posting.Hold, held));
            posting.Amount = posting.Amount == 0 ? held.Remaining : posting.Amount;
            if (held.Status != HoldStatus.Open)
            {
                return PostingOutcome.HoldNotOpen;
            }

            if (posting is { Debit: 0, Credit: 0 })
            {
                (posting.Debit, posting.Credit) = (held.Debit, held.Credit);
            }
        }

        posting.Number = LastPosting + 1;
        ref var debit = ref accounts[posting.Debit];
        ref var credit = ref accounts[posting.Credit];
        _accountsBefore.Push((posting.Debit, debit));
        _accountsBefore.Push((posting.Credit, credit));
        var outcome = PostingRule.Apply(ref debit, ref credit, ref held, ref posting, now);
        if (outcome != PostingOutcome.Applied)
        {
            return outcome;
        }

        LastPosting = posting.Number;
        if (posting.Kind == PostingKind.Hold)
        {
            _holdsBefore.Push((held.Number, default));
        }

        if (held.Number != 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(holds, held.Number, out _) = held;
        }

        return PostingOutcome.Applied;
    }

    private void Undo(long numberBefore)
    {
        LastPosting = numberBefore;
        while (_accountsBefore.TryPop(out var before))
        {
            accounts[before.Number] = before.State;
        }

        while (_holdsBefore.TryPop(out var before))
        {
            if (before.State.Number == 0)
            {
                holds.Remove(before.Number);
            }
            else
            {
                holds[before.Number] = before.State;
            }
        }
    }
}
