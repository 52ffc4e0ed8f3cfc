using Milter.Client;
using Milter.Protocol;
using Milter.Samples.Probe;
using Milter.Testing;

namespace Milter.Samples.Tests;

/// <summary>The probe does what a message says, alike in the ways of both MTAs. What it puts on the wire is held against libmilter elsewhere.</summary>
public sealed class ProbeTests
{
    private static TestMessage Message => TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Hello").Body("one\n");

    [Theory]
    [InlineData("data", MilterCommand.Data)]
    [InlineData("header", MilterCommand.Header)]
    [InlineData("eoh", MilterCommand.EndOfHeaders)]
    [InlineData("body", MilterCommand.Body)]
    [InlineData("eom", MilterCommand.EndOfMessage)]
    public async Task A_message_names_the_stage_that_refuses_it(string stage, MilterCommand step)
    {
        await using var host = new MilterTestHost<PlainProbe>();
        const string Words = "reply:550:5.7.1:Not_this";
        TestMessage message = stage == "data" ? Message.Sender("joe@elsewhere.test", $"XDATA={Words}") : Message.Header("X-Probe-Verdict", $"{stage}={Words}");

        MilterTestResult result = await host.SendAsync(message);

        result.AssertRejected(550, "5.7.1", "Not this").Assert(run => run.Outcome.DecidedAt == step, $"{step} should decide.");
    }

    [Fact]
    public async Task Actions_are_carried_out_in_their_order()
    {
        await using var host = new MilterTestHost<PlainProbe>();

        MilterTestResult result = await host.SendAsync(
            Message.Header("X-Probe-Do", "insert 0 X-Top first").Header("X-Probe-Do", "addrcpt <archive@example.test>").Header("X-Probe-Do", "body other").Header("X-Probe-Do", "quarantine look at it"));

        result.AssertHeader("X-Top", "first").AssertRecipients("ann@example.test", "archive@example.test").AssertBody("other\n").AssertQuarantined("look at it").AssertNothingLogged();
    }

    [Fact]
    public async Task What_an_MTA_does_not_offer_is_left_out_and_told()
    {
        await using var host = new MilterTestHost<PlainProbe>(new MilterTestOptions { Actions = MilterActions.AddHeaders });

        (await host.SendAsync(Message.Header("X-Probe-Do", "quarantine look at it"))).AssertPassed().AssertHeader("X-Probe-Refused", "quarantine");
    }

    [Fact]
    public async Task A_recipient_can_be_refused_alone()
    {
        await using var host = new MilterTestHost<PlainProbe>();

        (await host.SendAsync(Message.To("reject@rcpt.probe.test"))).AssertPassed().AssertRecipients("ann@example.test");
    }

    [Fact]
    public async Task Nothing_of_a_message_is_left_for_the_next_whatever_the_network_does()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            await using var host = new MilterTestHost<SpaceKeepingProbe>(new MilterTestOptions { Wire = WireSimulation.Seeded(seed) });
            await using MilterTestSession session = await host.StartSessionAsync();

            (await session.SendAsync(Message.Header("X-Probe-Do", "add X-Mark 1"))).AssertHeader("X-Mark", "1");
            await session.GiveUpAsync(Message);
            (await session.SendAsync(Message)).AssertUnchanged();
            (await session.HalfCloseAsync(Message.Header("X-Probe-Do", "add X-Mark 1"))).AssertCleanEnd();
        }
    }
}
