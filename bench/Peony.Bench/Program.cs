using Peony.Bench;
using Peony.Server.Verbs;

return await VerbFaults.GuardAsync(() => args switch
{
    [BenchServer.Verb, .. var arguments] => BenchServer.RunAsync(arguments),
    [Generator.Verb, .. var arguments] => Generator.RunAsync(arguments),
    _ => new BenchOptions().Command(static (options, parsed, cancel) => new BenchRun(options.Read(parsed)).RunAsync(cancel)).Parse(args).InvokeAsync(),
});
