using System.Net.Http.Headers;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Peony.Simulators.Bank;

/// <summary>
/// Posts the bank's status reports to the bank's customer, one after another, each a few times at most: what is lost can be asked for. Also wakes the bank when something is due
/// by the wall clock.
/// </summary>
internal sealed class BankReports(SimulatorOptions options, SimulatorClock clock, TimeProvider wall, IServiceProvider services) : BackgroundService
{
    private static readonly TimeSpan[] Pauses = [TimeSpan.Zero, TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(1)];
    private readonly Channel<byte[]> _reports = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private volatile Uri? _target = options.ReportUrl;
    private int _waiting;

    public Uri? Target
    {
        get => _target;
        set => _target = value;
    }

    /// <summary>True when every report made so far was posted or given up.</summary>
    public bool IsQuiet => Volatile.Read(ref _waiting) == 0;

    public void Add(byte[] report)
    {
        if (_target is not null)
        {
            Interlocked.Increment(ref _waiting);
            _reports.Writer.TryWrite(report);
        }
    }

    /// <summary>Waits until the reports made so far are posted, at most five seconds.</summary>
    public async Task DrainAsync(CancellationToken cancel)
    {
        var end = wall.GetUtcNow().AddSeconds(5);
        while (!IsQuiet && wall.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), wall, cancel);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(PostAsync(stoppingToken), WakeAsync(stoppingToken));

    private async Task PostAsync(CancellationToken stopping)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
        client.DefaultRequestHeaders.Add(SimulatorsApp.KeyHeader, options.ProviderKey);
        await foreach (var report in _reports.Reader.ReadAllAsync(stopping))
        {
            try
            {
                await PostAsync(client, report, stopping);
            }
            finally
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    private async Task PostAsync(HttpClient client, byte[] report, CancellationToken stopping)
    {
        foreach (var pause in Pauses)
        {
            await Task.Delay(pause, wall, stopping);
            try
            {
                using var content = new ByteArrayContent(report);
                content.Headers.ContentType = new MediaTypeHeaderValue("application/xml") { CharSet = "utf-8" };
                using var response = await client.PostAsync(_target, content, stopping);
                if ((int)response.StatusCode < 500)
                {
                    return;
                }
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested && exception is HttpRequestException or TaskCanceledException)
            {
                // Nobody listens just now; the next try may find somebody.
            }
        }
    }

    private async Task WakeAsync(CancellationToken stopping)
    {
        var bank = services.GetRequiredService<BankSimulator>();
        while (!stopping.IsCancellationRequested)
        {
            bank.Step();
            var wait = bank.NextDue - clock.Now ?? TimeSpan.MaxValue;
            await Task.Delay(wait < TimeSpan.FromMilliseconds(50) ? (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) : TimeSpan.FromMilliseconds(50), wall, stopping);
        }
    }
}
