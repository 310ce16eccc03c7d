using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Customers;

namespace Peony.Edge;

/// <summary>
/// One call of the native API, bound to a handler's parameter: who calls, what a handler may use, and <see cref="RunAsync"/>, the way from a command to an answer.
/// It takes care of the idempotency key, the fingerprint, dry runs and problems, so a handler only parses and renders.
/// </summary>
internal sealed class ApiCall
{
    private readonly IBook _book;

    private ApiCall(HttpContext http)
    {
        Http = http;
        var services = http.RequestServices;
        _book = services.GetRequiredService<IBook>();
        Reader = services.GetRequiredService<IBookReader>();
        Secrets = services.GetRequiredService<Secrets>();
        Vault = services.GetRequiredService<IVault>();
        Clock = services.GetRequiredService<TimeProvider>();
    }

    public HttpContext Http { get; }

    public IBookReader Reader { get; }

    public Secrets Secrets { get; }

    public IVault Vault { get; }

    /// <summary>The wall clock.</summary>
    public TimeProvider Clock { get; }

    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>The session of the signed-in customer. The route must require sign-in, as all routes below <c>/api/v1</c> do unless they say otherwise.</summary>
    public SessionId Session => PeonyClaims.SessionOf(Http.User) ?? throw new InvalidOperationException("The route does not require a signed-in customer.");

    public CustomerId Customer => PeonyClaims.CustomerOf(Http.User) ?? throw new InvalidOperationException("The route does not require a signed-in customer.");

    public DeviceId Device => PeonyClaims.DeviceOf(Http.User) ?? throw new InvalidOperationException("The route does not require a signed-in customer.");

    /// <summary>Whose idempotency keys these are: the customer (who may have signed in anew between two tries), the operator, or everybody who has not signed in.</summary>
    public string Caller => Http.User.FindFirst(PeonyClaims.Customer)?.Value ?? Http.User.FindFirst(PeonyClaims.Operator)?.Value ?? "anonymous";

    public bool IsDryRun => Http.Request.Query["dry_run"].ToString() is "true" or "1";

    /// <summary>Binds the call; minimal APIs find this by its name.</summary>
    public static ValueTask<ApiCall?> BindAsync(HttpContext context) => ValueTask.FromResult<ApiCall?>(new ApiCall(context));

    /// <summary>Runs the command and renders its answer: the reply (through <paramref name="view"/>), a dry run's postings, or a problem.</summary>
    /// <param name="command">The command.</param>
    /// <param name="view">Makes the body from the reply; without it the reply itself is the body.</param>
    /// <param name="status">The status of success; 204 has no body.</param>
    public async Task<IResult> RunAsync<TReply>(ICommand<TReply> command, Func<TReply, object>? view = null, int status = StatusCodes.Status200OK)
    {
        if (IsDryRun)
        {
            var dry = await _book.DryRunAsync(command, Cancel);
            return dry.Result.IsRefused(out var no, out var would)
                ? Problem(no)
                : Json(new { DryRun = true, Reply = Render(would!, view), dry.Postings }, StatusCodes.Status200OK);
        }

        if ((await KeyAsync()).IsRefused(out var invalid, out var key))
        {
            return Problem(invalid);
        }

        return Answer(await _book.RunAsync(command, key, Cancel), view, status);
    }

    /// <summary>Renders what a flow answered, as <see cref="RunAsync"/> does.</summary>
    public IResult Answer<TReply>(Result<TReply> result, Func<TReply, object>? view = null, int status = StatusCodes.Status200OK)
    {
        if (result.IsRefused(out var refusal, out var reply))
        {
            return Problem(refusal);
        }

        return status == StatusCodes.Status204NoContent ? Results.NoContent() : Json(Render(reply!, view), status);
    }

    /// <summary>The call's idempotency key and fingerprint; null for reads. Refused when a write has none.</summary>
    /// <param name="part">Names one of several commands of the same call.</param>
    public async Task<Result<CallKey?>> KeyAsync(string part = "")
    {
        // Whoever asks for a key is about to act; a caller who asked to try must not find it done.
        if (IsDryRun)
        {
            return EdgeRefusals.NoDryRun;
        }

        if (TryReadKey(out var key) is { } invalid)
        {
            return invalid;
        }

        return key is null ? null : new CallKey(part.Length == 0 ? Caller : $"{Caller}/{part}", key, await FingerprintAsync());
    }

    /// <summary>The whole body, for handlers that read it themselves and for the fingerprint: it can be read as often as is wanted.</summary>
    public async Task<RequestBytes> ReadBodyAsync()
    {
        var request = Http.Request;
        if (request.Body is MemoryStream whole && whole.TryGetBuffer(out var buffered) && buffered.Offset == 0)
        {
            return new RequestBytes(buffered.Array!, buffered.Count, isRented: false);
        }

        if (!request.Body.CanSeek)
        {
            return request.ContentLength is > 0
                ? throw new InvalidOperationException("The request body is not buffered: UsePeonyEdge stands before the endpoints.")
                : new RequestBytes([], 0, isRented: false);
        }

        request.Body.Position = 0;
        // What the header says is only believed as far as it costs little.
        var bytes = ArrayPool<byte>.Shared.Rent((int)Math.Min(request.ContentLength ?? 4096, 1024 * 1024) + 1);
        var length = 0;
        while (await request.Body.ReadAsync(bytes.AsMemory(length), Cancel) is var read and > 0)
        {
            length += read;
            if (length == bytes.Length)
            {
                var larger = ArrayPool<byte>.Shared.Rent(length * 2);
                bytes.CopyTo(larger, 0);
                ArrayPool<byte>.Shared.Return(bytes);
                bytes = larger;
            }
        }

        return new RequestBytes(bytes, length, isRented: true);
    }

    public IResult Problem(Refusal refusal) => Problems.Of(Http, refusal);

    /// <summary>A list that is short by its nature, whole.</summary>
    public static IResult List<T>(IReadOnlyList<T> all) => Json(new ListBody<T>(all, HasMore: false));

    /// <summary>A list, a page at a time.</summary>
    public static async Task<IResult> ListAsync<T>(PageQuery page, Func<Page, Task<IReadOnlyList<T>>> read) => Json(await page.ReadAsync(read));

    public static IResult Json(object body, int status = StatusCodes.Status200OK) => Results.Json(body, ApiJson.Options, statusCode: status);

    private static object Render<TReply>(TReply reply, Func<TReply, object>? view) => view is null ? reply! : view(reply);

    /// <summary>Reads <c>Idempotency-Key</c>, bare or as a quoted string (draft-ietf-httpapi-idempotency-key-header). Unsafe methods need one.</summary>
    private Refusal? TryReadKey(out string? key)
    {
        key = null;
        var method = Http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            return null;
        }

        var header = Http.Request.Headers["Idempotency-Key"];
        if (header.Count == 0 || string.IsNullOrWhiteSpace(header[0]))
        {
            return EdgeRefusals.KeyMissing;
        }

        var text = header[0]!.Trim();
        if (text.Length >= 2 && text[0] == '"' && text[^1] == '"')
        {
            text = text[1..^1];
        }

        if (header.Count > 1 || text.Length is < 1 or > 128 || text.Any(character => character is < '!' or > '~'))
        {
            return EdgeRefusals.KeyInvalid;
        }

        key = text;
        return null;
    }

    private async Task<byte[]> FingerprintAsync()
    {
        using var body = await ReadBodyAsync();
        var request = Http.Request;
        return Secrets.Fingerprint(body.Bytes, request.Method, request.Path.Value ?? "", request.QueryString.Value ?? "", Caller);
    }
}

/// <summary>A request's body; memory that was rented for it goes back when this is disposed of.</summary>
internal sealed class RequestBytes(byte[] bytes, int length, bool isRented) : IDisposable
{
    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    public void Dispose()
    {
        if (isRented)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
