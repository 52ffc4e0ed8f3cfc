using System.Buffers.Text;

namespace Milter.Transport.Loops;

/// <summary>What another thread is about: whether it has a processor, waits for one, or is blocked. Linux only.</summary>
/// <remarks>Made on the thread that is to be looked at. Where the kernel does not tell, a thread counts as blocked.</remarks>
internal sealed class ThreadMeter : IDisposable
{
    // "4711 (name) S ...": number, name of 15 bytes at most, state.
    private const int Head = 64;

    // Opened by the thread itself, this stays its own line, whoever reads it.
    private int _status = LinuxThread.OpenStatus();
    private readonly int _clock;

    public ThreadMeter()
    {
        Span<byte> text = stackalloc byte[Head];

        // Where there is no line, any clock will do: the thread counts as blocked.
        _clock = Utf8Parser.TryParse(text[..Read(text)], out int thread, out _) ? LinuxThread.ClockOf(thread) : 0;
    }

    /// <summary>Gets the processor time that the thread has used, in nanoseconds.</summary>
    public long Used => LinuxThread.ReadClock(_clock);

    /// <summary>Gets a value indicating whether the thread has a processor or waits for one.</summary>
    public bool IsRunnable
    {
        get
        {
            Span<byte> text = stackalloc byte[Head];
            return text[..Read(text)].IndexOf(") R"u8) >= 0;
        }
    }

    public void Dispose()
    {
        int status = Interlocked.Exchange(ref _status, -1);
        if (status >= 0)
        {
            LinuxThread.Close(status);
        }
    }

    private int Read(Span<byte> text) => Math.Max(0, LinuxThread.ReadStatus(_status, text));
}
