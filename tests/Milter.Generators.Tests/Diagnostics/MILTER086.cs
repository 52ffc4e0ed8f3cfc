using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER086
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, HeaderAdder adder)
            {
                headers.Set([|"X-Spam:"|], "yes");
                headers.RemoveAll([|""|]);
                headers.Change([|"X Spam"|], 1, "yes");
                headers.Prepend([|"X-Spam:"u8|], "yes"u8);
                adder.Add([|"Grüße"|], "yes");
            }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, [Header("X")] string? name) { headers.Set("X-Spam", "a: b"); headers.Append(name ?? "", "x"); headers.InsertAt(0, "!", ""); }
        }
        """);

    [Fact]
    public async Task Flags_look_ups_and_raw_actions() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnHeader] void Header(HeaderField f) { if (f.Is([|"Subject:"|]) || f.Is("Subject"u8)) Console.WriteLine(); }
            [OnEoh] void Eoh(MessageHeaders h) { _ = h[[|"a b"|]]; _ = h.GetAll([|"To:"|]); _ = h.Decoded("To"); _ = h[0]; }
            [OnEom] void End(MessageActions a) => a.DeleteHeader([|"X:"u8|], 1);
        }
        """);
}
