using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER199
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter
        {
            [OnEom] void End(HeaderEditor headers, [Header("X")] HeaderValues x) { [|headers.RemoveWhere("X", field => field.Is("X") && x.Count > 1)|]; Mark(headers); }
            static void Mark(HeaderEditor headers) => [|headers.ChangeEach("Y", field => field.ValueText + "!")|];
        }
        """);

    [Fact]
    public async Task Is_quiet_where_values_are_collected() => await Rule.CheckAsync(
        """
        [Milter]
        partial class One
        {
            [OnEom] void End(HeaderEditor headers) => headers.RemoveWhere("X", field => field.Value.IsEmpty);
            [OnEoh] void Eoh(MessageHeaders headers) => Console.WriteLine(headers.Count);
        }
        abstract class Base { [OnEom(Order = 1)] protected void Look(MessageHeaders headers) => Console.WriteLine(headers.Count); }
        [Milter]
        partial class Two : Base
        {
            [OnEom(Order = 2)] void End(HeaderEditor headers) => headers.RemoveWhere("X", field => field.Value.IsEmpty);
        }
        """);
}
