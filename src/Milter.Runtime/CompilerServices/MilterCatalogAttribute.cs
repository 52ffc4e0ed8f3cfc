using System.ComponentModel;
using Milter.Protocol;

namespace Milter.CompilerServices;

/// <summary>What the generator derived from one milter, written into the assembly's metadata so that tools can read it without loading code. Not for use by hand.</summary>
/// <remarks>The same facts as <see cref="MilterDescriptor"/>, as numbers and texts. What is not named has its default.</remarks>
/// <param name="name">The class's full metadata name: <c>Demo.Outer+Filter</c>.</param>
/// <param name="schemaVersion">The version of what stands here; a reader that knows a lower one can still read what it knows.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class MilterCatalogAttribute(string name, int schemaVersion) : Attribute
{
    /// <summary>Gets the class's full metadata name.</summary>
    public string Name { get; } = name;

    /// <summary>Gets the version of what stands here.</summary>
    public int SchemaVersion { get; } = schemaVersion;

    /// <summary>Gets or sets the stages that have a handler.</summary>
    public MilterStages Handles { get; set; }

    /// <summary>Gets or sets the stages at which a handler returns a verdict.</summary>
    public MilterStages Replies { get; set; }

    /// <summary>Gets or sets the steps that are not sent and the replies that are waived.</summary>
    public ProtocolSteps Waived { get; set; }

    /// <summary>Gets or sets what is asked for beyond that.</summary>
    public ProtocolSteps Wanted { get; set; }

    /// <summary>Gets or sets the actions without which the filter can't do its work.</summary>
    public MilterActions RequiredActions { get; set; }

    /// <summary>Gets or sets the actions that are asked for where they are offered.</summary>
    public MilterActions WantedActions { get; set; }

    /// <summary>Gets or sets what is kept for later stages.</summary>
    public CollectedData Collects { get; set; }

    /// <summary>Gets or sets the handlers in the order in which they run: <c>OnEom End</c>.</summary>
    public string[] Handlers { get; set; } = [];

    /// <summary>Gets or sets the symbol lists: <c>MAIL: i {auth_type}</c>.</summary>
    public string[] SymbolLists { get; set; } = [];

    /// <summary>Gets or sets who made the generator ask for what: <c>SMFIP_NR_HDR: End(subject)</c>.</summary>
    public string[] Causes { get; set; } = [];

    /// <summary>Gets or sets the kinds of steps of a message at which the MTA waits, as the protocol calls them; RCPT, HEADER and BODY each time they come.</summary>
    public string[] WaitsPerMessage { get; set; } = [];

    /// <summary>Gets or sets the kinds of steps outside messages at which the MTA waits.</summary>
    public string[] WaitsPerSession { get; set; } = [];
}
