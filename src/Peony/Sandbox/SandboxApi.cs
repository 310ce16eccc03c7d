using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Edge;

namespace Peony.Sandbox;

internal sealed record AdvanceBody(string? By);

internal sealed record DemoPeopleView(string Password, string Pin, IReadOnlyList<DemoPerson> Customers);

/// <summary>The sandbox for programs: <c>/sandbox/…</c> with any Accept but HTML, or <c>/api/v1/sandbox/…</c>. Needs no sign-in and no idempotency key.</summary>
internal static class SandboxApi
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var sandbox = api.MapGroup("/sandbox").AllowAnonymous().WithTags("Sandbox").WithMetadata(KeepsNothing.Marker);
        sandbox.MapGet("/customers", () => ApiCall.Json(new DemoPeopleView(DemoPeople.Password, DemoPeople.Pin, DemoPeople.All)))
            .Produces<DemoPeopleView>()
            .WithSummary("Lists the demo customers and how to sign in as them");
        sandbox.MapGet("/clock", (SandboxClock clock) => ApiCall.Json(clock.View)).Produces<ClockView>().WithSummary("Shows the Book's clock");
        sandbox.MapPost("/clock/advance", async (AdvanceBody body, SandboxClock clock, CancellationToken cancel) =>
                ApiCall.Json(await clock.AdvanceAsync(SandboxClock.Parse(body.By), cancel)))
            .Produces<ClockView>()
            .WithSummary("Advances the Book's clock, carrying out everything that falls due on the way");
        sandbox.MapGet("/sms", async (string? to, SimulatorControl simulators, CancellationToken cancel) =>
                Json(new JsonObject { ["messages"] = (await simulators.MessagesAsync(to, cancel)).DeepClone() }))
            .Produces<JsonObject>()
            .WithSummary("Shows what arrived on the sandbox phones, newest first");
        sandbox.MapGet("/mail", async (string? to, SimulatorControl simulators, CancellationToken cancel) =>
                Json(new JsonObject { ["messages"] = (await simulators.MailAsync(to, cancel)).DeepClone() }))
            .Produces<JsonObject>()
            .WithSummary("Shows what arrived in the sandbox mailbox, newest first");
        foreach (var part in new[] { "bank", "sms", "bureau", "mail" })
        {
            sandbox.MapPost("/" + part, async (JsonObject faults, SimulatorControl simulators, CancellationToken cancel) =>
                    Json((await simulators.SetFaultsAsync(part, faults, cancel))?[part]?.DeepClone()))
                .Produces<JsonObject>()
                .WithSummary($"Switches faults of the {part} simulator on; an empty object switches all off");
        }

        sandbox.MapGet("/bank", async (SimulatorControl simulators, CancellationToken cancel) => Json(new JsonObject
        {
            ["faults"] = (await simulators.FaultsAsync(cancel))?["bank"]?.DeepClone(),
            ["orders"] = (await simulators.StateAsync(cancel))?["orders"]?.DeepClone(),
        })).Produces<JsonObject>().WithSummary("Shows the bank's faults and the orders it has seen");
    }

    private static IResult Json(JsonNode? body) => Results.Text(body?.ToJsonString(ApiJson.Options) ?? "{}", "application/json");
}
