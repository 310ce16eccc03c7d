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
    public Task No_kill_loses_or_doubles_what_was_acknowledged(Database database) => HoldsAsync(new KillsProof(database, kills: 4));

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public Task A_merchant_whose_payment_was_cut_off_asks_and_is_told_the_truth(Database database) => HoldsAsync(new GatewayKillsProof(database, kills: 2));

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public Task A_code_is_worth_one_payout_and_a_key_one_effect_however_many_try(Database database) => HoldsAsync(new RacesProof(database, codes: 20));

    [Fact]
    public Task Two_hundred_power_cuts_lose_nothing_that_was_acknowledged() => HoldsAsync(new ImagesProof(images: 200));

    [Theory]
    [InlineData(nameof(PlantedFault.JournalUnsynced))]
    [InlineData(nameof(PlantedFault.AnswersEarly))]
    public async Task A_program_that_answers_before_the_disk_has_it_is_found_out_by_power_cuts(string planted)
    {
        var place = new ProofPlace(Directory.CreateTempSubdirectory("peony-proof-").FullName, () => cluster.ConnectionString, isAlone: false);
        var failed = await Assert.ThrowsAsync<ProofFailedException>(() =>
            new ImagesProof(images: 60, Enum.Parse<PlantedFault>(planted)).RunAsync(place, Seed, TestContext.Current.CancellationToken));
        Assert.StartsWith("Image ", failed.Message, StringComparison.Ordinal);
        await place.DisposeAsync();
    }

    [Fact]
    public Task No_failover_of_PostgreSQL_loses_or_doubles_what_was_acknowledged() => HoldsAsync(new FailoversProof(failovers: 2));

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.Postgres)]
    public Task Who_has_paid_and_reads_at_once_sees_it(Database database) => HoldsAsync(new ReadsProof(database, purchases: 1_000));

    [Fact]
    public Task No_failing_write_sync_or_rename_is_answered_falsely_or_needs_a_hand() => HoldsAsync(new FaultsProof(runs: 8));

    [Theory]
    [InlineData(nameof(FullDisk.Journal))]
    [InlineData(nameof(FullDisk.Tables))]
    [InlineData(nameof(FullDisk.Seal))]
    public Task A_full_disk_moves_nothing_wrongly_and_needs_no_hand_when_it_has_space_again(string part) => HoldsAsync(new FullDiskProof(Enum.Parse<FullDisk>(part)));

    [Fact]
    public Task A_clock_that_jumps_revives_no_code_and_repeats_nothing() => HoldsAsync(new ClockProof());

    [Fact]
    public Task Ten_times_what_it_can_serve_does_not_bring_the_server_down() => HoldsAsync(new OverloadProof(Database.Sqlite, TimeSpan.FromSeconds(10)));

    private async Task HoldsAsync(IProof proof)
    {
        var place = new ProofPlace(Directory.CreateTempSubdirectory("peony-proof-").FullName, () => cluster.ConnectionString, isAlone: false);
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
