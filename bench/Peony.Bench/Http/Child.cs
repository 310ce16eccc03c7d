using System.Diagnostics;

namespace Peony.Bench;

/// <summary>The bench once more as a process of its own, as server or as generator: takes an order a line and answers with a line.</summary>
internal sealed class Child : IAsyncDisposable
{
    /// <summary>Marks an answer among whatever else is printed.</summary>
    private const string Mark = "bench: ";

    private readonly Process _process;

    private Child(Process process) => _process = process;

    /// <summary>Called in the child: answers the order.</summary>
    public static void Say(string answer) => Console.WriteLine(Mark + answer);

    /// <summary>Starts it and waits for its first word.</summary>
    public static async Task<(Child Child, string FirstWord)> StartAsync(IReadOnlyList<string> arguments, IEnumerable<(string Name, string Value)> environment, CancellationToken cancel)
    {
        var program = Environment.ProcessPath!;
        var isHost = Path.GetFileNameWithoutExtension(program) == "dotnet";
        var start = new ProcessStartInfo(program, isHost ? [typeof(Child).Assembly.Location, .. arguments] : arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new Child(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
        return (child, await child.HearAsync(cancel));
    }

    public TimeSpan ProcessorTime() => Machine.ProcessTime(_process.Id);

    public async Task<string> AskAsync(string order, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(order.AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        return await HearAsync(cancel);
    }

    /// <summary>It ends when nobody orders any more.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await _process.StandardOutput.ReadToEndAsync(patience.Token);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private async Task<string> HearAsync(CancellationToken cancel)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancel) is { } line)
        {
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                return line[Mark.Length..];
            }

            await Console.Error.WriteLineAsync(line);
        }

        throw new InvalidOperationException("A process of the bench ended early.");
    }
}
