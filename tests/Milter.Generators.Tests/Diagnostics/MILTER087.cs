using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER087
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, HeaderAdder adder)
            {
                adder.Add("X", [|"a\r b"|]);
                adder.Add("X", [|"a\r\nb"|]);
                adder.Add("X", [|"a\nb"|]);
                headers.Set("X", [|"a\n"|]);
                headers.Append("X"u8, [|"a\0"u8|]);
            }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, [Header("X")] string? value) { headers.Set("X", "a\n b\n\tc"); headers.Set("X", "a\r\n b\r\n\tc"); headers.Append("X", $"{value}\r\n\t{value}"); headers.Append("X", "a\r\n" + $" {value}"); headers.Append("X"u8, "a\r\n b"u8); headers.Append("X", value ?? ""); headers.Append("X", ""); }
        }
        """);

    [Fact]
    public async Task Flags_parts_of_texts_made_later() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, HeaderAdder adder, MessageEnvelope envelope) { headers.Append("X", $"{envelope.Recipients.Count}[|\r\n|]"); adder.Add("Y", "a" + envelope.Recipients.Count + [|"\nb"|]); headers.Append("Z", $"a\n {envelope.Recipients.Count}\n\tb"); }
            [OnAbort] void Aborted() { }
        }
        """);
}
