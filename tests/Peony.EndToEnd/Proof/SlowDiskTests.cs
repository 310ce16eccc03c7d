using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>A disk made slow for real: every sync of the process takes 50 ms longer. The doctor says so and why it matters; a serving Book says so and serves on.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class SlowDiskTests(PostgresCluster cluster)
{
    private static readonly string[] Slowly = ["-f", "-o", "/dev/null", "-e", "trace=fsync,fdatasync", "-e", "inject=fsync,fdatasync:delay_enter=50000"];

    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Peony.Server", here.Name, "Peony.Server.dll");
        }
    }

    [Theory]
    [InlineData("en", "the disk is slow: ", "What it means: no answer goes out before its append is on the disk.", "something is wrong")]
    [InlineData("zh-CN", "磁盘缓慢：", "意味着：每个结果都要等写入落盘后才会返回。", "有问题")]
    public async Task The_doctor_explains_a_slow_disk_and_ends_with_1(string language, string line, string meaning, string end)
    {
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        var json = Path.Combine(place.Directory, "doctor.json");
        using var doctor = Start("strace", [.. Slowly, "dotnet", Program, "doctor", .. place.Options, "--urls", ServerProcess.FreeAddress().ToString(), "--language", language, "--json", json]);
        var output = await doctor.StandardOutput.ReadToEndAsync();
        await doctor.WaitForExitAsync();
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("WRONG  disk: " + line, output, StringComparison.Ordinal);
        Assert.Contains(meaning, output, StringComparison.Ordinal);
        Assert.Contains(end, output, StringComparison.Ordinal);
        var disk = JsonNode.Parse(await File.ReadAllTextAsync(json))!["findings"]!.AsArray().Single(finding => finding!["name"]!.GetValue<string>() == "disk")!;
        Assert.InRange(disk["figures"]!["append"]!["p50_ms"]!.GetValue<double>(), 50, 5000);
        Assert.Contains("磁盘缓慢", disk["found_zh"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_doctor_measures_commits_and_reads_the_settings_of_PostgreSQL()
    {
        await using var place = await ServerPlace.MakeAsync(Database.Postgres, cluster);
        var json = Path.Combine(place.Directory, "doctor.json");
        using var doctor = Start("dotnet", [Program, "doctor", .. place.Options, "--urls", ServerProcess.FreeAddress().ToString(), "--language", "en", "--json", json]);
        var output = await doctor.StandardOutput.ReadToEndAsync();
        await doctor.WaitForExitAsync();
        Assert.Contains("a commit of 8 kB takes", output, StringComparison.Ordinal);
        Assert.Contains("synchronous_commit on", output, StringComparison.Ordinal);
        var findings = JsonNode.Parse(await File.ReadAllTextAsync(json))!["findings"]!.AsArray();
        var commit = findings.Single(finding => finding!["name"]!.GetValue<string>() == "PostgreSQL commit")!["figures"]!;
        Assert.True(commit["commit"]!["p50_ms"]!.GetValue<double>() > 0 && commit["trip"]!["p50_ms"]!.GetValue<double>() > 0, commit.ToJsonString());
        Assert.Contains(findings, finding => finding!["name"]!.GetValue<string>() == "PostgreSQL so far");
        Assert.Equal(findings.Any(finding => finding!["verdict"]!.GetValue<string>() == "wrong") ? 1 : 0, doctor.ExitCode);
    }

    [Fact]
    public async Task A_Book_on_a_slow_disk_says_so_and_stays_ready()
    {
        await using var place = await ServerPlace.MakeAsync(Database.Sqlite, cluster);
        var address = ServerProcess.FreeAddress();
        using var strace = Start("strace", [.. Slowly, "dotnet", Program, "serve", .. place.Options, "--empty", "--urls", address.ToString().TrimEnd('/')]);
        _ = strace.StandardOutput.ReadToEndAsync();
        try
        {
            using var client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
            JsonNode? ready = null;
            var phone = 13700000000L;
            for (var waited = Stopwatch.StartNew(); ready?["concerns"] is null; await Task.Delay(50))
            {
                Assert.False(strace.HasExited, "It ended.");
                Assert.True(waited.Elapsed < TimeSpan.FromMinutes(2), $"Nothing was said after {waited.Elapsed}: {ready?.ToJsonString()}");
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/sign-ups") { Content = JsonContent.Create(new { phone = (++phone).ToString(CultureInfo.InvariantCulture) }) };
                    request.Headers.Add("Idempotency-Key", Caller.NewKey());
                    using var asked = await client.SendAsync(request);
                    using var response = await client.GetAsync("/readyz");
                    ready = asked.IsSuccessStatusCode && response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
                }
                catch (HttpRequestException)
                {
                    // It does not listen yet.
                }
            }

            Assert.Equal("ready", ready["status"]!.GetValue<string>());
            Assert.Contains(ready["concerns"]!.AsArray(), concern => concern!.GetValue<string>().StartsWith("the disk is slow: an append takes ", StringComparison.Ordinal));
        }
        finally
        {
            strace.Kill(entireProcessTree: true);
            await strace.WaitForExitAsync();
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments) => Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
}
