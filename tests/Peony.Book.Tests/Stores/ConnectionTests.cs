using Npgsql;

namespace Peony.Book.Tests.Stores;

public sealed class ConnectionTests
{
    private const string Plain = "Host=db;Database=peony;Username=peony";

    [Fact]
    public void A_server_that_is_away_is_found_out_in_seconds()
    {
        var journal = new NpgsqlConnectionStringBuilder(PostgresConnections.ForJournal(Plain));
        Assert.Equal((5, 5, -1), (journal.Timeout, journal.CommandTimeout, journal.CancellationTimeout));
        var reading = new NpgsqlConnectionStringBuilder(PostgresConnections.ForReading(Plain));
        Assert.Equal((5, 5, 5), (reading.Timeout, reading.CommandTimeout, reading.TcpKeepAliveTime));
    }

    [Fact]
    public void A_socket_in_a_folder_needs_no_keep_alive() =>
        Assert.Equal(0, new NpgsqlConnectionStringBuilder(PostgresConnections.ForReading("Host=/run/postgresql;Database=peony")).TcpKeepAliveTime);

    [Theory]
    [InlineData(";Timeout=60;Command Timeout=70;Tcp Keepalive Time=80")]
    [InlineData(";timeout=60;commandtimeout=70;TcpKeepAliveTime=80")]
    public void What_the_operator_says_himself_is_kept(string said)
    {
        var journal = new NpgsqlConnectionStringBuilder(PostgresConnections.ForJournal(Plain + said));
        Assert.Equal((60, 70, 80), (journal.Timeout, journal.CommandTimeout, journal.TcpKeepAliveTime));
    }

    [Fact]
    public void No_commit_of_the_journal_is_ever_less_than_synchronous() =>
        Assert.Contains("synchronous_commit=on", new NpgsqlConnectionStringBuilder(PostgresConnections.ForJournal(Plain + ";Options=-c synchronous_commit=off")).Options, StringComparison.Ordinal);
}
