using Peony.Proof;
using Peony.Testing;

namespace Peony.EndToEnd.Proof;

/// <summary>A round of each proof of <c>prove</c>, of the size that every change is tried with.</summary>
[Collection(AloneOnTheMachine.Name)]
public sealed class ProofTests(PostgresCluster cluster)
{
    private const int Seed = 20260305;

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public Task No_kill_loses_or_doubles_what_was_acknowledged(Database database) => HoldsAsync(new KillsProof(database, kills: 10));

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public Task A_code_is_worth_one_payout_and_a_key_one_effect_however_many_try(Database database) => HoldsAsync(new RacesProof(database, codes: 50));

    private async Task HoldsAsync(IProof proof)
    {
        var place = new ProofPlace(Directory.CreateTempSubdirectory("peony-proof-").FullName, () => cluster.ConnectionString);
        try
        {
            await proof.RunAsync(place, Seed, TestContext.Current.CancellationToken);
        }
        catch (ProofNotRunException notRun)
        {
            Assert.Skip(notRun.Message);
        }
        catch (ProofFailedException failed)
        {
            Assert.Fail($"{failed.Message} Its files are in {place.Folder}.");
        }

        await place.DisposeAsync();
    }
}
