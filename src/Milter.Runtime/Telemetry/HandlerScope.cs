using System.Collections;

namespace Milter.Telemetry;

/// <summary>What every line of the log has that is written by handlers of one message, or of one session outside of messages: the connection's id, and the queue id once the MTA has told it.</summary>
/// <remarks>Read by whichever thread logs, also long after the message; so what it has once it has for ever.</remarks>
internal sealed class HandlerScope(string connection) : IReadOnlyList<KeyValuePair<string, object?>>
{
    private volatile string? _queueId;

    /// <summary>Gets or sets the queue id. Set once, by whoever owns the connection.</summary>
    public string? QueueId
    {
        get => _queueId;
        set => _queueId ??= value;
    }

    public int Count => _queueId is null ? 1 : 2;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("Connection", connection),
        1 when _queueId is { } queueId => new("QueueId", queueId),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        int count = Count;
        for (int i = 0; i < count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => _queueId is { } queueId ? $"Connection:{connection} QueueId:{queueId}" : $"Connection:{connection}";
}
