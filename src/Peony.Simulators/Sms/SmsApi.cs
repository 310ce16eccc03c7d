using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Peony.Simulators.Sms;

/// <summary>The carrier's two calls.</summary>
internal static class SmsApi
{
    public static void Map(IEndpointRouteBuilder app)
    {
        var sms = app.MapGroup("sms").AddEndpointFilter(async (context, next) =>
        {
            var faults = ((SmsSimulator)context.HttpContext.RequestServices.GetService(typeof(SmsSimulator))!).Faults;
            return faults.Down ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : await next(context);
        });
        sms.MapPost("messages", (SmsOrder order, SmsSimulator carrier) =>
        {
            if (order.ClientMessageId.Length is 0 or > 64 || order.Text.Length is 0 or > 1000 || order.To.Length is < 8 or > 16 || order.To[0] != '+')
            {
                return Results.BadRequest();
            }

            return Results.Json(View(carrier.Take(order.ClientMessageId, order.To, order.Text), carrier), statusCode: StatusCodes.Status202Accepted);
        });
        sms.MapGet("messages/{id}", (string id, SmsSimulator carrier) => carrier.Find(id) is { } message ? Results.Json(View(message, carrier)) : Results.NotFound());
    }

    private static SmsAnswer View(SmsMessage message, SmsSimulator carrier)
    {
        var status = message.StatusAt(carrier.Now);
        return new SmsAnswer(message.Id, message.ClientMessageId, status, status == "failed" ? "absent_subscriber" : null);
    }

    internal sealed record SmsOrder(string ClientMessageId, string To, string Text);

    internal sealed record SmsAnswer(string Id, string ClientMessageId, string Status, string? Reason);
}
