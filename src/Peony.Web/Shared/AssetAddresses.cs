using System.Collections.Frozen;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;

namespace Peony.Web.Shared;

/// <summary>The fingerprinted address of each asset, which browsers may keep for ever: <c>peony.css</c> is <c>/peony.3f2a….css</c>.</summary>
internal sealed class AssetAddresses(EndpointDataSource endpoints)
{
    private readonly Lazy<FrozenDictionary<string, string>> _addresses = new(() => Read(endpoints));

    public string this[string name] => _addresses.Value.TryGetValue(name, out var address) ? address : "/" + name;

    private static FrozenDictionary<string, string> Read(EndpointDataSource endpoints)
    {
        var addresses = new Dictionary<string, string>();
        foreach (var asset in endpoints.Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>()).OfType<StaticAssetDescriptor>())
        {
            if (asset.Properties.FirstOrDefault(property => property.Name == "label")?.Value is { } label)
            {
                addresses.TryAdd(label, "/" + asset.Route);
            }
        }

        return addresses.ToFrozenDictionary();
    }
}
