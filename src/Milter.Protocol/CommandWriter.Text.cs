namespace Milter.Protocol;

/// <content>The commands from strings.</content>
public static partial class CommandWriter
{
    /// <summary>Writes a packet of macros (<c>SMFIC_MACRO</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="command">The command that follows and to which the macros belong.</param>
    /// <param name="macros">Names (with braces when longer than one letter) and values; may be empty.</param>
    /// <exception cref="ArgumentException">A name is empty, a text is <see langword="null"/> or has a NUL, or all are too long together.</exception>
    public static void Macros(FrameBuffer buffer, MilterCommand command, ReadOnlySpan<KeyValuePair<string, string>> macros)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        int start = buffer.Length;
        MacroFrame frame = BeginMacros(buffer, command);
        try
        {
            foreach ((string name, string value) in macros)
            {
                frame.Add(name, value);
            }
        }
        catch
        {
            buffer.Truncate(start);
            throw;
        }
    }

    /// <inheritdoc cref="Connect(FrameBuffer, ReadOnlySpan{byte}, ClientFamily, ushort, ReadOnlySpan{byte})"/>
    public static void Connect(FrameBuffer buffer, string host, ClientFamily family, ushort port, string address)
    {
        using var hostBytes = new ScratchText(host, stackalloc byte[ScratchText.StackBytes]);
        using var addressBytes = new ScratchText(address, stackalloc byte[ScratchText.StackBytes]);
        Connect(buffer, hostBytes.Bytes, family, port, addressBytes.Bytes);
    }

    /// <inheritdoc cref="Helo(FrameBuffer, ReadOnlySpan{byte})"/>
    public static void Helo(FrameBuffer buffer, string name)
    {
        using var nameBytes = new ScratchText(name, stackalloc byte[ScratchText.StackBytes]);
        Helo(buffer, nameBytes.Bytes);
    }

    /// <summary>Writes the sender (<c>SMFIC_MAIL</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with its angle brackets as the client gave it; <c>&lt;&gt;</c> for the null sender.</param>
    /// <param name="arguments">ESMTP arguments, each a string of its own.</param>
    /// <exception cref="ArgumentException">Address or arguments have a NUL or are too long.</exception>
    public static void Mail(FrameBuffer buffer, string address, params ReadOnlySpan<string> arguments) =>
        Envelope(buffer, MilterCommand.Mail, address, arguments);

    /// <summary>Writes a recipient (<c>SMFIC_RCPT</c>).</summary>
    /// <param name="buffer">Where to write.</param>
    /// <param name="address">The address, with its angle brackets as the client gave it.</param>
    /// <param name="arguments">ESMTP arguments, each a string of its own.</param>
    /// <exception cref="ArgumentException">Address or arguments have a NUL or are too long.</exception>
    public static void Rcpt(FrameBuffer buffer, string address, params ReadOnlySpan<string> arguments) =>
        Envelope(buffer, MilterCommand.Rcpt, address, arguments);

    /// <inheritdoc cref="Header(FrameBuffer, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void Header(FrameBuffer buffer, string name, string value)
    {
        using var nameBytes = new ScratchText(name, stackalloc byte[ScratchText.StackBytes]);
        using var valueBytes = new ScratchText(value, stackalloc byte[ScratchText.StackBytes]);
        Header(buffer, nameBytes.Bytes, valueBytes.Bytes);
    }

    /// <inheritdoc cref="Unknown(FrameBuffer, ReadOnlySpan{byte})"/>
    public static void Unknown(FrameBuffer buffer, string command)
    {
        using var commandBytes = new ScratchText(command, stackalloc byte[ScratchText.StackBytes]);
        Unknown(buffer, commandBytes.Bytes);
    }

    private static void Envelope(FrameBuffer buffer, MilterCommand command, string address, ReadOnlySpan<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        long size = Payload.CountText(address, "address", nameof(address));
        foreach (string argument in arguments)
        {
            size += Payload.CountText(argument, "ESMTP argument", nameof(arguments));
        }

        Span<byte> rest = Payload.PutText(buffer.AddFrame((byte)command, Payload.Size(size)), address);
        foreach (string argument in arguments)
        {
            rest = Payload.PutText(rest, argument);
        }
    }
}
