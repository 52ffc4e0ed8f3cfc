using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Protects a filter on another machine than its mail server: both speak through stunnel, with certificates on both sides.</summary>
/// <remarks>All other cases go the same way with <c>ATTRMILTER_THROUGH_TLS=1</c>.</remarks>
[Collection(CaseCollection.Name)]
public sealed class TunnelTests(CaseFixture fixture)
{
    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Messages_are_filtered_through_it(MtaKind kind)
    {
        await using FilterRun run = await RunAsync(kind);

        Assert.Contains(VerdictFilter.Mark, (await run.PassAsync(Mail.Message(body: new string('x', 900) + "\r\n"))).Fields());
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task While_it_is_away_mail_is_put_off_and_then_filtered_again(MtaKind kind)
    {
        await using FilterRun run = await RunAsync(kind);

        await run.Tunnel!.StopAsync();
        Assert.InRange((await run.SendAsync(Mail.NewAddress(), Mail.Message())).Code, 400, 499);
        await run.Tunnel.StartAsync(run.Filter.EndPoint.Port);

        Assert.Contains(VerdictFilter.Mark, (await run.PassAsync(Mail.Message())).Fields());
    }

    // As systemd reads it: its own check has no word, and it scores as well as the units of filters.
    [SkippableFact]
    public async Task The_unit_of_the_page_passes_the_check_of_systemd()
    {
        const string Analyze = "/usr/bin/systemd-analyze";
        Skip.IfNot(File.Exists(Analyze) && Tunnel.IsInstalled, "systemd-analyze or stunnel4 is not installed");
        using var folder = WorkFolder.Create("unit");
        string unit = folder["stunnel-milter.service"];
        await File.WriteAllTextAsync(unit, Tunnel.OfThePage("[Unit]"));

        CommandResult verified = (await Command.RunAsync(Analyze, ["verify", unit])).Succeeded();

        Assert.Equal("", verified.Text + verified.Error);
        (await Command.RunAsync(Analyze, ["security", "--offline=yes", "--threshold=13", unit])).Succeeded();
    }

    private async Task<FilterRun> RunAsync(MtaKind kind)
    {
        Skip.IfNot(Tunnel.IsInstalled, "stunnel4 is not installed; `apt-get install stunnel4` does that on Debian.");
        return await fixture.RunAsync(kind, () => new VerdictFilter(_ => Verdict.Continue, new Journal()), throughTls: true);
    }
}
