using System.IO.Compression;

namespace Peony.Tests.Web;

/// <summary>What browsers are sent: small, ours, and nothing inline.</summary>
public sealed class AssetsTests
{
    [Theory]
    [InlineData("peony.css", 10_000)]
    [InlineData("icons.svg", 3_000)]
    [InlineData("js/peony.js", 3_000)]
    [InlineData("js/passkey.js", 2_000)]
    public void An_asset_keeps_its_budget_compressed(string file, int most)
    {
        var bytes = File.ReadAllBytes(Path.Combine(Repository.Root, "src", "Peony.Web", "wwwroot", file));
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        Assert.InRange(memory.Length, 1, most);
    }

    [Fact]
    public void No_page_has_inline_script_or_style()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "src", "Peony.Web"), "*.razor", SearchOption.AllDirectories))
        {
            var markup = File.ReadAllText(file);
            Assert.DoesNotContain(" style=\"", markup, StringComparison.Ordinal);
            Assert.DoesNotContain("<style", markup, StringComparison.Ordinal);
            Assert.DoesNotContain(" onclick", markup, StringComparison.Ordinal);
            Assert.DoesNotContain("<script>", markup, StringComparison.Ordinal);
        }
    }
}
