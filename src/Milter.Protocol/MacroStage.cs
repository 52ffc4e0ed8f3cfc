#if MILTER_GENERATOR
namespace Milter.Generators.Model; // The generator compiles this file too: it references nothing of ours.
#else
namespace Milter.Protocol;
#endif

/// <summary>The stages for which macros can be asked in the negotiation (<c>SMFIM_*</c>).</summary>
/// <remarks>On the wire EOM is 5 and EOH is 6, against the order in which they happen.</remarks>
public enum MacroStage
{
    /// <summary><c>SMFIM_CONNECT</c>.</summary>
    Connect = 0,

    /// <summary><c>SMFIM_HELO</c>.</summary>
    Helo = 1,

    /// <summary><c>SMFIM_ENVFROM</c>.</summary>
    Mail = 2,

    /// <summary><c>SMFIM_ENVRCPT</c>.</summary>
    Rcpt = 3,

    /// <summary><c>SMFIM_DATA</c>.</summary>
    Data = 4,

    /// <summary><c>SMFIM_EOM</c>.</summary>
    EndOfMessage = 5,

    /// <summary><c>SMFIM_EOH</c>.</summary>
    EndOfHeaders = 6,
}
