using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Peony.Simulators.Bureau;

/// <summary>The bureau's three checks. Each carries a request id; asking again with the same id costs nothing and gives the same answer.</summary>
internal static class BureauApi
{
    private const string Match = "match";
    private const string Mismatch = "mismatch";

    public static void Map(IEndpointRouteBuilder app)
    {
        var bureau = app.MapGroup("bureau").AddEndpointFilter(async (context, next) =>
        {
            var faults = ((BureauSimulator)context.HttpContext.RequestServices.GetService(typeof(BureauSimulator))!).Faults;
            if (faults.AnswerAfterMilliseconds > 0)
            {
                await Task.Delay(faults.AnswerAfterMilliseconds, context.HttpContext.RequestAborted);
            }

            return faults.Down ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : await next(context);
        });
        bureau.MapPost("two-elements", (TwoElements check, BureauSimulator simulator) =>
            new CheckAnswer(check.RequestId, simulator.Matches(check.Name, check.ResidentId) ? Match : Mismatch));
        bureau.MapPost("four-elements", (FourElements check, BureauSimulator simulator) =>
        {
            if (!simulator.Matches(check.Name, check.ResidentId, check.CardNumber, check.Phone))
            {
                return new FourElementsAnswer(check.RequestId, Mismatch, null, null);
            }

            var (issuer, isCredit) = simulator.IssuerOf(check.CardNumber);
            return new FourElementsAnswer(check.RequestId, Match, issuer, isCredit ? "credit" : "debit");
        });
        bureau.MapPost("photos", (Photos check, BureauSimulator simulator) =>
        {
            var reason = !simulator.Matches(check.Name, check.ResidentId) ? Mismatch
                : check.FrontPhoto.Length == 0 || check.BackPhoto.Length == 0 || check.FacePhoto.Length == 0 ? "unreadable"
                : simulator.Faults.FaceFails ? "face_differs"
                : null;
            return new PhotosAnswer(check.RequestId, reason is null ? "pass" : "fail", reason);
        });
    }

    internal sealed record TwoElements(string RequestId, string Name, string ResidentId);

    internal sealed record FourElements(string RequestId, string CardNumber, string Name, string ResidentId, string Phone);

    /// <summary>The photos are base64 in JSON: JPEG or PNG.</summary>
    internal sealed record Photos(string RequestId, string Name, string ResidentId, byte[] FrontPhoto, byte[] BackPhoto, byte[] FacePhoto);

    internal sealed record CheckAnswer(string RequestId, string Result);

    internal sealed record FourElementsAnswer(string RequestId, string Result, Issuer? Bank, string? Kind);

    internal sealed record PhotosAnswer(string RequestId, string Result, string? Reason);
}
