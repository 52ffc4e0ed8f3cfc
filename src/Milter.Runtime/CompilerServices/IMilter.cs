using System.ComponentModel;

namespace Milter.CompilerServices;

/// <summary>What generated code adds to a <see cref="MilterAttribute"/> class. Not for use by hand.</summary>
/// <typeparam name="TSelf">The class itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMilter<TSelf> : IMilterDispatcher
    where TSelf : class, IMilter<TSelf>
{
    /// <summary>Gets what was derived from the class at compile time.</summary>
    static abstract MilterDescriptor Descriptor { get; }

    /// <summary>Gets the services that constructor and handlers can't do without.</summary>
    static virtual IReadOnlyList<MilterService> Services => [];

    /// <summary>Makes an instance for one SMTP session.</summary>
    /// <param name="services">The services of the session, from which the constructor's parameters come.</param>
    /// <returns>The instance.</returns>
    /// <exception cref="InvalidOperationException">A constructor parameter's type is not registered.</exception>
    static abstract TSelf Create(IServiceProvider services);
}
