using System.Buffers;
using System.Buffers.Text;

namespace Milter.Mime.Content;

/// <summary>Decodes base64 (RFC 2045, 6.8) and notes what others may decode differently.</summary>
/// <remarks>
/// Padding ends a group and not the content: what comes behind it is decoded as well, as lenient readers do, while others stop there. A last group without its padding
/// gives the bytes that it has.
/// </remarks>
internal sealed class Base64Stream(Stream source) : ReadOnlyStream
{
    private const int InputSize = 16 * 1024;
    private const byte Skipped = 64, Odd = 65, Padding = 66;
    private static readonly byte[] s_values = MakeValues();

    private static readonly SearchValues<byte> s_digits = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8);

    // What a run of digits is looked for in: where there is something odd in every group, the look is short.
    private const int Window = 1024;

    private byte[] _input = ArrayPool<byte>.Shared.Rent(InputSize);
    private int _next;
    private int _filled;
    private uint _group;
    private int _digits;
    private bool _isPadded;
    private bool _isAtEnd;

    /// <summary>Gets a value indicating whether there is data behind padding.</summary>
    public bool GoesOnAfterPadding { get; private set; }

    /// <summary>Gets a value indicating whether the last group is short of digits and padding.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Gets a value indicating whether there are characters that are neither digits nor white space.</summary>
    public bool HasOddCharacters { get; private set; }

    public override int Read(Span<byte> buffer)
    {
        // A group may need three bytes of room; readers with less than that would get nothing, which means the end.
        if (buffer.Length < 3)
        {
            return ReadByByte(buffer);
        }

        int written = 0;
        while (written <= buffer.Length - 3)
        {
            if (_next == _filled)
            {
                _filled = _isAtEnd ? 0 : source.Read(_input);
                _next = 0;
                if (_filled == 0)
                {
                    return written + End(buffer[written..]);
                }
            }

            written += Decode(buffer[written..]);
        }

        return written;
    }

    private readonly byte[] _few = new byte[3];
    private int _fewNext;
    private int _fewCount;

    private int ReadByByte(Span<byte> buffer)
    {
        int written = 0;
        while (written < buffer.Length)
        {
            if (_fewNext == _fewCount)
            {
                _fewNext = 0;
                _fewCount = Read(_few.AsSpan());
                if (_fewCount == 0)
                {
                    break;
                }
            }

            buffer[written++] = _few[_fewNext++];
        }

        return written;
    }

    private int Decode(Span<byte> output)
    {
        int written = 0;
        bool isGroup = _digits == 0 && !_isPadded;
        while (_next < _filled && written <= output.Length - 3)
        {
            if (isGroup)
            {
                written += DecodeRun(output[written..]);
                isGroup = false;
                continue;
            }

            byte value = s_values[_input[_next++]];
            if (value < 64)
            {
                GoesOnAfterPadding |= _isPadded;
                _group = (_group << 6) | value;
                if (++_digits == 4)
                {
                    output[written] = (byte)(_group >> 16);
                    output[written + 1] = (byte)(_group >> 8);
                    output[written + 2] = (byte)_group;
                    written += 3;
                    _digits = 0;
                }
            }
            else if (value == Padding)
            {
                _isPadded = true;
                IsCut |= _digits == 1;
                written += Rest(output[written..]);
            }
            else
            {
                HasOddCharacters |= value == Odd;

                // A line has ended, as a rule between groups: another one follows.
                isGroup = _digits == 0 && !_isPadded;
            }
        }

        return written;
    }

    /// <summary>Decodes the groups up to what is no digit, such as a line's end.</summary>
    private int DecodeRun(Span<byte> output)
    {
        ReadOnlySpan<byte> rest = _input.AsSpan(_next, Math.Min(Window, _filled - _next));
        int end = rest.IndexOfAnyExcept(s_digits);
        int groups = Math.Min((end < 0 ? rest.Length : end) / 4, output.Length / 3);
        Base64.DecodeFromUtf8(rest[..(4 * groups)], output, out int read, out int written, isFinalBlock: false);
        _next += read;
        return written;
    }

    /// <summary>Reads to the end for what there is to say about it, and for the size.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many decoded bytes there were still.</returns>
    public long Measure(CancellationToken cancellationToken)
    {
        Span<byte> decoded = stackalloc byte[256];
        long size = _fewCount - _fewNext;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            size += CountPlain();
            if (Read(decoded) is > 0 and var count)
            {
                size += count;
            }
            else
            {
                return size;
            }
        }
    }

    /// <summary>Passes over digits and blanks up to what is neither, without decoding them.</summary>
    /// <returns>How many bytes they would be.</returns>
    private long CountPlain()
    {
        long size = 0;
        while (!_isPadded && !_isAtEnd)
        {
            if (_next == _filled)
            {
                (_next, _filled) = (0, source.Read(_input));
                if (_filled == 0)
                {
                    _isAtEnd = true;
                    break;
                }
            }

            int plain = Base64Text.CountPlain(_input.AsSpan(_next, _filled - _next), out int digits);
            size += (_digits + digits) / 4 * 3;
            _digits = (_digits + digits) % 4;
            _next += plain;
            if (_next < _filled)
            {
                break;
            }
        }

        return size;
    }

    protected override void Dispose(bool disposing)
    {
        if (_input.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_input);
            (_input, _next, _filled) = ([], 0, 0);
        }

        base.Dispose(disposing);
    }

    private int End(Span<byte> output)
    {
        _isAtEnd = true;
        IsCut |= _digits != 0;
        return Rest(output);
    }

    private int Rest(Span<byte> output)
    {
        int count = Math.Max(0, _digits - 1);
        uint bits = _group << (6 * (4 - _digits));
        for (int i = 0; i < count; i++)
        {
            output[i] = (byte)(bits >> (16 - (8 * i)));
        }

        _digits = 0;
        return count;
    }

    private static byte[] MakeValues()
    {
        byte[] values = new byte[256];
        Array.Fill(values, Odd);
        ReadOnlySpan<byte> digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"u8;
        for (byte i = 0; i < 64; i++)
        {
            values[digits[i]] = i;
        }

        foreach (byte blank in " \t\r\n"u8)
        {
            values[blank] = Skipped;
        }

        values['='] = Padding;
        return values;
    }
}
