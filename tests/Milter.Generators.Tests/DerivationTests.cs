using Milter.Generators.Tests.Infrastructure;
using Milter.Protocol;
using static Milter.Protocol.ProtocolSteps;

namespace Milter.Generators.Tests;

/// <summary>What a class takes and returns, and the exact masks that follow from it.</summary>
public sealed class DerivationTests(DerivationTests.Compiled compiled) : IClassFixture<DerivationTests.Compiled>
{
    /// <summary>Nothing but EOM: what libmilter derives for a filter that has only an eom callback.</summary>
    private const ProtocolSteps OnlyEom = (ProtocolSteps)0x37f;

    private static readonly (string Members, ProtocolSteps Waived, int PerMessage, int PerSession)[] s_waived =
    [
        ("", OnlyEom, 1, 0),
        ("[OnEom] Verdict E() => default;", OnlyEom, 1, 0),
        ("[OnEom] void E(MilterContext c, CancellationToken ct, TlsInfo? tls) {}", OnlyEom, 1, 0),
        ("[OnEom] void E(HeaderAdder a, BodyEditor b, Quarantine q, Progress p) {}", OnlyEom, 1, 0),
        ("[OnEom] void E(MessageActions a) {}", OnlyEom, 1, 0),
        ("[OnClose] void E([FromServices] IServiceProvider s) {}", OnlyEom, 1, 0),

        ("[OnConnect] Verdict E() => default;", OnlyEom & ~NoConnect, 1, 1),
        ("[OnConnect] void E(ConnectInfo c) {}", OnlyEom & ~NoConnect | NoReplyConnect, 1, 0),
        ("[OnEom] void E(ConnectInfo? c) {}", OnlyEom & ~NoConnect | NoReplyConnect, 1, 0),
        ("[OnRcpt] Verdict E([ClientAddress] IPAddress? c) => default;", OnlyEom & ~(NoMail | NoConnect | NoRcpt) | NoReplyMail | NoReplyConnect, 2, 0),

        ("[OnHelo] Task<Verdict> E() => null!;", OnlyEom & ~NoHelo, 1, 1),
        ("[OnHelo] void E([Helo] string name) {}", OnlyEom & ~NoHelo | NoReplyHelo, 1, 0),
        ("[OnEom] void E([Helo] string? name) {}", OnlyEom & ~NoHelo | NoReplyHelo, 1, 0),
        ("[OnUnknown] Verdict E([Helo] ReadOnlySpan<byte> name) => default;", OnlyEom & ~(NoHelo | NoUnknown) | NoReplyHelo, 1, 1),
        ("[OnUnknown] void E(string command) {}", OnlyEom & ~NoUnknown | NoReplyUnknown, 1, 0),

        ("[OnMail] ValueTask<Verdict> E() => default;", OnlyEom & ~NoMail, 2, 0),
        ("[OnMail] void E(MessageEnvelope m) {}", OnlyEom & ~NoMail | NoReplyMail, 1, 0),
        ("[OnEom] void E(MessageEnvelope m) {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyMail | NoReplyRcpt, 1, 0),
        ("[OnEom] void E([FromServices] IServiceProvider s) {}", OnlyEom & ~NoMail | NoReplyMail, 1, 0),
        ("[OnEom] void E([Macro(\"i\")] string? id) {}", OnlyEom & ~NoMail | NoReplyMail, 1, 0),
        ("[OnEom] void E([Macro(\"j\")] string? host) {}", OnlyEom, 1, 0),
        ("[OnEom] void E([Macro(\"{x}\")] string? x) {}", OnlyEom & ~NoMail | NoReplyMail, 1, 0),
        ("[OnConnect] void E([Macro(\"{x}\")] string? x) {}", OnlyEom & ~NoConnect | NoReplyConnect, 1, 0),
        ("[OnEom] void E(Authentication? a) {}", OnlyEom & ~NoMail | NoReplyMail, 1, 0),
        ("[PerMessage] int _n; [OnClose] void E() => _n++;", OnlyEom & ~NoMail | NoReplyMail, 1, 0),
        ("[OnAbort] void E() {}", OnlyEom & ~NoMail, 2, 0),
        ("[OnMessageEnd] Task E(MessageOutcome o) => null!;", OnlyEom & ~NoMail, 2, 0),
        ("[OnAbort] void E(MessageEnvelope m) {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyRcpt, 2, 0),

        ("[OnRcpt] Verdict E(EnvelopeAddress to) => default;", OnlyEom & ~(NoMail | NoRcpt) | NoReplyMail, 2, 0),
        ("[OnRcpt] void E(string to) {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyMail | NoReplyRcpt, 1, 0),
        ("[OnRejectedRcpt] void E(EnvelopeAddress to) {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyMail | NoReplyRcpt, 1, 0),
        ("[OnEom] void E(EnvelopeEditor e) {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyMail | NoReplyRcpt, 1, 0),
        ("[OnEom] void E(EnvelopeEditor? e) {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyMail | NoReplyRcpt, 1, 0),

        ("[OnData] void E() {}", OnlyEom & ~(NoMail | NoData) | NoReplyMail | NoReplyData, 1, 0),
        ("[OnData] Verdict E() => default;", OnlyEom & ~(NoMail | NoData) | NoReplyMail, 2, 0),

        ("[OnHeader] Verdict E(HeaderField f) => default;", OnlyEom & ~(NoMail | NoHeaders) | NoReplyMail, 2, 0),
        ("[OnHeader(\"To\")] void E(string v) {}", OnlyEom & ~(NoMail | NoHeaders) | NoReplyMail | NoReplyHeader, 1, 0),
        ("[OnEoh] Verdict E([Header(\"To\")] string? v) => default;", OnlyEom & ~(NoMail | NoHeaders | NoEndOfHeaders) | NoReplyMail | NoReplyHeader, 2, 0),
        ("[OnEom] void E([Header(\"To\")] HeaderValues v) {}", OnlyEom & ~(NoMail | NoHeaders) | NoReplyMail | NoReplyHeader, 1, 0),
        ("[OnEom] void E(MessageHeaders h) {}", OnlyEom & ~(NoMail | NoHeaders) | NoReplyMail | NoReplyHeader, 1, 0),
        ("[OnEom] void E(HeaderEditor h) {}", OnlyEom & ~(NoMail | NoHeaders) | NoReplyMail | NoReplyHeader, 1, 0),
        ("[OnEoh] void E() {}", OnlyEom & ~(NoMail | NoEndOfHeaders) | NoReplyMail | NoReplyEndOfHeaders, 1, 0),

        ("[OnBody] void E(ReadOnlySpan<byte> b) {}", OnlyEom & ~(NoMail | NoBody) | NoReplyMail | NoReplyBody, 1, 0),
        ("[OnBody] Verdict E(ReadOnlySpan<byte> b) => default;", OnlyEom & ~(NoMail | NoBody) | NoReplyMail, 2, 0),
        ("[OnEom] void E(MessageBody b) {}", OnlyEom & ~(NoMail | NoBody) | NoReplyMail | NoReplyBody, 1, 0),

        ("[OnMail] Verdict E() => default; [OnRcpt] void F() {}", OnlyEom & ~(NoMail | NoRcpt) | NoReplyRcpt, 2, 0),
        ("[OnMail] void E() {} [OnMail(Order = 1)] Verdict F() => default;", OnlyEom & ~NoMail, 2, 0),
    ];

    private static readonly (string Members, MilterActions Required, MilterActions Wanted)[] s_actions =
    [
        ("[OnEom] void E() {}", 0, 0),
        ("[OnEom] void E(HeaderEditor e) {}", MilterActions.AddHeaders | MilterActions.ChangeHeaders, 0),
        ("[OnEom] void E(HeaderEditor? e) {}", 0, MilterActions.AddHeaders | MilterActions.ChangeHeaders),
        ("[OnEom] void E(HeaderAdder e, HeaderEditor? f) {}", MilterActions.AddHeaders, MilterActions.ChangeHeaders),
        ("[OnEom] void E([Needs(MilterActions.AddHeaders)] HeaderEditor e) {}", MilterActions.AddHeaders, 0),
        ("[OnEom] void E([Needs(MilterActions.AddHeaders)] HeaderEditor? e) {}", 0, MilterActions.AddHeaders),
        ("[OnEom] void E(EnvelopeEditor e) {}", MilterActions.AddRecipients | MilterActions.DeleteRecipients, MilterActions.ChangeSender | MilterActions.AddRecipientsWithArguments),
        ("[OnEom] void E(EnvelopeEditor? e) {}", 0, MilterActions.AddRecipients | MilterActions.DeleteRecipients | MilterActions.ChangeSender | MilterActions.AddRecipientsWithArguments),
        ("[OnEom] void E([Needs(MilterActions.ChangeSender)] EnvelopeEditor e) {}", MilterActions.ChangeSender, 0),
        ("[OnEom] void E(BodyEditor e, Quarantine q) {}", MilterActions.ChangeBody | MilterActions.Quarantine, 0),
        ("[OnEom] void E(BodyEditor? e, Quarantine? q, Progress? p) {}", 0, MilterActions.ChangeBody | MilterActions.Quarantine),
        ("[OnEom] void E(MessageActions a, Progress p) {}", 0, (MilterActions)0xff),
        ("[OnEom] void E([Needs(MilterActions.ChangeBody | MilterActions.AddHeaders)] MessageActions a) {}", MilterActions.ChangeBody | MilterActions.AddHeaders, 0),
        ("[OnHelo] void E([Macro(\"{cipher}\")] string? c) {}", 0, MilterActions.SetSymbolList),
        ("[OnHelo] void E(Authentication? a, MilterContext m) {}", 0, 0),
        ("[OnHelo] void E(TlsInfo? c) {}", 0, MilterActions.SetSymbolList),
    ];

    private static readonly (string Members, CollectedData Collects, ProtocolSteps Wanted)[] s_collects =
    [
        ("[OnConnect] void E(ConnectInfo c, [ClientAddress] IPAddress? a) {}", 0, 0),
        ("[OnHelo] void E(ConnectInfo c, [Helo] string h) {}", CollectedData.Connect, 0),
        ("[OnData] void E([Helo] string h) {}", CollectedData.Helo, 0),
        ("[OnMail] void E(MessageEnvelope m) {}", CollectedData.Sender, 0),
        ("[OnRcpt] void E(MessageEnvelope m) {}", CollectedData.Sender | CollectedData.Recipients, 0),
        ("[OnEom] void E(EnvelopeEditor e, HeaderEditor h) {}", CollectedData.Recipients | CollectedData.HeaderNames, 0),
        ("[OnEom] void E(MessageHeaders h, MessageBody b, [Header(\"To\")] string? t) {}", CollectedData.Headers | CollectedData.Body | CollectedData.NamedHeaders, 0),
        ("[OnBody] Verdict E(ReadOnlyMemory<byte> b) => default;", 0, ProtocolSteps.Skip),
        ("[OnBody] void E(ReadOnlyMemory<byte> b) {}", 0, 0),
        ("[OnRejectedRcpt] void E() {}", 0, RejectedRecipients),
    ];

    public static TheoryData<int> Waived => [.. Enumerable.Range(0, s_waived.Length)];

    public static TheoryData<int> Actions => [.. Enumerable.Range(0, s_actions.Length)];

    public static TheoryData<int> Collects => [.. Enumerable.Range(0, s_collects.Length)];

    [Theory]
    [MemberData(nameof(Waived))]
    public void Waives_what_nobody_needs(int index)
    {
        (string members, ProtocolSteps waived, int perMessage, int perSession) = s_waived[index];

        MilterDescriptor descriptor = compiled.Milters.Descriptor($"Waived{index}");

        Assert.Equal((members, waived, perMessage, perSession), (members, descriptor.Waived, descriptor.WaitsPerMessage, descriptor.WaitsPerSession));
    }

    [Theory]
    [MemberData(nameof(Actions))]
    public void Asks_for_the_least_set_of_actions(int index)
    {
        (string members, MilterActions required, MilterActions wanted) = s_actions[index];

        MilterDescriptor descriptor = compiled.Milters.Descriptor($"Actions{index}");

        Assert.Equal((members, required, wanted), (members, descriptor.RequiredActions, descriptor.WantedActions));
    }

    [Theory]
    [MemberData(nameof(Collects))]
    public void Collects_what_is_taken_later(int index)
    {
        (string members, CollectedData collects, ProtocolSteps wanted) = s_collects[index];

        MilterDescriptor descriptor = compiled.Milters.Descriptor($"Collects{index}");

        Assert.Equal((members, collects, wanted), (members, descriptor.Collects, descriptor.Wanted));
    }

    /// <summary>All rows, compiled once.</summary>
    public sealed class Compiled : IDisposable
    {
        public Compiled() => Milters = LoadedMilters.Load(
        [
            Usings.Global,
            .. s_waived.Select((row, i) => $"[Milter] partial class Waived{i} {{ {row.Members} }}"),
            .. s_actions.Select((row, i) => $"[Milter] partial class Actions{i} {{ {row.Members} }}"),
            .. s_collects.Select((row, i) => $"[Milter] partial class Collects{i} {{ {row.Members} }}"),
        ]);

        internal LoadedMilters Milters { get; }

        public void Dispose() => Milters.Dispose();
    }
}
