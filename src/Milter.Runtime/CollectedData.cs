#if MILTER_GENERATOR
namespace Milter.Generators.Model; // The generator compiles this file too: it references nothing of ours.
#else
namespace Milter;
#endif

/// <summary>What the engine keeps for a filter because some parameter takes it later than it arrives.</summary>
[Flags]
public enum CollectedData
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The SMTP client, from CONNECT.</summary>
    Connect = 1 << 0,

    /// <summary>The HELO name.</summary>
    Helo = 1 << 1,

    /// <summary>The sender, from MAIL.</summary>
    Sender = 1 << 2,

    /// <summary>The recipients that this filter let pass.</summary>
    Recipients = 1 << 3,

    /// <summary>The values of the header fields named in <see cref="MilterDescriptor.CollectedHeaders"/>.</summary>
    NamedHeaders = 1 << 4,

    /// <summary>The names of all header fields, in order (what <see cref="HeaderEditor"/> needs).</summary>
    HeaderNames = 1 << 5,

    /// <summary>All header fields with their values.</summary>
    Headers = 1 << 6,

    /// <summary>The body.</summary>
    Body = 1 << 7,
}
