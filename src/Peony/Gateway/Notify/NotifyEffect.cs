using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;
using Peony.Edge;
using Peony.Gateway.Keys;

namespace Peony.Gateway.Notify;

/// <summary>Makes a try of a notice. The receiver has it when it answers 200 and <c>success</c>, and in no other case.</summary>
internal sealed class NotifyEffect(IHttpClientFactory clients, PlatformKeys platform) : IEffect<NotifyDue>
{
    public const string EffectName = "gateway.notify";
    public const string ClientName = "gateway.notify";

    private const int MostSaid = 200;

    public string Name => EffectName;

    public async Task<ICommand?> ActAsync(NotifyDue @event, EffectContext context, CancellationToken cancel)
    {
        var delivery = await context.Reader.FindAsync<NotifyDelivery>(@event.Delivery.Value, cancel);
        if (delivery is not { Status: NotifyStatus.Open })
        {
            return null;
        }

        var form = TradeNotice.Form(delivery.Content, await platform.GetAsync(cancel), context.Reader.Now);
        NotifyAnswer answer;
        try
        {
            using var content = new ByteArrayContent(form);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse($"application/x-www-form-urlencoded; charset={delivery.Content["charset"]}");
            using var client = clients.CreateClient(ClientName);
            using var response = await client.PostAsync(new Uri(delivery.Url), content, cancel);
            // As bytes: servers name character sets that nobody here knows, and the word is ASCII.
            var said = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancel));
            answer = new NotifyAnswer(IsAcknowledged(response.StatusCode, said), (int)response.StatusCode, Head(said));
        }
        catch (Exception exception) when (Outage.Is(exception, cancel))
        {
            answer = new NotifyAnswer(IsAcknowledged: false, HttpStatus: null, exception.GetType().Name);
        }

        return new NotifyAnswered(delivery.Id, answer);
    }

    /// <summary>Spaces around the word and its case do not matter.</summary>
    public static bool IsAcknowledged(HttpStatusCode status, string said) => status == HttpStatusCode.OK && said.Trim().Equals("success", StringComparison.OrdinalIgnoreCase);

    private static string Head(string said) => new([.. said.Where(character => !char.IsControl(character) && !char.IsSurrogate(character)).Take(MostSaid)]);
}

/// <summary>How merchants' servers are called: no redirects, no cookies, ten seconds, and outside the sandbox nothing of our own network.</summary>
internal static class NotifyClient
{
    public static void Add(IServiceCollection services, PeonyOptions options) =>
        services.AddHttpClient(NotifyEffect.ClientName, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = 64 * 1024;
        }).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectCallback = options.IsSandbox ? null : ConnectAsync,
        });

    /// <summary>True for an address that is reached over the public internet: a merchant names the address, and must not reach through us what lies behind our own doors.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var bytes = plain.GetAddressBytes();
        return plain.AddressFamily == AddressFamily.InterNetwork
            ? bytes switch
            {
                [0 or 10 or 127 or >= 224, ..] or [100, >= 64 and < 128, ..] or [169, 254, ..] or [172, >= 16 and < 32, ..] or [192, 168, ..] or [192, 0, 0, _] or [198, 18 or 19, ..] => false,
                _ => true,
            }
            // Global unicast, without the ranges that carry addresses of IPv4 inside.
            : (bytes[0] & 0xE0) == 0x20 && bytes is not ([0x20, 0x02, ..] or [0x20, 0x01, 0x00, 0x00, ..]);
    }

    /// <summary>Looks the name up once and connects to what was found, so that it cannot mean something else the second time.</summary>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var found = (await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancel)).Where(IsPublic).ToArray();
        if (found.Length == 0)
        {
            throw new HttpRequestException("The address is not on the public internet.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(found, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
