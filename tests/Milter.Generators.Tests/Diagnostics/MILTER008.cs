using Microsoft.CodeAnalysis.CSharp;
using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER008
{
    [Fact]
    public async Task Is_said_first_and_alone()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            // project: C# 10
            [Milter]
            class [|Filter|] { [OnMail] bool From(int count) => true; }
            """);

        Assert.Equal("'Filter' is compiled as C# 10.0; what is generated for it needs C# 11 or later: raise or remove LangVersion in the project", Assert.Single(messages));
    }

    [Theory]
    [InlineData(LanguageVersion.CSharp11)]
    [InlineData(LanguageVersion.Preview)]
    public void Is_quiet_where_generated_code_compiles(LanguageVersion language) => Assert.Single(GeneratorHarness.Run(language, Usings.Global, """
        [Milter]
        partial class Filter
        {
            private readonly Uri _uri;
            public Filter(Uri uri) => _uri = uri;
            [PerMessage] private IDisposable? _old;
            [PerMessage] private IAsyncDisposable? _slow;
            [OnHeader("To")] void To(string value) { _old = null; _slow = null; }
            [OnBody] Verdict Body(ReadOnlySpan<byte> chunk) => Verdict.Skip;
            [OnEom] async Task<Verdict> End([Header("Subject")] HeaderValues subjects, [Macro("i")] string? id, HeaderEditor? headers, [FromServices] Uri other)
            {
                await Task.Yield();
                return _uri == other ? Verdict.Accept : default;
            }
        }
        """).Result.GeneratedSources);
}
