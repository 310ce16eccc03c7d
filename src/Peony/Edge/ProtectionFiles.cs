using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Peony.Book;

namespace Peony.Edge;

/// <summary>
/// The framework's own keys, a file each, whole after a power cut. The framework's own store syncs nothing: an empty file in the place of a key keeps every page from being served.
/// </summary>
internal sealed class ProtectionFiles(string folder) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.xml").Select(file => XElement.Load(file))] : [];

    public void StoreElement(XElement element, string friendlyName) =>
        DurableFile.Replace(Path.Combine(folder, Path.GetFileName(friendlyName) + ".xml"), Encoding.UTF8.GetBytes(element.ToString()));
}
