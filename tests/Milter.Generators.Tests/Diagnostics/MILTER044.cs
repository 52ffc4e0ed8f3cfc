using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER044
{
    [Fact]
    public async Task Flags_names_that_never_come() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [[|OnHeader("To", "Reply To")|]] void Header(string value) { }
            [[|OnHeader("Grüße")|]] void Greeting(string value) { }
            [OnEom]
            void Eom(
                [[|Header("Subject:")|]] string? a,
                [[|Header("")|]] string? b,
                [[|Macro("{}")|]] string? c,
                [[|Macro("{i")|]] string? d,
                [[|Macro("a b")|]] string? e,
                [[|Header(null!)|]] string? f) { }
        }
        """);

    [Fact]
    public async Task Says_what_is_wrong()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            [Milter] partial class A { [OnEom] void Eom([[|Header("Subject:")|]] string? a) { } }
            """);

        Assert.Equal(["\"Subject:\" can't be the name of a header field: the colon is not part of the name"], messages);
    }

    [Fact]
    public async Task Is_quiet_about_names() => await Rule.CheckAsync("""
        [Milter]
        partial class A
        {
            [OnHeader("X-\"Quoted\\", "!#$%")] void Header(string value) { }
            [OnEom] void Eom([Header("x")] string? a, [Macro("_")] string? b, [Macro("mail_addr")] string? c, [Macro("{i}")] string? d) { }
        }
        """);
}
