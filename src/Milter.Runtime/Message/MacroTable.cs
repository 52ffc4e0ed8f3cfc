using System.Numerics;
using Milter.Protocol;

namespace Milter.Message;

/// <summary>The macros that the MTA has sent, a set a command, kept as they came until their scope ends.</summary>
/// <remarks>
/// Unlike libmilter, a message's macros end with the message, so that the queue id of one never shows in the next;
/// and a name is found with or without its braces.
/// </remarks>
internal sealed class MacroTable
{
    // In the order in which they are looked up: the latest stage first.
    // Those of messages are made with the first: a connection that waits for it needs none.
    private readonly MacroSet[] _session = new MacroSet[Places - FirstOfSession];
    private MacroSet[] _message = [];

    private const int RcptPlace = 6;
    private const int FirstOfSession = 8;
    private const int Places = 10;

    // UNKNOWN, BODY and HEADER.
    private const uint OfSteps = (1u << 0) | (1u << 2) | (1u << 4);

    // A bit a set that has something, so that most of them need no look.
    private uint _filled;

    /// <summary>Replaces the set of one command. Macros of an unknown command are left out, as libmilter does.</summary>
    public void Store(MilterCommand command, ReadOnlySpan<byte> payload)
    {
        int place = PlaceOf(command);
        if (place >= 0)
        {
            if (place < FirstOfSession && _message.Length == 0)
            {
                _message = new MacroSet[FirstOfSession];
            }

            At(place).Store(payload);
            _filled |= 1u << place;
        }
    }

    /// <summary>Looks a macro up, from the latest stage to the earliest.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name, out bool found)
    {
        name = WithoutBraces(name);
        for (uint rest = _filled; rest != 0; rest &= rest - 1)
        {
            if (At(BitOperations.TrailingZeroCount(rest)).TryFind(name, out ReadOnlySpan<byte> value))
            {
                found = true;
                return value;
            }
        }

        found = false;
        return default;
    }

    /// <summary>Makes another of the same, which goes on alone.</summary>
    public MacroTable Copy()
    {
        var copy = new MacroTable { _filled = _filled, _message = _message.Length > 0 ? new MacroSet[FirstOfSession] : [] };
        for (uint rest = _filled; rest != 0; rest &= rest - 1)
        {
            int place = BitOperations.TrailingZeroCount(rest);
            copy.At(place).Store(At(place).Payload);
        }

        return copy;
    }

    /// <summary>Forgets the macros of the message.</summary>
    public void EndMessage() => Clear(0, FirstOfSession);

    /// <summary>Forgets what belongs to stages after RCPT, when another recipient comes.</summary>
    public void EndRecipients() => Clear(0, RcptPlace);

    /// <summary>Forgets the macros of one HEADER, BODY or UNKNOWN, which end with it (libmilter never keeps them).</summary>
    public void EndStep(MilterCommand command)
    {
        if ((_filled & OfSteps) != 0)
        {
            int place = PlaceOf(command);
            Clear(place, place + 1);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void EndSession() => Clear(0, Places);

    private static int PlaceOf(MilterCommand command) => command switch
    {
        MilterCommand.Unknown => 0,
        MilterCommand.EndOfMessage => 1,
        MilterCommand.Body => 2,
        MilterCommand.EndOfHeaders => 3,
        MilterCommand.Header => 4,
        MilterCommand.Data => 5,
        MilterCommand.Rcpt => RcptPlace,
        MilterCommand.Mail => 7,
        MilterCommand.Helo => FirstOfSession,
        MilterCommand.Connect => 9,
        _ => -1,
    };

    private static ReadOnlySpan<byte> WithoutBraces(ReadOnlySpan<byte> name) =>
        name is [(byte)'{', .., (byte)'}'] ? name[1..^1] : name;

    private ref MacroSet At(int place) => ref place < FirstOfSession ? ref _message[place] : ref _session[place - FirstOfSession];

    private void Clear(int from, int to)
    {
        uint rest = _filled & (((1u << (to - from)) - 1) << from);
        _filled &= ~rest;
        for (; rest != 0; rest &= rest - 1)
        {
            At(BitOperations.TrailingZeroCount(rest)).Clear();
        }
    }

    private struct MacroSet
    {
        // Most sets of a stage fit into this.
        private const int LeastBytes = 64;

        // An idle connection should not hold the memory of its oddest message.
        private const int MostKept = 1024;

        private byte[]? _payload;
        private int _length;

        public readonly ReadOnlySpan<byte> Payload => _payload.AsSpan(0, _length);

        public void Clear()
        {
            _length = 0;
            if (_payload!.Length > MostKept)
            {
                _payload = null;
            }
        }

        public void Store(ReadOnlySpan<byte> payload)
        {
            if (_payload is null || _payload.Length < payload.Length)
            {
                _payload = new byte[Math.Max(LeastBytes, (int)BitOperations.RoundUpToPowerOf2((uint)payload.Length))];
            }

            payload.CopyTo(_payload);
            _length = payload.Length;
        }

        public readonly bool TryFind(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
        {
            if (_length > 1 && MacroPayload.TryRead(_payload.AsSpan(0, _length), out MacroPayload macros, out _))
            {
                foreach (MacroEntry macro in macros)
                {
                    if (WithoutBraces(macro.Name).SequenceEqual(name))
                    {
                        value = macro.Value;
                        return true;
                    }
                }
            }

            value = default;
            return false;
        }
    }
}
