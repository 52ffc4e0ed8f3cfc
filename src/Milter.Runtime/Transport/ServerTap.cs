using Milter.CompilerServices;

namespace Milter.Transport;

/// <summary>What a program is about to serve.</summary>
/// <param name="Descriptor">The filter.</param>
/// <param name="Create">Makes an instance.</param>
/// <param name="Services">Where its services come from; <see langword="null"/> where there are none.</param>
internal sealed record PreparedServer(MilterDescriptor Descriptor, Func<IServiceProvider, IMilterDispatcher> Create, IServiceProvider? Services);

/// <summary>Has a program run up to where it would listen, and no further: who loads it to look at its filters (<c>milter run</c>) is given what it would serve.</summary>
internal static class ServerTap
{
    private static readonly AsyncLocal<Func<PreparedServer, Task>?> s_taker = new();

    /// <summary>Has servers of this flow of control handed over instead of opened.</summary>
    /// <param name="taker">Is given each. Its task never completes, so that the program goes no further and gives nothing back, or fails, which ends it.</param>
    public static void Set(Func<PreparedServer, Task> taker) => s_taker.Value = taker;

    /// <summary>Hands a server over where somebody has asked for it; otherwise it is done at once.</summary>
    public static Task OfferAsync(MilterDescriptor descriptor, Func<IServiceProvider, IMilterDispatcher> create, IServiceProvider? services) =>
        s_taker.Value?.Invoke(new PreparedServer(descriptor, create, services)) ?? Task.CompletedTask;

    /// <summary>Keeps what was not handed over from listening all the same.</summary>
    public static void ThrowIfSet()
    {
        if (s_taker.Value is not null)
        {
            throw new InvalidOperationException("The program was loaded to look at its filters: it does not listen.");
        }
    }
}
