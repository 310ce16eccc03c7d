using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.Data.Sqlite;
using Npgsql;
using Peony.Bench;
using Peony.Server.Verbs;
using Peony.Testing;

namespace Peony.Proof;

/// <summary>What was claimed, how often it was tried, and what came of it: for an auditor, for a screen and for a program.</summary>
internal sealed class ProveReport(ProvePlan plan, IReadOnlyList<ProofResult> results, DateTimeOffset started, DateTimeOffset ended, string postgres, string? keptPostgres)
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    private bool HasFailed => results.Any(result => result.Failures.Count > 0);

    private static string Version => typeof(ProveOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private string Verdict => HasFailed ? "A claim did not hold."
        : results.Any(result => result.NotRun is not null) ? "Every claim that was tried held; some were not tried." : "Every claim held.";

    public static async Task<string> DescribePostgresAsync(TestPostgres? postgres)
    {
        if (postgres?.ConnectionString is not { } connectionString)
        {
            return postgres is null ? "not asked for" : "none: " + postgres.Why;
        }

        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_version') || ', fsync=' || current_setting('fsync') || ', synchronous_commit=' || current_setting('synchronous_commit')", connection);
        return (string)(await command.ExecuteScalarAsync())!;
    }

    public string Summary()
    {
        var text = new StringBuilder();
        foreach (var result in results)
        {
            text.AppendLine(Culture, $"{result.Proof.Name,-22} {Outcome(result),-8} {result.Seeds.Count,5} rounds {Number(result.Trials),12} trials   {Bound(result)}");
        }

        return text.Append(Verdict).ToString();
    }

    public string Markdown()
    {
        var text = new StringBuilder();
        text.AppendLine("# Report of `prove`").AppendLine();
        text.AppendLine(Culture, $"**{Verdict}** {results.Count} claims, {Number(results.Sum(result => result.Seeds.Count))} rounds, {Number(results.Sum(result => result.Trials))} trials, {Number(results.Sum(result => result.Failures.Count))} failures.");
        text.AppendLine();
        text.AppendLine("Each claim below was tried against the real program on real disks and databases, not against a model of it, except where the name says `seeds`. A trial is one occasion on which");
        text.AppendLine("the claim could have broken. 0 in n is not never: with 0 failures in n independent trials the true rate is below 3/n at 95 % confidence, and that bound is printed.");
        text.AppendLine();
        text.AppendLine("| | |").AppendLine("| --- | --- |");
        text.AppendLine(Culture, $"| Start, end | {Time(started)} to {Time(ended)} ({(ended - started).TotalMinutes:F1} minutes) |");
        text.AppendLine(Culture, $"| Machine | {Machine.Describe(plan.Directory)} |");
        text.AppendLine(Culture, $"| Peony | {Version} |");
        text.AppendLine(Culture, $"| SQLite | {SqliteVersion()} |");
        text.AppendLine(Culture, $"| PostgreSQL | {postgres} |");
        text.AppendLine(Culture, $"| Load average at the end | {Machine.LoadAverage():F2} |");
        text.AppendLine().AppendLine("| claim | outcome | rounds | trials | failures | true rate below |").AppendLine("| --- | --- | --- | --- | --- | --- |");
        foreach (var result in results)
        {
            text.AppendLine(Culture, $"| [{result.Proof.Name}](#{result.Proof.Name.Replace(' ', '-')}) | {Outcome(result)} | {result.Seeds.Count} | {Number(result.Trials)} | {result.Failures.Count} | {Rate(result)} |");
        }

        foreach (var result in results)
        {
            Describe(text, result);
        }

        return text.ToString();
    }

    public object Figures() => new
    {
        started,
        ended,
        version = Version,
        machine = Machine.Describe(plan.Directory),
        sqlite = SqliteVersion(),
        postgresql = postgres,
        proofs = results.Select(result => new
        {
            name = result.Proof.Name,
            claim = result.Proof.Claim,
            outcome = Outcome(result),
            not_run = result.NotRun,
            rounds = result.Seeds.Count,
            seeds = result.Seeds,
            trials = result.Trials,
            seconds = result.Took.TotalSeconds,
            failures = result.Failures,
            counts = result.Counts,
            worst = result.Worst,
        }),
    };

    private void Describe(StringBuilder text, ProofResult result)
    {
        text.AppendLine().AppendLine(Culture, $"## {result.Proof.Name}").AppendLine();
        text.AppendLine(Culture, $"> {result.Proof.Claim}").AppendLine();
        if (result.NotRun is { } reason)
        {
            text.AppendLine(Culture, $"**Not run:** {reason}");
            return;
        }

        text.AppendLine(Culture, $"{Bound(result)}. {result.Seeds.Count} rounds held, {result.Failures.Count} failed, {result.Took.TotalMinutes:F1} minutes.");
        text.AppendLine(Culture, $"Seeds {Seeds(result)}; one round again: `./run prove --only \"{result.Proof.Name}\" --first-seed SEED`.").AppendLine();
        if (result.Counts.Count > 0)
        {
            text.AppendLine("| what happened | how often |").AppendLine("| --- | --- |");
            foreach (var (what, count) in result.Counts)
            {
                text.AppendLine(Culture, $"| {what} | {Number(count)} |");
            }
        }

        if (result.Worst.Count > 0)
        {
            text.AppendLine().AppendLine("| figure | worst |").AppendLine("| --- | --- |");
            foreach (var (what, figure) in result.Worst)
            {
                text.AppendLine(Culture, $"| {what} | {Number(figure)} |");
            }
        }

        foreach (var failure in result.Failures)
        {
            text.AppendLine().AppendLine(Culture, $"**Seed {failure.Seed} failed.** Again: `./run prove --only \"{result.Proof.Name}\" --first-seed {failure.Seed}`. Its files are kept in `{failure.Folder}`"
                + $"{(keptPostgres is null ? "" : $", the PostgreSQL server's in `{keptPostgres}`")}.");
            text.AppendLine().AppendLine("```").AppendLine(failure.Message.TrimEnd()).AppendLine("```");
        }
    }

    private static string Outcome(ProofResult result) => result.Failures.Count > 0 ? "FAILED" : result.NotRun is not null ? "not run" : "held";

    private static string Rate(ProofResult result) => result.Failures.Count > 0 || result.Trials == 0 ? "" : $"{(3.0 / result.Trials).ToString("G2", Culture)}";

    private static string Bound(ProofResult result) => result.Failures.Count > 0 ? $"{result.Failures.Count} failures in {Number(result.Trials)} trials that held"
        : result.Trials == 0 ? "nothing tried" : $"0 failures in {Number(result.Trials)} trials: the true rate is below {Rate(result)} (3/n, 95 %)";

    private static string Seeds(ProofResult result)
    {
        var all = result.Seeds.Concat(result.Failures.Select(failure => failure.Seed)).Order().ToList();
        return all.Count == 0 ? "none" : all.Count == 1 ? all[0].ToString(Culture) : $"{all[0].ToString(Culture)} to {all[^1].ToString(Culture)}";
    }

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss zzz", Culture);

    private static string Number(long number) => number.ToString("N0", Culture);

    private static string SqliteVersion()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        return connection.ServerVersion;
    }
}
