using System.Security.Claims;
using Peony.Customers;

namespace Peony.Edge;

/// <summary>What a sign-in ticket says. The cookie carries only ids; the rest is read from the session's record each time.</summary>
internal static class PeonyClaims
{
    public const string Session = "sid";
    public const string Customer = "cid";
    public const string Device = "did";
    public const string Language = "lang";
    public const string Operator = "oid";
    public const string OperatorSession = "osid";
    public const string Role = "role";

    public static SessionId? SessionOf(ClaimsPrincipal user) => user.FindFirstValue(Session) is { } id ? new SessionId(id) : null;

    public static CustomerId? CustomerOf(ClaimsPrincipal user) => user.FindFirstValue(Customer) is { } id ? new CustomerId(id) : null;

    public static DeviceId? DeviceOf(ClaimsPrincipal user) => user.FindFirstValue(Device) is { } id ? new DeviceId(id) : null;
}
