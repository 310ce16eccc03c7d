using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Peony.Edge;
using Peony.Gateway.Bills;
using Peony.Gateway.Keys;

namespace Peony.Gateway;

/// <summary>
/// The gateway's addresses, at the root because clients expect them there: <c>/gateway.do</c> (v2) and <c>/v3/…</c>. They are run right behind routing: a signature says who calls,
/// so cookies, sign-in, languages and the brakes of browsers have no business here.
/// </summary>
internal static partial class GatewayDoors
{
    public const string Path = "/gateway.do";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Path, [HttpMethods.Get, HttpMethods.Post], AnswerAsync).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        // A client that was given the gateway's address as its endpoint ends up here, and would find no signature in a page.
        routes.Map(Path + "/{**rest}", RestDoor.RefuseEndpointAsync).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        routes.MapGet(BillDownload.Path + "{what}", (string what, BillDownload bills, CancellationToken cancel) => bills.SendAsync(what, cancel)).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
        routes.Map("/v3/{**path}", RestDoor.AnswerAsync).AllowAnonymous().ShortCircuit().ExcludeFromDescription();
    }

    /// <summary>Notes a defect behind the doors and gives what the caller is told of it.</summary>
    public static GatewayError Unknown(HttpContext http, Exception exception)
    {
        if (exception is not Book.BookUnavailableException and not Book.OutcomeUnknownException)
        {
            LogDefect(http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("Peony.Gateway"), http.TraceIdentifier, exception);
        }

        return GatewayError.Unknown;
    }

    public static string OriginOf(HttpContext http) => $"{http.Request.Scheme}://{http.Request.Host}";

    private static async Task AnswerAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var envelope = new GatewayEnvelope();
        GatewayCall? call = null;
        GatewayReply? reply = null;
        GatewayError? error = null;
        try
        {
            var parameters = await GatewayParameters.ReadAsync(http.Request, http.RequestAborted);
            call = await services.GetRequiredService<GatewayCheck>().AdmitAsync(parameters, envelope, OriginOf(http), http.RequestAborted);
            reply = await envelope.Method!.RunAsync(call, http.RequestAborted);
        }
        catch (GatewayException refused)
        {
            error = refused.Error;
        }
        catch (Exception exception) when (!http.RequestAborted.IsCancellationRequested)
        {
            error = Unknown(http, exception);
        }

        http.Response.Headers["trace_id"] = http.TraceIdentifier;
        http.Response.Headers.CacheControl = "no-store";
        if (reply is PageReply page)
        {
            http.Response.Redirect(page.Path);
        }
        else if (envelope.Method is { IsPage: true })
        {
            await ErrorPage.ShowAsync(http, error!);
        }
        else
        {
            var node = error is null ? GatewayEnvelope.NodeOf((NodeReply)reply!) : GatewayEnvelope.NodeOf(error);
            var signer = error is null || MaySign(http, isVerified: call is not null) ? await SignerAsync(http, isNeeded: error is null) : null;
            await SendAsync(http, $"text/html;charset={envelope.Charset.Name}", envelope.Seal(node, signer));
        }
    }

    /// <summary>A signature costs a thousand times what refusing does. Who has not shown one of its own gets as many as the brake on writing gives an address.</summary>
    private static bool MaySign(HttpContext http, bool isVerified) =>
        isVerified || http.RequestServices.GetRequiredService<WriteBrake>().TakeOne("gateway/" + WriteBrake.AddressOf(http)) is null;

    /// <summary>The platform's keys; null when they cannot be had and an error has to do without.</summary>
    private static async Task<PlatformSigner?> SignerAsync(HttpContext http, bool isNeeded)
    {
        try
        {
            return await http.RequestServices.GetRequiredService<PlatformKeys>().GetAsync(http.RequestAborted);
        }
        catch (Book.BookUnavailableException) when (!isNeeded)
        {
            return null;
        }
    }

    /// <summary>Sends the bytes with exactly this content type; some clients find no encoding otherwise.</summary>
    public static Task SendAsync(HttpContext http, string contentType, byte[] body)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Gateway request {RequestId} failed by a defect.")]
    private static partial void LogDefect(ILogger logger, string requestId, Exception exception);
}

/// <summary>What a buyer's browser shows when a shop sent it with a request that is wrong: the code, and for the shop's integrator the text a signature was compared with.</summary>
internal static class ErrorPage
{
    public static Task ShowAsync(HttpContext http, GatewayError error)
    {
        var isEnglish = Languages.Of(http) == Languages.English;
        string title = isEnglish ? "This payment cannot be opened" : "无法打开付款页面",
            next = isEnglish ? "No money has moved. Go back to the shop and try again; if it stays like this, the shop will want the lines below." : "没有发生扣款。请返回商家重试；如仍失败，请把下面的信息告诉商家。";
        if (error == GatewayError.Unknown)
        {
            next = isEnglish ? "What became of it is not known yet. Look at your payments before you try again." : "处理结果暂时未知，重试前请先查看付款记录。";
        }

        var html = $"""
            <!DOCTYPE html>
            <html lang="{(isEnglish ? "en" : "zh-CN")}" data-theme="auto">
            <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
                <title>{title} · Peony</title>
                <link rel="stylesheet" href="/peony.css">
                <link rel="icon" href="/peony.svg" type="image/svg+xml">
            </head>
            <body>
                <div class="app bare">
                    <header class="app-bar"><span class="brand"><img src="/peony.svg" alt="" width="32" height="32">Peony</span></header>
                    <main id="main">
                        <div class="empty">
                            <h1>{title}</h1>
                            <p>{next}</p>
                            <p class="tiny"><code>{Encoded(error.RestCode)}</code> · {http.TraceIdentifier}</p>
                            <p class="tiny" lang="zh-CN">{Encoded(System.Net.WebUtility.HtmlDecode(error.SubMessage))}</p>
                        </div>
                    </main>
                </div>
            </body>
            </html>
            """;
        return GatewayDoors.SendAsync(http, "text/html;charset=utf-8", Encoding.UTF8.GetBytes(html));
    }

    private static string Encoded(string text) => System.Net.WebUtility.HtmlEncode(text);
}
