using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>Places for instances on the tests' own PostgreSQL.</summary>
internal static class Places
{
    extension(ServerPlace)
    {
        public static Task<ServerPlace> MakeAsync(Database kind, PostgresCluster cluster) => ServerPlace.MakeAsync(kind, kind == Database.Postgres ? cluster.ConnectionString : null);
    }
}
