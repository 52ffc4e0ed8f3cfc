using Microsoft.Extensions.DependencyInjection;
using Milter.Protocol;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Telemetry;

/// <summary>Protects dashboards and alarms: what is measured, by which name, and that the numbers are true.</summary>
[Collection(Listening.Name)]
public sealed partial class MetricsTests
{
    private const string Watched = nameof(WatchedFilter);

    internal static byte[] Connecting { get; } = Mta.Frames(frames =>
    {
        CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1fffff);
        CommandWriter.Connect(frames, "mx.example.org"u8, ClientFamily.IPv4, 25, "192.0.2.1"u8);
    });

    internal static byte[] Negotiating { get; } = Mta.Frames(frames => CommandWriter.OptNeg(frames, 6, MilterActions.All, (ProtocolSteps)0x1fffff));

    private static readonly byte[] s_content = Mta.Frames(frames =>
    {
        CommandWriter.Header(frames, "Subject", "test");
        CommandWriter.EndOfMessage(frames);
    });

    [Fact]
    public async Task Handlers_waits_verdicts_edits_and_bytes_are_measured_by_stage_and_kind()
    {
        using var log = new MeterLog();
        await using MilterServer server = await MilterServer.StartAsync<WatchedFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Oc", await mta.SayAsync(Connecting, 2));
        Assert.Equal("c", await mta.SayAsync(Mta.Mail, 1));
        Assert.Equal("cc", await mta.SayAsync([.. Mta.Rcpt, .. Mta.Rcpt], 2));
        Assert.Equal("ib+a", await mta.SayAsync(s_content, 4));
        await mta.SendAsync(Mta.Quit);
        await mta.ReadToEndAsync();
        await WaitForAsync(() => server.Health.Connections == 0);

        IReadOnlyDictionary<string, double> told = log.Of(Watched);
        Assert.Equal(1, told["attrmilter.connections{refused=False}"]);
        Assert.Equal(1, told["attrmilter.messages{outcome=passed}"]);
        foreach ((string stage, int count) in new[] { ("connect", 1), ("mail", 1), ("rcpt", 2), ("header", 1), ("eom", 1), ("message_end", 1) })
        {
            Assert.Equal(count, told[$"attrmilter.handler.duration{{stage={stage}}}"]);
        }

        Assert.Equal(2, told["attrmilter.wait.duration{stage=rcpt}"]);
        Assert.Equal(1, told["attrmilter.wait.duration{stage=eom}"]);
        Assert.DoesNotContain("attrmilter.wait.duration{stage=header}", told.Keys);
        Assert.Equal(2, told["attrmilter.verdicts{stage=rcpt,verdict=continue}"]);
        Assert.Equal(1, told["attrmilter.verdicts{stage=eom,verdict=accept}"]);
        Assert.Equal(1, told["attrmilter.edits{kind=header_add}"]);
        Assert.Equal(1, told["attrmilter.edits{kind=body}"]);
        Assert.Equal(1, told["attrmilter.edits{kind=recipient_add}"]);
        Assert.Equal(Connecting.Length + Mta.Mail.Length + (2 * Mta.Rcpt.Length) + s_content.Length + Mta.Quit.Length, told["attrmilter.network.io{network.io.direction=receive}"]);
        Assert.True(told["attrmilter.network.io{network.io.direction=transmit}"] > 40);
        Assert.Equal(0, told["attrmilter.connections.active"]);
        Assert.Equal(1, told["attrmilter.healthy"]);
    }

    [Fact]
    public async Task The_number_of_connections_is_true_whenever_somebody_asks()
    {
        await using MilterServer server = await MilterServer.StartAsync<WatchedFilter>("inet:0@localhost");
        using Mta first = await Mta.ConnectAsync(server.EndPoint);
        using Mta second = await Mta.ConnectAsync(server.EndPoint);
        await first.SayAsync(Negotiating, 1);
        await second.SayAsync(Negotiating, 1);

        // It comes when two are open, and sees one of them go.
        using var log = new MeterLog();
        Assert.Equal(2, log.Of(Watched)["attrmilter.connections.active"]);
        await second.SendAsync(Mta.Quit);
        await WaitForAsync(() => log.Of(Watched)["attrmilter.connections.active"] == 1);
    }

    [Fact]
    public async Task Who_negotiates_and_goes_leaves_no_trace()
    {
        using var log = new MeterLog();
        await using MilterServer server = await MilterServer.StartAsync<WatchedFilter>("inet:0@localhost");

        // An MTA that lacks an action: health is bad, and stays so whoever else has a look.
        using (Mta poor = await Mta.ConnectAsync(server.EndPoint))
        {
            await poor.SayAsync(Mta.Frames(frames => CommandWriter.OptNeg(frames, 6, MilterActions.AddHeaders, (ProtocolSteps)0x1fffff)), 1);
            await poor.SendAsync(Mta.Quit);
            await poor.ReadToEndAsync();
        }

        Assert.False(server.Health.IsHealthy);
        using (Mta look = await Mta.ConnectAsync(server.EndPoint))
        {
            Assert.Equal("O", await look.SayAsync(Negotiating, 1));
            await look.SendAsync(Mta.Quit);
            await look.ReadToEndAsync();
        }

        await WaitForAsync(() => server.Health.Connections == 0);
        Assert.False(server.Health.IsHealthy);
        Assert.Equal(0, server.Health.Messages);
        Assert.Equal(
            ["attrmilter.connections.active", "attrmilter.healthy"],
            log.Of(Watched).Keys.Order());

        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SayAsync(Connecting, 2);
        Assert.True(server.Health.IsHealthy);
        Assert.Equal(1, log.Of(Watched)["attrmilter.connections{refused=False}"]);
    }

    [Theory]
    [InlineData("00000000", "empty_frame")]
    [InlineData("47455420", "long_frame")]
    [InlineData("0000000148", "before_negotiation")]
    [InlineData("000000024f00", "payload")]
    [InlineData("0000000d4f000000010000000000000000", "version")]
    public async Task What_is_not_the_protocol_is_counted_by_kind(string bytes, string kind)
    {
        using var log = new MeterLog();
        await using MilterServer server = await MilterServer.StartAsync<WatchedFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        await mta.SendAsync(Convert.FromHexString(bytes));
        Assert.Equal("", await mta.ReadToEndAsync());
        Assert.Equal(1, log.Of(Watched)[$"attrmilter.connections.garbage{{error.type={kind}}}"]);
    }

    [Fact]
    public async Task A_fault_is_counted_with_its_stage_and_type()
    {
        using var log = new MeterLog();
        await using MilterServer server = await MilterServer.StartAsync<FailingFilter>("inet:0@localhost");
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("O", await mta.SayAsync(Negotiating, 1));
        Assert.Equal("t", await mta.SayAsync(Mta.Frames(CommandWriter.EndOfMessage), 1));
        Assert.Equal(1, log.Of(nameof(FailingFilter))["attrmilter.handler.faults{stage=eom,error.type=System.FormatException}"]);
    }

    [Fact]
    public async Task Temporary_files_are_measured_while_they_are_there()
    {
        using var log = new MeterLog();
        using var inEom = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        await using MilterServer server = await MilterServer.StartAsync(
            "inet:0@localhost", () => new SpoolingFilter(inEom, goOn), options => options.BodyMemoryThreshold = 0);
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        double before = log.OfProcess("attrmilter.spool.usage") ?? 0;
        Assert.Equal("O", await mta.SayAsync(Negotiating, 1));
        await mta.SendAsync(Mta.Frames(frames =>
        {
            CommandWriter.Body(frames, "Hello\r\n"u8);
            CommandWriter.EndOfMessage(frames);
        }));
        await inEom.WaitAsync();
        Assert.Equal(7, log.OfProcess("attrmilter.spool.usage") - before);
        Assert.Equal(7, log.OfProcess("attrmilter.spool.io"));
        goOn.Release();
        await mta.ReadAsync(1);
        await WaitForAsync(() => log.OfProcess("attrmilter.spool.usage") == before);
    }

    [Fact]
    public async Task Every_instrument_stands_in_the_documentation_with_its_unit_and_the_other_way_round()
    {
        using var log = new MeterLog();
        await using MilterServer server = await MilterServer.StartAsync<WatchedFilter>("inet:0@localhost");
        string[] documented = [.. File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Docs", "options.md"))
            .SkipWhile(static line => line != "### Meter `AttrMilter`")
            .TakeWhile(static line => line != "### Traces")
            .Where(static line => line.StartsWith("| `attrmilter.", StringComparison.Ordinal))
            .Select(static line => line.Split('|'))
            .Select(static cells => $"{cells[1].Trim().Trim('`')} {cells[3].Trim().Trim('`')}")
            .Order(StringComparer.Ordinal)];
        Assert.Equal(log.Units.Select(static unit => $"{unit.Key} {unit.Value}").Order(StringComparer.Ordinal), documented);
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        for (int i = 0; i < 6_000 && !condition(); i++)
        {
            await Task.Delay(10);
        }

        Assert.True(condition());
    }

    [Milter]
    internal sealed partial class WatchedFilter
    {
        [OnConnect]
        private static Verdict Connect() => Verdict.Continue;

        [OnMail]
        private static Verdict From(EnvelopeAddress sender) => sender.Raw.Length > 0 ? Verdict.Continue : Verdict.Reject();

        [OnRcpt]
        private static async Task<Verdict> To(EnvelopeAddress recipient)
        {
            await Task.Yield();
            return recipient.Raw.Length > 0 ? Verdict.Continue : Verdict.Reject();
        }

        [OnHeader]
        private static void Header(HeaderField field) => _ = field.Value.Length;

        [OnEom]
        private static Verdict End(HeaderEditor headers, BodyEditor body, EnvelopeEditor envelope)
        {
            headers.Append("X-Watched", "yes");
            body.Replace("new\r\n"u8);
            envelope.AddRecipient("c@example.org");
            return Verdict.Accept;
        }

        [OnMessageEnd]
        private static void Done(MessageOutcome outcome) => _ = outcome;
    }

    [Milter]
    internal sealed partial class FailingFilter
    {
        [OnEom]
        private static Verdict End() => throw new FormatException("no");
    }

    [Milter]
    internal sealed partial class SpoolingFilter(SemaphoreSlim inEom, SemaphoreSlim goOn)
    {
        [OnEom]
        private async Task<Verdict> End(MessageBody body)
        {
            _ = body.Length;
            inEom.Release();
            await goOn.WaitAsync();
            return Verdict.Continue;
        }
    }
}
