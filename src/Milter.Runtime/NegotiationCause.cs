using Milter.Protocol;

namespace Milter;

/// <summary>Who made the generator ask for something: a step, the wait for its reply, an option, an action or a macro. One of these is set.</summary>
/// <param name="Member">The method, and the parameter where there is one: <c>End(headers)</c>.</param>
public readonly record struct NegotiationCause(string Member)
{
    /// <summary>Gets the step that is sent for it; <see cref="MilterStages.None"/> where it asks for something else.</summary>
    public MilterStages Stage { get; init; }

    /// <summary>Gets a value indicating whether the MTA waits at <see cref="Stage"/> because of it. Where not, it takes what the step brings, and would be content without a reply.</summary>
    public bool Waits { get; init; }

    /// <summary>Gets the option (<c>SMFIP_SKIP</c>, <c>SMFIP_RCPT_REJ</c>, <c>SMFIP_HDR_LEADSPC</c>).</summary>
    public ProtocolSteps Option { get; init; }

    /// <summary>Gets the action (<c>SMFIF_*</c>).</summary>
    public MilterActions Action { get; init; }

    /// <summary>Gets the macro.</summary>
    public string? Macro { get; init; }

    /// <summary>Gives it in the protocol's words, for logs.</summary>
    /// <returns><c>SMFIF_ADDHDRS: End(headers)</c>; for a wait <c>MAIL: From</c>, for what a step brings <c>MAIL (data): End(sender)</c>.</returns>
    public override string ToString() => $"{What}: {Member}";

    private string What => this switch
    {
        { Macro: { } macro } => macro,
        { Action: not MilterActions.None } => ProtocolNames.Of(Action),
        { Option: not ProtocolSteps.None } => ProtocolNames.Of(Option),
        _ => Stage.ToString().ToUpperInvariant() + (Waits ? "" : " (data)"),
    };
}
