using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER187
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(BodyEditor body, EnvelopeEditor e) { if (e.CanChangeSender) { [|body.Append("x")|]; return; } [|body.Append("y"u8)|]; body.Replace("z"); body.Append("!"); }
        }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(BodyEditor body, EnvelopeEditor e) { if (e.CanChangeSender) Start(body); else body.Clear(); body.Append("y"u8); }
            static void Start(BodyEditor body) => body.Replace("x");
        }
        """);
}
