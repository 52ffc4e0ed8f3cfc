using System.Buffers;
using System.Runtime.InteropServices;
using Milter.Limits;
using Milter.Protocol;
using Milter.Transport;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Protects handlers that go on after giving their thread back: what they look at stays theirs, the first time too, before anybody knows that they do.</summary>
public sealed class LentInputTests : IDisposable
{
    private readonly TestServices _services = new();
    private readonly SemaphoreSlim _entered = new(0), _bodies = new(0);

    public void Dispose()
    {
        _services.Dispose();
        _entered.Dispose();
        _bodies.Dispose();
    }

    // The field's handlers are known to give their thread back, so what comes behind the field is kept until they return; those of the body do it there for the first time.
    [Theory]
    [InlineData(MilterTransport.Automatic)]
    [InlineData(MilterTransport.Sockets)]
    public async Task What_a_handler_looks_at_is_not_given_to_another_connection(MilterTransport transport)
    {
        using var folder = new TemporaryFolder();
        await using MilterServer server = await MilterServer.StartAsync(
            $"unix:{folder.Path}/s",
            () => new LookingFilter(_entered, _bodies),
            options =>
            {
                options.Transport = transport;
                options.LoopThreads = 1;
            },
            _services);
        using Mta first = await BeginAsync(server);
        Assert.Equal("c", await first.SayAsync(Mta.Frames(static buffer => CommandWriter.Header(buffer, "X-First", "1")), 1));

        await first.SendAsync(FieldAndBody((byte)'a'));
        Assert.Equal("c", await first.ReadAsync(1));
        await _entered.WaitAsync();
        var others = new List<Mta>();
        for (int i = 0; i < 8; i++)
        {
            Mta other = await BeginAsync(server);
            others.Add(other);
            await other.SendAsync(FieldAndBody((byte)('b' + i)));
            Assert.Equal("c", await other.ReadAsync(1));
            await _entered.WaitAsync();
        }

        _bodies.Release(1 + others.Count);
        Assert.Equal("c", await first.ReadAsync(1));
        foreach (Mta other in others)
        {
            Assert.Equal("c", await other.ReadAsync(1));
            other.Dispose();
        }
    }

    // Which connection gets an array from the pool is up to its threads: here it is this one.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_array_that_handlers_look_at_does_not_go_back_to_the_pool(bool isLent)
    {
        var inbox = new Inbox(new ByteBudget(0));
        inbox.Keep(new byte[3000]);
        Assert.True(MemoryMarshal.TryGetArray(inbox.Unread, out ArraySegment<byte> kept));

        inbox.Consume(3000, isLent);

        byte[] next = ArrayPool<byte>.Shared.Rent(3000);
        Assert.Equal(isLent, !ReferenceEquals(kept.Array, next));
        ArrayPool<byte>.Shared.Return(next);
    }

    private static byte[] FieldAndBody(byte fill) => Mta.Frames(buffer =>
    {
        CommandWriter.Header(buffer, "X-Second", "2");
        CommandWriter.Body(buffer, Enumerable.Repeat(fill, 3000).ToArray());
    });

    private static async Task<Mta> BeginAsync(MilterServer server)
    {
        Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occ", await mta.SayAsync(Mta.UpToMail, 3));
        return mta;
    }
}

/// <summary>Goes on later with each field; looks at a chunk before and after it has waited, and refuses the message where it is another by then.</summary>
[Milter]
internal sealed partial class LookingFilter(SemaphoreSlim entered, SemaphoreSlim bodies)
{
    [OnHeader]
    private static async ValueTask<Verdict> Field(string name)
    {
        await Task.Yield();
        return Verdict.Continue;
    }

    [OnBody]
    private async ValueTask<Verdict> Body(ReadOnlyMemory<byte> chunk, CancellationToken token)
    {
        byte[] before = chunk.ToArray();
        entered.Release();
        await bodies.WaitAsync(token);
        return chunk.Span.SequenceEqual(before) ? Verdict.Continue : Verdict.Reject();
    }
}
