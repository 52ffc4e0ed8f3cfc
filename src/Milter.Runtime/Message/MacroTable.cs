using System.Numerics;
using System.Runtime.CompilerServices;
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
    private SessionSets _session;
    private MacroSet[] _message = [];

    private const int RcptPlace = 6;
    private const int FirstOfSession = 8;
    private const int Places = 10;

    // A bit a set that has something, so that most of them need no look.
    private uint _filled;

    // A bit a set whose array is larger than what is kept.
    private uint _large;

    // By command, from A on.
    private static ReadOnlySpan<sbyte> PlaceOfCommand =>
    [
        -1, 2, 9, -1, 1, -1, -1, FirstOfSession, -1, -1, -1, 4, 7, 3, -1, -1, -1, RcptPlace, -1, 5, 0, -1, -1, -1, -1, -1,
    ];

    /// <summary>Replaces the set of one command. Macros of an unknown command are left out, as libmilter does.</summary>
    public void Store(MilterCommand command, ReadOnlySpan<byte> payload)
    {
        int place = PlaceOf(command);
        if (place < 0)
        {
            return;
        }

        if (place < FirstOfSession && _message.Length == 0)
        {
            _message = new MacroSet[FirstOfSession];
        }

        Keep(place, payload);
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
            copy.Keep(place, At(place).Payload);
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
        if (_filled != 0 && PlaceOf(command) is >= 0 and var place)
        {
            Clear(place, place + 1);
        }
    }

    /// <summary>Forgets everything.</summary>
    public void EndSession() => Clear(0, Places);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int PlaceOf(MilterCommand command) => (uint)((byte)command - 'A') is var letter && letter < (uint)PlaceOfCommand.Length ? PlaceOfCommand[(int)letter] : -1;

    private static ReadOnlySpan<byte> WithoutBraces(ReadOnlySpan<byte> name) =>
        name is [(byte)'{', .., (byte)'}'] ? name[1..^1] : name;

    private void Keep(int place, ReadOnlySpan<byte> payload)
    {
        uint set = 1u << place;
        if (At(place).Store(payload))
        {
            _large |= set;
        }

        _filled |= set;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref MacroSet At(int place) => ref place < FirstOfSession ? ref _message[place] : ref _session[place - FirstOfSession];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Clear(int from, int to)
    {
        uint sets = ((1u << (to - from)) - 1) << from;
        _filled &= ~sets;
        if ((_large & sets) != 0)
        {
            Shrink(_large & sets);
        }
    }

    private void Shrink(uint sets)
    {
        _large &= ~sets;
        for (; sets != 0; sets &= sets - 1)
        {
            At(BitOperations.TrailingZeroCount(sets)) = default;
        }
    }

    [InlineArray(Places - FirstOfSession)]
    private struct SessionSets
    {
        private MacroSet _first;
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

        /// <summary>Keeps macros in place of those before.</summary>
        /// <returns>Whether the array is larger than what is kept.</returns>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Store(ReadOnlySpan<byte> payload)
        {
            byte[]? array = _payload;
            if (array is null || array.Length < payload.Length)
            {
                _payload = array = new byte[Math.Max(LeastBytes, (int)BitOperations.RoundUpToPowerOf2((uint)payload.Length))];
            }

            payload.CopyTo(array);
            _length = payload.Length;
            return array.Length > MostKept;
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
