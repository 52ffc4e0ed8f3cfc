using System.Diagnostics.CodeAnalysis;
using Milter.Protocol;
using Milter.Tests;

namespace Milter.Runtime.Tests.Transport;

/// <summary>Handlers that stall at random, under a clock that runs fast: whatever is deposed, every command gets one reply and nothing runs twice at once.</summary>
[SuppressMessage("Security", "CA5394", Justification = "Repeatable on purpose.")]
public abstract class HandOverStressTests(MilterTransport transport) : IDisposable
{
    private const int Connections = 8, Messages = 40;

    private readonly TestServices _services = new() { Time = new ManualTime() };
    private int _overlaps;
    private int _filters;

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_command_gets_one_reply(int seed)
    {
        using var folder = new TemporaryFolder();
        await using MilterServer server = await MilterServer.StartAsync(
            $"unix:{folder.Path}/s",
            NewFilter,
            options =>
            {
                options.Transport = transport;
                options.CommandBudget = TimeSpan.FromMilliseconds(500);
                options.EndOfMessageBudget = TimeSpan.FromMilliseconds(1500);
                options.ProgressInterval = TimeSpan.FromMilliseconds(500);
                options.ExpiryGrace = TimeSpan.Zero;

                // Under this clock a thread that waits for a processor is silent for minutes.
                options.FirstPacketTimeout = TimeSpan.FromHours(1);
                options.IdleTimeout = TimeSpan.FromDays(7);
            },
            _services);
        Task[] mtas = [.. Enumerable.Range(0, Connections).Select(i => Task.Run(() => ConverseAsync(server.EndPoint, new Random((seed * 1000) + i))))];
        Task all = Task.WhenAll(mtas);
        while (!all.IsCompleted)
        {
            _services.Time!.Advance(TimeSpan.FromMilliseconds(250));
            await Task.WhenAny(all, Task.Delay(1));
        }

        await all;
        await server.StopAsync();
        Assert.Equal(0, _overlaps);
        Assert.Equal(0, server.Health.Connections);
        Assert.DoesNotContain(_services.Log, line => line.StartsWith("Error 103", StringComparison.Ordinal));
    }

    private async Task ConverseAsync(MilterEndPoint endPoint, Random random)
    {
        using Mta mta = await Mta.ConnectAsync(endPoint);
        Assert.Equal("Occ", await mta.SayAsync(Mta.UpToMail[..^Mta.Mail.Length], 3));
        byte[][] content = [.. Cut(Mta.Content)];
        for (int message = 0; message < Messages; message++)
        {
            if (await AskAsync(mta, Mta.Mail, random) && (await AskAsync(mta, Mta.Rcpt, random) | await AskAsync(mta, Mta.Rcpt, random)))
            {
                foreach (byte[] command in content)
                {
                    if (!await AskAsync(mta, command, random))
                    {
                        break;
                    }
                }
            }

            await mta.SendAsync(Mta.Frames(CommandWriter.Abort));
        }

        await mta.SendAsync(Mta.Quit);
        Assert.Equal("", await mta.ReadToEndAsync());
    }

    /// <returns>Whether the filter says Continue.</returns>
    private async Task<bool> AskAsync(Mta mta, byte[] command, Random random)
    {
        int cut = random.Next(command.Length);
        if (cut > 0)
        {
            await mta.SendAsync(command[..cut]);
        }

        await mta.SendAsync(command[cut..]);
        string reply;
        do
        {
            reply = await mta.ReadAsync(1);
        }
        while (reply == "p");
        Assert.True(reply is "c" or "t", $"unexpected reply \"{reply}\"");
        return reply == "c";
    }

    private static IEnumerable<byte[]> Cut(byte[] frames)
    {
        while (FrameReader.TryRead(frames, MilterLimits.MaxPayload, out _, out int length) == FrameStatus.Complete)
        {
            yield return frames[..length];
            frames = frames[length..];
        }
    }

    private ScriptedFilter NewFilter()
    {
        var random = new Random(Interlocked.Increment(ref _filters));
        int running = 0;
        return new ScriptedFilter { Rcpt = Stall, Eom = Stall };

        async ValueTask<Verdict> Stall(CompilerServices.StepContext step)
        {
            if (Interlocked.Exchange(ref running, 1) == 1)
            {
                Interlocked.Increment(ref _overlaps);
            }

            switch (random.Next(12))
            {
                case 0:
                    Thread.Sleep(random.Next(12));
                    break;
                case 1:
                    await Task.Delay(random.Next(12));
                    break;
                case 2:
                    await Task.Yield();
                    Thread.Sleep(random.Next(6));
                    break;
                case 3:
                    await Task.Yield();
                    break;
            }

            Volatile.Write(ref running, 0);
            return default;
        }
    }
}
