namespace Peony.Proof;

/// <summary>Follows traced system calls: what they do to the disk, and what the driver's log said by then.</summary>
/// <param name="folder">The folder whose files are followed.</param>
/// <param name="log">The driver's log, which is no part of it: what was written there was told, come what may.</param>
/// <param name="isPassedOver">Syncs of these paths do nothing: a planted bug.</param>
internal sealed class TracedDisk(string folder, string log, Func<string, bool> isPassedOver)
{
    private readonly Dictionary<long, Opened> _opened = [];
    private readonly Dictionary<int, (SystemCall Call, Action<long>? End)> _running = [];

    public DiskModel Disk { get; } = new();

    public Script Script { get; } = new();

    public int Syncs { get; private set; }

    public int Writes { get; private set; }

    /// <summary>A new process: it has nothing open.</summary>
    public void Restart()
    {
        _opened.Clear();
        _running.Clear();
    }

    /// <summary>Follows one call.</summary>
    /// <returns>True when the disk, or what was told, may be another afterwards.</returns>
    public bool Follow(SystemCall call)
    {
        if (call.Arguments is not null)
        {
            _running[call.Thread] = (call, Begin(call));
        }

        if (call.Result is not { } result || !_running.Remove(call.Thread, out var running) || running.End is null)
        {
            return call.Arguments is not null && _running.TryGetValue(call.Thread, out var begun) && begun.End is not null;
        }

        if (!call.IsInjected)
        {
            running.End(result);
        }

        return true;
    }

    /// <summary>What the call does at its beginning happens here; what it does at its end is returned, null for a call that concerns nothing here.</summary>
    private Action<long>? Begin(SystemCall call)
    {
        switch (call.Name)
        {
            case "open":
                return Open(call.Text(0), call.Arguments![1]);
            case "openat":
                return Open(PathOf(call, 1), call.Arguments![2]);
            case "creat":
                return Open(call.Text(0), "O_CREAT|O_TRUNC");
            case "close":
                _opened.Remove(call.Number(0));
                return null;
            case "dup" or "dup2" or "dup3" or "sendfile" or "copy_file_range" or "writev" or "pwritev" or "pwritev2" or "write" or "truncate":
                return Refuse(call);
            case "pwrite64":
                return Write(call);
            case "ftruncate":
                return Find(call.Number(0))?.File is { } truncated ? Ending(truncated.Truncate(call.Number(1))) : null;
            case "fallocate":
                return Allocate(call);
            case "fsync" or "fdatasync":
                return Sync(call.Number(0));
            case "rename":
                return Rename(call.Text(0), call.Text(1));
            case "renameat" or "renameat2":
                return Rename(PathOf(call, 1), PathOf(call, 3));
            case "unlink" or "rmdir":
                return Remove(call.Text(0));
            case "unlinkat":
                return Remove(PathOf(call, 1));
            case "mkdir":
                return MakeFolder(call.Text(0));
            case "mkdirat":
                return MakeFolder(PathOf(call, 1));
            default:
                return null;
        }
    }

    /// <summary>Ways to write that nothing here uses: whoever begins to must teach the model.</summary>
    private Action<long>? Refuse(SystemCall call) => call.Name == "truncate"
        ? Inside(call.Text(0)) is null ? null : throw new InvalidOperationException($"{call.Name} on a file that is followed is not modelled.")
        : Find(call.Number(0)) is null ? null : throw new InvalidOperationException($"{call.Name} on a file that is followed is not modelled.");

    private Action<long>? Open(string path, string flags)
    {
        if (path == log)
        {
            return number => _opened[number] = new Opened(path, null, null);
        }

        if (Inside(path) is not { } name)
        {
            return number => _opened.Remove(number);
        }

        return number =>
        {
            if (number < 0)
            {
                return;
            }

            if (name.Length == 0)
            {
                _opened[number] = new Opened(path, null, Disk.Root);
                return;
            }

            var parent = Disk.Folder(Path.GetDirectoryName(name)!);
            var leaf = Path.GetFileName(name);
            if (!parent.Now.TryGetValue(leaf, out var node))
            {
                node = new DiskFile();
                var made = node;
                parent.Change(list => list[leaf] = made);
            }

            var file = node as DiskFile;
            if (flags.Contains("O_TRUNC", StringComparison.Ordinal) && file is { Length: > 0 })
            {
                file.Truncate(0).HasEnded = true;
            }

            _opened[number] = new Opened(path, file, node as DiskFolder);
        };
    }

    private Action<long>? Write(SystemCall call)
    {
        if (Find(call.Number(0)) is not { } opened)
        {
            return null;
        }

        var data = call.Bytes(1);
        if (opened.Path == log)
        {
            // Once the call has begun somebody may have read it.
            Script.Add(LogLine.Parse(data));
            return _ => { };
        }

        Writes++;
        var write = opened.File!.Write(call.Number(3), data);
        return count =>
        {
            Proofs.Same<long>(data.Length, count, "Bytes written by a traced write");
            write.HasEnded = true;
        };
    }

    private Action<long>? Allocate(SystemCall call)
    {
        if (Find(call.Number(0))?.File is not { } file)
        {
            return null;
        }

        var end = call.Number(2) + call.Number(3);
        return end > file.Length ? Ending(file.Truncate(end)) : _ => { };
    }

    private Action<long>? Sync(long number)
    {
        if (Find(number) is not { } opened)
        {
            return null;
        }

        if (isPassedOver(opened.Path))
        {
            return _ => { };
        }

        Syncs++;
        if (opened.Folder is { } folder)
        {
            var changes = folder.Mark();
            return result => folder.Synced(result == 0 ? changes : 0);
        }

        var writes = opened.File!.Mark();
        return result =>
        {
            if (result == 0)
            {
                opened.File.Synced(writes);
            }
        };
    }

    private Action<long>? Rename(string from, string to)
    {
        if (Inside(from) is not { } source || Inside(to) is not { } target)
        {
            return Inside(from) is null && Inside(to) is null ? null : throw new InvalidOperationException($"{from} was moved to {to}: out of what is followed.");
        }

        Proofs.Same(Path.GetDirectoryName(source), Path.GetDirectoryName(target), "A rename between folders is not modelled: the folders");
        var (old, @new) = (Path.GetFileName(source), Path.GetFileName(target));
        return result =>
        {
            if (result == 0)
            {
                var node = Disk.Folder(Path.GetDirectoryName(source)!).Now[old];
                Disk.Folder(Path.GetDirectoryName(source)!).Change(list =>
                {
                    list.Remove(old);
                    list[@new] = node;
                });
            }
        };
    }

    private Action<long>? Remove(string path) => Inside(path) is not { } name ? null : result =>
    {
        if (result == 0)
        {
            var leaf = Path.GetFileName(name);
            Disk.Folder(Path.GetDirectoryName(name)!).Change(list => list.Remove(leaf));
        }
    };

    private Action<long>? MakeFolder(string path) => Inside(path) is not { } name ? null : result =>
    {
        if (result == 0)
        {
            var (leaf, made) = (Path.GetFileName(name), new DiskFolder());
            Disk.Folder(Path.GetDirectoryName(name)!).Change(list => list[leaf] = made);
        }
    };

    private static Action<long> Ending(DiskWrite write) => _ => write.HasEnded = true;

    private static string PathOf(SystemCall call, int argument)
    {
        var path = call.Text(argument);
        return path.StartsWith('/') || call.Arguments![argument - 1].StartsWith("AT_FDCWD", StringComparison.Ordinal) ? path : "(relative) " + path;
    }

    private Opened? Find(long number) => _opened.GetValueOrDefault(number);

    /// <summary>The path below the folder; null when it is elsewhere, empty for the folder itself.</summary>
    private string? Inside(string path) => path == folder ? "" : path.StartsWith(folder + "/", StringComparison.Ordinal) ? path[(folder.Length + 1)..] : null;

    /// <summary>A file or folder that the process has open.</summary>
    private sealed record Opened(string Path, DiskFile? File, DiskFolder? Folder);
}
