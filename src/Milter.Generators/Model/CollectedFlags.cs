using System.Collections.Immutable;

namespace Milter.Generators.Model;

/// <summary>The runtime's <c>CollectedData</c>, value by value.</summary>
[Flags]
internal enum CollectedFlags
{
    None = 0,
    Connect = 1 << 0,
    Helo = 1 << 1,
    Sender = 1 << 2,
    Recipients = 1 << 3,
    NamedHeaders = 1 << 4,
    HeaderNames = 1 << 5,
    Headers = 1 << 6,
    Body = 1 << 7,
}

/// <summary>The step that each collected thing arrives with.</summary>
internal sealed record CollectedInfo(CollectedFlags Flag, Stages Step)
{
    public static readonly ImmutableArray<CollectedInfo> All = ImmutableArray.Create(
        new CollectedInfo(CollectedFlags.Connect, Stages.Connect),
        new CollectedInfo(CollectedFlags.Helo, Stages.Helo),
        new CollectedInfo(CollectedFlags.Sender, Stages.Mail),
        new CollectedInfo(CollectedFlags.Recipients, Stages.Rcpt),
        new CollectedInfo(CollectedFlags.NamedHeaders, Stages.Header),
        new CollectedInfo(CollectedFlags.HeaderNames, Stages.Header),
        new CollectedInfo(CollectedFlags.Headers, Stages.Header),
        new CollectedInfo(CollectedFlags.Body, Stages.Body));

    /// <summary>Gets a value indicating whether it belongs to one message and has to be forgotten with it.</summary>
    public bool LivesForMessage => (Step & Stages.InMessage) != 0;
}
