using System.Diagnostics;
using System.Globalization;

namespace Peony.Proof;

/// <summary>A system call as strace saw it begin, end, or both at once.</summary>
/// <param name="Thread">Which thread called.</param>
/// <param name="Arguments">As printed, split at the commas between them; only where the call begins.</param>
/// <param name="Result">What it returned; only where the call ends.</param>
/// <param name="IsInjected">The call was not carried out: the tracer answered in its place.</param>
internal sealed record SystemCall(int Thread, string Name, IReadOnlyList<string>? Arguments, long? Result, bool IsInjected)
{
    /// <summary>The text or bytes of a quoted argument, which <c>-xx</c> prints in hexadecimal.</summary>
    public byte[] Bytes(int argument) => Unquote(Arguments![argument]);

    public string Text(int argument) => System.Text.Encoding.UTF8.GetString(Bytes(argument));

    public long Number(int argument) => long.Parse(Arguments![argument], CultureInfo.InvariantCulture);

    public static byte[] Unquote(ReadOnlySpan<char> quoted)
    {
        var from = quoted.IndexOf('"') + 1;
        var to = quoted.LastIndexOf('"');
        if (from == 0 || to < from || quoted[to..].Contains("...", StringComparison.Ordinal) || (to - from) % 4 != 0)
        {
            throw new FormatException("strace did not print all of an argument.");
        }

        var bytes = new byte[(to - from) / 4];
        for (var index = 0; index < bytes.Length; index++)
        {
            bytes[index] = (byte)((Digit(quoted[from + (4 * index) + 2]) << 4) | Digit(quoted[from + (4 * index) + 3]));
        }

        return bytes;
    }

    private static int Digit(char digit) => digit <= '9' ? digit - '0' : digit - 'a' + 10;
}

/// <summary>Runs a program under strace and reads what strace wrote.</summary>
internal static class Trace
{
    /// <summary>Every call that changes what files hold, what folders list, or what of it is on the disk.</summary>
    public const string Calls = "open,openat,creat,close,dup,dup2,dup3,write,writev,pwrite64,pwritev,pwritev2,sendfile,copy_file_range,ftruncate,truncate,fallocate,fsync,fdatasync,"
        + "rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir";

    /// <param name="options">strace's own options.</param>
    /// <exception cref="ProofNotRunException">strace is not installed or may not trace.</exception>
    public static async Task<(int ExitCode, string Output)> RunAsync(IEnumerable<string> options, IEnumerable<string> program, CancellationToken cancel)
    {
        if (!File.Exists("/usr/bin/strace"))
        {
            throw new ProofNotRunException("strace is not installed: apt-get install strace.");
        }

        var start = new ProcessStartInfo("/usr/bin/strace", ["-f", "-qq", "--seccomp-bpf", .. options, "dotnet", .. program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("strace did not start.");
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancel);
            var output = await process.StandardOutput.ReadToEndAsync(cancel) + await error;
            await process.WaitForExitAsync(cancel);
            return output.Contains("ptrace", StringComparison.Ordinal) && output.Contains("not permitted", StringComparison.Ordinal)
                ? throw new ProofNotRunException("strace may not trace here: " + output)
                : (process.ExitCode, output);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Runs a program whose files may not grow above so many KiB: the write that would is cut short, and the next fails.</summary>
    /// <returns>True when a file came to its end.</returns>
    public static async Task<bool> RunShortAsync(int kibibytes, IEnumerable<string> program, CancellationToken cancel)
    {
        // The signal that goes with it is ignored, so that the call fails as any other does.
        var start = new ProcessStartInfo("bash", ["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec dotnet \"$@\"", "bash", $"{kibibytes}", .. program]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // Neither the runtime nor its diagnostics shall meet the limit with files of their own.
        (start.Environment["DOTNET_EnableDiagnostics"], start.Environment["DOTNET_EnableWriteXorExecute"]) = ("0", "0");
        using var process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancel);
            var output = await process.StandardOutput.ReadToEndAsync(cancel) + await error;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode != 0 || output.Contains("SQLite Error", StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>The calls in the order in which they began and ended.</summary>
    public static IEnumerable<SystemCall> Read(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            if (Parse(line) is { } call)
            {
                yield return call;
            }
        }
    }

    /// <summary>True when the program was killed within a call that changes something: nobody can tell from outside whether it was carried out.</summary>
    public static bool EndsWithin(string file)
    {
        var running = new Dictionary<int, string>();
        foreach (var call in Read(file))
        {
            if (call.Arguments is not null)
            {
                running[call.Thread] = call.Name;
            }

            if (call.Result is not null)
            {
                running.Remove(call.Thread);
            }
        }

        // An open that waits is the runtime's own, on a pipe for debuggers; a sync that did not end promised nothing.
        return running.Values.Any(name => name is not ("open" or "openat" or "close" or "fsync" or "fdatasync"));
    }

    /// <returns>Null for a line that is no call: a signal, an exit.</returns>
    public static SystemCall? Parse(string line)
    {
        const string unfinished = " <unfinished ...>", resumed = " resumed>";
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var thread = int.Parse(line.AsSpan(0, space), CultureInfo.InvariantCulture);
        var rest = line[space..].TrimStart();
        if (rest.StartsWith("+++", StringComparison.Ordinal) || rest.StartsWith("---", StringComparison.Ordinal))
        {
            return null;
        }

        if (rest.StartsWith("<... ", StringComparison.Ordinal))
        {
            var (result, isInjected) = Result(rest);
            return new SystemCall(thread, rest[5..rest.IndexOf(resumed, StringComparison.Ordinal)], null, result, isInjected);
        }

        var open = rest.IndexOf('(', StringComparison.Ordinal);
        if (rest.EndsWith(unfinished, StringComparison.Ordinal))
        {
            return new SystemCall(thread, rest[..open], Split(rest[(open + 1)..^unfinished.Length]), null, false);
        }

        var close = rest.LastIndexOf(") ", rest.LastIndexOf(" = ", StringComparison.Ordinal) + 1, StringComparison.Ordinal);
        var (returned, injected) = Result(rest);
        return new SystemCall(thread, rest[..open], Split(rest[(open + 1)..close]), returned, injected);
    }

    /// <returns>Minus one where it failed; null where the thread was killed in it.</returns>
    private static (long? Result, bool IsInjected) Result(string line)
    {
        var text = line.AsSpan(line.LastIndexOf(" = ", StringComparison.Ordinal) + 3);
        var end = text.IndexOf(' ');
        return (text[0] == '?' ? null : long.Parse(end < 0 ? text : text[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture),
            text.Contains("INJECTED", StringComparison.Ordinal));
    }

    /// <summary>Splits at commas outside of brackets; quoted texts are hexadecimal and hold none.</summary>
    private static List<string> Split(string arguments)
    {
        var (parts, from, depth) = (new List<string>(), 0, 0);
        for (var at = 0; at < arguments.Length; at++)
        {
            switch (arguments[at])
            {
                case '[' or '{':
                    depth++;
                    break;
                case ']' or '}':
                    depth--;
                    break;
                case ',' when depth == 0:
                    parts.Add(arguments[from..at].Trim());
                    from = at + 1;
                    break;
            }
        }

        parts.Add(arguments[from..].Trim());
        return parts;
    }
}
