namespace Milter.Limits;

/// <summary>Bytes of one kind that all connections of a process share. Any thread may use it.</summary>
/// <param name="limit">The most bytes; 0 for no limit.</param>
internal sealed class ByteBudget(long limit)
{
    private long _used;
    private long _total;

    /// <summary>Gets the bytes that are in use.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Gets the bytes that were ever counted as in use.</summary>
    public long Total => Volatile.Read(ref _total);

    /// <summary>Gets the most bytes; 0 for no limit.</summary>
    public long Limit => limit;

    /// <summary>Gets a value indicating whether there is a limit and more than that is in use.</summary>
    public bool IsOver => limit > 0 && Used > limit;

    /// <summary>Says whether so many bytes more would fit.</summary>
    /// <param name="bytes">How many.</param>
    public bool HasRoomFor(long bytes) => limit <= 0 || Used + bytes <= limit;

    /// <summary>Counts bytes that are in use from now on, or, where negative, that are not any more.</summary>
    /// <param name="bytes">How many.</param>
    public void Add(long bytes)
    {
        Interlocked.Add(ref _used, bytes);
        if (bytes > 0)
        {
            Interlocked.Add(ref _total, bytes);
        }
    }
}
