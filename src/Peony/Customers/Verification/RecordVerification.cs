using System.Globalization;
using Peony.Book;

namespace Peony.Customers.Verification;

internal sealed record VerificationResult(VerificationLevel Level);

/// <summary>
/// Records what the bureau said on name and resident ID. One person has one account; five answers of no in a row lock the check for a day, so the bureau is no place to guess at.
/// </summary>
internal sealed record RecordVerification(SessionId Session, Sealed Name, string NameHash, Sealed IdNumber, string IdHash, BureauAnswer Answer) : ICommand<VerificationResult>
{
    public Result<VerificationResult> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller!.Customer.Value);
        if (customer.Level >= VerificationLevel.Basic)
        {
            // The same person again changes nothing; another one is no business of this account.
            return customer.IdHash == IdHash && customer.NameHash == NameHash ? new VerificationResult(customer.Level) : CustomersRefusals.VerificationDone;
        }

        if (customer.VerificationLockedUntil is { } until && work.Now < until)
        {
            return CustomersRefusals.VerificationTooManyTries.With("until", until.ToString("O", CultureInfo.InvariantCulture));
        }

        if (Answer.Verdict != BureauVerdict.Agrees)
        {
            work.KeepOnRefusal(customer.AfterWrongVerification(work.Now));
            return CustomersRefusals.VerificationMismatch;
        }

        if (work.FindOne<Customer>("resident_id", IdHash) is not null)
        {
            return CustomersRefusals.VerificationIdInUse;
        }

        work.Save(customer with
        {
            Level = VerificationLevel.Basic,
            Name = Name,
            NameHash = NameHash,
            IdNumber = IdNumber,
            IdHash = IdHash,
            VerifiedAt = work.Now,
            VerificationTries = 0,
            VerificationLockedUntil = null,
        });
        work.Tell(new IdentityVerified(customer.Id, VerificationLevel.Basic));
        return new VerificationResult(VerificationLevel.Basic);
    }
}

/// <summary>Records what the bureau said on the photos of the ID card and the face. The photos lie sealed in files; the record keeps their names.</summary>
internal sealed record RecordPhotoCheck(SessionId Session, IReadOnlyList<string> Files, BureauAnswer Answer) : ICommand<VerificationResult>
{
    public Result<VerificationResult> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller)
            || new RequireVerified(caller!.Customer, VerificationLevel.Basic).Handle(work).IsRefused(out refusal, out _))
        {
            return refusal;
        }

        var customer = work.Get<Customer>(caller.Customer.Value);
        if (customer.Level == VerificationLevel.Enhanced)
        {
            return new VerificationResult(customer.Level);
        }

        if (customer.VerificationLockedUntil is { } until && work.Now < until)
        {
            return CustomersRefusals.VerificationTooManyTries.With("until", until.ToString("O", CultureInfo.InvariantCulture));
        }

        if (Answer.Verdict != BureauVerdict.Agrees)
        {
            work.KeepOnRefusal(customer.AfterWrongVerification(work.Now));
            return CustomersRefusals.VerificationPhotosRefused;
        }

        work.Save(customer with
        {
            Level = VerificationLevel.Enhanced,
            Photos = Files,
            PhotosCheckedAt = work.Now,
            VerificationTries = 0,
            VerificationLockedUntil = null,
        });
        work.Tell(new IdentityVerified(customer.Id, VerificationLevel.Enhanced));
        return new VerificationResult(VerificationLevel.Enhanced);
    }
}
