using System.Buffers.Binary;

namespace Milter.Protocol;

/// <summary>Writes the commands of an MTA, each as one whole frame.</summary>
/// <remarks>
/// Order and negotiation are the caller's business. When a method throws, the buffer is as it was. Text overloads
/// with <see cref="string"/> write by <see cref="WireText"/>.
/// </remarks>
public static partial class CommandWriter
{
    /// <summary>Writes the offer (<c>SMFIC_OPTNEG</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="version">The version offered, such as <see cref="MilterLimits.Version"/>.</param>
    /// <param name="actions">The actions that the MTA can do.</param>
    /// <param name="steps">The steps that the MTA can leave out, and what else it can agree to.</param>
    public static void OptNeg(FrameBuffer buffer, uint version, MilterActions actions, ProtocolSteps steps)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Span<byte> payload = buffer.AddFrame((byte)MilterCommand.OptNeg, 3 * sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(payload, version);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)actions);
        BinaryPrimitives.WriteUInt32BigEndian(payload[8..], (uint)steps);
    }

    /// <summary>Starts a packet of macros (<c>SMFIC_MACRO</c>); add them to what is returned before anything else is written.</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="command">The command that follows and to which the macros belong.</param>
    /// <returns>The frame, whole already: a packet without macros is legal.</returns>
    internal static MacroFrame BeginMacros(FrameBuffer buffer, MilterCommand command)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        int start = buffer.Length;
        buffer.AddFrame((byte)MilterCommand.Macro, 1)[0] = (byte)command;
        return new MacroFrame(buffer, start);
    }

    /// <summary>Writes the SMTP client (<c>SMFIC_CONNECT</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="host">The verified name, or the address in brackets.</param>
    /// <param name="family">The kind of address. For <see cref="ClientFamily.Unknown"/> neither port nor address is written.</param>
    /// <param name="port">The client's port; 0 when not known and for a Unix socket.</param>
    /// <param name="address">The address as text, or the socket's path; not empty unless the family is unknown.</param>
    /// <exception cref="ArgumentException">A text has a NUL or is too long, or the address is missing.</exception>
    public static void Connect(FrameBuffer buffer, ReadOnlySpan<byte> host, ClientFamily family, ushort port, ReadOnlySpan<byte> address)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        Payload.CheckText(host, "host name", nameof(host));
        if (family == ClientFamily.Unknown)
        {
            Span<byte> shorter = buffer.AddFrame((byte)MilterCommand.Connect, Payload.Size(host.Length + 2L));
            Payload.PutText(shorter, host)[0] = (byte)family;
            return;
        }

        Payload.CheckNotEmpty(address, "client address", nameof(address));
        Span<byte> payload = buffer.AddFrame((byte)MilterCommand.Connect, Payload.Size(host.Length + 4L + address.Length + 1L));
        Span<byte> rest = Payload.PutText(payload, host);
        rest[0] = (byte)family;
        BinaryPrimitives.WriteUInt16BigEndian(rest[1..], port);
        Payload.PutText(rest[3..], address);
    }

    /// <summary>Writes HELO or EHLO (<c>SMFIC_HELO</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="name">What the client calls itself.</param>
    /// <exception cref="ArgumentException">The name has a NUL or is too long.</exception>
    public static void Helo(FrameBuffer buffer, ReadOnlySpan<byte> name)
    {
        Payload.CheckText(name, "HELO name", nameof(name));
        Payload.WriteText(buffer, (byte)MilterCommand.Helo, name);
    }

    /// <summary>Writes the sender (<c>SMFIC_MAIL</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with its angle brackets as the client gave it; <c>&lt;&gt;</c> for the null sender.</param>
    /// <param name="arguments">ESMTP arguments with spaces between them, as in the SMTP command; each becomes a string of its own.</param>
    /// <exception cref="ArgumentException">Address or arguments have a NUL or are too long.</exception>
    public static void Mail(FrameBuffer buffer, ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments = default) =>
        Envelope(buffer, MilterCommand.Mail, address, arguments);

    /// <summary>Writes a recipient (<c>SMFIC_RCPT</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with its angle brackets as the client gave it.</param>
    /// <param name="arguments">ESMTP arguments with spaces between them, as in the SMTP command; each becomes a string of its own.</param>
    /// <exception cref="ArgumentException">Address or arguments have a NUL or are too long.</exception>
    public static void Rcpt(FrameBuffer buffer, ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments = default) =>
        Envelope(buffer, MilterCommand.Rcpt, address, arguments);

    /// <summary>Writes DATA (<c>SMFIC_DATA</c>, version 4 and later).</summary>
    /// <param name="buffer">Where to write.</param>
    public static void Data(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterCommand.Data);

    /// <summary>Writes a header field (<c>SMFIC_HEADER</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="name">The name without colon; not empty.</param>
    /// <param name="value">The value, folds as a line feed and white space; may be empty.</param>
    /// <exception cref="ArgumentException">The name is empty, a text has a NUL, or both are too long together.</exception>
    public static void Header(FrameBuffer buffer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Payload.CheckNotEmpty(name, "header name", nameof(name));
        Payload.CheckText(value, "header value", nameof(value));
        Payload.WriteTexts(buffer, (byte)MilterCommand.Header, name, value);
    }

    /// <summary>Writes the end of the headers (<c>SMFIC_EOH</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    public static void EndOfHeaders(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterCommand.EndOfHeaders);

    /// <summary>Writes a chunk of the body (<c>SMFIC_BODY</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="chunk">1 to <paramref name="maxPayload"/> bytes, lines ended by CR LF; an empty body has no chunk.</param>
    /// <param name="maxPayload">The most bytes of a chunk; more than the default only as negotiated.</param>
    /// <exception cref="ArgumentException">The chunk is empty or too long; each chunk is answered on its own, so it is not split here.</exception>
    public static void Body(FrameBuffer buffer, ReadOnlySpan<byte> chunk, int maxPayload = MilterLimits.MaxPayload)
    {
        if (chunk.IsEmpty || chunk.Length > maxPayload)
        {
            throw new ArgumentException($"A body chunk has 1 to {maxPayload} bytes, this one has {chunk.Length}. Cut the body into chunks; write none for an empty body.", nameof(chunk));
        }

        Payload.WriteBytes(buffer, (byte)MilterCommand.Body, chunk);
    }

    /// <summary>Writes the end of the message (<c>SMFIC_BODYEOB</c>), without a last chunk of body, as both MTAs do.</summary>
    /// <param name="buffer">Where to write.</param>
    public static void EndOfMessage(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterCommand.EndOfMessage);

    /// <summary>Writes an SMTP command that the MTA does not know (<c>SMFIC_UNKNOWN</c>, version 3 and later).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="command">The whole line without its end.</param>
    /// <exception cref="ArgumentException">The command has a NUL or is too long.</exception>
    public static void Unknown(FrameBuffer buffer, ReadOnlySpan<byte> command)
    {
        Payload.CheckText(command, "SMTP command", nameof(command));
        Payload.WriteText(buffer, (byte)MilterCommand.Unknown, command);
    }

    /// <summary>Writes the end of a message without verdict (<c>SMFIC_ABORT</c>). Not answered.</summary>
    /// <param name="buffer">Where to write.</param>
    public static void Abort(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterCommand.Abort);

    /// <summary>Writes the end of the session (<c>SMFIC_QUIT</c>). Not answered.</summary>
    /// <param name="buffer">Where to write.</param>
    public static void Quit(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterCommand.Quit);

    /// <summary>Writes the end of the session with another to follow on this connection (<c>SMFIC_QUIT_NC</c>, version 6). Not answered.</summary>
    /// <param name="buffer">Where to write.</param>
    public static void QuitNewConnection(FrameBuffer buffer) => Payload.WriteEmpty(buffer, (byte)MilterCommand.QuitNewConnection);

    private static void Envelope(FrameBuffer buffer, MilterCommand command, ReadOnlySpan<byte> address, ReadOnlySpan<byte> arguments)
    {
        Payload.CheckText(address, "address", nameof(address));
        Payload.CheckText(arguments, "ESMTP arguments", nameof(arguments));
        ArgumentNullException.ThrowIfNull(buffer);

        long size = address.Length + 1L;
        foreach (Range range in new SpaceSeparated(arguments))
        {
            size += arguments[range].Length + 1L;
        }

        Span<byte> rest = Payload.PutText(buffer.AddFrame((byte)command, Payload.Size(size)), address);
        foreach (Range range in new SpaceSeparated(arguments))
        {
            rest = Payload.PutText(rest, arguments[range]);
        }
    }
}
