using Microsoft.Extensions.DependencyInjection;

namespace Peony.Book;

/// <summary>An effect as the Book calls it, without its event's type.</summary>
internal sealed record EffectRegistration(string Name, Func<IEvent, EffectContext, CancellationToken, Task<ICommand?>> ActAsync)
{
    public static EffectRegistration Of<TEvent>(IEffect<TEvent> effect)
        where TEvent : IEvent => new(effect.Name, (@event, context, cancel) => effect.ActAsync((TEvent)@event, context, cancel));
}

/// <summary>How modules add effects.</summary>
public static class EffectServices
{
    /// <summary>Adds an effect; the module's <c>Describe</c> says with <see cref="BookSchema.EffectOn{TEvent}"/> that it acts on the event.</summary>
    public static IServiceCollection AddEffect<TEvent, TEffect>(this IServiceCollection services)
        where TEvent : IEvent
        where TEffect : class, IEffect<TEvent>
    {
        services.AddSingleton<TEffect>();
        return services.AddSingleton(provider => EffectRegistration.Of(provider.GetRequiredService<TEffect>()));
    }
}
