using System.Runtime.InteropServices;

namespace Milter.Policy;

/// <summary>A store in this process: forgotten when it ends, shared with nobody. For tests, and for one filter that may forget.</summary>
/// <remarks>What a sender can fill is bounded: beyond the capacity, what expires first goes first. A key that is known costs no allocation.</remarks>
public sealed class MemoryPolicyStore : IPolicyStore
{
    private readonly object _lock = new();
    private readonly TimeProvider _time;
    private readonly Table<SeenRow> _records;
    private readonly Table<CountRow> _counters;

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">The clock; the system's where <see langword="null"/>.</param>
    /// <param name="capacity">How many keys are kept at most, of sightings and of counters each.</param>
    public MemoryPolicyStore(TimeProvider? time = null, int capacity = 1_000_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 10);
        _time = time ?? TimeProvider.System;
        _records = new Table<SeenRow>(capacity, static record => record.Expires);
        _counters = new Table<CountRow>(capacity, static counter => counter.Resets);
    }

    private long Now => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public ValueTask<Sighting> SeeAsync(string list, string key, SightingRule rule, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            long now = Now;
            ref SeenRow row = ref _records.Get(list, key, now, out bool isNew);
            row = SeenRow.See(isNew ? null : row, now, rule);
            return new(row.ToSighting());
        }
    }

    /// <inheritdoc/>
    public ValueTask<Sighting?> FindAsync(string list, string key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_records.TryGet(list, key, Now, out SeenRow row) ? row.ToSighting() : null);
        }
    }

    /// <inheritdoc/>
    public ValueTask PutAsync(string list, string key, long passes, TimeSpan keep, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, 1);
        lock (_lock)
        {
            long now = Now;
            _records.Get(list, key, now, out _) = SeenRow.Put(now, passes, keep);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask<CounterLease> CountAsync(string list, string key, long permits, CounterRule rule, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            long now = Now;
            (CounterLease lease, CountRow? written) = CountRow.Count(_counters.TryGet(list, key, now, out CountRow known) ? known : null, now, permits, rule);
            if (written is { } row)
            {
                _counters.Get(list, key, now, out _) = row;
            }

            return new(lease);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ForgetAsync(string list, string key, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_records.Remove(list, key, Now) | _counters.Remove(list, key, Now));
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredKey>> ListAsync(string? list, string? contains, int limit, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            long now = Now;
            StoredKey[] keys =
            [
                .. _records.Select(list, contains, now, static (at, key, record) => new StoredKey(at, key, record.ToSighting(), 0, DateTimeOffset.FromUnixTimeMilliseconds(record.Expires)))
                    .Concat(_counters.Select(list, contains, now, static (at, key, counter) => new StoredKey(at, key, null, counter.Total, DateTimeOffset.FromUnixTimeMilliseconds(counter.Resets))))
                    .Take(limit),
            ];
            return new(keys);
        }
    }

    /// <inheritdoc/>
    public ValueTask<long> CleanAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            return new(_records.Clean(Now) + _counters.Clean(Now));
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Says what the store is, for logs.</summary>
    /// <returns><c>memory</c>.</returns>
    public override string ToString() => "memory";

    private sealed class Table<T>(int capacity, Func<T, long> expiryOf)
        where T : struct
    {
        private readonly Dictionary<(string List, string Key), T> _rows = [];

        /// <summary>Gives a row to be written, new where it was not there.</summary>
        public ref T Get(string list, string key, long now, out bool isNew)
        {
            if (_rows.Count >= capacity && !_rows.ContainsKey((list, key)))
            {
                MakeRoom(now);
            }

            ref T row = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, (list, key), out bool isKnown);
            isNew = !isKnown;
            return ref row;
        }

        public bool TryGet(string list, string key, long now, out T row)
        {
            bool isLive = _rows.TryGetValue((list, key), out row) && expiryOf(row) > now;
            row = isLive ? row : default;
            return isLive;
        }

        public bool Remove(string list, string key, long now) => _rows.Remove((list, key), out T row) && expiryOf(row) > now;

        public IEnumerable<StoredKey> Select(string? list, string? contains, long now, Func<string, string, T, StoredKey> make) => _rows
            .Where(row => expiryOf(row.Value) > now && (list is null || row.Key.List == list) && row.Key.Key.Contains(contains ?? "", StringComparison.Ordinal))
            .Select(row => make(row.Key.List, row.Key.Key, row.Value));

        public long Clean(long now)
        {
            (string List, string Key)[] old = [.. _rows.Where(row => expiryOf(row.Value) <= now).Select(static row => row.Key)];
            foreach ((string List, string Key) key in old)
            {
                _rows.Remove(key);
            }

            return old.Length;
        }

        /// <summary>A tenth at a time, so that a full table does not sort itself at each new key.</summary>
        private void MakeRoom(long now)
        {
            Clean(now);
            int wanted = capacity - (capacity / 10);
            if (_rows.Count <= wanted)
            {
                return;
            }

            foreach ((string List, string Key) key in _rows.OrderBy(row => expiryOf(row.Value)).Take(_rows.Count - wanted).Select(static row => row.Key).ToArray())
            {
                _rows.Remove(key);
            }
        }
    }
}
