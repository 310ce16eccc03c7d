using Peony.Book;
using Peony.Cards;
using Peony.Customers;

namespace Peony.Credit;

/// <summary>
/// Opens the credit line (开通) of a verified customer who shows a card of their own and accepts the terms of today. A dry run answers what the limit would be.
/// A refusal keeps its reasons as a record, so that an operator can explain it. A line that was closed is opened again like that.
/// </summary>
/// <param name="TermsDigest">The digest of the terms the customer was shown.</param>
internal sealed record OpenCreditLine(SessionId Session, CardId Card, string TermsDigest) : ICommand<CreditLineView>
{
    public Result<CreditLineView> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        if (new ReadCard(caller.Customer, Card).Handle(work).IsRefused(out refusal, out var card))
        {
            return refusal;
        }

        if (!card.IsBound)
        {
            return CardRefusals.Unbound;
        }

        var customer = caller.Customer;
        var former = work.Find<CreditLine>(customer.Value);
        if (former is { IsOpen: true })
        {
            return CreditRefusals.LineAlreadyOpen;
        }

        // What operators decided is not undone by closing the line and opening it again.
        if (former is { StoppedOn: not null } or { FrozenAt: not null })
        {
            return former.StoppedOn is null ? CreditRefusals.LineFrozen : CreditRefusals.LineStopped;
        }

        if (new RequireVerified(customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var terms = work.Use<CreditTerms>();
        if (TermsDigest != terms.Digest)
        {
            return CreditRefusals.TermsChanged;
        }

        var decision = work.Use<CreditLineRules>().Decide(new CreditApplicant(caller.Level, card.Kind, work.Now - card.BoundAt), former?.Lowered());
        if (!decision.IsGranted)
        {
            work.KeepOnRefusal(new RefusedApplication(work.NewId<CreditApplicationId>(), customer, card.Id, decision.RulesVersion, decision.Reasons, work.Now));
            return CreditRefusals.NotGranted
                .With("reasonsZh", string.Concat(decision.Reasons.Select(reason => reason.Zh)))
                .With("reasonsEn", string.Join(' ', decision.Reasons.Select(reason => reason.En)));
        }

        if (work.Find<TermsText>(terms.Digest) is null)
        {
            work.Save(new TermsText(terms.Digest, terms.Version, terms.Zh, terms.En));
        }

        var product = work.Use<CreditProducts>().Offered;
        var accepted = new AcceptedTerms(terms.Version, terms.Digest, caller.Language, work.Now);
        var line = new CreditLine(customer, decision.Limit, card.Id, accepted, product.Version, decision.RulesVersion, decision.Reasons, work.Now);
        if (former is not null)
        {
            // Its billing goes on; from here on under the product of today.
            var id = work.NewId<LineFactId>();
            var before = LineBilling.Open(work, customer);
            before.Take(before.Fact(LineFactKind.Reopened, id.Value, 0) with { Product = product.Version });
            before.Save();
            line = (line with { Origin = former.First() }).WithOwed(work.Account(CreditAccounts.Owed(customer)).HighBalance);
        }

        CreditAccounts.Open(work, customer, line.Limit);
        work.Save(line);
        work.Tell(new CreditLineOpened(customer, line.Limit));
        LineBilling.Open(work, customer);
        return line.View(CreditStand.Of(work, customer));
    }
}
