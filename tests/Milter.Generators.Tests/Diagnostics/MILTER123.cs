using Milter.Generators.Tests.Infrastructure;

namespace Milter.Generators.Tests.Diagnostics;

public sealed class MILTER123
{
    [Fact]
    public async Task Flags_it() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(IAudit audit)
        {
            [OnMail] void Mail(EnvelopeAddress from) { _ = audit.NoteAsync([|from|]); Fire([|from|]); }
            [OnRcpt] Verdict To(EnvelopeAddress to) { _ = Task.Run(() => Console.WriteLine([|to|].Address)); return default; }
            [OnBody] void Chunk(ReadOnlyMemory<byte> chunk) { ReadOnlyMemory<byte> same = chunk.Slice(1); ThreadPool.QueueUserWorkItem(_ => Look([|same|])); new Thread(() => Look([|chunk|])).Start(); }
            [OnEom] async Task End(HeaderEditor headers, BodyEditor body) { _ = Later([|headers|]); _ = {|MILTER122:[|body|].ReplaceAsync(Stream.Null)|}; var lost = {|MILTER091:Task.Run(() => [|headers|].RemoveAll("X"))|}; await Task.Yield(); }
            static void Look(ReadOnlyMemory<byte> m) { }
            static async void Fire(EnvelopeAddress a) { await Task.Yield(); Console.WriteLine(a); }
            static async Task Later(HeaderEditor h) { await Task.Yield(); h.RemoveAll("X"); }
        }
        interface IAudit { Task NoteAsync(EnvelopeAddress a); }
        """);

    [Fact]
    public async Task Is_quiet_where_it_is_right() => await Rule.CheckAsync(
        """
        [Milter]
        partial class Filter(IAudit audit)
        {
            [OnMail] Task Mail(EnvelopeAddress from) => audit.NoteAsync(from);
            [OnRcpt] void To(EnvelopeAddress to) { string address = to.Address; _ = Task.Run(() => Console.WriteLine(address)); }
            [OnBody] async Task Chunk(ReadOnlyMemory<byte> chunk) { byte[] copy = chunk.ToArray(); _ = Task.Run(() => Look(copy)); await Task.Run(() => Look(chunk)); Task t = Task.Run(() => Look(chunk)); await t; }
            [OnEom] async Task End(HeaderEditor headers) { Task a = Later(headers), b = Later(headers); await Task.WhenAll(a, b); new List<int> { 1 }.ForEach(_ => headers.RemoveAll("X")); }
            static void Look(ReadOnlyMemory<byte> m) { }
            static async Task Later(HeaderEditor h) { await Task.Yield(); h.RemoveAll("X"); }
        }
        interface IAudit { Task NoteAsync(EnvelopeAddress a); }
        """);

    [Fact]
    public async Task Sees_asynchronous_lambdas_that_give_no_task_and_streams_of_the_body() => await Rule.CheckAsync(
        """
        using System.Linq;
        [Milter]
        partial class Filter
        {
            [OnEom]
            void End(HeaderEditor headers, MessageBody body, [Header("X-A")] HeaderValues values)
            {
                values.ToList().ForEach({|MILTER091:async|} one =>
                {
                    await Task.Yield();
                    [|headers|].Append("X-B", one);
                });
                if (body.IsAvailable)
                {
                    Stream stream = body.OpenRead();
                    _ = Task.Run(() => [|stream|].CopyToAsync(Stream.Null));
                }
            }
        }
        """);
}
