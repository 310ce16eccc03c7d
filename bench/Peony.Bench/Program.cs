using Peony.Bench;
using Peony.Server.Verbs;

return args switch
{
    [BenchServer.Verb, .. var arguments] => await VerbFaults.GuardAsync(() => BenchServer.RunAsync(arguments)),
    [Generator.Verb, .. var arguments] => await VerbFaults.GuardAsync(() => Generator.RunAsync(arguments)),
    _ => await VerbFaults.InvokeAsync(new BenchOptions().Command(static (options, parsed, cancel) => new BenchRun(options.Read(parsed)).RunAsync(cancel)), args),
};
