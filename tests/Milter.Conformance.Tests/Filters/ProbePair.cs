namespace Milter.Conformance.Tests.Filters;

/// <summary>A kind of probe, with and without <c>--leading-space</c>; each is started when it is first wanted.</summary>
internal sealed class ProbePair(IReadOnlyList<string> command, string folder, string name) : IDisposable
{
    private readonly Lazy<FilterProcess>[] _filters =
    [
        new(() => FilterProcess.Start(command, Path.Combine(folder, name + ".sock"))),
        new(() => FilterProcess.Start(command, Path.Combine(folder, name + "-space.sock"), "--leading-space")),
    ];

    /// <summary>The socket of the one that a session is for.</summary>
    public string SocketPath(bool leadingSpace) => Of(leadingSpace).SocketPath;

    public FilterProcess Of(bool leadingSpace) => _filters[leadingSpace ? 1 : 0].Value;

    public void Dispose()
    {
        foreach (Lazy<FilterProcess> filter in _filters)
        {
            if (filter.IsValueCreated)
            {
                filter.Value.Dispose();
            }
        }
    }
}
