namespace Milter.Limits;

/// <summary>Arrays for bodies in memory, kept from message to message. The shared pool keeps too few of this size: the rest would be garbage, 1 MiB of it a message of 1 MiB.</summary>
internal sealed class SegmentPool
{
    /// <summary>The size of an array, in bytes: below what the platform collects with the oldest generation only.</summary>
    public const int Size = 64 * 1024;

    // 16 MiB.
    private const int Most = 256;

    private readonly Stack<byte[]> _free = new();

    // How few were free since the last look: so many were not needed.
    private int _fewest;

    /// <summary>Gives an array, whose bytes may be anything.</summary>
    public byte[] Rent()
    {
        lock (_free)
        {
            if (_free.TryPop(out byte[]? array))
            {
                _fewest = Math.Min(_fewest, _free.Count);
                return array;
            }
        }

        return GC.AllocateUninitializedArray<byte>(Size);
    }

    /// <summary>Takes an array back that nobody looks at any more.</summary>
    public void Return(byte[] array)
    {
        lock (_free)
        {
            if (_free.Count < Most)
            {
                _free.Push(array);
            }
        }
    }

    /// <summary>Gives up what nobody has needed since the last time. Called now and then.</summary>
    public void Trim()
    {
        lock (_free)
        {
            for (; _fewest > 0; _fewest--)
            {
                _free.Pop();
            }

            _fewest = _free.Count;
        }
    }
}
