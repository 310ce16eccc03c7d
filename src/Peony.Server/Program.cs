using System.CommandLine;
using Peony.Server.Verbs;

// Without a verb the program serves; options may stand without it too.
var isBare = args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));
var program = new RootCommand("Peony, a consumer-credit wallet platform: withdrawals, linking, POS and pay after use on one double-entry ledger.")
{
    ServeVerb.Make(),
    VerifyVerb.Make(),
    SimulateVerb.Make(),
    ConformVerb.Make(),
    DoctorVerb.Make(),
    BenchVerb.Make(),
    ProveVerb.Make(),
    ClockVerb.Make(),
    BackupVerb.Make(),
    RestoreVerb.Make(),
    RebuildVerb.Make(),
};
return await VerbFaults.InvokeAsync(program, isBare ? ["serve", .. args] : args);
