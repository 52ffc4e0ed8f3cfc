namespace Milter.Protocol;

/// <summary>A new body on its way out, kept as the frames that replace the old one (<c>SMFIR_REPLBODY</c>, <c>smfi_replacebody</c>).</summary>
/// <remarks>Each byte is copied once, when it is appended: <see cref="MoveTo"/> hands the memory over. Not safe for several threads at once.</remarks>
/// <param name="maxPayload">The most bytes of body in a frame.</param>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="maxPayload"/> is less than 1.</exception>
public sealed class BodyFrames(int maxPayload = MilterLimits.MaxPayload) : IDisposable
{
    // Room for header edits and whatever else goes out before the body.
    private const int Front = 4 * 1024;

    private readonly FrameBuffer _frames = new();
    private readonly int _maxPayload = maxPayload >= 1 ? maxPayload : throw new ArgumentOutOfRangeException(nameof(maxPayload), maxPayload, "A frame has a byte at least.");
    private int _last;
    private int _room;

    /// <summary>Gets a value indicating whether nothing was appended.</summary>
    public bool IsEmpty => _frames.Length == 0;

    /// <summary>Says whether the body ends with this byte so far.</summary>
    /// <param name="value">The byte.</param>
    /// <returns><see langword="false"/> also where there is no body yet.</returns>
    public bool EndsWith(byte value) => !IsEmpty && _frames.WrittenSpan[^1] == value;

    /// <summary>Adds to the body.</summary>
    /// <param name="bytes">Any number of bytes, lines ended by CR LF; copied.</param>
    /// <exception cref="ObjectDisposedException">This was disposed of.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (IsEmpty)
        {
            _frames.LeaveFront(Front);
            _room = 0;
        }

        if (bytes.Length > _room)
        {
            // Room for all of it at once, so that it is not copied again each time the buffer grows.
            _frames.GetSpan(checked(bytes.Length + (((bytes.Length / _maxPayload) + 1) * MilterLimits.FrameHeader)));
        }

        while (!bytes.IsEmpty)
        {
            if (_room == 0)
            {
                _last = _frames.Length;
                _frames.AddFrame((byte)MilterReply.ReplaceBody, 0);
                _room = _maxPayload;
            }

            int count = Math.Min(_room, bytes.Length);
            bytes[..count].CopyTo(_frames.ExtendFrame(_last, count));
            _room -= count;
            bytes = bytes[count..];
        }
    }

    /// <summary>Writes the frames, one without payload where there is no body, and forgets them.</summary>
    /// <param name="output">Where to.</param>
    /// <exception cref="ArgumentNullException"><paramref name="output"/> is <see langword="null"/>.</exception>
    public void MoveTo(FrameBuffer output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (IsEmpty)
        {
            output.WriteFrame((byte)MilterReply.ReplaceBody);
        }
        else
        {
            output.TakeFrom(_frames);
        }
    }

    /// <summary>Forgets the body.</summary>
    /// <param name="keepCapacity">The largest array to keep, in bytes.</param>
    public void Clear(int keepCapacity = int.MaxValue)
    {
        _frames.Clear();
        _frames.Trim(keepCapacity);
    }

    /// <summary>Gives the memory back to the pool.</summary>
    public void Dispose() => _frames.Dispose();
}
