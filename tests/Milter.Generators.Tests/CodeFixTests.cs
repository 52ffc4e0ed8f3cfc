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
        { "MILTER022", In("[OnClose] Verdict Closed() => Log() ? Verdict.Continue : Verdict.Reject();\n\n    bool Log() => true;"), In("[OnClose] void Closed() { _ = Log() ? Verdict.Continue : Verdict.Reject(); }\n\n    bool Log() => true;") },
        { "MILTER022", In("int _n;\n    [OnClose] Verdict Closed()\n    {\n        if (_n > 3) { return Verdict.Reject(550, \"5.7.1\", Text()); }\n        return _n++ > 2 ? Verdict.Accept : default;\n    }\n\n    string Text() => \"\";"), In("int _n;\n    [OnClose] void Closed()\n    {\n        if (_n > 3) { { _ = Verdict.Reject(550, \"5.7.1\", Text()); return; } }\n        { _ = _n++ > 2 ? Verdict.Accept : default; return; }\n    }\n\n    string Text() => \"\";") },
        { "MILTER022", In("[OnClose] Verdict Closed(MilterContext c) => c.IsTls ? Verdict.Reject(550, \"5.7.1\", \"No\") : global::Milter.Verdict.TempFail();"), In("[OnClose] void Closed(MilterContext c) { }") },
        { "MILTER027", In("[OnEom] async void End() => await Task.Yield();"), In("[OnEom] async Task End() => await Task.Yield();") },
        { "CS0127", In("[OnEom] void End(MilterContext context)\n    {\n        if (context.IsTls) return;\n        return Verdict.Accept;\n    }"), In("[OnEom] Verdict End(MilterContext context)\n    {\n        if (context.IsTls) return Verdict.Continue;\n        return Verdict.Accept;\n    }") },
        { "CS1997", In("[OnEom] async Task End() { await Task.Yield(); return Verdict.Accept; }"), In("[OnEom] async Task<Verdict> End() { await Task.Yield(); return Verdict.Accept; }") },
        { "CS0201", In("[OnEom] void End() => Verdict.Accept;"), In("[OnEom] Verdict End() => Verdict.Accept;") },
        { "MILTER040", In("[OnEom] void End(IFormatProvider culture, BodyEditor body) { }"), In("[OnEom] void End([FromServices] IFormatProvider culture, BodyEditor body) { }") },
        { "MILTER040", In("[OnMail] void From(MilterContext c, IPAddress client) { }"), In("[OnMail] void From(MilterContext c, [ClientAddress] IPAddress? client) { }") },
        { "MILTER042", In("[OnMail] async Task Mail(ReadOnlySpan<byte> from) => await Task.Yield();"), In("[OnMail] async Task Mail(string from) => await Task.Yield();") },
        { "MILTER042", In("[OnBody] async Task Chunk(ReadOnlySpan<byte> chunk) => await Task.Yield();"), In("[OnBody] async Task Chunk(ReadOnlyMemory<byte> chunk) => await Task.Yield();") },
        { "MILTER042", In("[OnMail] async Task Mail([Macro(\"j\")] ReadOnlySpan<byte> host) => await Task.Yield();"), In("[OnMail] async Task Mail([Macro(\"j\")] string? host) => await Task.Yield();") },
        { "MILTER047", In("[OnEom] void End(TlsInfo tls) { }"), In("[OnEom] void End(TlsInfo? tls) { }") },
        { "MILTER105", In("[OnEom] void End([Header(\"Subject\")] string subject, ConnectInfo client) { }"), In("[OnEom] void End([Header(\"Subject\")] string? subject, ConnectInfo client) { }") },
        { "MILTER084", In("static readonly Verdict s_no = Verdict.Reject(550, \"4.7.1\", \"No\");\n    [OnEom] Verdict End() => s_no;"), In("static readonly Verdict s_no = Verdict.Reject(550, \"5.7.1\", \"No\");\n    [OnEom] Verdict End() => s_no;") },
        { "MILTER088", In("[OnEom] Verdict End() => Verdict.Reject(550, \"5.7.1\", \"No\");"), In("private static readonly Verdict s_reject550 = Verdict.Reject(550, \"5.7.1\", \"No\");\n    [OnEom] Verdict End() => s_reject550;") },
        { "MILTER103", In("[OnMail] Verdict From([Macro(\"{client_addr}\")] string? client) => client == \"::1\" ? Verdict.Accept : Verdict.Continue;"), In("[OnMail] Verdict From(ConnectInfo? client) => (client?.Address?.ToString()) == \"::1\" ? Verdict.Accept : Verdict.Continue;") },
        { "MILTER103", In("[OnMail] void From([Macro(\"{client_addr}\")] string? client) => Console.WriteLine(nameof(client) + client);"), In("[OnMail] void From(ConnectInfo? client) => Console.WriteLine(nameof(client) + (client?.Address?.ToString()));") },
        { "MILTER110", In("// How many.\n    private int _count;\n\n    [OnRcpt] void To() => _count++;"), In("// How many.\n    [PerMessage] private int _count;\n\n    [OnRcpt] void To() => _count++;") },
        { "MILTER110", In("string? Name { get; set; }\n    [OnRcpt] void To(EnvelopeAddress sender) => this.Name = sender.Domain;"), In("[PerMessage] string? Name { get; set; }\n    [OnRcpt] void To(EnvelopeAddress sender) => this.Name = sender.Domain;") },
        { "MILTER111", In("readonly List<string> _all = [];\n    [OnRcpt] void To(string recipient) => _all.Add(recipient);"), In("[PerMessage] readonly List<string> _all = [];\n    [OnRcpt] void To(string recipient) => _all.Add(recipient);") },
        { "MILTER122", In("[OnEom] async Task End() { await Task.Delay(1); }"), In("[OnEom] async Task End(CancellationToken cancellationToken) { await Task.Delay(1, cancellationToken); }") },
        { "MILTER122", In("[OnEom] async Task End([FromServices] Stream s, TlsInfo? tls = null) { await s.FlushAsync(); }"), In("[OnEom] async Task End([FromServices] Stream s, CancellationToken cancellationToken, TlsInfo? tls = null) { await s.FlushAsync(cancellationToken); }") },
        { "MILTER122", In("[OnEom] async Task End() { await Slow(); }\n\n    static Task Slow(int n = 1, CancellationToken ct = default) => Task.Delay(n, ct);"), In("[OnEom] async Task End(CancellationToken cancellationToken) { await Slow(ct: cancellationToken); }\n\n    static Task Slow(int n = 1, CancellationToken ct = default) => Task.Delay(n, ct);") },
    };

    [Theory]
    [InlineData(
        "[OnHeader(\"X-Spam\")] Verdict Spam(string value) => value.Length > 3 ? Verdict.Reject() : Verdict.Continue;",
        """
        [OnEoh] Verdict Spam([Header("X-Spam")] HeaderValues values)
        {
            foreach (string value in values)
            {
                if (Spam(value) is { IsContinue: false } verdict)
                {
                    return verdict;
                }
            }

            return Verdict.Continue;
        }

        Verdict Spam(string value) => value.Length > 3 ? Verdict.Reject() : Verdict.Continue;
        """)]
    [InlineData(
        "/// <summary>Why.</summary>\n    [OnHeader(\"X-Spam\")]\n    static Verdict Spam(ReadOnlySpan<byte> value, [Helo] string? helo)\n    {\n        return value.Length > 3 && helo is null ? Verdict.Reject() : Verdict.Continue;\n    }",
        """
        /// <summary>Why.</summary>
        [OnEoh]
        static Verdict Spam([Header("X-Spam")] HeaderValues values, [Helo] string? helo)
        {
            for (int i = 0; i < values.Count; i++)
            {
                if (Spam(values.GetBytes(i), helo) is { IsContinue: false } verdict)
                {
                    return verdict;
                }
            }

            return Verdict.Continue;
        }

        static Verdict Spam(ReadOnlySpan<byte> value, string? helo)
        {
            return value.Length > 3 && helo is null ? Verdict.Reject() : Verdict.Continue;
        }
        """)]
    public async Task A_field_that_is_waited_for_is_judged_at_the_end_of_the_header_and_so_are_its_namesakes(string before, string after) =>
        Assert.Equal(Spaced(In(after)), Spaced(await Fix.ApplyAsync(In(before), "MILTER131") ?? "no fix"));

    /// <summary>What was refused before the fix is refused after it: here the second field of two is the bad one.</summary>
    [Fact]
    public async Task The_judged_fields_are_the_same_after_the_fix()
    {
        const string Before = "[Milter]\npublic partial class Filter\n{\n    [OnHeader(\"To\", Order = 0)] void Other(string value) { }\n    [OnHeader(\"Subject\")] Verdict Spam(string value) => value == \"lottery\" ? Verdict.Reject() : Verdict.Continue;\n}\n";
        string after = await Fix.ApplyAsync(Before, "MILTER131") ?? "";

        Assert.Equal(["HEADER: Reject", "HEADER: Reject"], await AnswersAsync(Before));
        Assert.Equal(["EOH: Reject", "EOH: Reject"], await AnswersAsync(after));

        static async Task<IReadOnlyList<string>> AnswersAsync(string source)
        {
            using LoadedMilters milters = LoadedMilters.Load(Usings.Global, source);
            return await milters.AnswersAsync("Filter", ("Subject", "lottery"));
        }
    }

    public static TheoryData<string, string, string> FixesOfAll => new()
    {
        { "MILTER088", In("[OnMail] Verdict From() => Verdict.Reject(550, \"5.7.1\", \"No\");\n    [OnEom] Verdict End(MilterContext c) => c.IsTls ? Verdict.Reject(550, \"5.7.1\", \"Not you\") : Verdict.TempFail(451, \"4.7.1\", \"Later\");"), In("private static readonly Verdict s_tempFail451 = Verdict.TempFail(451, \"4.7.1\", \"Later\");\n    private static readonly Verdict s_reject550_2 = Verdict.Reject(550, \"5.7.1\", \"Not you\");\n    private static readonly Verdict s_reject550 = Verdict.Reject(550, \"5.7.1\", \"No\");\n    [OnMail] Verdict From() => s_reject550;\n    [OnEom] Verdict End(MilterContext c) => c.IsTls ? s_reject550_2 : s_tempFail451;") },
        { "MILTER110", In("int _a;\n    int _b;\n    [OnMail] void From() { _a++; _b++; }\n    [OnRcpt] void To() => _a++;"), In("[PerMessage] int _a;\n    [PerMessage] int _b;\n    [OnMail] void From() { _a++; _b++; }\n    [OnRcpt] void To() => _a++;") },
        { "MILTER131", In("[OnHeader(\"A\")] Verdict One(string value) => value.Length > 3 ? Verdict.Reject() : Verdict.Continue;\n    [OnHeader(\"B\")] Verdict Two(string value) => Verdict.Continue;"), In("[OnEoh] Verdict One([Header(\"A\")] HeaderValues values)\n{ foreach (string value in values) { if (One(value) is { IsContinue: false } verdict) { return verdict; } } return Verdict.Continue; }\n Verdict One(string value) => value.Length > 3 ? Verdict.Reject() : Verdict.Continue;\n    [OnHeader(\"B\")] Verdict Two(string value) => Verdict.Continue;") },
    };

    [Theory]
    [MemberData(nameof(FixesOfAll))]
    public async Task Makes_all_of_the_code_right_at_once(string id, string before, string after) => Assert.Equal(Spaced(after), Spaced(await Fix.ApplyAllAsync(before, id)));

    public static TheoryData<string, string> NoFixes => new()
    {
        { "MILTER022", In("[OnClose] Task<Verdict> Closed() => Task.FromResult(Verdict.Accept);") },
        { "CS0127", "class Plain { void M() { return 1; } }" },
        { "MILTER040", In("[OnEom] void End(string text) { }") },
        { "MILTER040", In("[OnMail] void From(HeaderEditor headers) { }") },
        { "MILTER042", In("[OnHeader] async Task Header(HeaderField f) => await Task.Yield();") },
        { "MILTER084", In("static readonly Verdict s_no = Verdict.Reject(550, \"no\", \"No\");\n    [OnEom] Verdict End() => s_no;") },
        { "MILTER103", In("[OnMail] void From([Macro(\"{client_addr}\")] ReadOnlySpan<byte> client) { }") },
        { "MILTER103", In("[OnMail] void From([Macro(\"{client_addr}\")] string? client) { client = client?.Trim(); Console.WriteLine(client); }") },
        { "MILTER110", In("int _a = 4;\n    [OnMail] void From() => _a++;") },
        { "MILTER110", In("string _a = \"x\";\n    [OnMail] void From(string from) => _a = from;") },
        { "MILTER110", In("int[] _a = new int[4];\n    [OnMail] void From() => _a = [_a[0]];") },
        { "MILTER110", In("int _a, _b;\n    [OnRcpt] void To() => _a = _b;") },
        { "MILTER131", In("[OnHeader(\"A\", \"B\")] Verdict Spam(string value) => value == Environment.NewLine ? Verdict.Reject() : Verdict.Continue;") },
        { "MILTER131", In("[OnHeader(\"A\")] Verdict Spam(HeaderField field) => Verdict.Continue;") },
        { "MILTER131", In("[OnHeader(\"A\")] protected virtual Verdict Spam(string value) => Verdict.Continue;") },
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
