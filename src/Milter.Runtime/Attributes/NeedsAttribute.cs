using Milter.Protocol;

namespace Milter;

/// <summary>Says what is needed: the actions of a capability parameter, where they differ from what its type asks for, or all that a binder's class reads and does.</summary>
/// <remarks>On a parameter only <see cref="Actions"/> counts. On a binder (<see cref="IMessageBinder{TSelf, TValue}"/>) what is not named is not collected for it.</remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false)]
public sealed class NeedsAttribute : Attribute
{
    /// <summary>Says what is needed by named arguments.</summary>
    public NeedsAttribute()
    {
    }

    /// <summary>Says which actions are needed.</summary>
    /// <param name="actions">The actions that must be offered (or, on a nullable parameter, that are asked for where they are offered).</param>
    public NeedsAttribute(MilterActions actions) => Actions = actions;

    /// <summary>Gets or sets the actions (<c>SMFIF_*</c>).</summary>
    public MilterActions Actions { get; set; }

    /// <summary>Gets or sets whether a binder reads the envelope.</summary>
    public bool Envelope { get; set; }

    /// <summary>Gets or sets whether a binder reads the header fields.</summary>
    public bool Headers { get; set; }

    /// <summary>Gets or sets whether a binder reads the body, which is there at EOM only.</summary>
    public bool Body { get; set; }

    /// <summary>Gets or sets whether a binder looks at the SMTP client (<see cref="MessageBindingContext.Client"/>): CONNECT is sent, without a reply for this.</summary>
    public bool Client { get; set; }

    /// <summary>Gets or sets whether a binder looks at the HELO name (<see cref="MessageBindingContext.Helo"/>): HELO is sent, without a reply for this.</summary>
    public bool Helo { get; set; }

    /// <summary>
    /// Gets or sets whether a binder wants the white space behind the colons of header fields in <see cref="MessageBindingContext.OpenMessage"/> as the sender wrote it, where the MTA offers
    /// that (<c>SMFIP_HDR_LEADSPC</c>). Signatures need it. All parameters, editors and <see cref="MessageActions"/> are as without it, unless
    /// <see cref="MilterAttribute.PreserveHeaderSpace"/> asks for the space too.
    /// </summary>
    public bool HeaderSpace { get; set; }

    /// <summary>Gets or sets the macros that a binder looks up, named as in <see cref="MacroAttribute"/>.</summary>
    public string[] Macros { get; set; } = [];
}
