namespace Peony.Credit;

/// <summary>All versions of the product: a line stays on the one its customer agreed to.</summary>
internal sealed class CreditProducts
{
    private const string Folder = "credit-products";
    private readonly SortedDictionary<string, CreditProduct> _versions = new(StringComparer.Ordinal);

    public CreditProducts(IEnumerable<CreditProduct> versions)
    {
        foreach (var product in versions)
        {
            if (!_versions.TryAdd(product.Version, product))
            {
                throw new InvalidOperationException($"There are two credit products of version {product.Version}.");
            }
        }
    }

    /// <summary>What a new line is opened with: the highest version.</summary>
    public CreditProduct Offered => _versions.Values.Last();

    /// <exception cref="InvalidOperationException">The program no longer has a version that a customer agreed to: a file was taken away.</exception>
    public CreditProduct Of(string version) => _versions.TryGetValue(version, out var product)
        ? product
        : throw new InvalidOperationException($"There is no credit product of version {version}; put its file back into rules/{Folder}.");

    /// <summary>The version that comes with the program, and the operator's own in <c>rules/credit-products</c> of the data folder, a file each.</summary>
    public static CreditProducts Load(string dataDirectory)
    {
        var folder = Path.Combine(dataDirectory, "rules", Folder);
        var own = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>();
        return new CreditProducts(own.Select(path => CreditProduct.Parse(File.ReadAllText(path), Path.GetFileName(path))).Prepend(CreditProduct.Shipped()));
    }
}
