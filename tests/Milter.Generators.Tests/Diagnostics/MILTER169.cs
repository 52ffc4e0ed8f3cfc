using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER169
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly HashSet<string> s_blocked = ["a.test"]; static readonly string[] s_list = { "b.test" };
            [OnMail] Verdict Mail(EnvelopeAddress from) => [|from.Domain == "example.org"|] || [|from.Domain.EndsWith(".example.org")|] || [|s_blocked.Contains(from.Domain)|] || [|from.Domain is "a.test"|] ? Verdict.Reject() : default;
            [OnRcpt] Verdict To(EnvelopeAddress to, MessageEnvelope envelope) => [|to.Domain != envelope.Sender.Domain|] ? Verdict.Reject() : default;
            [OnHeader] void Header(string name, string value) { switch (name) { case [|"Subject"|]: Console.WriteLine(value + value.Length); break; } _ = name switch { [|"From"|] => 1, _ => 2 }; }
            [OnData] void Data() => Look(default);
            static void Look(HeaderField f) { if ([|f.NameText == "Subject"|] || [|f.Name.SequenceEqual("Subject"u8)|] || [|f.NameText.StartsWith("X-", StringComparison.Ordinal)|]) Console.WriteLine(); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(HashSet<string> given)
        {
            static readonly HashSet<string> s_blocked = new(StringComparer.OrdinalIgnoreCase) { "a.test" };
            [OnMail] Verdict Mail(EnvelopeAddress from) => from.Domain == "" || from.Domain.EndsWith(".example.org", StringComparison.OrdinalIgnoreCase) || s_blocked.Contains(from.Domain) || given.Contains(from.Domain) || from.Domain.ToLowerInvariant() == "x.test" || from.LocalPart == "root" || string.Equals(from.Domain, "y.test", StringComparison.OrdinalIgnoreCase) ? Verdict.Reject() : default;
            [OnHeader] void Header(HeaderField f) { if (f.Is("Subject") || f.NameText.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || f.ValueText == "Yes") Console.WriteLine(); }
        }
        """);

    [Fact]
    public async Task Knows_sets_of_addresses() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly HashSet<string> s_with = ["ann@example.org"], s_without = new(StringComparer.OrdinalIgnoreCase) { "ann@example.org" }, s_local = ["ann"];
            [OnMail] Verdict Mail(EnvelopeAddress from) => [|s_with.Contains(from.Address)|] || s_without.Contains(from.Address) || s_local.Contains(from.Address) ? Verdict.Reject() : default;
        }
        """);
}
