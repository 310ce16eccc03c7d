using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Peony.Book;
using Peony.Edge;
using Peony.Operators;
using Peony.Web.Shared;

namespace Peony.Web.Operator;

/// <summary>A page of the operator's console: a signed-in operator, what they may read, and the way from a posted form to a command.</summary>
[Authorize(Policy = OperatorAuthentication.Support)]
public abstract class OperatorPage : PeonyPage
{
    [Inject]
    private protected IBook Book { get; set; } = default!;

    [Inject]
    private protected IBookReader Reader { get; set; } = default!;

    [Inject]
    private protected Secrets Secrets { get; set; } = default!;

    private protected OperatorSessionId Session => OperatorAuthentication.SessionOf(Http.User);

    private protected string OperatorName => Http.User.FindFirstValue(ClaimTypes.Name) ?? "";

    private protected string? OperatorId => Http.User.FindFirst(PeonyClaims.Operator)?.Value;

    private protected bool IsAdmin => Http.User.HasClaim(PeonyClaims.Role, "admin");

    private protected bool CanDecide => IsAdmin || Http.User.HasClaim(PeonyClaims.Role, "reviewer");

    private protected CancellationToken Cancel => Http.RequestAborted;

    private protected CallKey KeyOf() => FormKeys.Of(Http, Form, Secrets, Session.Value);

    /// <summary>Runs the command under the form's key; a refusal goes into the form.</summary>
    private protected async Task<bool> RunAsync<TReply>(ICommand<TReply> command) => IsDone(await Book.RunAsync(command, KeyOf(), Cancel), out _);

    /// <summary>Who the session belongs to and whether the role reaches, from the Book and not from the cookie; a refusal goes into the form.</summary>
    private protected async Task<OperatorCaller?> CallerAsync(OperatorRole needs) =>
        IsDone(await Book.RunAsync(new AuthenticateOperator(Session, needs), cancel: Cancel), out var caller) ? caller : null;

    /// <summary>The names of all operators, for what they did.</summary>
    private protected async Task<Dictionary<OperatorId, string>> OperatorNamesAsync() =>
        (await Reader.ListAllAsync<Peony.Operators.Operator>(new Page(500), Cancel)).ToDictionary(person => person.Id, person => person.Name);

    /// <summary>The age of a moment by the Book's clock.</summary>
    private protected string AgeOf(DateTimeOffset moment) => TimeText.Age(Reader.Now - moment, Language);
}
