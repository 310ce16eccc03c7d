using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Localization;
using Peony.Book;
using Peony.Edge;
using Peony.Web.Resources;

namespace Peony.Web.Shared;

/// <summary>
/// A page: one component, one address, one request. A GET loads and renders; a POST acts first, then either goes elsewhere (303) or renders the same page
/// with what was typed and what went wrong.
/// </summary>
/// <remarks>
/// The framework's own form events are not used: they answer 400 when the form that was posted is no longer on the page, which is exactly what happens when
/// a withdrawal moved on between showing and sending. Here the act runs whatever the page would show now.
/// </remarks>
public abstract class PeonyPage : ComponentBase
{
    private bool _isElsewhere;

    [CascadingParameter]
    public HttpContext Http { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<Texts> T { get; set; } = default!;

    /// <summary>What was posted, and what went wrong with it. Empty on a GET.</summary>
    private protected FormState Form { get; private set; } = new();

    private protected static CultureInfo Language => CultureInfo.CurrentUICulture;

    /// <summary>Renders once, after acting and loading: markup may take loaded data for granted.</summary>
    public sealed override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        if (!await AdmitAsync())
        {
            return;
        }

        if (HttpMethods.IsPost(Http.Request.Method))
        {
            await ReceiveAsync();
        }

        if (!_isElsewhere)
        {
            await LoadAsync();
        }

        if (!_isElsewhere)
        {
            StateHasChanged();
        }
    }

    /// <summary>Who may see the page. When not, it has sent the visitor elsewhere and returns false.</summary>
    private protected virtual Task<bool> AdmitAsync() => Task.FromResult(true);

    /// <summary>Reads what the page shows. Runs after the act when the page is posted and stays.</summary>
    private protected virtual Task LoadAsync() => Task.CompletedTask;

    /// <summary>Carries out the named act of a posted form.</summary>
    private protected virtual Task ActAsync(string act) => Task.CompletedTask;

    /// <summary>Ends the request with a redirect that is a GET.</summary>
    private protected void GoTo(string address)
    {
        _isElsewhere = true;
        Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        Http.Response.Headers.Location = address;
    }

    /// <summary>Says that what the address names does not exist, or belongs to somebody else.</summary>
    /// <exception cref="PageMissingException">Always; the router shows the page for it.</exception>
    [DoesNotReturn]
    private protected static void ShowNotFound() => throw new PageMissingException();

    /// <summary>The refusal of a result goes into the form; true when it was done.</summary>
    private protected bool IsDone<TReply>(Result<TReply> result, out TReply reply)
    {
        if (result.IsRefused(out var refusal, out var value))
        {
            reply = default!;
            Refuse(refusal);
            return false;
        }

        reply = value;
        return true;
    }

    private protected void Refuse(Refusal refusal)
    {
        Form.Problem = Problem.Of(refusal, Http.TraceIdentifier);
        Http.Response.StatusCode = Form.Problem.Status;
    }

    /// <summary>A wrong field: said beside it; nothing was sent to the Book.</summary>
    private protected void Wrong(string field, string text)
    {
        Form.Errors[field] = text;
        Http.Response.StatusCode = StatusCodes.Status400BadRequest;
    }

    private protected string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    private async Task ReceiveAsync()
    {
        if (Http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true })
        {
            Form.Problem = Problem.Stale(Http.TraceIdentifier);
            Http.Response.StatusCode = Form.Problem.Status;
            return;
        }

        Form = new FormState(await Http.Request.ReadFormAsync(Http.RequestAborted));
        try
        {
            await ActAsync(Form["_act"]);
        }
        catch (InvalidRequestException invalid)
        {
            Wrong(invalid.Field, Language.TwoLetterISOLanguageName == "zh" ? invalid.Chinese : invalid.English);
        }
        catch (CommandFailedException)
        {
            Form.Problem = Problem.Defect(Http.TraceIdentifier, isRead: true);
            Http.Response.StatusCode = Form.Problem.Status;
        }
        catch (HttpRequestException)
        {
            // The identity bureau cannot be reached: it is asked before the command is given, so nothing was done.
            Form.KeepKey();
            Form.Problem = Problem.ProviderUnavailable(Http.TraceIdentifier);
            Http.Response.StatusCode = Form.Problem.Status;
        }
        catch (BookUnavailableException unavailable)
        {
            Form.KeepKey();
            Form.Problem = Problem.Unavailable(Http.TraceIdentifier);
            Http.Response.StatusCode = Form.Problem.Status;
            Http.Response.Headers.RetryAfter = unavailable.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }
        catch (OutcomeUnknownException)
        {
            Form.KeepKey();
            Form.Problem = Problem.Unknown(Http.TraceIdentifier);
            Http.Response.StatusCode = Form.Problem.Status;
        }
    }
}
