namespace Milter.Mta.Filters;

/// <summary>What most filters do: put a word before the subject.</summary>
[Milter]
public sealed partial class TagFilter
{
    [OnEom]
    private static void End([Header("Subject")] string? subject, ConnectInfo? client, HeaderEditor headers) =>
        headers.Set("Subject", $"[{(client is { IsLocal: true } ? "LOCAL" : "EXTERNAL")}] {subject}");
}
