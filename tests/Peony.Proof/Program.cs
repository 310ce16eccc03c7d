using Peony.Proof;
using Peony.Server.Verbs;

return args is ["drive", .. var arguments]
    ? await VerbFaults.InvokeAsync(Driver.Command(), arguments)
    : await VerbFaults.InvokeAsync(new ProveOptions().Command(static (options, parsed, cancel) => new ProveRun(options.Read(parsed)).RunAsync(cancel)), args);
