namespace Milter.Mta.Tests;

/// <summary>What a filter has to tell about what it saw; written from any thread.</summary>
public sealed class Journal
{
    private readonly List<string> _entries = [];

    /// <summary>The entries so far, oldest first.</summary>
    public IReadOnlyList<string> Entries
    {
        get
        {
            lock (_entries)
            {
                return [.. _entries];
            }
        }
    }

    /// <summary>Writes an entry.</summary>
    public void Add(string entry)
    {
        lock (_entries)
        {
            _entries.Add(entry);
        }
    }

    /// <summary>How many entries are equal to one.</summary>
    public int Count(string entry) => Entries.Count(e => e == entry);

    /// <summary>Waits until the entries are as wanted, and fails with all of them when they do not become so.</summary>
    public async Task<IReadOnlyList<string>> WaitForAsync(Func<IReadOnlyList<string>, bool> wanted)
    {
        bool found = await Deadline.UntilAsync(() => wanted(Entries));
        Assert.True(found, $"The filter's journal did not become as wanted:\n{string.Join('\n', Entries)}");
        return Entries;
    }

    /// <summary>Waits for an entry.</summary>
    public Task<IReadOnlyList<string>> WaitForAsync(string entry) => WaitForAsync(entries => entries.Contains(entry));
}
