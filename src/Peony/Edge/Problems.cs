using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Peony.Book;

namespace Peony.Edge;

/// <summary>What happened to the money, as every problem says it.</summary>
internal enum MoneyFate
{
    NotMoved,
    Moved,
    Unknown,
}

/// <summary>
/// RFC 9457 problems: title and detail in the caller's language, with the members <c>code</c>, <c>money</c>, <c>request_id</c>, <c>doc_url</c> and the refusal's arguments.
/// </summary>
internal static partial class Problems
{
    private static readonly object AtEndpoint = new();

    public static IResult Of(HttpContext http, Refusal refusal, MoneyFate money = MoneyFate.NotMoved, int? retryAfterSeconds = null) =>
        new ProblemResult(Describe(http, refusal, money), HttpStatuses.Of(refusal), retryAfterSeconds);

    /// <summary>The problem an exception becomes, or null when it is none of ours.</summary>
    public static IResult OfException(HttpContext http, Exception exception) => exception switch
    {
        // What could not be read may be the answer to something that was done; only before the endpoint is it certain that nothing was.
        ReadUnavailableException unread when MayHaveActed(http) => Of(http, EdgeRefusals.OutcomeUnknown, MoneyFate.Unknown, unread.RetryAfterSeconds),
        _ when IsDatabaseAway(exception) => MayHaveActed(http)
            ? Of(http, EdgeRefusals.OutcomeUnknown, MoneyFate.Unknown, 1)
            : Of(http, EdgeRefusals.Unavailable, MoneyFate.NotMoved, 1),
        BookUnavailableException unavailable => Of(http, EdgeRefusals.Unavailable, MoneyFate.NotMoved, unavailable.RetryAfterSeconds),
        OutcomeUnknownException => Of(http, EdgeRefusals.OutcomeUnknown, MoneyFate.Unknown, 1),
        CommandFailedException => Of(http, EdgeRefusals.Defect),
        InvalidRequestException invalid => Invalid(http, invalid.Field, IsEnglish(http) ? invalid.English : invalid.Chinese),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            Invalid(http, "body", IsEnglish(http) ? "it is too large." : "内容过大。", StatusCodes.Status413PayloadTooLarge),
        BadHttpRequestException { InnerException: JsonException json } => Invalid(http, FieldOf(json), IsEnglish(http) ? "it cannot be read." : "无法识别。"),
        BadHttpRequestException bad => Invalid(http, ParameterOf(bad.Message), IsEnglish(http) ? "it is missing or cannot be read." : "缺失或无法识别。"),
        JsonException json => Invalid(http, FieldOf(json), IsEnglish(http) ? "it cannot be read." : "无法识别。"),
        // Services outside are asked at the edge before a command runs, so nothing moved.
        _ when Outage.Is(exception, http.RequestAborted) => Of(http, EdgeRefusals.ProviderUnavailable, MoneyFate.NotMoved, 5),
        // Reading moves nothing; what a defect did in the middle of a change nobody can say here.
        _ => Of(http, EdgeRefusals.Defect, IsRead(http) ? MoneyFate.NotMoved : MoneyFate.Unknown),
    };

    /// <summary>Notes that sign-in and brakes are passed and the endpoint is next.</summary>
    public static void OnEndpoint(HttpContext http) => http.Items[AtEndpoint] = AtEndpoint;

    public static IResult Invalid(HttpContext http, string field, string reason, int status = StatusCodes.Status400BadRequest)
    {
        var refusal = EdgeRefusals.Invalid.With("param", field).With("reason", reason);
        return new ProblemResult(Describe(http, refusal, MoneyFate.NotMoved), status, null);
    }

    private static bool MayHaveActed(HttpContext http) => !IsRead(http) && http.Items.ContainsKey(AtEndpoint);

    private static bool IsRead(HttpContext http) => HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);

    /// <summary>The identity store speaks to the same database, in exceptions of its own.</summary>
    private static bool IsDatabaseAway(Exception exception) =>
        (exception as DbException ?? exception.InnerException as DbException) is { } trouble && Passing.Is(trouble);

    /// <summary>By the request and not by the thread's culture: exceptions are answered outside of where the culture was set.</summary>
    private static bool IsEnglish(HttpContext http) => Languages.Of(http) == Languages.English;

    private static Dictionary<string, object> Describe(HttpContext http, Refusal refusal, MoneyFate money)
    {
        var (title, detail) = RefusalTexts.Of(refusal, Languages.Of(http));
        var page = $"{http.Request.Scheme}://{http.Request.Host}/docs/errors/{refusal.Code}";
        var problem = new Dictionary<string, object>
        {
            ["type"] = page,
            ["title"] = title,
            ["status"] = HttpStatuses.Of(refusal),
            ["detail"] = detail,
            ["code"] = refusal.Code,
            ["money"] = money switch
            {
                MoneyFate.NotMoved => "not moved",
                MoneyFate.Moved => "moved",
                MoneyFate.Unknown => "unknown",
            },
            ["request_id"] = http.TraceIdentifier,
            ["doc_url"] = page,
        };
        foreach (var (name, value) in refusal.Arguments ?? new Dictionary<string, string>())
        {
            problem.TryAdd(name, value);
        }

        return problem;
    }

    /// <summary>The path of the field that JSON could not be read at: <c>$.amount</c> becomes <c>amount</c>; for missing members, their names.</summary>
    private static string FieldOf(JsonException json)
    {
        var path = json.Path?.TrimStart('$').TrimStart('.');
        if (!string.IsNullOrEmpty(path))
        {
            return path;
        }

        var names = MissingNames().Match(json.Message);
        return names.Success ? string.Join(", ", Quoted().Matches(names.Value).Select(match => match.Groups[1].Value)) : "body";
    }

    private static string ParameterOf(string message)
    {
        var match = ParameterName().Match(message);
        return match.Success ? match.Groups[1].Value : "body";
    }

    [GeneratedRegex("including:.*$")]
    private static partial Regex MissingNames();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex("""parameter "(?:\S+ )?(\w+)" """)]
    private static partial Regex ParameterName();

    private sealed class ProblemResult(Dictionary<string, object> problem, int status, int? retryAfterSeconds) : IResult, IStatusCodeHttpResult
    {
        public int? StatusCode => status;

        public Task ExecuteAsync(HttpContext httpContext)
        {
            problem["status"] = status;
            httpContext.Response.StatusCode = status;
            httpContext.Response.Headers.CacheControl = "no-store";
            if (retryAfterSeconds is { } seconds)
            {
                httpContext.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            }

            return httpContext.Response.WriteAsJsonAsync(problem, ApiJson.Options, "application/problem+json; charset=utf-8");
        }
    }
}
