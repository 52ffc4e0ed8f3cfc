using Milter.CompilerServices;

namespace Milter.Runtime.Tests.Session.Properties;

/// <summary>A session as properties see it: bytes in, bytes out, and what the filter was asked.</summary>
internal sealed class PlayedSession(MilterDescriptor need, Func<MilterStages, StepContext, ValueTask<Verdict>> on)
{
    private readonly SessionDriver _driver = new(need, on);

    /// <summary>Gets whether the session has ended the connection.</summary>
    public bool IsClosed => _driver.IsClosed;

    /// <summary>Gets what the filter's members were called for, in order.</summary>
    public IEnumerable<string> Calls => _driver.Calls;

    /// <summary>Gets what was logged of an engine that failed: an exception that came out of the session.</summary>
    public IEnumerable<string> Faults => _driver.Log.Lines.Where(line => line.StartsWith("Error 103:", StringComparison.Ordinal));

    /// <summary>Sends bytes, waits for the handlers, and returns what came back.</summary>
    public async Task<byte[]> SendAsync(byte[] bytes)
    {
        if (IsClosed)
        {
            return [];
        }

        _driver.Feed(bytes);
        await _driver.SettleAsync();
        return _driver.TakeBytes();
    }

    /// <summary>Ends the connection, without QUIT, and waits until the filter has been told.</summary>
    public Task HangUpAsync() => _driver.EndAsync();
}
