using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER070
{
    [Fact]
    public async Task Flags_members_that_can_t_be_made_new() => await Rule.CheckAsync("""
        class Base { [PerMessage] private int [|_hidden|]; }

        [Milter]
        partial class A : Base
        {
            [PerMessage] static int [|s_count|];
            [PerMessage] string [|_text|] = "";
            [PerMessage] int [|_count|] = 1;
            [PerMessage] readonly int [|_fixed|];
            [PerMessage] readonly string? [|_final|];
            [PerMessage] int [|ReadOnly|] { get; }
            [PerMessage] int [|Init|] { get; init; }
            [PerMessage] Stream [|_stream|] = Stream.Null;
            [PerMessage] readonly MemoryStream? [|_copy|];
            [PerMessage] int [|this|][int i] { get => i; set { } }
            [PerMessage] Version [|Set|] { get; set; } = new();
            [PerMessage] readonly int[] [|_array|] = [];
        }
        """);

    [Fact]
    public async Task Says_what_would_do()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            [Milter] partial class A { [PerMessage] string [|_text|] = ""; [PerMessage] readonly Version? [|_version|]; }
            """);

        Assert.Equal(
            [
                "'_text' can't be reset between messages: it would become null, and 'string' does not allow that; write 'string?', or give it a type with a Clear() without parameters or with IResettable",
                "'_version' can't be reset between messages: it can't be set, and 'Version?' has neither a Clear() without parameters nor IResettable",
            ],
            messages);
    }

    [Fact]
    public async Task Flags_members_that_others_hide_and_that_can_t_be_reached_past_them()
    {
        IReadOnlyList<string> messages = await Rule.CheckAsync("""
            class Base { [PerMessage] protected int [|Far|]; [PerMessage] protected virtual int [|Size|] { get; set; } }
            class Middle : Base { protected new int Far; protected new int Size; }
            [Milter] partial class A : Middle { [PerMessage] new readonly string? [|Far|]; }
            """);

        Assert.Equal(
            [
                "'Far' can't be reset between messages: 'A.Far' hides it; rename one of them",
                "'Size' can't be reset between messages: 'Middle.Size' hides it; rename one of them",
                "'Far' can't be reset between messages: it can't be set, and 'string?' has neither a Clear() without parameters nor IResettable",
            ],
            messages);
    }

    [Fact]
    public async Task Is_quiet_about_members_that_can() => await Rule.CheckAsync("""
        struct Counter : IResettable { int _n; public void Reset() => _n = 0; }
        class Base { [PerMessage] protected virtual int? Size { get; set; } [PerMessage] protected internal Uri? Link = null; }

        [Milter]
        partial class A : Base
        {
            [OnEom] void End() { }
            [PerMessage] protected override int? Size { get; set; }
            [PerMessage] string? _text;
            [PerMessage] string _late = null!;
            [PerMessage] bool _done = false;
            [PerMessage] DateTime _when = default;
            [PerMessage] readonly HashSet<string> _seen = new();
            [PerMessage] List<string> Words { get; } = [];
            [PerMessage] ICollection<int> _numbers = new List<int>();
            [PerMessage] List<int>? _maybe;
            [PerMessage] Counter _counter;
            [PerMessage] readonly IResettable _any = new Counter();
            [PerMessage] Stream? _stream;
            [PerMessage] IAsyncDisposable? _source;
            [field: PerMessage] int Backed { get; set; }
        }
        """);
}
