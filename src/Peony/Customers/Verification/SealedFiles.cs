using System.Text;
using Peony.Book;
using Peony.Edge;

namespace Peony.Customers.Verification;

internal readonly record struct PhotoId(string Value) : IId<PhotoId>
{
    public static string Prefix => "pho";
    public static PhotoId Of(string value) => new(value);
    public override string ToString() => Value;
}

/// <summary>
/// Files of a customer, each an envelope under the customer's key, in a folder a customer below the data directory. Destroying the key makes every copy of them worthless;
/// deleting them as well keeps the disk tidy.
/// </summary>
internal sealed class SealedFiles(PeonyOptions options, IVault vault, TimeProvider clock)
{
    public async Task<string> SaveAsync(CustomerId customer, string kind, byte[] content, CancellationToken cancel)
    {
        var name = $"{kind}-{Ids.New<PhotoId>(clock)}";
        var envelope = await vault.SealAsync(customer.Value, Convert.ToBase64String(content), cancel);
        DurableFile.Replace(Path.Combine(FolderOf(customer), name), Encoding.ASCII.GetBytes(envelope.Envelope));
        return name;
    }

    /// <summary>The file's content, or null when it or its owner's key is gone.</summary>
    public async Task<byte[]?> ReadAsync(CustomerId customer, string name, CancellationToken cancel)
    {
        var path = Path.Combine(FolderOf(customer), Path.GetFileName(name));
        if (!File.Exists(path))
        {
            return null;
        }

        var text = await vault.OpenAsync(customer.Value, new Sealed(await File.ReadAllTextAsync(path, cancel)), cancel);
        return text is null ? null : Convert.FromBase64String(text);
    }

    public void Delete(CustomerId customer, IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            File.Delete(Path.Combine(FolderOf(customer), Path.GetFileName(name)));
        }
    }

    public void DeleteAll(CustomerId customer)
    {
        var folder = FolderOf(customer);
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private string FolderOf(CustomerId customer) => Path.Combine(options.DataDirectory, "files", Path.GetFileName(customer.Value));
}
