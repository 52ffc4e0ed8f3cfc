namespace Milter.Message;

/// <summary>Where frames go that must not wait for the verdict.</summary>
internal interface IProgressSink
{
    /// <summary>Sends whole frames at once. Called from a handler's thread, at end of message only.</summary>
    void Send(ReadOnlySpan<byte> frames);
}
