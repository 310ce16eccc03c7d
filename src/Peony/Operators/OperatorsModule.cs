using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;

namespace Peony.Operators;

internal sealed record OperatorSignInBody(string Name, string Password);

internal sealed record OperatorSignInView(OperatorId Operator, string Name, OperatorRole Role);

internal sealed record OperatorView(OperatorId Id, string Name, OperatorRole Role, DateTimeOffset EnrolledAt, DateTimeOffset? DisabledAt);

/// <summary>Operators, their sign-in, and the audit of what they looked at.</summary>
internal sealed class OperatorsModule : IModule
{
    public void Describe(BookSchema schema)
    {
        schema.Record<Operator>("operator").Unique("name", person => OperatorNames.Plain(person.Name)).Index("role", person => TextOf(person.Role));
        schema.Record<OperatorSession>("operator_session").Index("operator", session => session.EndedAt is null ? session.Operator.Value : null);
        schema.Record<Invitation>("invitation").Unique("token", invitation => invitation.TokenHash).Index("open", invitation => invitation.UsedAt is null ? "yes" : null);
        schema.Record<DataView>("data_view").Index("customer", view => view.Customer).Index("operator", view => view.Operator.Value);

        schema.Command<AuthenticateOperator>("operators.authenticate");
        schema.Command<RecordDataView>("operators.record_data_view");
        schema.Command<InviteFirstOperator>("operators.invite_first");
        schema.Command<InviteOperator>("operators.invite");
        schema.Command<EnrolOperator>("operators.enrol");
        schema.Command<StartOperatorSession>("operators.start_session");
        schema.Command<EndOperatorSession>("operators.end_session");
        schema.Command<DisableOperator>("operators.disable");
    }

    public void AddServices(IServiceCollection services, PeonyOptions options)
    {
        OperatorAuthentication.Add(services);
        services.AddScoped<OperatorFlow>();
        services.AddScoped<CustomerFile>();
    }

    public void MapApi(IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/ops/sessions").WithTags("Operators");
        sessions.MapPost("", async (ApiCall call, OperatorFlow flow, OperatorSignInBody body) =>
        {
            if ((await call.KeyAsync("operator")).IsRefused(out var refusal, out var key)
                || (await flow.WithPasswordAsync(body.Name, body.Password, key, call.Cancel)).IsRefused(out refusal, out var signedIn))
            {
                return call.Problem(refusal);
            }

            await OperatorAuthentication.SignInAsync(call.Http, signedIn);
            return ApiCall.Json(new OperatorSignInView(signedIn.Operator, signedIn.Name, signedIn.Role), StatusCodes.Status201Created);
        }).AllowAnonymous().RequireRateLimiting(PeonyEdge.SignInLimit).WithSummary("Sign in as the sandbox's operator; sets a cookie")
            .Produces<OperatorSignInView>(StatusCodes.Status201Created);
        sessions.MapDelete("/current", async (ApiCall call) =>
        {
            var answer = await call.RunAsync(new EndOperatorSession(OperatorAuthentication.SessionOf(call.Http.User)), status: StatusCodes.Status204NoContent);
            await OperatorAuthentication.SignOutAsync(call.Http);
            return answer;
        }).RequireAuthorization(OperatorAuthentication.Support).WithSummary("Sign out").Produces(StatusCodes.Status204NoContent);

        api.MapGet("/ops/operators", (ApiCall call, [AsParameters] PageQuery page) => ApiCall.ListAsync<OperatorView>(page, async part =>
                [.. (await call.Reader.ListAllAsync<Operator>(part, call.Cancel)).Select(person => new OperatorView(person.Id, person.Name, person.Role, person.EnrolledAt, person.DisabledAt))]))
            .RequireAuthorization(OperatorAuthentication.Admin).WithTags("Operators").WithSummary("Operators").Produces<ListBody<OperatorView>>();
    }

    public static string TextOf(OperatorRole role) => role switch
    {
        OperatorRole.Support => "support",
        OperatorRole.Reviewer => "reviewer",
        OperatorRole.Admin => "admin",
    };
}
