using Milter.Generators.Tests.Infrastructure;
using Milter.Protocol;

namespace Milter.Generators.Tests;

/// <summary>Who is named for what is asked of the MTA: for a wait only those who make it wait.</summary>
public sealed class CauseTests
{
    private const string Source = """
        namespace Demo;

        [Milter(PreserveHeaderSpace = true)]
        public partial class Filter
        {
            [PerMessage] int _size;

            [OnMail] Verdict From(string sender, Authentication? login) => default;
            [OnRcpt] Verdict To(MessageEnvelope envelope) => default;
            [OnHeader("Received")] void Hop(ReadOnlySpan<byte> value) => _size++;
            [OnEom] void End(MessageEnvelope envelope, HeaderEditor headers, [Macro("i")] string? id) { }
            [OnMessageEnd] void Done() { }
        }
        """;

    [Fact]
    public void A_wait_is_caused_by_those_who_make_the_MTA_wait_and_by_nobody_else()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);
        MilterDescriptor descriptor = milters.Descriptor("Demo.Filter");

        Assert.Equal(["From", "Done"], Members(descriptor, cause => cause.Stage == MilterStages.Mail && cause.Waits));
        Assert.Equal(["To"], Members(descriptor, cause => cause.Stage == MilterStages.Rcpt && cause.Waits));
        Assert.Equal(["From", "Done", "To"], Members(descriptor, cause => cause.Waits));
        Assert.Equal(["To", "Hop", "From(login)", "To(envelope)", "End(envelope)", "End(headers)", "End(id)", "_size"], Members(descriptor, cause => cause.Stage == MilterStages.Mail && !cause.Waits));
        Assert.Equal(["Hop", "End(headers)"], Members(descriptor, cause => cause.Stage == MilterStages.Header));
        Assert.Equal(["End"], Members(descriptor, cause => cause.Stage == MilterStages.Eom && !cause.Waits));
    }

    [Fact]
    public void Causes_are_typed_and_one_thing_each()
    {
        using LoadedMilters milters = LoadedMilters.Load(Usings.Global, Source);
        MilterDescriptor descriptor = milters.Descriptor("Demo.Filter");

        Assert.Equal(["End(headers)"], Members(descriptor, cause => cause.Action == MilterActions.ChangeHeaders));
        Assert.Equal(["End(id)"], Members(descriptor, cause => cause.Macro == "i"));
        Assert.Equal(["[Milter]"], Members(descriptor, cause => cause.Option == ProtocolSteps.HeaderLeadingSpace));
        Assert.All(descriptor.Causes, cause => Assert.Equal(1, new[] { cause.Stage != 0, cause.Option != 0, cause.Action != 0, cause.Macro is not null }.Count(set => set)));
        Assert.Equal(
            ["MAIL: From", "RCPT (data): End(envelope)", "SMFIP_HDR_LEADSPC: [Milter]", "SMFIF_ADDHDRS: End(headers)", "i: End(id)"],
            new[]
            {
                descriptor.Causes.First(cause => cause.Waits),
                descriptor.Causes.Last(cause => cause.Stage == MilterStages.Rcpt),
                descriptor.Causes.First(cause => cause.Option != 0),
                descriptor.Causes.First(cause => cause.Action != 0),
                descriptor.Causes.First(cause => cause.Macro is not null),
            }.Select(cause => cause.ToString()));
    }

    [Fact]
    public void The_head_says_who_makes_the_MTA_wait_and_apart_from_that_who_takes_the_data()
    {
        string emitted = GeneratorHarness.Generate(Usings.Global, Source);

        Assert.Contains("//   RCPT               reply     To; data for To(envelope), End(envelope)\n", emitted, StringComparison.Ordinal);
        Assert.Contains("//   EOM                reply     (always); data for End\n", emitted, StringComparison.Ordinal);
        Assert.Contains("\"RCPT: To\", \"RCPT (data): To(envelope)\", \"RCPT (data): End(envelope)\"", emitted, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Members(MilterDescriptor descriptor, Func<NegotiationCause, bool> which) => descriptor.Causes.Where(which).Select(cause => cause.Member);
}
