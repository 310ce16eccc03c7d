using Peony.Bench;
using Peony.Server.Verbs;

return await VerbFaults.GuardAsync(() =>
    new BenchOptions().Command(static (options, parsed, cancel) => new BenchRun(options.Read(parsed)).RunAsync(cancel)).Parse(args).InvokeAsync());
