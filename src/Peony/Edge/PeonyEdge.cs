using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Peony.Book;
using Peony.Customers.SignIn;

namespace Peony.Edge;

/// <summary>
/// What stands between the network and every capability: request ids, security headers, language, problems, sign-in, rate limits. The server calls <see cref="AddPeonyEdge"/>,
/// <see cref="UsePeonyEdge"/> and <see cref="MapPeonyApi"/>, in this order.
/// </summary>
internal static partial class PeonyEdge
{
    /// <summary>The rate limit of routes that check a password, a code or a phone.</summary>
    public const string SignInLimit = "sign-in";

    private const long MostBytes = 64 * 1024;

    public static IServiceCollection AddPeonyEdge(this IServiceCollection services, PeonyOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(options);
        services.AddHttpContextAccessor();
        services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        // Photos of ID cards stay in memory until they are sealed; the framework would put them into a temporary file.
        services.Configure<FormOptions>(form =>
        {
            form.MemoryBufferThreshold = 32 * 1024 * 1024;
            form.MultipartBodyLengthLimit = 32 * 1024 * 1024;
        });
        services.AddDataProtection().SetApplicationName("Peony");
        services.AddOptions<KeyManagementOptions>().Configure<Secrets>((keys, secrets) =>
        {
            keys.XmlRepository = new ProtectionFiles(Path.Combine(options.DataDirectory, "protection"));
            keys.XmlEncryptor = new SecretsXmlEncryptor(secrets);
        });
        services.AddRateLimiter(limits => RateLimits.Configure(limits, options));
        services.AddSingleton<WriteBrake>();
        return services;
    }

    /// <summary>Programs ask here and get problems; people get pages.</summary>
    public static bool AnswersPrograms(HttpContext http) =>
        http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
        || http.Request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    public static void UsePeonyEdge(this WebApplication app)
    {
        app.Use(NameRequestAsync);
        app.Use(SecurityHeaders.ApplyAsync);
        app.Use(CatchAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.Use(Languages.ApplyAsync);
        app.UseRateLimiter();
        app.Use(app.Services.GetRequiredService<WriteBrake>().ApplyAsync);
        app.UseAuthorization();
        app.Use(RefuseOtherSitesAsync);
        app.Use(BufferAsync);
    }

    /// <summary>Maps every capability's routes below <c>/api/v1</c>. They require a signed-in customer unless they say otherwise.</summary>
    public static RouteGroupBuilder MapPeonyApi(this IEndpointRouteBuilder app, IEnumerable<IModule> modules)
    {
        var api = app.MapGroup("/api/v1");
        ((IEndpointConventionBuilder)api).Finally(RequireCustomer);
        foreach (var module in modules)
        {
            module.MapApi(api);
        }

        api.Map("{**rest}", (HttpContext http) => Problems.Of(http, EdgeRefusals.NotFound)).AllowAnonymous().ExcludeFromDescription();
        app.MapHealth();
        return api;
    }

    /// <summary>What says nothing of who may call it is for signed-in customers.</summary>
    private static void RequireCustomer(EndpointBuilder endpoint)
    {
        if (!endpoint.Metadata.Any(item => item is IAuthorizeData or IAllowAnonymous))
        {
            endpoint.Metadata.Add(new AuthorizeAttribute());
        }
    }

    private static Task NameRequestAsync(HttpContext http, RequestDelegate next)
    {
        http.TraceIdentifier = Ids.New<RequestId>(http.RequestServices.GetRequiredService<TimeProvider>()).Value;
        http.Response.Headers["Request-Id"] = http.TraceIdentifier;
        return next(http);
    }

    /// <summary>Turns exceptions into problems for programs, and logs defects once. Pages have an error page of their own.</summary>
    private static async Task CatchAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
        catch (Exception exception) when (AnswersPrograms(http) && !http.Response.HasStarted)
        {
            var result = Problems.OfException(http, exception);
            if (result is IStatusCodeHttpResult { StatusCode: StatusCodes.Status500InternalServerError })
            {
                LogDefect(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Peony.Edge"), http.TraceIdentifier, exception);
            }

            await result.ExecuteAsync(http);
        }
    }

    /// <summary>Keeps the body of API writes in memory, because the fingerprint of the idempotency key is made over it after the handler has read it.</summary>
    private static async Task BufferAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (!HttpMethods.IsGet(request.Method) && request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase))
        {
            var most = http.GetEndpoint()?.Metadata.GetMetadata<LargeBody>()?.MostBytes ?? MostBytes;
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            {
                size.MaxRequestBodySize = most;
            }

            if (request.ContentLength is { } length and <= MostBytes)
            {
                var body = new byte[length];
                await request.Body.ReadExactlyAsync(body, http.RequestAborted);
                request.Body = new MemoryStream(body, 0, body.Length, writable: false, publiclyVisible: true);
            }
            else
            {
                request.EnableBuffering((int)most, most);
            }
        }

        Problems.OnEndpoint(http);
        await next(http);
    }

    /// <summary>
    /// A cookie comes along with whatever site makes the browser ask. Browsers say which site that was; another one changes nothing here.
    /// Bearer tokens do not come along by themselves.
    /// </summary>
    private static Task RefuseOtherSitesAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || !request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || !HasCookie(http))
        {
            return next(http);
        }

        var origin = request.Headers.Origin.ToString();
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        // Browsers without Sec-Fetch-Site send Origin with every write; what sends neither is no browser.
        var isOwn = site is "same-origin" || (site.Length == 0 && (origin.Length == 0 || origin == $"{request.Scheme}://{request.Host}"));
        return isOwn ? next(http) : Problems.Of(http, EdgeRefusals.NotAllowed).ExecuteAsync(http);
    }

    private static bool HasCookie(HttpContext http)
    {
        foreach (var identity in http.User.Identities)
        {
            if (identity.IsAuthenticated && identity.AuthenticationType != CustomerAuthentication.BearerScheme)
            {
                return true;
            }
        }

        return false;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} failed by a defect.")]
    private static partial void LogDefect(ILogger logger, string requestId, Exception exception);
}

/// <summary>Names a request in answers and logs.</summary>
internal readonly record struct RequestId(string Value) : IId<RequestId>
{
    public static string Prefix => "req";
    public static RequestId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>Lets a route take more than the usual 64 KiB: photos.</summary>
internal sealed record LargeBody(long MostBytes);

/// <summary>The wall-clock brake on sign-in; <see cref="WriteBrake"/> is the one on writing. The brakes on codes and PINs are the Book's own and stand behind these.</summary>
internal static class RateLimits
{
    public static void Configure(RateLimiterOptions limits, PeonyOptions options)
    {
        // A sandbox signs up hundreds of demo customers from one address; a person does not.
        var signInsAMinute = options.IsSandbox ? 6000 : 20;
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.AddPolicy(PeonyEdge.SignInLimit, http => RateLimitPartition.GetTokenBucketLimiter(WriteBrake.AddressOf(http), _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = signInsAMinute,
            TokensPerPeriod = Math.Max(1, signInsAMinute / 6),
            ReplenishmentPeriod = TimeSpan.FromSeconds(10),
            QueueLimit = 0,
        }));
        limits.OnRejected = async (context, _) =>
        {
            var wait = context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var time) ? Math.Max(1, (int)Math.Ceiling(time.TotalSeconds)) : 1;
            var refusal = EdgeRefusals.TooMany.With("seconds", wait);
            await Problems.Of(context.HttpContext, refusal, MoneyFate.NotMoved, wait).ExecuteAsync(context.HttpContext);
        };
    }
}

/// <summary>The language of an answer: the browser's stored choice, what the request asks for, the customer's own, Chinese.</summary>
internal static class Languages
{
    public const string Cookie = "peony_lang";
    public const string Chinese = "zh-CN";
    public const string English = "en";

    public static Task ApplyAsync(HttpContext http, RequestDelegate next)
    {
        var culture = CultureInfo.GetCultureInfo(Of(http));
        CultureInfo.CurrentCulture = culture;
        CultureInfo.CurrentUICulture = culture;
        return next(http);
    }

    /// <summary>The language we speak that the tag asks for, or null.</summary>
    public static string? Parse(string? tag) => tag is null ? null
        : tag.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese
        : tag.StartsWith("en", StringComparison.OrdinalIgnoreCase) ? English
        : null;

    public static string Of(HttpContext http)
    {
        var headers = http.Request.Headers;
        if (headers.Cookie.Count > 0 && Parse(http.Request.Cookies[Cookie]) is { } stored)
        {
            return stored;
        }

        var asked = headers.AcceptLanguage.Count == 0 ? null : http.Request.GetTypedHeaders().AcceptLanguage.OrderByDescending(value => value.Quality ?? 1)
            .Select(value => Parse(value.Value.ToString())).FirstOrDefault(language => language is not null);
        return asked ?? Parse(http.User.FindFirst(PeonyClaims.Language)?.Value) ?? Chinese;
    }
}
