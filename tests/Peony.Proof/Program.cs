using Peony.Proof;
using Peony.Server.Verbs;

return await VerbFaults.GuardAsync(() =>
    new ProveOptions().Command(static (options, parsed, cancel) => new ProveRun(options.Read(parsed)).RunAsync(cancel)).Parse(args).InvokeAsync());
