using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests;

/// <summary>Each fix: what it makes of the code, which then compiles without a warning and without the complaint.</summary>
public sealed class CodeFixTests
{
    public static TheoryData<string, string, string> Fixes => new()
    {
        { "MILTER001", "[Milter] class Filter { }", "[Milter] partial class Filter { }" },
        { "MILTER001", "[Milter] public sealed class Filter { }", "[Milter] public sealed partial class Filter { }" },
        { "MILTER001", "// Why.\nclass Outer { [Milter] partial class Filter { } }", "// Why.\npartial class Outer { [Milter] partial class Filter { } }" },
        { "MILTER022", In("[OnClose] Verdict Closed() => Verdict.Accept;"), In("[OnClose] void Closed() { }") },
        { "MILTER022", In("[OnAbort] Verdict Aborted()\n    {\n        Log();\n        return Verdict.Accept;\n    }\n\n    void Log() { }"), In("[OnAbort] void Aborted()\n    {\n        Log();\n    }\n\n    void Log() { }") },
        { "MILTER022", In("[OnMessageEnd] async Task<Verdict> Ended() { await Task.Yield(); return default; }"), In("[OnMessageEnd] async Task Ended() { await Task.Yield(); }") },
        { "MILTER027", In("[OnEom] async void End() => await Task.Yield();"), In("[OnEom] async Task End() => await Task.Yield();") },
        { "CS0127", In("[OnEom] void End(MilterContext context)\n    {\n        if (context.IsTls) return;\n        return Verdict.Accept;\n    }"), In("[OnEom] Verdict End(MilterContext context)\n    {\n        if (context.IsTls) return Verdict.Continue;\n        return Verdict.Accept;\n    }") },
        { "CS1997", In("[OnEom] async Task End() { await Task.Yield(); return Verdict.Accept; }"), In("[OnEom] async Task<Verdict> End() { await Task.Yield(); return Verdict.Accept; }") },
        { "CS0201", In("[OnEom] void End() => Verdict.Accept;"), In("[OnEom] Verdict End() => Verdict.Accept;") },
        { "MILTER042", In("[OnMail] async Task Mail(ReadOnlySpan<byte> from) => await Task.Yield();"), In("[OnMail] async Task Mail(string from) => await Task.Yield();") },
        { "MILTER042", In("[OnBody] async Task Chunk(ReadOnlySpan<byte> chunk) => await Task.Yield();"), In("[OnBody] async Task Chunk(ReadOnlyMemory<byte> chunk) => await Task.Yield();") },
        { "MILTER042", In("[OnMail] async Task Mail([Macro(\"j\")] ReadOnlySpan<byte> host) => await Task.Yield();"), In("[OnMail] async Task Mail([Macro(\"j\")] string? host) => await Task.Yield();") },
        { "MILTER047", In("[OnEom] void End(TlsInfo tls) { }"), In("[OnEom] void End(TlsInfo? tls) { }") },
        { "MILTER105", In("[OnEom] void End([Header(\"Subject\")] string subject, ConnectInfo client) { }"), In("[OnEom] void End([Header(\"Subject\")] string? subject, ConnectInfo client) { }") },
        { "MILTER084", In("static readonly Verdict s_no = Verdict.Reject(550, \"4.7.1\", \"No\");\n    [OnEom] Verdict End() => s_no;"), In("static readonly Verdict s_no = Verdict.Reject(550, \"5.7.1\", \"No\");\n    [OnEom] Verdict End() => s_no;") },
        { "MILTER088", In("[OnEom] Verdict End() => Verdict.Reject(550, \"5.7.1\", \"No\");"), In("private static readonly Verdict s_reject550 = Verdict.Reject(550, \"5.7.1\", \"No\");\n    [OnEom] Verdict End() => s_reject550;") },
        { "MILTER103", In("[OnMail] Verdict From([Macro(\"{client_addr}\")] string? client) => client == \"::1\" ? Verdict.Accept : Verdict.Continue;"), In("[OnMail] Verdict From(ConnectInfo? client) => (client?.Address?.ToString()) == \"::1\" ? Verdict.Accept : Verdict.Continue;") },
        { "MILTER110", In("// How many.\n    private int _count;\n\n    [OnRcpt] void To() => _count++;"), In("// How many.\n    [PerMessage] private int _count;\n\n    [OnRcpt] void To() => _count++;") },
        { "MILTER110", In("string? Name { get; set; }\n    [OnRcpt] void To(EnvelopeAddress sender) => this.Name = sender.Domain;"), In("[PerMessage] string? Name { get; set; }\n    [OnRcpt] void To(EnvelopeAddress sender) => this.Name = sender.Domain;") },
        { "MILTER111", In("readonly List<string> _all = [];\n    [OnRcpt] void To(string recipient) => _all.Add(recipient);"), In("[PerMessage] readonly List<string> _all = [];\n    [OnRcpt] void To(string recipient) => _all.Add(recipient);") },
        { "MILTER122", In("[OnEom] async Task End() { await Task.Delay(1); }"), In("[OnEom] async Task End(CancellationToken cancellationToken) { await Task.Delay(1, cancellationToken); }") },
        { "MILTER122", In("[OnEom] async Task End([FromServices] Stream s, TlsInfo? tls = null) { await s.FlushAsync(); }"), In("[OnEom] async Task End([FromServices] Stream s, CancellationToken cancellationToken, TlsInfo? tls = null) { await s.FlushAsync(cancellationToken); }") },
        { "MILTER122", In("[OnEom] async Task End() { await Slow(); }\n\n    static Task Slow(int n = 1, CancellationToken ct = default) => Task.Delay(n, ct);"), In("[OnEom] async Task End(CancellationToken cancellationToken) { await Slow(ct: cancellationToken); }\n\n    static Task Slow(int n = 1, CancellationToken ct = default) => Task.Delay(n, ct);") },
        { "MILTER131", In("[OnHeader(\"X-Spam\")] Verdict Spam(string value) => value.Length > 3 ? Verdict.Reject() : Verdict.Continue;"), In("[OnEoh] Verdict Spam([Header(\"X-Spam\")] string? value) => value is null ? Verdict.Continue : (value.Length > 3 ? Verdict.Reject() : Verdict.Continue);") },
        { "MILTER131", In("[OnHeader(\"X-Spam\")]\n    Verdict Spam(ReadOnlySpan<byte> value)\n    {\n        return value.Length > 3 ? Verdict.Reject() : Verdict.Continue;\n    }"), In("[OnEoh]\n    Verdict Spam([Header(\"X-Spam\")] ReadOnlySpan<byte> value)\n    {\n        if (value.IsEmpty)\n        {\n            return Verdict.Continue;\n        }\n\n        return value.Length > 3 ? Verdict.Reject() : Verdict.Continue;\n    }") },
    };

    public static TheoryData<string, string> NoFixes => new()
    {
        { "MILTER022", In("[OnClose] Task<Verdict> Closed() => Task.FromResult(Verdict.Accept);") },
        { "CS0127", "class Plain { void M() { return 1; } }" },
        { "MILTER042", In("[OnHeader] async Task Header(HeaderField f) => await Task.Yield();") },
        { "MILTER084", In("static readonly Verdict s_no = Verdict.Reject(550, \"no\", \"No\");\n    [OnEom] Verdict End() => s_no;") },
        { "MILTER103", In("[OnMail] void From([Macro(\"{client_addr}\")] ReadOnlySpan<byte> client) { }") },
        { "MILTER110", In("int _a, _b;\n    [OnRcpt] void To() => _a = _b;") },
        { "MILTER131", In("[OnHeader(\"A\", \"B\")] Verdict Spam(string value) => value == Environment.NewLine ? Verdict.Reject() : Verdict.Continue;") },
        { "MILTER131", In("[OnHeader(\"A\")] Verdict Spam(HeaderField field) => Verdict.Continue;") },
        { "MILTER131", In("[OnHeader(\"A\")] Verdict Spam(string value) => Verdict.Continue;\n    [OnEoh] void Eoh() { }") },
    };

    [Theory]
    [MemberData(nameof(Fixes))]
    public async Task Makes_the_code_right(string id, string before, string after) => Assert.Equal(Spaced(after), Spaced(await Fix.ApplyAsync(before, id) ?? "no fix"));

    [Theory]
    [MemberData(nameof(NoFixes))]
    public async Task Is_not_offered_where_there_is_no_one_answer(string id, string source) => Assert.Null(await Fix.ApplyAsync(source, id));

    [Fact]
    public void Fixes_are_exported_and_can_fix_all() => Assert.All(Fix.All, fix =>
    {
        Assert.NotNull(fix.GetFixAllProvider());
        Assert.Contains(fix.GetType().GetCustomAttributes(inherit: false), attribute => attribute.GetType().Name == "ExportCodeFixProviderAttribute");
        Assert.All(fix.FixableDiagnosticIds.Where(id => id.StartsWith("MILTER", StringComparison.Ordinal)), id => Assert.Contains(GeneratorHarness.Analyzers().SelectMany(analyzer => analyzer.SupportedDiagnostics), rule => rule.Id == id));
    });

    /// <summary>Line breaks are the formatter's affair.</summary>
    private static string Spaced(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string In(string members) => $"[Milter]\npartial class Filter\n{{\n    {members}\n}}\n";
}
