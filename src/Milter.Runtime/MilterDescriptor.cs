using Milter.CompilerServices;
using Milter.Protocol;

namespace Milter;

/// <summary>What the generator derived from a <see cref="MilterAttribute"/> class: what it handles, what it needs, what it asks the MTA for.</summary>
/// <remarks>Written by generated code, always as an object initializer. Ask for it with <see cref="Of{T}"/>.</remarks>
public sealed class MilterDescriptor
{
    /// <summary>The version of the contract between generated code and this runtime.</summary>
    public const int CurrentContractVersion = 3;

    /// <summary>Gets the version of the contract that the generated code was written for.</summary>
    public required int ContractVersion { get; init; }

    /// <summary>Gets the class's name, without its namespace.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the stages that have a handler.</summary>
    public MilterStages Handles { get; init; }

    /// <summary>Gets the methods by stage, in the order in which they run.</summary>
    public IReadOnlyList<MilterHandler> Handlers { get; init; } = [];

    /// <summary>Gets the stages at which a handler returns a verdict, so that the MTA has to wait.</summary>
    public MilterStages Replies { get; init; }

    /// <summary>Gets the steps that the MTA need not send (<c>SMFIP_NO*</c>) and the replies it need not wait for (<c>SMFIP_NR_*</c>).</summary>
    public ProtocolSteps Waived { get; init; }

    /// <summary>Gets what is asked for beyond that, where it is offered: <c>SMFIP_SKIP</c>, <c>SMFIP_RCPT_REJ</c>, <c>SMFIP_HDR_LEADSPC</c>.</summary>
    public ProtocolSteps Wanted { get; init; }

    /// <summary>Gets a value indicating whether <c>SMFIP_HDR_LEADSPC</c> is asked for by binders alone: parameters, editors and actions then are as without it.</summary>
    public bool HidesHeaderSpace { get; init; }

    /// <summary>Gets the actions without which the filter can't do its work (<c>SMFIF_*</c>).</summary>
    public MilterActions RequiredActions { get; init; }

    /// <summary>Gets the actions that are asked for where they are offered (<c>SMFIF_*</c>).</summary>
    public MilterActions WantedActions { get; init; }

    /// <summary>Gets the macros to ask for, by stage (<c>smfi_setsymlist</c>), in ascending order of the stage's number.</summary>
    public IReadOnlyList<SymbolList> SymbolLists { get; init; } = [];

    /// <summary>Gets what is kept for later stages.</summary>
    public CollectedData Collects { get; init; }

    /// <summary>Gets the names of the header fields of which <c>[Header]</c> parameters take the first. Their places are the slots that generated code reads.</summary>
    public IReadOnlyList<string> CollectedHeaders { get; init; } = [];

    /// <summary>Gets the names of the header fields of which <c>[Header]</c> parameters take all (<see cref="HeaderValues"/>). Their places are the slots that generated code reads.</summary>
    public IReadOnlyList<string> CollectedHeaderValues { get; init; } = [];

    /// <summary>Gets the macros that <c>[Macro]</c> parameters take. Their places are the slots that generated code reads.</summary>
    public IReadOnlyList<string> Macros { get; init; } = [];

    /// <summary>Gets how many body handlers may say Skip.</summary>
    public int BodyConsumers { get; init; }

    /// <summary>Gets a value indicating whether some <see cref="PerMessageAttribute"/> member has to be reset between messages.</summary>
    public bool HasPerMessageState { get; init; }

    /// <summary>Gets who made the generator ask for what.</summary>
    public IReadOnlyList<NegotiationCause> Causes { get; init; } = [];

    /// <summary>Gets how many kinds of steps from MAIL to EOM the MTA waits for in a message; RCPT, HEADER and BODY count once, though each of them is waited for. EOM always counts.</summary>
    public int WaitsPerMessage { get; init; } = 1;

    /// <summary>Gets how many kinds of steps outside messages the MTA waits for: CONNECT, HELO, UNKNOWN.</summary>
    public int WaitsPerSession { get; init; }

    /// <summary>Reads the descriptor of a milter.</summary>
    /// <typeparam name="T">The <see cref="MilterAttribute"/> class.</typeparam>
    /// <returns>What the generator derived from it.</returns>
    public static MilterDescriptor Of<T>()
        where T : class, IMilter<T> => T.Descriptor;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Names the methods of a stage as people say them: <c>ExternalTagger.OnRcpt</c>.</summary>
    internal string MethodsOf(MilterStages stage)
    {
        string methods = string.Join(", ", Handlers.Where(handler => handler.Stage == stage).Select(handler => handler.Method));
        return $"{Name}.{(methods.Length > 0 ? methods : $"On{stage}")}";
    }
}
