using Milter.Client;
using Milter.CompilerServices;
using Milter.Samples.Probe;

namespace Milter.Mta.Tests;

/// <summary>A filter and what a client does while it is there.</summary>
/// <param name="Name">What is looked at.</param>
/// <param name="StartFilter">Starts the filter at a unix socket.</param>
/// <param name="Moves">What the client does.</param>
internal sealed record PersonalityCase(string Name, Func<string, Task<IAsyncDisposable>> StartFilter, params IReadOnlyList<Move> Moves)
{
    /// <summary>Gets the one server that the case is for; <see langword="null"/> for both.</summary>
    public MtaKind? Only { get; init; }

    /// <summary>Gets the words of XCLIENT by which the client is another; Postfix alone has it.</summary>
    public string? XClient { get; init; }

    /// <summary>Gets the client that XCLIENT makes.</summary>
    public SmtpClientInfo? Client { get; init; }

    /// <summary>Gets a value indicating whether the one message of the case comes from a program on the server's machine.</summary>
    public bool IsLocal { get; init; }

    /// <summary>A case for the probe, which waits everywhere and does what the mail says.</summary>
    public static PersonalityCase Probe(string name, params IReadOnlyList<Move> moves) => Engine<PlainProbe>(name, null, moves);

    /// <summary>A case for a filter on the engine.</summary>
    public static PersonalityCase Engine<T>(string name, Func<T>? create, params IReadOnlyList<Move> moves)
        where T : class, IMilter<T> => new(name, path => StartAsync(path, create), moves);

    /// <summary>A case for a filter that says what the engine never would.</summary>
    public static PersonalityCase Raw(string name, RawScript script, params IReadOnlyList<Move> moves) =>
        new(name, path => Task.FromResult<IAsyncDisposable>(new RawFilter(path, script)), moves);

    private static async Task<IAsyncDisposable> StartAsync<T>(string path, Func<T>? create)
        where T : class, IMilter<T>
    {
        string endPoint = $"unix:{path}";
        return create is null ? await MilterServer.StartAsync<T>(endPoint) : await MilterServer.StartAsync(endPoint, create);
    }
}
