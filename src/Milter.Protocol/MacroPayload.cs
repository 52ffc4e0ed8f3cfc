namespace Milter.Protocol;

/// <summary>Macros for the command that follows (<c>SMFIC_MACRO</c>): that command's byte, then pairs of name NUL value NUL.</summary>
/// <remarks>Enumerate it for the macros; it may have none.</remarks>
public readonly ref struct MacroPayload
{
    private readonly ReadOnlySpan<byte> _pairs;

    private MacroPayload(MilterCommand command, ReadOnlySpan<byte> pairs)
    {
        Command = command;
        _pairs = pairs;
    }

    /// <summary>Gets the command the macros belong to; not checked to be one that the protocol knows.</summary>
    public MilterCommand Command { get; }

    /// <summary>Gets whether the packet has no macros, as Postfix often sends it.</summary>
    public bool IsEmpty => _pairs.IsEmpty;

    /// <summary>Reads a MACRO. An odd number of strings is tolerated: the last name gets an empty value.</summary>
    /// <param name="payload">The payload of a MACRO frame.</param>
    /// <param name="value">What was read.</param>
    /// <param name="error">What is wrong, in words for a log; <see langword="null"/> when all is well.</param>
    /// <returns><see langword="false"/> when there is no payload.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, out MacroPayload value, out string? error)
    {
        if (payload.IsEmpty)
        {
            value = default;
            error = "MACRO does not say to which command it belongs";
            return false;
        }

        value = new MacroPayload((MilterCommand)payload[0], payload[1..]);
        error = null;
        return true;
    }

    /// <summary>Enumerates the macros in the order of the wire.</summary>
    /// <returns>An enumerator that allocates nothing.</returns>
    public Enumerator GetEnumerator() => new(_pairs);

    /// <summary>Steps through the macros.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<byte> _rest;

        internal Enumerator(ReadOnlySpan<byte> pairs) => _rest = pairs;

        /// <summary>Gets the current macro.</summary>
        public MacroEntry Current { get; private set; }

        /// <summary>Goes to the next macro.</summary>
        /// <returns><see langword="false"/> after the last.</returns>
        public bool MoveNext()
        {
            if (_rest.IsEmpty)
            {
                return false;
            }

            ReadOnlySpan<byte> name = NulStrings.Take(ref _rest);
            Current = new MacroEntry(name, NulStrings.Take(ref _rest));
            return true;
        }
    }
}
