using Peony.Book;

namespace Peony.Customers.SignIn;

internal sealed record SignUpStarted(SignUpId Id, DateTimeOffset ExpiresAt);

/// <summary>
/// Begins a sign-up: a code is sent to the phone. Whether the phone has an account already is told only to who gives the code back, so numbers cannot be probed.
/// </summary>
internal sealed record StartSignUp(SignUpId Id, CustomerId Customer, string PhoneHash, Sealed Phone, string Nonce, string CodeHash, string Language) : ICommand<SignUpStarted>
{
    public Result<SignUpStarted> Handle(IWork work)
    {
        var before = work.FindBy<SignUp>("phone", PhoneHash);
        if (before.Count(one => one.StartedAt > work.Now - TimeSpan.FromHours(1)) >= SignUp.MostCodesAnHour)
        {
            return CustomersRefusals.SignUpTooManyCodes;
        }

        foreach (var older in before.Where(one => one.State == SignUpState.CodeSent))
        {
            work.Save(older with { State = SignUpState.Void });
        }

        var signUp = new SignUp(Id, Customer, PhoneHash, Phone, CodeHash, Language, work.Now, work.Now + SignUp.CodeLife);
        work.Save(signUp);
        work.SetTimer($"sign-up/{Id}", work.Now + TimeSpan.FromDays(1), new ForgetSignUp(Id), TimerClass.Bulk);
        work.Tell(new SignUpCodeOrdered(Id.Value, Customer, Phone, Nonce, signUp.ExpiresAt, Language));
        return new SignUpStarted(Id, signUp.ExpiresAt);
    }
}

/// <summary>A day later, what nobody finished is forgotten. One whose phone was verified stays: its sign-in may exist and finish it.</summary>
internal sealed record ForgetSignUp(SignUpId Id) : ICommand<Done>
{
    public Result<Done> Handle(IWork work)
    {
        var signUp = work.Get<SignUp>(Id.Value);
        if (signUp.State is SignUpState.CodeSent or SignUpState.Void)
        {
            work.Save(signUp.Forget());
        }

        return new Done();
    }
}
