using System.Text;

namespace Milter.Observed.Tests;

/// <summary>Protects that traces and metrics arrive in a collector.</summary>
[Collection(ObservedCollection.Name)]
public sealed class OtlpTests(Observed observed)
{
    [Fact]
    public async Task The_trace_of_a_message_arrives_with_its_queue_id_its_stages_and_its_verdict()
    {
        byte[] traces = await WaitForAsync("/v1/traces", Observed.QueueId);

        // Protobuf has texts as they are.
        string text = Encoding.Latin1.GetString(traces);
        Assert.All(
            new[] { "message Postmark", "attrmilter.queue_id", "attrmilter.outcome", "passed", "attrmilter.edits.header_add", "client.address", "192.0.2.7", "rcpt", "eom" },
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Histograms_arrive_with_their_unit()
    {
        string text = Encoding.Latin1.GetString(await WaitForAsync("/v1/metrics", "attrmilter.wait.duration", "attrmilter.handler.duration"));
        Assert.Contains("attrmilter.handler.duration", text, StringComparison.Ordinal);
    }

    private async Task<byte[]> WaitForAsync(string path, params string[] parts)
    {
        byte[][] wanted = [.. parts.Select(Encoding.UTF8.GetBytes)];
        for (int i = 0; i < 12_000; i++)
        {
            if (observed.Exported.FirstOrDefault(export => export.Path == path && wanted.All(part => export.Body.AsSpan().IndexOf(part) >= 0)).Body is { } found)
            {
                return found;
            }

            await Task.Delay(10);
        }

        throw new Xunit.Sdk.XunitException($"{string.Join(", ", parts)} did not arrive at {path}; there came {string.Join(", ", observed.Exported.Select(static export => export.Path))}");
    }
}
