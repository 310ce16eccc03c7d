using System.Runtime.InteropServices;
using System.Text;

namespace Peony.Book;

/// <summary>
/// Small files that are whole and there under their name after a power cut. Syncing a file keeps what it holds; that it is listed at all, only syncing its folder keeps
/// (fsync(2): "does not necessarily ensure that the entry in the directory containing the file has also reached disk").
/// </summary>
internal static class DurableFile
{
    /// <summary>Puts a file in the place of another, if there is one: at any moment one of the two is there, whole.</summary>
    /// <param name="isListed">The folder is known to list the name already: then it is not synced, and after a power cut either of the two may be there.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool isListed = false)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        Write(beside, content, mode: null);
        File.Move(beside, path, overwrite: true);
        if (!isListed)
        {
            SyncFolder(Path.GetDirectoryName(path)!);
        }
    }

    /// <summary>Makes a file that must not be there yet.</summary>
    /// <returns>False when another came first; nothing was changed then.</returns>
    public static bool TryMake(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        MakeFolder(Path.GetDirectoryName(path)!);
        var beside = $"{path}.{Path.GetRandomFileName()}";
        Write(beside, content, mode);
        try
        {
            File.Move(beside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(beside);
            return false;
        }

        SyncFolder(Path.GetDirectoryName(path)!);
        return true;
    }

    /// <summary>Makes a folder and what is missing above it, so that they stay.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        var parent = Path.GetDirectoryName(Path.GetFullPath(folder));
        if (parent is not null)
        {
            MakeFolder(parent);
        }

        Directory.CreateDirectory(folder);
        if (parent is not null)
        {
            SyncFolder(parent);
        }
    }

    /// <summary>From here on the names in the folder stay.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    public static void SyncFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            // There the names are journalled with the file, and a folder cannot be opened for this.
            return;
        }

        var handle = Open(Encoding.UTF8.GetBytes(folder + '\0'), 0);
        if (handle < 0)
        {
            throw new IOException($"The folder {folder} cannot be opened: error {Marshal.GetLastPInvokeError()}.");
        }

        var error = Sync(handle) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(handle);
        if (error != 0)
        {
            throw new IOException($"The folder {folder} cannot be synced: error {error}.");
        }
    }

    private static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
        file.Flush(flushToDisk: true);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int handle);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int handle);
}
