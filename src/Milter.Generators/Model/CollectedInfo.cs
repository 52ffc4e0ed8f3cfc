using System.Collections.Immutable;

namespace Milter.Generators.Model;

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
    public bool LivesForMessage => (Step & StageGroups.InMessage) != 0;
}
