using Peony.Book;
using Peony.Customers.SignIn;

namespace Peony.Customers;

/// <summary>Sessions and devices as their owner sees them, for the API and the security page.</summary>
internal static class SecurityViews
{
    public static async Task<IReadOnlyList<SessionView>> SessionsAsync(IBookReader reader, CustomerId customer, SessionId current, CancellationToken cancel = default)
    {
        var sessions = await reader.ListAsync<CustomerSession>(Sessions.ByLiveCustomer, customer.Value, new Page(200), cancel);
        var names = (await reader.ListAsync<Device>("customer", customer.Value, new Page(500), cancel)).ToDictionary(device => device.Id, device => device.Name);
        return [.. sessions.Select(session => new SessionView(
            session.Id, session.Device, names.GetValueOrDefault(session.Device, ""), session.Kind, session.Method, session.StartedAt, session.Id == current))];
    }

    public static async Task<IReadOnlyList<DeviceView>> DevicesAsync(IBookReader reader, CustomerId customer, DeviceId current, CancellationToken cancel = default)
    {
        var devices = await reader.ListAsync<Device>("customer", customer.Value, new Page(500), cancel);
        return [.. devices.Where(device => device.RemovedAt is null)
            .Select(device => new DeviceView(device.Id, device.Name, device.EnrolledAt, device.LastSignInAt, device.Id == current))];
    }
}
