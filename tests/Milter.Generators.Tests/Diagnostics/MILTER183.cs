using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER183
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(EnvelopeAddress from) => [|from.Address == "<>"|] || [|from.Raw == "root@localhost"|] || [|from.Domain.Equals("@example.org", StringComparison.OrdinalIgnoreCase)|] || [|from.Address is "<root>"|] ? Verdict.Reject() : default;
            [OnRcpt] Verdict To(string to) => [|to == "root@localhost"|] || [|to.EndsWith("@example.org", StringComparison.OrdinalIgnoreCase)|] || [|to.StartsWith("root@", StringComparison.Ordinal)|] ? Verdict.Reject() : default;
            [OnHeader] void Header(string name, string value) { if ([|name.Equals("Subject:", StringComparison.OrdinalIgnoreCase)|]) Console.WriteLine(value + value.Length); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnMail] Verdict Mail(EnvelopeAddress from) => from.Address == "" || from.Raw == "<>" || from.Raw == "<root@localhost>" || from.LocalPart == "root" || from.Address == "root" ? Verdict.Reject() : default;
            [OnRcpt] Verdict To(string to) => to == "<root@localhost>" || to == "" || to.EndsWith("@example.org>", StringComparison.OrdinalIgnoreCase) || to.Contains("root@") ? Verdict.Reject() : default;
            [OnHelo] Verdict Helo(string name) => name == "root@localhost" ? Verdict.Reject() : default;
        }
        """);

    [Fact]
    public async Task Knows_the_parameters_of_what_an_override_overrides() => await Rule.CheckAsync(
        """
        abstract class Base
        {
            [OnRcpt] protected virtual Verdict To([Macro("{rcpt_host}")] string? host, string to) => default;
        }
        [Milter]
        partial class Filter : Base
        {
            protected override Verdict To(string? host, string to) => host is "spam.test" || [|to is "a@spam.test"|] ? Verdict.Reject() : default;
        }
        """);

    [Fact]
    public async Task Knows_what_a_set_is_asked_for() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            static readonly HashSet<string> s_senders = new(StringComparer.OrdinalIgnoreCase) { "ann@example.org" }, s_addresses = new(StringComparer.OrdinalIgnoreCase) { "<>" };
            static readonly Dictionary<string, string> s_right = new() { ["<ann@example.org>"] = "bob@example.org" };
            [OnMail] Verdict Mail(string from) => [|s_senders.Contains(from)|] || s_right.ContainsKey(from) ? Verdict.Reject() : default;
            [OnMail(Order = 1)] Verdict Local(EnvelopeAddress address) => [|s_addresses.Contains(address.Address)|] ? Verdict.Reject() : default;
        }
        """);
}
