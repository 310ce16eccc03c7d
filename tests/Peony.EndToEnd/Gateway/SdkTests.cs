using System.Diagnostics;
using System.Text.RegularExpressions;
using Peony.Testing;

namespace Peony.EndToEnd.Gateway;

/// <summary>The official SDK for Node, unmodified, against the server as it is started: its own assertions are in <c>sdk</c>. <c>./test</c> installs it there from the lock file.</summary>
public sealed partial class SdkTests(SqliteServer sqlite, PostgresCluster cluster)
{
    [Theory]
    [InlineData("sdk.test.mjs")]
    [InlineData("pages.test.mjs")]
    public async Task The_official_SDK_is_served_on_SQLite(string script) => await RunAsync(sqlite, script);

    [Theory]
    [InlineData("sdk.test.mjs")]
    [InlineData("pages.test.mjs")]
    public async Task The_official_SDK_is_served_on_PostgreSQL(string script)
    {
        await using var server = await PostgresServer.StartAsync(cluster);
        await RunAsync(server, script);
    }

    [Fact]
    public async Task The_five_minutes_of_the_documentation_run_as_printed()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "alipay", "README.md"));
        var printed = Printed().Match(text);
        Assert.True(printed.Success, "docs/alipay/README.md has nothing to run.");
        var said = await NodeAsync(sqlite, "--input-type=module", "--eval", printed.Groups[1].Value);
        Assert.Matches("(?s)show as a QR code: http.*paid: [0-9]{28}.*refunded: 8.50.*now: TRADE_SUCCESS.*bill: PK [0-9]+ bytes", said);
    }

    private static async Task RunAsync(JourneyServer server, string script) => Assert.DoesNotContain("# tests 0", await NodeAsync(server, "--test", script), StringComparison.Ordinal);

    /// <returns>What it said.</returns>
    private static async Task<string> NodeAsync(JourneyServer server, params string[] arguments)
    {
        var folder = Path.Combine(Repository.Root, "tests", "Peony.EndToEnd", "Gateway", "sdk");
        var start = new ProcessStartInfo("node", arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        start.Environment["PEONY_URL"] = server.Address.ToString().TrimEnd('/');
        using var node = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var (said, complained) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await said + await complained);
        return await said;
    }

    [GeneratedRegex("<!-- run -->\\s*```js\\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Printed();
}
