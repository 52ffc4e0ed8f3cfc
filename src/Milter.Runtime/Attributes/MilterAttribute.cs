namespace Milter;

/// <summary>Marks a <c>partial</c> class as a milter: its annotated methods handle the stages of the protocol.</summary>
/// <remarks>One instance serves one SMTP session and all the messages in it; its methods never run at the same time.</remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = false)]
public sealed class MilterAttribute : Attribute
{
    /// <summary>Gets or sets whether header values keep the white space after the colon as it was in the message (<c>SMFIP_HDR_LEADSPC</c>).</summary>
    /// <value><see langword="false"/> by default: the MTA takes one space away from the values it sends. Signatures need <see langword="true"/>.</value>
    /// <remarks>Where the MTA does not offer it, values come without that space. Values given to the editors are not affected: the space is theirs to write.</remarks>
    public bool PreserveHeaderSpace { get; set; }
}
