using Peony.Book;

namespace Peony.Customers.SignIn;

internal sealed record PhoneConfirmed(SignUpId Id, CustomerId Customer);

/// <summary>The code from the message comes back: the phone is its owner's. Five wrong tries end the sign-up.</summary>
internal sealed record ConfirmPhone(SignUpId Id, string CodeHash) : ICommand<PhoneConfirmed>
{
    public Result<PhoneConfirmed> Handle(IWork work)
    {
        var signUp = work.Find<SignUp>(Id.Value);
        if (signUp is null)
        {
            return CustomersRefusals.SignUpNotFound;
        }

        if (signUp.State == SignUpState.Void || work.Now >= signUp.ExpiresAt)
        {
            return CustomersRefusals.SignUpCodeExpired;
        }

        if (!signUp.Matches(CodeHash))
        {
            var after = signUp.AfterWrongTry();
            work.KeepOnRefusal(after);
            return CustomersRefusals.SignUpCodeWrong.With("left", SignUp.MostTries - after.WrongTries);
        }

        if (work.FindOne<Customer>("phone", signUp.PhoneHash!) is { } owner && owner.Id != signUp.Customer)
        {
            return CustomersRefusals.PhoneInUse;
        }

        if (signUp.State == SignUpState.CodeSent)
        {
            work.Save(signUp with { State = SignUpState.PhoneVerified });
        }

        return new PhoneConfirmed(Id, signUp.Customer);
    }
}
