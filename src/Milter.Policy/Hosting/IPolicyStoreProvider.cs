namespace Milter.Policy;

/// <summary>Opens the stores whose setting begins with a word and a colon. Registered as a service, for stores of your own.</summary>
public interface IPolicyStoreProvider
{
    /// <summary>Gets the word, such as <c>redis</c>.</summary>
    string Scheme { get; }

    /// <summary>Makes a store. It connects when it is first needed, so that a program starts also while its store is away.</summary>
    /// <param name="settings">What stands after the colon.</param>
    /// <param name="options">The other options.</param>
    /// <param name="time">The clock of the process.</param>
    /// <returns>The store.</returns>
    /// <exception cref="ArgumentException">The settings are wrong; the message says how they are written.</exception>
    IPolicyStore Open(string settings, PolicyOptions options, TimeProvider time);
}
