using System.CommandLine;
using System.Text.Json;

namespace Peony.Server.Verbs;

/// <summary><c>--json FILE</c>, where a verb prints figures: the same figures for a program to read.</summary>
internal sealed class Figures
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };
    private readonly Option<string?> _file = new("--json") { Description = "Write the figures to this file" };

    public void AddTo(Command command) => command.Options.Add(_file);

    public Task WriteAsync(ParseResult parsed, object figures, CancellationToken cancel) => WriteAsync(parsed.GetValue(_file), figures, cancel);

    public string? File(ParseResult parsed) => parsed.GetValue(_file);

    public static async Task WriteAsync(string? file, object figures, CancellationToken cancel)
    {
        if (file is not null)
        {
            await System.IO.File.WriteAllTextAsync(file, JsonSerializer.Serialize(figures, Options), cancel);
        }
    }
}
