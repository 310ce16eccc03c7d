using System.CommandLine;
using Peony.Identifiers;

namespace Peony.Server.Verbs;

/// <summary><c>conform</c>: runs a case file against the program and prints what disagrees.</summary>
internal static class ConformVerb
{
    public static Command Make()
    {
        var file = new Argument<string>("FILE") { Description = "A case file: JSON with cases, each of a kind" };
        var command = new Command("conform", "Runs the cases of a file and prints those that disagree, then 'N of M agree'") { file };
        var (place, figures) = (new Place(), new Figures());
        place.AddTo(command);
        figures.AddTo(command);
        command.SetAction(async (parsed, cancel) =>
        {
            ConformCounts? counts = null;
            var exit = await ConformRunner.RunAsync(parsed.GetValue(file)!, Console.Out, counted: counted => counts = counted, more: ScheduleCases.Kinds);
            if (counts is not null)
            {
                await figures.WriteAsync(parsed, counts, cancel);
            }

            return exit;
        });
        return command;
    }
}
