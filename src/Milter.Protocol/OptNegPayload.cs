using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>The negotiation, as both sides send it (<c>SMFIC_OPTNEG</c>): version, actions, steps, and from a filter the macros it asks for.</summary>
public readonly ref struct OptNegPayload
{
    private const int FixedBytes = 12;

    private OptNegPayload(ReadOnlySpan<byte> payload)
    {
        Version = BinaryPrimitives.ReadUInt32BigEndian(payload);
        Actions = (MilterActions)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]);
        Steps = (ProtocolSteps)BinaryPrimitives.ReadUInt32BigEndian(payload[8..]);
        Rest = payload[FixedBytes..];
    }

    /// <summary>Gets the protocol version; any number, to be judged by the caller.</summary>
    public uint Version { get; }

    /// <summary>Gets the actions, bits unknown to this library included. From an MTA, 0 means the version 1 default, 0x0F.</summary>
    public MilterActions Actions { get; }

    /// <summary>Gets the protocol steps, bits unknown to this library included. From an MTA, 0 means the version 1 default, 0x3F.</summary>
    public ProtocolSteps Steps { get; }

    /// <summary>Gets the bytes after the three numbers: a filter's symbol lists, and nothing from an MTA.</summary>
    public ReadOnlySpan<byte> Rest { get; }

    /// <summary>Gets the macros asked for at each stage (<c>smfi_setsymlist</c>), in the order of the wire.</summary>
    /// <remarks>Damaged lists end the enumeration early; <see cref="CheckSymbolLists"/> tells what is wrong.</remarks>
    public SymbolLists SymbolLists => new(Rest);

    /// <summary>Reads a negotiation. Bytes after the first 12 are not judged: libmilter ignores them in an offer.</summary>
    /// <param name="payload">The payload of an OPTNEG frame.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when the payload is shorter than 12 bytes.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out OptNegPayload value, out string? error)
    {
        if (payload.Length < FixedBytes)
        {
            value = default;
            error = "OPTNEG is shorter than its 12 bytes of version, actions and protocol";
            return false;
        }

        value = new OptNegPayload(payload);
        error = null;
        return true;
    }

    /// <summary>Looks whether <see cref="Rest"/> is made of whole symbol lists, for an MTA that reads a filter's answer.</summary>
    /// <returns><see langword="null"/> when it is, else what is wrong, in words for a log. Stage numbers are not judged.</returns>
    public string? CheckSymbolLists()
    {
        ReadOnlySpan<byte> rest = Rest;
        while (!rest.IsEmpty)
        {
            if (rest.Length < sizeof(uint))
            {
                return "OPTNEG ends inside the stage number of a macro list";
            }

            int nul = rest[sizeof(uint)..].IndexOf((byte)0);
            if (nul < 0)
            {
                return "OPTNEG has a macro list without its NUL";
            }

            rest = rest[(sizeof(uint) + nul + 1)..];
        }

        return null;
    }
}
