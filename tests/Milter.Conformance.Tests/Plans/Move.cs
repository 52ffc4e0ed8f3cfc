using Milter.Protocol;

namespace Milter.Conformance.Tests.Plans;

/// <summary>Something that an MTA is to send, if the session is then in a state where it would.</summary>
/// <param name="Command">The command.</param>
/// <param name="Payload">Its payload, one character a byte. A header's value has the space that stood after the colon.</param>
/// <param name="Macros">The macros that go before it: NUL-terminated names and values. Empty for a set without any, null for no set.</param>
internal sealed record Move(MilterCommand Command, string Payload = "", string? Macros = null)
{
    public char Code => (char)Command;

    public override string ToString() =>
        $"{(Macros is null ? "" : $"D {Code} {Wire.Bytes.Shown(Macros)}, ")}{Code}{(Payload.Length == 0 ? "" : " " + Wire.Bytes.Shown(Payload))}";
}
