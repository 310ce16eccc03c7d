using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Peony.Edge;
using Peony.Identifiers;

namespace Peony.Sandbox;

internal sealed record AdvanceBody(string? By);

/// <param name="Phone">Whose phone; left out: the demo customer Lin's.</param>
internal sealed record PayCodeBody(string? Phone = null);

internal sealed record DemoPeopleView(string Password, string Pin, IReadOnlyList<DemoPerson> Customers);

/// <summary>The sandbox for programs: <c>/sandbox/…</c> with any Accept but HTML, or <c>/api/v1/sandbox/…</c>. Needs no sign-in and no idempotency key.</summary>
internal static class SandboxApi
{
    private static readonly JsonSerializerOptions SdkCase = new(JsonSerializerDefaults.Web);

    public static void Map(IEndpointRouteBuilder api)
    {
        var sandbox = api.MapGroup("/sandbox").AllowAnonymous().WithTags("Sandbox").WithMetadata(KeepsNothing.Marker);
        sandbox.MapGet("/customers", () => ApiCall.Json(new DemoPeopleView(DemoPeople.Password, DemoPeople.Pin, DemoPeople.All)))
            .Produces<DemoPeopleView>()
            .WithSummary("Lists the demo customers and how to sign in as them");
        sandbox.MapGet("/keys", async (ApiCall call, DemoShop shop) => await shop.KeysAsync(call.Cancel) is { } keys ? Json(keys) : call.Problem(EdgeRefusals.NotFound))
            .Produces<SandboxKeysView>()
            .WithSummary("Shows what an SDK is configured with to act for the demo merchant; the names are those of the SDKs' settings");
        sandbox.MapPost("/paycode", async (PayCodeBody body, ApiCall call, DemoShop shop) =>
                MobileNumber.Parse(body.Phone ?? DemoPeople.Lin.Phone).Number is { } phone && await shop.PayCodeAsync(phone, call.Cancel) is { } code ? ApiCall.Json(code) : call.Problem(EdgeRefusals.NotFound))
            .Produces<SandboxPayCodeView>()
            .WithSummary("Makes a fresh pay code, as the phone of a demo customer does");
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

    /// <summary>In the case of the SDKs' settings, so that the answer can be handed to one as it is.</summary>
    private static IResult Json(SandboxKeysView keys) => Results.Json(keys, SdkCase);

    private static IResult Json(JsonNode? body) => Results.Text(body?.ToJsonString(ApiJson.Options) ?? "{}", "application/json");
}
