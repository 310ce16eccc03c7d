using System.CommandLine;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Peony.Server.Verbs;

/// <summary><c>clock</c>: shows or advances the clock of a running sandbox.</summary>
internal static class ClockVerb
{
    public static Command Make()
    {
        var (place, figures) = (new Place(), new Figures());
        var by = new Argument<string?>("ADVANCE") { Description = "A duration of ISO 8601 to advance by (PT5M, P1D); without it the clock is shown", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("clock", "Shows or advances the Book's clock of a running sandbox") { by };
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            using var client = new HttpClient { BaseAddress = new Uri(place.Urls(parsed)), Timeout = TimeSpan.FromMinutes(30) };
            using var response = parsed.GetValue(by) is { } duration
                ? await client.PostAsJsonAsync("/sandbox/clock/advance", new { by = duration }, cancel)
                : await client.GetAsync("/sandbox/clock", cancel);
            var answer = await response.Content.ReadAsStringAsync(cancel);
            Console.WriteLine(answer);
            if (response.IsSuccessStatusCode)
            {
                await figures.WriteAsync(parsed, JsonNode.Parse(answer)!, cancel);
            }

            return response.IsSuccessStatusCode ? 0 : 1;
        });
        return command;
    }
}
