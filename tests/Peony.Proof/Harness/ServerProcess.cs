using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Peony.Proof;

/// <summary>The program as a process of its own, as an operator starts it: it can be stopped, killed, paused, and asked for its verbs.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int Term = 15;
    private const int Continue = 18;
    private const int Stop = 19;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private bool _isDisposed;

    private ServerProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(2) }) { BaseAddress = address, Timeout = Patience };
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    public int Id => _process.Id;

    /// <summary>How long it took from the start of the process until it was ready.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    public HttpClient Client { get; }

    /// <summary>What it printed and logged.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Peony.Server", here.Name, "Peony.Server.dll");
        }
    }

    /// <summary>An address nobody listens at, below the ports that the system gives to callers: under load one of them would have it before the server does.</summary>
    public static Uri FreeAddress()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(10_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return new Uri($"http://127.0.0.1:{port}");
            }
            catch (SocketException)
            {
                // Somebody has it; another one is drawn.
            }
        }
    }

    /// <summary>Starts <c>serve</c> and returns at once.</summary>
    /// <param name="environment">Variables the process gets besides those of the tests.</param>
    public static ServerProcess Launch(ServerPlace place, Uri? address = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        address ??= FreeAddress();
        return new ServerProcess(Start(["serve", .. place.Options, "--urls", address.ToString().TrimEnd('/')], environment), address);
    }

    /// <summary>Starts <c>serve</c> and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(ServerPlace place, Uri? address = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var server = Launch(place, address, environment);
        await server.ReadyAsync();
        return server;
    }

    /// <summary>Runs another verb of the program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(ServerPlace place, params string[] verb)
    {
        using var process = Start([.. verb, .. place.Options]);
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    /// <summary>Everything agrees with the journal.</summary>
    public static async Task VerifyAsync(ServerPlace place)
    {
        var (exitCode, output) = await RunAsync(place, "verify");
        Proofs.Hold(exitCode == 0, output);
    }

    public bool HasEnded => _process.HasExited;

    /// <summary>Waits until <c>/readyz</c> says so.</summary>
    public async Task BecomesAsync(HttpStatusCode readiness, TimeSpan within, string when)
    {
        var since = Stopwatch.StartNew();
        while (await ReadinessAsync() is var found && found != readiness)
        {
            Proofs.Hold(since.Elapsed < within, $"{when}, /readyz answers {found} and not {readiness} within {within.TotalSeconds:F0} s.");
            await Task.Delay(50);
        }
    }

    public async Task ReadyAsync()
    {
        while (await ReadinessAsync() != HttpStatusCode.OK)
        {
            Proofs.Hold(!_process.HasExited, "The server ended: " + Output);
            Proofs.Hold(_sinceStart.Elapsed < Patience, "The server is not ready: " + Output);
            await Task.Delay(20);
        }

        ReadyAfter = _sinceStart.Elapsed;
    }

    /// <summary>What <c>/readyz</c> answers, or null when nobody answers.</summary>
    public async Task<HttpStatusCode?> ReadinessAsync()
    {
        try
        {
            using var response = await Client.GetAsync("/readyz");
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Ends it as a service manager does.</summary>
    public async Task<int> StopAsync()
    {
        Signal(Term);
        return await EndAsync();
    }

    /// <summary>Ends it as a power cut does: <c>kill -9</c>.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Pause() => Signal(Stop);

    public void Resume() => Signal(Continue);

    public async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        Client.Dispose();
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static Process Start(IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo("dotnet", [Program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Send(int process, int signal);

    private void Signal(int signal) => Proofs.Hold(Send(_process.Id, signal) == 0, $"Signal {signal} could not be sent.");

    private void Keep(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
