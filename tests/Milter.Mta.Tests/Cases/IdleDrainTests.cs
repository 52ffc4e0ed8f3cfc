using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects what is said of a restart: an idle client does not hold it up, and its next message gets what its server does without a filter.</summary>
[Collection(nameof(IdleDrainTests))]
public sealed class IdleDrainTests(CaseFixture closed, FailOpenFixture open) : IClassFixture<CaseFixture>, IClassFixture<FailOpenFixture>
{
    private const string From = "<sender@example.org>";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_next_message_of_an_idle_client_is_put_off_where_the_server_wants_its_filter(MtaKind kind)
    {
        await using FilterRun run = await RunAsync(closed, kind);
        await using SmtpClientSession session = await run.OpenAsync();
        SmtpReply reply = await SendAfterTheStopAsync(run, session, Mail.NewAddress());

        Assert.InRange(reply.Code, 400, 499);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task And_passes_unfiltered_where_the_server_does_without(MtaKind kind)
    {
        await using FilterRun run = await RunAsync(open, kind);
        await using SmtpClientSession session = await run.OpenAsync();
        string to = Mail.NewAddress();
        SmtpReply reply = await SendAfterTheStopAsync(run, session, to);

        Assert.Equal(250, reply.Code);
        Assert.DoesNotContain(VerdictFilter.Mark, (await run.DeliveredAsync(to)).Fields());
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task With_IdleDrainTimeout_as_long_as_DrainTimeout_it_is_told_421_there_too(MtaKind kind)
    {
        await using FilterRun run = await RunAsync(open, kind, options => options.IdleDrainTimeout = options.DrainTimeout);
        await using SmtpClientSession session = await run.OpenAsync();
        Assert.Equal(250, (await session.SendAsync(From, [$"<{Mail.NewAddress()}>"], Mail.Message())).Code);

        Task stopping = run.Filter.StopAsync();
        SmtpReply reply = await session.SendAsync(From, [$"<{Mail.NewAddress()}>"], Mail.Message());
        await stopping;

        Assert.Equal(421, reply.Code);
    }

    private static Task<FilterRun> RunAsync(CaseFixture fixture, MtaKind kind, Action<MilterOptions>? configure = null) =>
        fixture.RunAsync(kind, () => new VerdictFilter(_ => Verdict.Continue, new Journal()), configure ?? (options => options.IdleDrainTimeout = TimeSpan.FromSeconds(1)));

    private static async Task<SmtpReply> SendAfterTheStopAsync(FilterRun run, SmtpClientSession session, string to)
    {
        string first = Mail.NewAddress();
        Assert.Equal(250, (await session.SendAsync(From, [$"<{first}>"], Mail.Message())).Code);
        Assert.Contains(VerdictFilter.Mark, (await run.DeliveredAsync(first)).Fields());

        await run.Filter.StopAsync();

        // Nobody had to be cut.
        Assert.Empty(run.Log.Complaints);
        return await session.SendAsync(From, [$"<{to}>"], Mail.Message());
    }
}
