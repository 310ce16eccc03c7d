using System.Globalization;

namespace Peony.Server.Doctor;

/// <summary>What lies under a folder: the file system, how it is mounted, and the device as far as the kernel tells.</summary>
internal sealed record FileSystem(string Type, string MountPoint, string Source, string Options, bool? IsRotating, string? WriteCache, long FreeBytes, long AllBytes)
{
    private static readonly string[] Networks = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "fuse.sshfs", "fuse.glusterfs", "glusterfs", "ceph", "fuse.ceph", "lustre", "afs"];

    /// <summary>In memory: a sync does nothing, and all is gone when the machine goes.</summary>
    public bool IsInMemory => Type is "tmpfs" or "ramfs";

    /// <summary>The writable layer of a container: it goes when the container is made anew.</summary>
    public bool IsLayer => Type is "overlay" or "aufs";

    public bool IsNetwork => Networks.Contains(Type);

    /// <summary>Told not to wait for the device's cache.</summary>
    public bool HasNoBarrier => Options.Split(',').Any(option => option is "nobarrier" or "barrier=0");

    public double Used => AllBytes == 0 ? 0 : 1 - ((double)FreeBytes / AllBytes);

    public static FileSystem Of(string folder)
    {
        var drive = new DriveInfo(folder);
        var (free, all) = (drive.AvailableFreeSpace, drive.TotalSize);
        if (!OperatingSystem.IsLinux() || Mounted(File.ReadLines("/proc/self/mountinfo"), Path.GetFullPath(folder)) is not { } mount)
        {
            return new FileSystem(drive.DriveFormat, drive.Name, "", "", null, null, free, all);
        }

        var queue = $"/sys/dev/block/{mount.Device}/queue";
        if (!Directory.Exists(queue))
        {
            // A partition: the queue is the whole disk's.
            queue = $"/sys/dev/block/{mount.Device}/../queue";
        }

        return new FileSystem(mount.Type, mount.Point, mount.Source, mount.Options, Read(queue, "rotational") is { } rotating ? rotating == "1" : null, Read(queue, "write_cache"), free, all);
    }

    /// <summary>The line of <c>/proc/self/mountinfo</c> whose mount point is the longest beginning of the path; of two at one point, the later lies on top.</summary>
    internal static (string Type, string Point, string Source, string Device, string Options)? Mounted(IEnumerable<string> lines, string path)
    {
        (string Type, string Point, string Source, string Device, string Options)? found = null;
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash < 6 || fields.Length < dash + 4)
            {
                continue;
            }

            var point = Unescape(fields[4]);
            if ((path == point || path.StartsWith(point.TrimEnd('/') + "/", StringComparison.Ordinal)) && point.Length >= (found?.Point.Length ?? 0))
            {
                found = (fields[dash + 1], point, Unescape(fields[dash + 2]), fields[2], fields[5] + "," + fields[dash + 3]);
            }
        }

        return found;
    }

    /// <summary>Blanks stand as <c>\040</c>.</summary>
    private static string Unescape(string text)
    {
        for (var at = text.IndexOf('\\', StringComparison.Ordinal); at >= 0 && at + 4 <= text.Length; at = text.IndexOf('\\', at + 1))
        {
            text = text[..at] + (char)Convert.ToInt32(text.Substring(at + 1, 3), 8) + text[(at + 4)..];
        }

        return text;
    }

    private static string? Read(string folder, string name)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, name)).Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary><c>ext4 on /dev/vda1, 70.4 GiB free</c>.</summary>
    public Said Said
    {
        get
        {
            var (free, hasDevice) = (FreeBytes / (double)(1L << 30), Source.StartsWith('/'));
            return new(
                string.Create(CultureInfo.InvariantCulture, $"{Type}{(hasDevice ? " on " + Source : "")}, {free:0.0} GiB free"),
                string.Create(CultureInfo.InvariantCulture, $"{(hasDevice ? Source + " 上的 " : "")}{Type}，剩余 {free:0.0} GiB"));
        }
    }
}
