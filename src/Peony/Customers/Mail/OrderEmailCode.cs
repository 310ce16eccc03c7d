using Peony.Book;

namespace Peony.Customers.Mail;

/// <summary>A customer gives an e-mail address; a code is sent to it, and it counts only when the code comes back. A newer address takes the place of one that still waits.</summary>
internal sealed record OrderEmailCode(SessionId Session, Sealed Email, string Nonce, string CodeHash) : ICommand<EmailCodeSent>
{
    public Result<EmailCodeSent> Handle(IWork work)
    {
        if (new AuthenticateActive(Session).Handle(work).IsRefused(out var refusal, out var caller))
        {
            return refusal;
        }

        var before = work.Find<EmailConfirmation>(caller.Customer.Value);
        var lately = (before?.Orders ?? []).Where(at => at > work.Now - TimeSpan.FromHours(1)).ToList();
        if (lately.Count >= EmailConfirmation.MostCodesAnHour)
        {
            return CustomersRefusals.EmailTooManyCodes;
        }

        var confirmation = new EmailConfirmation(caller.Customer, Email, CodeHash, work.Now + EmailConfirmation.CodeLife, WrongTries: 0, [.. lately, work.Now]);
        work.Save(confirmation);
        work.SetTimer($"email/{caller.Customer}", confirmation.ExpiresAt, new ForgetEmailCode(caller.Customer), TimerClass.Bulk);
        work.Tell(new EmailCodeOrdered(caller.Customer, Email, Nonce, confirmation.ExpiresAt, caller.Language));
        return new EmailCodeSent(confirmation.ExpiresAt);
    }
}

internal sealed record EmailCodeSent(DateTimeOffset ExpiresAt);

/// <summary>An address that nobody confirmed is forgotten.</summary>
internal sealed record ForgetEmailCode(CustomerId Customer) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var confirmation = work.Get<EmailConfirmation>(Customer.Value);
        if (confirmation.Email is not null && work.Now >= confirmation.ExpiresAt)
        {
            work.Save(confirmation.Forget());
        }

        return new Done();
    }
}

/// <summary>A code is to be sent to an address that waits for it; the digits are derived when it is sent.</summary>
internal sealed record EmailCodeOrdered(CustomerId Customer, Sealed Email, string Nonce, DateTimeOffset ExpiresAt, string Language) : IEvent
{
    public string Lane => Customer.Value;
}
