using System.Diagnostics;

namespace Milter.Transport;

/// <summary>Tells somebody at intervals that an engine's clock goes round and its loops get on.</summary>
/// <param name="interval">How often.</param>
/// <param name="tell">Tells it.</param>
/// <param name="end">The engine has ended, and is not to be waited for.</param>
internal sealed class Heartbeat(TimeSpan interval, Action<Heartbeat> tell, Action<Heartbeat> end) : IDisposable
{
    private long _last = Stopwatch.GetTimestamp();

    /// <summary>Gets how long it is to the next beat; not above zero where it is due.</summary>
    public TimeSpan Rest => interval - Stopwatch.GetElapsedTime(_last);

    /// <summary>The clock has gone round. For one thread.</summary>
    /// <param name="isStuck">Whether a loop has nobody who serves its connections: then nothing is told.</param>
    public void Beat(bool isStuck)
    {
        if (Rest <= TimeSpan.Zero && !isStuck)
        {
            _last = Stopwatch.GetTimestamp();
            tell(this);
        }
    }

    public void Dispose() => end(this);
}
