using Peony.Book;

namespace Peony.Customers;

/// <summary>An enrolled device as other capabilities see it.</summary>
public sealed record DeviceFacts(DeviceId Id, string Name, DateTimeOffset EnrolledAt, DateTimeOffset LastSignInAt);

/// <summary>A customer's enrolled devices, oldest first, for other capabilities inside their own work: how new the one that asks is, and which others could receive a code.</summary>
internal sealed record ReadDevices(CustomerId Customer) : ICommand<EnrolledDevices>
{
    public Result<EnrolledDevices> Handle(IWork work) =>
        new EnrolledDevices([.. work.FindBy<Device>("customer", Customer.Value).Where(device => device.RemovedAt is null)
            .Select(device => new DeviceFacts(device.Id, device.Name, device.EnrolledAt, device.LastSignInAt))]);
}

internal sealed record EnrolledDevices(IReadOnlyList<DeviceFacts> Devices);
