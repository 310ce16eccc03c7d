using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Peony.Book;

namespace Peony.Edge;

/// <summary>A capability's only registration point.</summary>
internal interface IModule
{
    /// <summary>Names the capability's records, commands, events, effects, system accounts and control totals.</summary>
    void Describe(BookSchema schema);

    /// <summary>Adds effects and seams (<c>services.AddEffect&lt;TEvent, TEffect&gt;()</c>).</summary>
    void AddServices(IServiceCollection services, PeonyOptions options);

    /// <summary>Maps the capability's routes below <c>/api/v1</c>.</summary>
    void MapApi(IEndpointRouteBuilder api);
}
