using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER171
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHeader("Subject")] void Header(HeaderField f) { if ([|f.ValueText.Contains("Grüße")|]) Console.WriteLine(); }
            [OnEoh] Verdict Eoh([Header("Subject")] string? s, MessageHeaders all) => [|s == "año"|] || [|all["Subject"]!.StartsWith("Ω", StringComparison.Ordinal)|] ? Verdict.Reject() : default;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHeader("Subject")] void Header(HeaderField f) { if (f.DecodedValue.Contains("Grüße") || f.ValueText.Contains("spam")) Console.WriteLine(); }
            [OnEoh] Verdict Eoh([Header("Subject", Decoded = true)] string? s, MessageHeaders all) => s == "año" || all.Decoded("Subject") == "Ω" ? Verdict.Reject() : default;
        }
        """);

    [Fact]
    public async Task Follows_queries_and_what_an_override_overrides() => await Rule.CheckAsync(
        """
        using System.Linq;
        abstract class Base
        {
            [OnEom] protected virtual Verdict End([Header("Subject")] HeaderValues raw, [Header("Subject", Decoded = true)] string? decoded) => default;
        }
        [Milter]
        partial class Filter : Base
        {
            protected override Verdict End(HeaderValues raw, string? decoded) =>
                [|raw.Where(one => one.Length > 3).First().Contains("Glück")|] || raw.Skip(1).Any(one => [|one.Contains("Glück")|]) || decoded?.Contains("Glück") == true ? Verdict.Reject() : default;
        }
        """);
}
