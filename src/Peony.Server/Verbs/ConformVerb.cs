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
        command.SetAction(parsed => ConformRunner.RunAsync(parsed.GetValue(file)!, Console.Out));
        return command;
    }
}
