using System.Data.Common;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace Peony.Book;

/// <summary>
/// The tables stand at an earlier frame than this process has seen them at: the server crashed and lost what had not reached its disk, or another took its place that never had it.
/// The journal brings it back.
/// </summary>
internal sealed class TablesFellBackException(long position, long reached) : Exception($"The tables stand at frame {position}; they had reached {reached}.");

/// <summary>Tells trouble with a database that passes by itself (it restarts, another takes over, the line is cut, the disk is full) from defects.</summary>
internal static class Passing
{
    public static bool Is(Exception exception) => exception switch
    {
        TablesFellBackException => true,
        // Connections, a server that is no primary (yet), conflicts, resources, objects in use, operators, the system around it.
        PostgresException { SqlState: [var first, var second, ..] } => (first, second) is ('0', '8') or ('2', '5') or ('4', '0') or ('5', '3') or ('5', '5') or ('5', '7') or ('5', '8'),
        // The disk is full or fails, the file is busy: the same again later may go well.
        SqliteException
        {
            SqliteErrorCode: raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM or raw.SQLITE_PROTOCOL,
        } => true,
        NpgsqlException or SocketException or IOException or TimeoutException => true,
        DbException { IsTransient: true } => true,
        _ => false,
    };
}
