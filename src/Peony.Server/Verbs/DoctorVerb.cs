using System.CommandLine;
using System.Globalization;
using Peony.Book;
using Peony.Documents;
using Peony.Edge;
using Peony.Server.Doctor;

namespace Peony.Server.Verbs;

/// <summary><c>doctor</c>: looks at everything an instance needs and says what to do about what is wrong.</summary>
internal static class DoctorVerb
{
    public static Command Make()
    {
        var (place, figures) = (new Place(), new Figures());
        var language = new Option<string?>("--language") { Description = "Language of the explanations, zh-CN or en; without it as the system's" };
        language.AcceptOnlyFromAmong("zh-CN", "en");
        var command = new Command("doctor", "Measures the disk or database, checks clock, secrets, address and the running instance, and says what to do. Exit code 1 when something is wrong");
        place.AddTo(command);
        figures.AddTo(command);
        command.Options.Add(language);
        command.SetAction((parsed, cancel) => RunAsync(place.Read(parsed), place.Urls(parsed), figures.File(parsed),
            parsed.GetValue(language) is { } name ? CultureInfo.GetCultureInfo(name) : CultureInfo.CurrentUICulture, cancel));
        return command;
    }

    private static async Task<int> RunAsync(PeonyOptions options, string urls, string? json, CultureInfo language, CancellationToken cancel)
    {
        var findings = new List<Finding>();
        foreach (var (name, check) in Checks(options, urls))
        {
            IReadOnlyList<Finding> found;
            try
            {
                found = await check(cancel);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                found = [Finding.Wrong(name, exception.Message)];
            }

            foreach (var finding in found)
            {
                Print(finding, language);
                findings.Add(finding);
            }
        }

        var isWell = findings.All(finding => finding.Verdict != Verdict.Wrong);
        Console.WriteLine((isWell, language.TwoLetterISOLanguageName == "zh") switch
        {
            (true, true) => "正常",
            (true, false) => "well",
            (false, true) => "有问题，见上文",
            (false, false) => "something is wrong; see above",
        });
        await Figures.WriteAsync(json, new
        {
            is_well = isWell,
            findings = findings.Select(finding => new
            {
                name = finding.Name,
                is_well = finding.Verdict != Verdict.Wrong,
                verdict = finding.Verdict.ToString().ToLowerInvariant(),
                found = finding.Line.English,
                found_zh = finding.Line.Chinese,
                explained = finding.Explained.Select(said => said.English),
                explained_zh = finding.Explained.Select(said => said.Chinese),
                figures = finding.Figures,
            }),
        }, cancel);
        return isWell ? 0 : 1;
    }

    private static void Print(Finding finding, CultureInfo language)
    {
        var mark = finding.Verdict switch
        {
            Verdict.Ok => "ok   ",
            Verdict.Note => "note ",
            Verdict.Wrong => "WRONG",
        };
        Console.WriteLine($"  {mark}  {finding.Name}: {finding.Line.In(language)}");
        foreach (var said in finding.Explained)
        {
            Console.WriteLine("         " + said.In(language));
        }
    }

    private static IEnumerable<(string Name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> Check)> Checks(PeonyOptions options, string urls)
    {
        yield return One("runtime", _ => Task.FromResult($".NET {Environment.Version}, {Environment.ProcessorCount} processors"));
        yield return One("data folder", _ => Task.FromResult(CheckFolder(options.DataDirectory)));
        yield return ("disk", cancel => MeasureDisksAsync(options, cancel));
        if (options.Database is { } database)
        {
            yield return ("PostgreSQL", cancel => PostgresProbe.RunAsync(database, cancel));
        }

        yield return One("secrets", _ => Task.FromResult(CheckSecrets(options)));
        yield return One("journal", cancel => CheckJournalAsync(options, cancel));
        yield return One("time zones", _ => Task.FromResult(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai").DisplayName));
        yield return ("fonts", _ => Task.FromResult<IReadOnlyList<Finding>>([CheckFonts()]));
        yield return One("instance", cancel => CheckInstanceAsync(urls, cancel));
    }

    private static (string Name, Func<CancellationToken, Task<IReadOnlyList<Finding>>> Check) One(string name, Func<CancellationToken, Task<string>> check) =>
        (name, async cancel => [Finding.Well(name, await check(cancel))]);

    /// <summary>Where journal and tables lie, and where the seal lies when that is elsewhere.</summary>
    private static async Task<IReadOnlyList<Finding>> MeasureDisksAsync(PeonyOptions options, CancellationToken cancel)
    {
        var seal = Path.Combine(options.DataDirectory, "seal");
        var found = new List<Finding>
        {
            DiskProbe.Judge("disk", await DiskProbe.MeasureAsync(options.DataDirectory, cancel), !options.IsSandbox, options.Database is null),
        };
        if (Directory.Exists(seal) && FileSystem.Of(seal).MountPoint != FileSystem.Of(options.DataDirectory).MountPoint)
        {
            found.Add(DiskProbe.Judge("disk of the seal", await DiskProbe.MeasureAsync(seal, cancel), !options.IsSandbox, hasDatabase: false));
        }

        return found;
    }

    /// <summary>Statements are drawn as PDF in both languages; without a Chinese font they are refused, and all else goes on.</summary>
    private static Finding CheckFonts()
    {
        try
        {
            return Finding.Well("fonts", PaperFonts.For("账单 Statement ¥0.00").Regular.FamilyName);
        }
        catch (GlyphsMissingException missing)
        {
            return new Finding("fonts", Verdict.Note, new(missing.Message, "没有可用的中文字体，账单 PDF 无法生成。请安装中文字体：Debian 上运行 apt-get install fonts-noto-cjk。"), [], null);
        }
    }

    private static string CheckFolder(string folder)
    {
        Directory.CreateDirectory(folder);
        var probe = Path.Combine(folder, ".doctor");
        File.WriteAllText(probe, "");
        File.Delete(probe);
        var free = new DriveInfo(folder).AvailableFreeSpace;
        return free > 1L << 30
            ? $"{folder}, {free >> 30} GiB free"
            : throw new InvalidOperationException($"less than 1 GiB is free at {folder}: when the journal cannot grow, nothing is accepted any more. Make room.");
    }

    private static string CheckSecrets(PeonyOptions options)
    {
        _ = MasterKey.Load(Path.Combine(options.DataDirectory, "secrets"), !options.IsSandbox);
        var path = Path.Combine(options.DataDirectory, "secrets", "master.key");
        if (!OperatingSystem.IsWindows() && File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) != 0)
        {
            throw new InvalidOperationException($"others may read {path}: chmod 600 it.");
        }

        return "the master key is there; keep a copy outside this machine";
    }

    private static async Task<string> CheckJournalAsync(PeonyOptions options, CancellationToken cancel)
    {
        await using var instance = new Instance(options);
        var head = await instance.Journal.HeadAsync(cancel);
        var where = options.Database is null ? "SQLite" : "PostgreSQL";
        return head is null ? $"{where}, empty" : $"{where}, head is frame {head.Value.Sequence}, epoch {head.Value.Epoch}; run verify to prove it";
    }

    private static async Task<string> CheckInstanceAsync(string urls, CancellationToken cancel)
    {
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            using var response = await client.GetAsync(new Uri(new Uri(urls), "/readyz"), cancel);
            var text = await response.Content.ReadAsStringAsync(cancel);
            return response.IsSuccessStatusCode ? $"{urls} is ready" : throw new InvalidOperationException($"{urls} answers but is not ready: {text}");
        }
        catch (HttpRequestException)
        {
            return $"nothing runs at {urls} (that is fine if it should not)";
        }
    }
}
