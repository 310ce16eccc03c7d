using Peony.Proof;
using Peony.Server.Verbs;

return await VerbFaults.InvokeAsync(new ProveOptions().Command(static (options, parsed, cancel) => new ProveRun(options.Read(parsed)).RunAsync(cancel)), args);
