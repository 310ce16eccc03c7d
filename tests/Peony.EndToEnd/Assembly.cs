using Peony.EndToEnd;
using Peony.Testing;

// One browser, one server a database, one journey at a time: the journeys share the sandbox's clock and the bank's faults.
[assembly: AssemblyFixture(typeof(PostgresCluster))]
[assembly: AssemblyFixture(typeof(Chromium))]
[assembly: AssemblyFixture(typeof(SqliteServer))]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
