using Milter.Limits;

namespace Milter.Hosting;

/// <summary>The milters of one host. An instance of it stands among the services, so that each knows whether it is the only one.</summary>
internal sealed class MilterRegistry
{
    private readonly Dictionary<string, (Type Type, Action<MilterOptions> Configure)> _milters = new(StringComparer.Ordinal);
    private readonly List<string> _names = [];
    private ProcessLimits? _limits;

    public int Count => _milters.Count;

    /// <summary>Gets the names in the order in which the milters were added.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>Gets what all milters of the host share. The first that asks says how much it is.</summary>
    public ProcessLimits LimitsOf(MilterOptions options) => LazyInitializer.EnsureInitialized(ref _limits, () => new ProcessLimits(options));

    public bool Contains(string name) => _milters.ContainsKey(name);

    /// <summary>Sets what the program gave in code.</summary>
    public void Configure(string name, MilterOptions options) => _milters[name].Configure(options);

    /// <exception cref="InvalidOperationException">The class, or another of its name, was added before.</exception>
    public void Add(string name, Type type, Action<MilterOptions> configure)
    {
        if (_milters.TryGetValue(name, out (Type Type, Action<MilterOptions> Configure) other))
        {
            throw new InvalidOperationException(other.Type == type
                ? $"The milter {name} was added twice. One call of AddMilter<{name}> is enough; to listen on a second endpoint, run a second process."
                : $"Two milters are called {name}: {other.Type.FullName} and {type.FullName}. The name tells their options apart; rename one.");
        }

        _milters.Add(name, (type, configure));
        _names.Add(name);
    }
}
