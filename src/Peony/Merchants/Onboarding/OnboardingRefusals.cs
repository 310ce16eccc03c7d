using Peony.Book;

namespace Peony.Merchants.Onboarding;

internal static class OnboardingRefusals
{
    public static readonly Refusal NotFound = new("application.not_found", RefusalKind.NotFound);

    /// <summary>It is handed in: nothing of it changes any more.</summary>
    public static readonly Refusal Submitted = new("application.submitted", RefusalKind.Conflict);

    /// <summary>A step is missing.</summary>
    public static readonly Refusal Incomplete = new("application.incomplete", RefusalKind.Refused);

    /// <summary>The argument <c>field</c> names what is wrong.</summary>
    public static readonly Refusal Invalid = new("application.invalid", RefusalKind.Refused);

    /// <summary>It is not handed in, or was decided.</summary>
    public static readonly Refusal NotWaiting = new("application.not_waiting", RefusalKind.Conflict);

    /// <summary>A rate is 0 to 100,000 parts per million.</summary>
    public static readonly Refusal RateInvalid = new("application.rate_invalid", RefusalKind.Refused);
}
