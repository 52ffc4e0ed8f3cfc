using Milter.Samples.Probe;

namespace Milter.Mta.Tests;

/// <summary>Protects what <c>docs/</c> says of libmilter's header actions: where each lands on either server.</summary>
/// <remarks>Sent are three fields X-A and one X-B, above all others.</remarks>
[Collection(CaseCollection.Name)]
public sealed class RawHeaderTests(CaseFixture fixture)
{
    private const string Fields = "X-A: one\r\nX-A: two\r\nX-A: three\r\nX-B: b\r\n";

    private static readonly Case[] s_cases =
    [
        new("add", ["add X-New v"], ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b", "X-New: v"]),
        new("add of a name that is there", ["add X-A new"],
            ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b", "X-A: new"],
            ["Received", "X-A: new", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("insert at 0", ["insert 0 X-New v"], ["X-New: v", "Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("insert at 0 twice", ["insert 0 X-New v", "insert 0 X-New w"],
            ["X-New: w", "X-New: v", "Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("insert at 1", ["insert 1 X-New v"], ["Received", "X-New: v", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("insert at 2", ["insert 2 X-New v"],
            ["Received", "X-A: one", "X-New: v", "X-A: two", "X-A: three", "X-B: b"],
            ["Received", "X-New: v", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("insert at the end", ["insert 1000000 X-A v"], ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b", "X-A: v"]),
        new("change", ["change X-A 2 new"], ["Received", "X-A: one", "X-A: new", "X-A: three", "X-B: b"]),
        new("change in another case", ["change x-a 2 new"],
            ["Received", "X-A: one", "x-a: new", "X-A: three", "X-B: b"],
            ["Received", "X-A: one", "X-A: new", "X-A: three", "X-B: b"]),
        new("change beyond the last", ["change X-A 9 new"],
            ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b", "X-A: new"],
            ["Received", "X-A: new", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("change of a name that is not there", ["change X-New 1 v"], ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b", "X-New: v"]),
        new("delete", ["delete X-A 2"], ["Received", "X-A: one", "X-A: three", "X-B: b"]),
        new("delete three from the last to the first", ["delete X-A 3", "delete X-A 2", "delete X-A 1"], ["Received", "X-B: b"]),
        new("delete the first twice", ["delete X-A 1", "delete X-A 1"], ["Received", "X-A: three", "X-B: b"], ["Received", "X-A: two", "X-A: three", "X-B: b"]),
        new("delete beyond the last", ["delete X-A 9"], ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
        new("delete a name that is not there", ["delete X-New 1"], ["Received", "X-A: one", "X-A: two", "X-A: three", "X-B: b"]),
    ];

    public static TheoryData<MtaKind, string> Cases
    {
        get
        {
            var data = new TheoryData<MtaKind, string>();
            foreach (Case c in s_cases)
            {
                data.Add(MtaKind.Postfix, c.Name);
                data.Add(MtaKind.Sendmail, c.Name);
            }

            return data;
        }
    }

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    /// <summary>The message above and the actions of each case.</summary>
    internal static IEnumerable<(string Name, string Message)> Inputs => s_cases.Select(c => (c.Name, Mail.Doing(c.Actions, Fields)));

    [SkippableTheory, MemberData(nameof(Cases))]
    public async Task Header_action(MtaKind kind, string name)
    {
        Case asked = s_cases.Single(c => c.Name == name);
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);

        SinkMessage message = await run.PassAsync(Mail.Doing(asked.Actions, Fields));

        Assert.Equal(kind == MtaKind.Sendmail ? asked.Sendmail ?? asked.Postfix : asked.Postfix, message.Fields());
        Assert.Empty(run.Log.Complaints);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task With_leading_space_the_filter_writes_it(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<SpaceKeepingProbe>(kind);

        SinkMessage message = await run.PassAsync(
            Mail.Doing(["insert 1 X-New v", "insert 1 X-New  w", "change X-A 1 new"], "X-A:tight\r\nX-B:  two\r\nX-C:\ttab\r\n"));

        foreach (string line in new[] { "X-New:v", "X-New: w", "X-A:new", "X-B:  two", "X-C:\ttab" })
        {
            Assert.Contains($"\r\n{line}\r\n", message.Text, StringComparison.Ordinal);
        }
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task Without_leading_space_the_server_writes_it(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<PlainProbe>(kind);

        SinkMessage message = await run.PassAsync(
            Mail.Doing(["insert 1 X-New v", "insert 1 X-New  w", "change X-A 1 new"], "X-A:tight\r\nX-B:  two\r\n"));

        foreach (string line in new[] { "X-New: v", "X-New:  w", "X-A: new", "X-B:  two" })
        {
            Assert.Contains($"\r\n{line}\r\n", message.Text, StringComparison.Ordinal);
        }
    }

    private sealed record Case(string Name, string[] Actions, string[] Postfix, string[]? Sendmail = null);
}
