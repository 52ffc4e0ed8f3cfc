using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Milter.Hosting;

/// <summary>The options of filters as they are between two reloads: each is made once, and is the same object for all sessions that begin meanwhile, whatever becomes of the files.</summary>
internal sealed class OptionSet
{
    private readonly ConcurrentDictionary<(Type Type, string Name), Entry> _entries = new();

    /// <summary>Gets options; makes them when they are asked for first.</summary>
    /// <exception cref="OptionsValidationException">They are wrong.</exception>
    public T Get<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(string name, IServiceProvider services)
        where T : class
    {
        if (_entries.TryGetValue((typeof(T), name), out Entry? entry))
        {
            return ((Entry<T>)entry).Value;
        }

        var made = new Entry<T>(name, Make<T>(name, services));
        return ((Entry<T>)_entries.GetOrAdd((typeof(T), name), made)).Value;
    }

    /// <summary>Makes all of them anew from what is configured now.</summary>
    /// <exception cref="OptionsValidationException">Some are wrong; this set stays as it is.</exception>
    public OptionSet Renew(IServiceProvider services)
    {
        var set = new OptionSet();
        foreach (((Type, string) key, Entry entry) in _entries)
        {
            set._entries[key] = entry.Renew(services);
        }

        return set;
    }

    // Options with an asynchronous validator (Microsoft.Extensions 11) are made at the host's start and nowhere else; the monitor has them.
    private static T Make<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(string name, IServiceProvider services)
        where T : class
    {
        try
        {
            return services.GetRequiredService<IOptionsFactory<T>>().Create(name);
        }
        catch (OptionsValidationException) when (typeof(OptionsValidationException).Assembly.GetName().Version is { Major: >= 11 })
        {
            return services.GetRequiredService<IOptionsMonitor<T>>().Get(name);
        }
    }

    private abstract class Entry
    {
        public abstract Entry Renew(IServiceProvider services);
    }

    private sealed class Entry<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(string name, T value) : Entry
        where T : class
    {
        public T Value { get; } = value;

        public override Entry Renew(IServiceProvider services) => new Entry<T>(name, services.GetRequiredService<IOptionsFactory<T>>().Create(name));
    }
}

/// <summary>Which set of options a scope has: a session's is that of its start, any other's is its own.</summary>
internal sealed class OptionScope
{
    public OptionSet Set { get => field ??= new OptionSet(); set; }
}

/// <summary>Options as a session sees them: those of its start.</summary>
/// <remarks>Elsewhere it is what the platform's own is: made once a scope.</remarks>
internal sealed class SessionOptions<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(IServiceProvider services, OptionScope scope) : IOptionsSnapshot<T>
    where T : class
{
    public T Value => Get(Options.DefaultName);

    public T Get(string? name) => scope.Set.Get<T>(name ?? Options.DefaultName, services);
}

/// <summary>A host's services for sessions: their scopes have the options of the sessions' start.</summary>
internal sealed class SessionServices(IServiceProvider root, OptionSet options) : IServiceProvider, IServiceScopeFactory
{
    public object? GetService(Type serviceType) => serviceType == typeof(IServiceScopeFactory) ? this : root.GetService(serviceType);

    public IServiceScope CreateScope()
    {
        IServiceScope scope = root.GetRequiredService<IServiceScopeFactory>().CreateScope();
        scope.ServiceProvider.GetRequiredService<OptionScope>().Set = options;
        return scope;
    }
}
