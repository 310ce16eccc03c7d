using Peony.Book;
using Peony.Customers;
using Peony.Ledger;

namespace Peony.Risk;

/// <summary>Something that waits for an operator's decision. Its subject stays with the capability that owns it; the queue only knows that it waits and why.</summary>
internal sealed record Review(ReviewId Id, string Subject, CustomerId Customer, Money Amount, RiskDecisionId Decision, IReadOnlyList<RiskReason> Reasons, DateTimeOffset OpenedAt,
    DateTimeOffset Deadline) : IRecord
{
    public ReviewState State { get; init; } = ReviewState.Open;

    public string? DecidedBy { get; init; }

    public string? Words { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public string Key => Id.Value;

    public Result<Review> Close(ReviewState state, string by, string? words, DateTimeOffset now) => State switch
    {
        ReviewState.Open => this with { State = state, DecidedBy = by, Words = words, DecidedAt = now },
        ReviewState.Approved or ReviewState.Declined or ReviewState.Dropped => RiskRefusals.ReviewClosed,
    };

    public ReviewView View() => new(Id, Subject, Customer, Amount, Decision, Reasons, OpenedAt, Deadline, State, DecidedBy, Words, DecidedAt);
}

/// <summary>Puts something into the review queue, for another capability inside its work.</summary>
internal sealed record OpenReview(string Subject, CustomerId Customer, Money Amount, RiskDecisionId Decision, DateTimeOffset Deadline) : ICommand<ReviewView>
{
    public Result<ReviewView> Handle(IWork work)
    {
        var decision = work.Get<RiskDecision>(Decision.Value);
        var review = new Review(work.NewId<ReviewId>(), Subject, Customer, Amount, Decision, decision.Reasons, work.Now, Deadline);
        work.Save(review);
        return review.View();
    }
}

/// <summary>Takes something out of the review queue with what was decided, for another capability inside its work.</summary>
internal sealed record CloseReview(string Subject, ReviewState State, string By, string? Words) : ICommand<ReviewView>
{
    public Result<ReviewView> Handle(IWork work)
    {
        if (work.FindOne<Review>(RiskModule.OpenBySubject, Subject) is not { } review)
        {
            return RiskRefusals.ReviewNotFound;
        }

        if (review.Close(State, By, Words, work.Now).IsRefused(out var refusal, out var closed))
        {
            return refusal;
        }

        work.Save(closed);
        return closed.View();
    }
}
