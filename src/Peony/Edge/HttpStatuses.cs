using Microsoft.AspNetCore.Http;
using Peony.Book;

namespace Peony.Edge;

/// <summary>The HTTP column of the refusal tables: which status a refusal has. The kind decides; the codes listed here differ from their kind.</summary>
internal static class HttpStatuses
{
    private static readonly Dictionary<string, int> Exceptions = new()
    {
        [EdgeRefusals.KeyMissing.Code] = StatusCodes.Status400BadRequest,
        [EdgeRefusals.KeyInvalid.Code] = StatusCodes.Status400BadRequest,
        [EdgeRefusals.NoDryRun.Code] = StatusCodes.Status400BadRequest,
        [EdgeRefusals.Invalid.Code] = StatusCodes.Status400BadRequest,
        [EdgeRefusals.NotSignedIn.Code] = StatusCodes.Status401Unauthorized,
        ["session.ended"] = StatusCodes.Status401Unauthorized,
        ["sign_in.failed"] = StatusCodes.Status401Unauthorized,
        ["operator.session_ended"] = StatusCodes.Status401Unauthorized,
        ["operator.role_too_low"] = StatusCodes.Status403Forbidden,
        [EdgeRefusals.NotAllowed.Code] = StatusCodes.Status403Forbidden,
        [EdgeRefusals.TooMany.Code] = StatusCodes.Status429TooManyRequests,
        [EdgeRefusals.Unavailable.Code] = StatusCodes.Status503ServiceUnavailable,
        [EdgeRefusals.OutcomeUnknown.Code] = StatusCodes.Status503ServiceUnavailable,
        [EdgeRefusals.ProviderUnavailable.Code] = StatusCodes.Status503ServiceUnavailable,
        [EdgeRefusals.NoFont.Code] = StatusCodes.Status503ServiceUnavailable,
        [EdgeRefusals.Defect.Code] = StatusCodes.Status500InternalServerError,
    };

    public static int Of(Refusal refusal) => Exceptions.TryGetValue(refusal.Code, out var status) ? status : refusal.Kind switch
    {
        RefusalKind.NotFound => StatusCodes.Status404NotFound,
        RefusalKind.Declined => StatusCodes.Status402PaymentRequired,
        RefusalKind.Refused => StatusCodes.Status422UnprocessableEntity,
        RefusalKind.Conflict => StatusCodes.Status409Conflict,
    };
}
