using Milter.Mta.Filters;
using Milter.Protocol;

namespace Milter.Mta.Tests;

/// <summary>Protects who copies the lines that <c>milter explain</c> prints into an MTA's configuration: the real servers take them as they are, and mail goes through the filters.</summary>
[Collection(MtaCollections.Both)]
public sealed class ExplainedLinesTests : IAsyncLifetime
{
    private readonly WorkFolder _folder = WorkFolder.Create("explained");
    private readonly MessageSink _sink = new();

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    public static TheoryData<MtaKind, bool> ServersWithAndWithout => new()
    {
        { MtaKind.Postfix, true },
        { MtaKind.Postfix, false },
        { MtaKind.Sendmail, true },
        { MtaKind.Sendmail, false },
    };

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _sink.DisposeAsync();
        _folder.Dispose();
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Mail_goes_through_both_filters_of_a_program(MtaKind kind)
    {
        await MtaRequirement.DemandAsync(kind);
        string[] lines = await ExplainAsync(kind, nameof(AddFilter), nameof(TagFilter));
        await using MtaServer server = await StartAsync(kind, lines);
        await using FilterRun add = await FilterRun.StartAsync<AddFilter>(server, $"unix:{_folder.SocketPath("first.sock")}", null, null, null);
        await using FilterRun tag = await FilterRun.StartAsync<TagFilter>(server, $"unix:{_folder.SocketPath("tagfilter.sock")}", null, null, null);

        SinkMessage message = await add.PassAsync(Mail.Message("Subject: hello\r\n"));

        Assert.Equal(["four"], message.HeaderValues("X-A"));
        Assert.Equal(["[LOCAL] hello"], message.HeaderValues("Subject"));
        Assert.Empty(add.Log.Complaints);
        Assert.Empty(tag.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Without_the_filter_mail_has_to_wait(MtaKind kind)
    {
        await MtaRequirement.DemandAsync(kind);
        await using MtaServer server = await StartAsync(kind, await ExplainAsync(kind, nameof(AddFilter)));
        await using SmtpClientSession session = await server.ConnectAsync();
        await session.EhloAsync();

        SmtpReply reply = await session.SendAsync("<sender@example.org>", [$"<{Mail.NewAddress()}>"], Mail.Message());

        Assert.Equal(451, reply.Code);
    }

    /// <summary>The lines about macros are for an MTA that does not let the filter ask for them itself.</summary>
    [SkippableTheory, MemberData(nameof(ServersWithAndWithout))]
    public async Task Macros_come_where_the_filter_can_not_ask_for_them(MtaKind kind, bool hasLines)
    {
        await MtaRequirement.DemandAsync(kind);
        string[] lines = await ExplainAsync(kind, nameof(MacroFilter));
        Assert.Contains(lines, IsAboutMacros);
        await using MtaServer server = await StartAsync(kind, hasLines ? lines : [.. lines.Where(line => !IsAboutMacros(line))]);
        var journal = new Journal();
        await using FilterRun run = await FilterRun.StartAsync(server, $"unix:{_folder.SocketPath("back.sock")}", () => new MacroFilter(journal), null, null);
        await using var proxy = new OfferProxy(_folder.SocketPath("first.sock"), _folder.SocketPath("back.sock"), (uint)(MilterActions.All & ~MilterActions.SetSymbolList));

        await run.PassAsync(Mail.Message());

        Assert.StartsWith($"connect {(hasLines ? "127.0.0.1" : "")}", journal.Entries[0], StringComparison.Ordinal);
        Assert.Contains($"port={hasLines}", journal.Entries[0], StringComparison.Ordinal);
    }

    private static bool IsAboutMacros(string line) => line.Contains("_macros =", StringComparison.Ordinal) || line.Contains("confMILTER_MACROS", StringComparison.Ordinal);

    /// <summary>Asks the command, as it is packed, about filters of this assembly; what it prints for one MTA, from the line that names its file to the next blank one.</summary>
    private async Task<string[]> ExplainAsync(MtaKind kind, params string[] filters)
    {
        CommandResult result = await Command.RunAsync(
            "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Milter.Tool.dll"), "explain", typeof(ExplainedLinesTests).Assembly.Location,
                "--endpoint", $"unix:{_folder.SocketPath("first.sock")}", "--filter", .. filters,
            ]);
        string file = kind == MtaKind.Postfix ? "main.cf" : "sendmail.mc";
        return [.. result.Succeeded().Text.Split('\n').SkipWhile(line => !line.EndsWith(file, StringComparison.Ordinal)).TakeWhile(line => line.Length > 0)];
    }

    private Task<MtaServer> StartAsync(MtaKind kind, string[] lines)
    {
        // Nothing about milters is here but what was printed.
        var options = new MtaOptions { Timeouts = null };
        return MtaServer.StartAsync(
            kind,
            kind == MtaKind.Postfix
                ? options with { Postfix = new() { MainCf = [.. lines.Where(line => line.Contains('=', StringComparison.Ordinal))] } }
                : options with { Sendmail = new() { Mc = lines } },
            _sink);
    }
}
