namespace Peony.Book.Tests.Privacy;

public sealed class MasterKeyTests
{
    [Fact]
    public async Task Whoever_starts_at_once_takes_the_same_key()
    {
        var folder = Directory.CreateTempSubdirectory("peony-key-");
        try
        {
            var secrets = Path.Combine(folder.FullName, "data", "secrets");
            var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Convert.ToHexString(MasterKey.Load(secrets, isProduction: false)))));
            Assert.Single(keys.Distinct());
            Assert.Equal(["master.key"], Directory.GetFiles(secrets).Select(Path.GetFileName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
