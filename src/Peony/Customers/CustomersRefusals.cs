using Peony.Book;

namespace Peony.Customers;

/// <summary>What this capability says no to.</summary>
internal static class CustomersRefusals
{
    public static readonly Refusal SessionEnded = new("session.ended", RefusalKind.Refused);
    public static readonly Refusal SessionNotFound = new("session.not_found", RefusalKind.NotFound);
    public static readonly Refusal DeviceNotFound = new("device.not_found", RefusalKind.NotFound);
    public static readonly Refusal DeviceInUse = new("device.in_use", RefusalKind.Refused);
    public static readonly Refusal NotFound = new("customer.not_found", RefusalKind.NotFound);
    public static readonly Refusal Frozen = new("customer.frozen", RefusalKind.Refused);
    public static readonly Refusal NotFrozen = new("customer.not_frozen", RefusalKind.Refused);

    public static readonly Refusal PinNotSet = new("pin.not_set", RefusalKind.Refused);
    public static readonly Refusal PinWrong = new("pin.wrong", RefusalKind.Refused);
    public static readonly Refusal PinLocked = new("pin.locked", RefusalKind.Refused);
    public static readonly Refusal PinAlreadySet = new("pin.already_set", RefusalKind.Refused);
    public static readonly Refusal PinWeak = new("pin.weak", RefusalKind.Refused);

    public static readonly Refusal VerificationRequired = new("verification.required", RefusalKind.Refused);
    public static readonly Refusal HigherVerificationRequired = new("verification.higher_required", RefusalKind.Refused);
    public static readonly Refusal VerificationMismatch = new("verification.mismatch", RefusalKind.Refused);
    public static readonly Refusal VerificationUnderAge = new("verification.under_age", RefusalKind.Refused);
    public static readonly Refusal VerificationIdInUse = new("verification.id_in_use", RefusalKind.Refused);
    public static readonly Refusal VerificationDone = new("verification.already_done", RefusalKind.Refused);
    public static readonly Refusal VerificationTooManyTries = new("verification.too_many_tries", RefusalKind.Refused);
    public static readonly Refusal VerificationPhotosRefused = new("verification.photos_refused", RefusalKind.Refused);

    public static readonly Refusal SignUpNotFound = new("sign_up.not_found", RefusalKind.NotFound);
    public static readonly Refusal SignUpCodeWrong = new("sign_up.code_wrong", RefusalKind.Refused);
    public static readonly Refusal SignUpCodeExpired = new("sign_up.code_expired", RefusalKind.Refused);
    public static readonly Refusal SignUpTooManyCodes = new("sign_up.too_many_codes", RefusalKind.Refused);
    public static readonly Refusal SignUpPhoneNotVerified = new("sign_up.phone_not_verified", RefusalKind.Refused);
    public static readonly Refusal PhoneInUse = new("sign_up.phone_in_use", RefusalKind.Refused);

    public static readonly Refusal SignInFailed = new("sign_in.failed", RefusalKind.Refused);
    public static readonly Refusal SignInLocked = new("sign_in.locked", RefusalKind.Refused);
    public static readonly Refusal ProofNeeded = new("sign_in.proof_needed", RefusalKind.Refused);
    public static readonly Refusal PasskeyNotFound = new("passkey.not_found", RefusalKind.NotFound);
    public static readonly Refusal LastCredential = new("passkey.last_credential", RefusalKind.Refused);
    public static readonly Refusal PasswordWeak = new("sign_in.password_weak", RefusalKind.Refused);

    public static readonly Refusal EmailCodeWrong = new("email.code_wrong", RefusalKind.Refused);
    public static readonly Refusal EmailCodeExpired = new("email.code_expired", RefusalKind.Refused);
    public static readonly Refusal EmailTooManyCodes = new("email.too_many_codes", RefusalKind.Refused);
    public static readonly Refusal EmailNotOffered = new("email.not_offered", RefusalKind.Refused);

    public static readonly Refusal EraseMoneyLeft = new("erasure.money_left", RefusalKind.Refused);
    public static readonly Refusal EraseOpenBusiness = new("erasure.open_business", RefusalKind.Refused);
}
