using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER095
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHeader] Verdict Header(HeaderField f) => f.Value.Length > 3 ? Verdict.Reject(550, "5.7.1", "No: " + [|f.ValueText|]) : default;
            [OnEoh] Verdict Eoh([Header("Subject")] string? s, MessageHeaders all) { string? from = all["From"]; if (from != null) return Verdict.TempFail(451, "4.7.1", "a", $"{[|from|]}"); return Verdict.Reject(550, null, string.Format("{0}", [|s|])); }
            [OnEom] Verdict End([Header("Subject", Decoded = true)] string? s) => s is { } subject ? Verdict.Reject(550, "5.7.1", [|s|]?.Trim() ?? "x") : default;
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHeader] Verdict Header(HeaderField f) => f.Value.Length > 3 ? Verdict.Reject(550, "5.7.1", $"Too long: {f.ValueText.Length}") : default;
            [OnRcpt] Verdict To(EnvelopeAddress to) => Verdict.Reject(550, "5.7.1", "No " + to.Address);
            [OnEom(Order = 1)] Verdict End([Header("Subject", Decoded = true)] string? s) => s is null ? default : Verdict.Reject(550, "5.7.1", "No: " + Clean(s));
            [OnData] Verdict Data(MilterContext c) => default;
            [OnEom(Order = 2)] Verdict Named([Header("X")] string? x) => x == "virus" ? Verdict.Reject(550, "5.7.1", $"It has a {x}") : default;
            static string Clean(string s) => new([.. s.ToCharArray()[..2]]);
        }
        """);

    [Fact]
    public async Task Sees_several_values_and_one_of_them() => await Rule.CheckAsync(
        """
        using System.Linq;
        [Milter]
        partial class Filter
        {
            [OnEom]
            Verdict End([Header("Subject")] HeaderValues subjects) =>
                subjects.Count > 3 ? Verdict.Reject(550, "5.7.1", "Subjects: " + string.Join(", ", [|subjects|]))
                : subjects.Count > 2 ? Verdict.Reject(550, "5.7.1", $"Subject: {[|subjects.First()|]}")
                : Verdict.Continue;
        }
        """);
}
