using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>A filter's change of the header, as an MTA reads it (<c>SMFIR_ADDHEADER</c>, <c>SMFIR_INSHEADER</c>, <c>SMFIR_CHGHEADER</c>).</summary>
public readonly ref struct HeaderModification
{
    private HeaderModification(MilterReply reply, uint index, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Reply = reply;
        Index = index;
        Name = name;
        Value = value;
    }

    /// <summary>Gets what is to be done: add, insert or change.</summary>
    public MilterReply Reply { get; }

    /// <summary>Gets the position to insert at, 0 the top; or which field of this name to change, 1 the first and 0 the same. 0 when adding.</summary>
    public uint Index { get; }

    /// <summary>Gets the field's name; not empty.</summary>
    public ReadOnlySpan<byte> Name { get; }

    /// <summary>Gets the field's value; empty deletes in a change.</summary>
    public ReadOnlySpan<byte> Value { get; }

    /// <summary>Reads a header modification.</summary>
    /// <param name="reply">The frame's code: <see cref="MilterReply.AddHeader"/>, <see cref="MilterReply.InsertHeader"/> or <see cref="MilterReply.ChangeHeader"/>.</param>
    /// <param name="payload">The frame's payload.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when the payload is not exactly an index (unless adding), a name that is not empty, and a value, each text with its NUL; or when the code is another.</returns>
    public static bool TryRead(MilterReply reply, ReadOnlySpan<byte> payload, out HeaderModification value, out string? error)
    {
        value = default;
        uint index = 0;
        switch (reply)
        {
            case MilterReply.AddHeader:
                break;
            case MilterReply.InsertHeader or MilterReply.ChangeHeader:
                if (!BinaryPrimitives.TryReadUInt32BigEndian(payload, out index))
                {
                    error = "INSHEADER or CHGHEADER is shorter than its index";
                    return false;
                }

                payload = payload[sizeof(uint)..];
                break;
            default:
                error = "not a header modification";
                return false;
        }

        int nul = payload.IndexOf((byte)0);
        if (nul <= 0)
        {
            error = nul < 0 ? "a header modification has no NUL after the name" : "a header modification has an empty name";
            return false;
        }

        ReadOnlySpan<byte> rest = payload[(nul + 1)..];
        if (rest.IndexOf((byte)0) is var end && (end < 0 || end != rest.Length - 1))
        {
            error = end < 0 ? "a header modification has no NUL after the value" : "a header modification has bytes after its value";
            return false;
        }

        value = new HeaderModification(reply, index, payload[..nul], rest[..end]);
        error = null;
        return true;
    }
}
