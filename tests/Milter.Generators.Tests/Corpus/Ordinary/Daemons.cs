using Milter;

namespace Ordinary.Daemons;

[Milter]
public sealed partial class Filter
{
    [OnEom]
    private static void End([Macro("{daemon_name}")] string? daemon, [Macro("i")] string? id, HeaderAdder headers) =>
        headers.Add("X-Came-In-By", $"{daemon ?? "unknown"} as {id ?? "unknown"}");
}
