using Milter.Client;
using Milter.Protocol;

namespace Milter.Testing;

/// <summary>Finds the place in a message at which the MTA shuts its writing side.</summary>
internal sealed class HalfClosing
{
#pragma warning disable CA5394 // No secret depends on it; it has to be the same again.
    // A place at each packet, as likely as this: so that short and long messages are cut early and late.
    private const int OneIn = 5;

    private readonly HalfClose _at;
    private readonly Random _random;
    private bool _hasBegun;

    /// <summary>Makes it.</summary>
    /// <param name="at">Where; <see langword="null"/> for wherever the seed says.</param>
    /// <param name="seed">The number from which the place follows.</param>
    public HalfClosing(HalfClose? at, int seed)
    {
        _random = new Random(seed ^ 0x1F12_3BB5);
        _at = at ?? (HalfClose)_random.Next(3);
    }

    /// <summary>Gets where it is, in words.</summary>
    public string Place { get; private set; } = "after the message, which was over before that";

    /// <summary>Looks at what the MTA sends next: whole packets.</summary>
    /// <returns>How much of it is sent before the MTA shuts its side; <see langword="null"/> when all of it is sent, and more.</returns>
    public int? Find(ReadOnlySpan<byte> bytes)
    {
        int start = 0;
        while (FrameReader.TryRead(bytes[start..], int.MaxValue / 2, out Frame frame, out int length) == FrameStatus.Complete)
        {
            if (Within((MilterCommand)frame.Code, length) is { } within)
            {
                return start + within;
            }

            start += length;
        }

        return null;
    }

    private int? Within(MilterCommand command, int length)
    {
        if (command == MilterCommand.Abort && !_hasBegun)
        {
            // The end of the message before.
            return null;
        }

        bool isLast = command == MilterCommand.EndOfMessage;
        bool isHere = isLast || _random.Next(OneIn) == 0;
        bool isBetween = _hasBegun;
        _hasBegun |= command is not (MilterCommand.Abort or MilterCommand.Macro);
        switch (_at)
        {
            case HalfClose.InPacket when isHere:
                int sent = _random.Next(1, length);
                Place = $"in a packet: {sent} of {Counted.Of(length, "byte")} of {command}";
                return sent;
            case HalfClose.InMessage when isHere && (isBetween || isLast):
                Place = $"before {command}";
                return 0;
            case HalfClose.AfterEndOfMessage when isLast:
                Place = "after EndOfMessage";
                return length;
            default:
                return null;
        }
    }
#pragma warning restore CA5394
}
