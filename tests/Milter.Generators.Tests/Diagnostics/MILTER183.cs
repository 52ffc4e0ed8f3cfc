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
}
