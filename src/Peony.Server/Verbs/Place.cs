using System.CommandLine;
using Peony.Book;
using Peony.Edge;

namespace Peony.Server.Verbs;

/// <summary>The options every verb takes: where the instance lives.</summary>
internal sealed class Place
{
    private readonly Option<string> _data = new("--data") { Description = "Folder for everything on disk (SQLite files, secrets, seal)", DefaultValueFactory = _ => ".peony" };
    private readonly Option<string?> _database = new("--db") { Description = "PostgreSQL connection string; without it SQLite under --data. Also PEONY_DB" };
    private readonly Option<string> _urls = new("--urls") { Description = "Address to serve at, or to talk to", DefaultValueFactory = _ => "http://localhost:8080" };
    private readonly Option<bool> _production = new("--production") { Description = "Production mode: no simulators, no test clock, no demo data; refuses what is not safe. Also PEONY_MODE=production" };

    private readonly Option<bool> _empty = new("--empty") { Description = "Sandbox without demo customers" };

    public void AddTo(Command command)
    {
        command.Options.Add(_data);
        command.Options.Add(_database);
        command.Options.Add(_urls);
        command.Options.Add(_production);
        command.Options.Add(_empty);
    }

    public PeonyOptions Read(ParseResult parsed)
    {
        var isProduction = parsed.GetValue(_production) || string.Equals(Text("PEONY_MODE", ""), "production", StringComparison.OrdinalIgnoreCase);
        return new PeonyOptions
        {
            Mode = isProduction ? PeonyMode.Production : PeonyMode.Sandbox,
            IsDemo = !parsed.GetValue(_empty),
            DataDirectory = Path.GetFullPath(parsed.GetValue(_data)!),
            Database = parsed.GetValue(_database) ?? Environment.GetEnvironmentVariable("PEONY_DB"),
            BankUrl = Address("PEONY_BANK_URL"),
            SmsUrl = Address("PEONY_SMS_URL"),
            BureauUrl = Address("PEONY_BUREAU_URL"),
            SmtpUrl = Address("PEONY_SMTP_URL"),
            SmtpUser = Text("PEONY_SMTP_USER", ""),
            SmtpPassword = Text("PEONY_SMTP_PASSWORD", ""),
            MailFrom = Text("PEONY_MAIL_FROM", isProduction ? "" : "notices@peony.example"),
            ProviderKey = Text("PEONY_PROVIDER_KEY", ""),
            OperatorName = Text("PEONY_OPERATOR_NAME", isProduction ? "" : "Peony Sandbox"),
            OperatorAccount = Text("PEONY_OPERATOR_ACCOUNT", isProduction ? "" : "9558800000000000"),
            OperatorBank = Text("PEONY_OPERATOR_BANK", isProduction ? "" : "ICBC"),
        };
    }

    public string Urls(ParseResult parsed) => parsed.GetValue(_urls)!;

    private static string Text(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : otherwise;

    private static Uri? Address(string name) => Text(name, "") is { Length: > 0 } text
        ? Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw new StartRefusedException($"{name} is no address: {text}")
        : null;
}

/// <summary>How verbs end when something is wrong: one clear line and exit code 2; a defect keeps its stack trace.</summary>
internal static class VerbFaults
{
    /// <summary>After a signal a verb has this long to come to its end; the library's own two seconds would cut a clean stop short on a busy machine.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromMinutes(1);

    /// <summary>Runs the verb that was asked for.</summary>
    public static Task<int> InvokeAsync(Command program, IReadOnlyList<string> arguments) =>
        GuardAsync(() => program.Parse(arguments).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = StopWithin }));

    public static async Task<int> GuardAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb();
        }
        catch (StartRefusedException refused)
        {
            await Console.Error.WriteLineAsync("peony: " + refused.Message);
            return 2;
        }
        catch (OperationCanceledException)
        {
            return 1;   // interrupted from the keyboard
        }
        catch (Exception defect)
        {
            await Console.Error.WriteLineAsync(defect.ToString());
            return 1;
        }
    }
}
