using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER040
{
    [Fact]
    public async Task Flags_what_the_stage_does_not_have() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnConnect] void Connect(string [|name|], [Helo] string? [|helo|], MessageEnvelope [|e|]) { }
            [OnHelo] void Helo(EnvelopeAddress [|a|], ReadOnlySequence<byte> [|b|]) { }
            [OnMail] void Mail(HeaderEditor [|e|], MessageHeaders [|h|], ReadOnlyMemory<byte> [|m|]) { }
            [OnRcpt] void Rcpt(int [|x|], object [|y|], List<string> [|z|]) { }
            [OnRejectedRcpt] void Refused([Header("To")] string? [|to|]) { }
            [OnData] void Data(ReadOnlySpan<byte> [|b|]) { }
            [OnHeader] void Header(MessageBody [|b|], ReadOnlyMemory<byte> [|m|]) { }
            [OnEoh] void Eoh(BodyEditor? [|b|], string [|s|]) { }
            [OnBody] void Body(string [|s|], ReadOnlySpan<char> [|c|]) { }
            [OnEom] void Eom(MessageOutcome [|o|], HeaderField [|f|]) { }
            [OnUnknown] void Unknown(MessageEnvelope [|e|]) { }
            [OnAbort] void Abort(MessageBody [|b|]) { }
            [OnMessageEnd] void End(MessageOutcome? [|o|], MessageActions [|a|]) { }
            [OnClose] void Close(EnvelopeAddress [|a|]) { }
        }
        """);

    [Fact]
    public async Task Flags_one_stage_of_two()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            [Milter] partial class A { [OnMail] [OnAbort] void Both(EnvelopeAddress [|sender|], MilterContext context) { } }
            """);

        Assert.Equal(
            "[OnAbort] can't give 'EnvelopeAddress'; take it at [OnMail], [OnRcpt], [OnRejectedRcpt]. It can give: ConnectInfo, MessageEnvelope, [Helo] string?, [Helo] ReadOnlySpan<byte>, "
            + "[ClientAddress] IPAddress?, Authentication?, TlsInfo?, [Macro(\"…\")] string?, [Macro(\"…\")] ReadOnlySpan<byte>, MilterContext, CancellationToken, [FromServices] T",
            Assert.Single(messages));
    }

    [Theory]
    [InlineData("[OnEom] void E(IDb {0}) {{ }}", "'IDb'; if it is a service, mark it with [FromServices]")]
    [InlineData("[OnMail] void E(Uri {0}) {{ }}", "'Uri'; if it is a service, mark it with [FromServices]")]
    [InlineData("[OnEom] void E(IPAddress {0}) {{ }}", "'IPAddress'; mark it with [ClientAddress]")]
    [InlineData("[OnEom] void E(string {0}) {{ }}", "'string'; mark it with [Header(\"…\")] or [Helo] or [Macro(\"…\")]")]
    [InlineData("[OnConnect] void E(string {0}) {{ }}", "'string'; mark it with [Macro(\"…\")]")]
    [InlineData("[OnEoh] void E(HeaderValues {0}) {{ }}", "'HeaderValues'; mark it with [Header(\"…\")]")]
    [InlineData("[OnMail] void E(HeaderEditor {0}) {{ }}", "'HeaderEditor'; take it at [OnEom]")]
    [InlineData("[OnRcpt] void E([Header(\"To\")] string? {0}) {{ }}", "'[Header] string?'; take it at [OnEoh], [OnEom]")]
    [InlineData("[OnEom] void E([Other.FromServices] IDb {0}) {{ }}", "'IDb'; its [FromServices] is that of Other, not of Milter")]
    [InlineData("[OnEom] void E([Microsoft.Extensions.DependencyInjection.FromKeyedServices(\"a\")] IDb {0}) {{ }}", "'IDb'; [FromKeyedServices] counts in the constructor, so take it there")]
    [InlineData("[OnEom] void E(int {0}) {{ }}", "'int'")]
    public async Task Says_the_one_thing_that_helps_first(string handler, string hint)
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync(
            $"[Milter] partial class A {{ {string.Format(System.Globalization.CultureInfo.InvariantCulture, handler, "[|x|]")} }}",
            "public interface IDb; namespace Other { public sealed class FromServicesAttribute : Attribute; }");

        Assert.Contains($"can't give {hint}. It can give: ", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_quiet_about_all_that_a_stage_has() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnConnect] void Connect(ConnectInfo c, [Macro("j")] string? j, MilterContext x, CancellationToken t, [FromServices] Uri s, Authentication? {|MILTER107:a|}, TlsInfo? {|MILTER107:l|}, [ClientAddress] IPAddress? p) { }
            [OnHelo] void Helo(string a, ReadOnlySpan<byte> b, ReadOnlyMemory<byte> c, [Helo] string d, ConnectInfo? e) { }
            [OnMail] void Mail(EnvelopeAddress a, string b, ReadOnlySpan<byte> c, MessageEnvelope d, [Helo] ReadOnlySpan<byte> e) { }
            [OnRcpt] [OnRejectedRcpt] void Rcpt(EnvelopeAddress a, string b, ReadOnlySpan<byte> c, MessageEnvelope d) { }
            [OnData] [OnHeader] [OnBody] [OnAbort] void Common(MessageEnvelope d, [Helo] string? e) { }
            [OnHeader(Order = 1)] void Header(HeaderField a, string b, string c) { }
            [OnEoh] [OnEom] void Eoh([Header("To")] string? a, [Header("To")] ReadOnlySpan<byte> b, MessageHeaders c) { }
            [OnBody(Order = 1)] void Body(ReadOnlySpan<byte> a, ReadOnlyMemory<byte> b, ReadOnlySequence<byte> c) { }
            [OnEom(Order = 1)] void Eom(MessageBody a, HeaderEditor b, HeaderAdder? c, EnvelopeEditor d, BodyEditor e, Quarantine f, Progress g) { }
            [OnUnknown] void Unknown(string a, ReadOnlySpan<byte> b, ReadOnlyMemory<byte> c) { }
            [OnMessageEnd] void End(MessageOutcome a, MessageEnvelope b) { }
            [OnClose] void Close([FromServices] int a, [Helo] string? b) { }
        }
        """);
}
