using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Milter.Hosting;
using Milter.Runtime.Tests.Transport;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects mail while options change: who has begun goes on with the old ones, who begins has the new ones, and what is wrong changes nothing.</summary>
public sealed class ReloadTests : IDisposable
{
    private readonly TestServices _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Sessions_from_then_on_have_the_new_options_and_those_that_are_open_the_old()
    {
        using IHost host = await StartAsync(("Judge:First", "a"), ("Judge:Second", "a"), ("Milter:MaxRecipients", "7"));
        using Mta old = await ConnectAsync(host);
        Assert.Equal("a/a a/a", await JudgeAsync(old, Mta.UpToMail, 4));

        Set(host, ("Judge:First", "b"), ("Judge:Second", "b"));
        using Mta before = await ConnectAsync(host);
        Assert.Equal("a/a a/a", await JudgeAsync(before, Mta.UpToMail, 4));

        Assert.Empty(Reload(host));
        using Mta next = await ConnectAsync(host);

        Assert.Equal("b/b b/b", await JudgeAsync(next, Mta.UpToMail, 4));
        Assert.Equal("a/a a/a", await JudgeAsync(old, Mta.Mail, 1));
        Assert.Single(_log.Log, line => line.StartsWith("Information 116 JudgeFilter: ", StringComparison.Ordinal));
        await host.StopAsync(new CancellationToken(canceled: true));
    }

    [Theory]
    [InlineData("Judge:First", "wrong", "Judge:First is wrong.")]
    [InlineData("Milter:MaxConnections", "-1", "Milter:MaxConnections is \"-1\"; allowed is 0 or more.")]
    [InlineData("Milter:MaxConnections", "many", "Failed to convert configuration value 'many' at 'Milter:MaxConnections'")]
    [InlineData("Milter:MaxConections", "1", "Milter:MaxConections: the section Milter has no option MaxConections. Did you mean MaxConnections?")]
    [InlineData("Milter:AllowedNetworks:0", "10/8", "Milter:AllowedNetworks:0: ")]
    public async Task What_is_wrong_is_told_in_one_line_and_all_of_the_old_stays(string key, string value, string complaint)
    {
        using IHost host = await StartAsync(("Judge:First", "a"), ("Judge:Second", "a"));
        using Mta first = await ConnectAsync(host);
        Assert.Equal("a/a a/a", await JudgeAsync(first, Mta.UpToMail, 4));

        Set(host, ("Judge:First", "b"), ("Judge:Second", "b"), (key, value));

        Assert.StartsWith(complaint, Reload(host)[0], StringComparison.Ordinal);
        string line = Assert.Single(_log.Log, line => line.StartsWith("Error 118 The new configuration is wrong, and the old one stays: ", StringComparison.Ordinal));
        Assert.Contains(complaint, line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
        using Mta next = await ConnectAsync(host);
        Assert.Equal("a/a a/a", await JudgeAsync(next, Mta.UpToMail, 4));
        await host.StopAsync(new CancellationToken(canceled: true));
    }

    [Fact]
    public async Task Of_two_milters_none_gets_new_options_where_those_of_one_are_wrong()
    {
        using IHost host = HostTests.Build(
            services => Logged(services).AddMilter<HostTests.FirstFilter>("inet:0@localhost").AddMilter<HostTests.SecondFilter>("inet:0@localhost"));
        await host.StartAsync();

        Set(host, ("Milter:MaxConnections", "1"), ("Milter:Milters:SecondFilter:MaxConnections", "-1"));

        Assert.Equal(["Milter:Milters:SecondFilter:MaxConnections is \"-1\"; allowed is 0 or more."], Reload(host));
        Assert.DoesNotContain(_log.Log, line => line.Contains(" 116 ", StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Fact]
    public async Task Options_that_take_a_restart_are_named_in_one_warning_and_the_others_hold()
    {
        await using MilterServer server = await MilterServer.StartAsync("inet:0@localhost", () => new ScriptedFilter(), null, _log);
        using Mta first = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await first.SayAsync(Mta.UpToMail, 4));

        server.Reload(options =>
        {
            options.SocketMode = "0600";
            options.LoopThreads = 3;
            options.MaxConnections = 1;
        });

        using Mta second = await Mta.ConnectAsync(server.EndPoint);
        Assert.StartsWith("Occy(421 4.3.2", await second.SayAsync(Mta.UpToMail, 4), StringComparison.Ordinal);
        Assert.Single(_log.Log, "Warning 117 Scripted: SocketMode, LoopThreads changed, which takes a restart; until then the old one holds");
        ArgumentException e = Assert.Throws<ArgumentException>(() => server.Reload(options => options.MaxConnections = -1));
        Assert.StartsWith("MilterOptions.MaxConnections is \"-1\"; allowed is 0 or more.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_that_became_shorter_holds_for_the_next_connection()
    {
        using var services = new TestServices { Time = new Milter.Tests.ManualTime() };
        await using MilterServer server = await MilterServer.StartAsync("inet:0@localhost", () => new ScriptedFilter(), null, services);
        server.Reload(options => options.IdleTimeout = TimeSpan.FromSeconds(2));
        using Mta mta = await Mta.ConnectAsync(server.EndPoint);
        Assert.Equal("Occc", await mta.SayAsync(Mta.UpToMail, 4));

        // The time before was two hours.
        Task<string> end = mta.ReadToEndAsync();
        while (!end.IsCompleted && services.Time!.Elapsed < TimeSpan.FromHours(1))
        {
            services.Time.Advance(TimeSpan.FromSeconds(0.5));
            await Task.WhenAny(end, Task.Delay(20));
        }

        Assert.Equal("", await end);
    }

    // What changes of the options is read by one key after the other: whoever looked meanwhile would see half of each.
    [Theory]
    [InlineData(1_000, 20)]
    public async Task No_message_is_judged_by_half_of_each(int messages, int changes)
    {
        using IHost host = await StartAsync(("Judge:First", "0"), ("Judge:Second", "0"));
        int sent = 0, done = 0, permitted = 0;
        var seen = new HashSet<string>();
        Task[] senders = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(SendAsync))];
        for (int i = 1; i <= changes; i++)
        {
            // Half of the messages of each turn are for the change that is being made, the other half for what it has changed: however quick either is.
            int from = i * messages / (changes + 1);
            Volatile.Write(ref permitted, from);
            while (Volatile.Read(ref done) < from)
            {
                await Task.Delay(1);
            }

            Volatile.Write(ref permitted, from + (messages / (changes + 1) / 2));
            Set(host, ("Judge:First", $"{i}"));
            Set(host, ("Judge:Second", $"{i}"));
            Assert.Empty(Reload(host));
        }

        Volatile.Write(ref permitted, messages);
        await Task.WhenAll(senders);
        Assert.Equal(messages, done);
        Assert.All(seen, words => Assert.Single(words.Split(' ', '/').Distinct()));
        Assert.Equal(changes + 1, seen.Count);
        await host.StopAsync(new CancellationToken(canceled: true));

        async Task SendAsync()
        {
            while (Interlocked.Increment(ref sent) is var number && number <= messages)
            {
                while (Volatile.Read(ref permitted) < number)
                {
                    await Task.Delay(1);
                }

                using Mta mta = await ConnectAsync(host);
                string words = await JudgeAsync(mta, Mta.UpToMail, 4);
                lock (seen)
                {
                    seen.Add(words);
                }

                Interlocked.Increment(ref done);
            }
        }
    }

    [Fact]
    public void Outside_of_sessions_options_are_made_once_a_scope_as_ever()
    {
        using IHost host = HostTests.Build(JudgeHost.Add, ("Judge:First", "a"));
        using IServiceScope one = host.Services.CreateScope(), two = host.Services.CreateScope();
        IOptionsSnapshot<JudgeOptions> first = one.ServiceProvider.GetRequiredService<IOptionsSnapshot<JudgeOptions>>();
        Assert.Equal("a/none", first.Value.ToString());

        Set(host, ("Judge:First", "b"));

        Assert.Equal("a/none", one.ServiceProvider.GetRequiredService<IOptionsSnapshot<JudgeOptions>>().Value.ToString());
        Assert.Equal("b/none", two.ServiceProvider.GetRequiredService<IOptionsSnapshot<JudgeOptions>>().Value.ToString());
        Assert.Same(first.Value, first.Get(Options.DefaultName));
    }

    [Fact]
    public async Task OnHangup_is_of_the_process()
    {
        using IHost host = HostTests.Build(services => services.AddMilter<HostTests.FirstFilter>("inet:0@localhost"), ("Milter:Milters:FirstFilter:OnHangup", "Reload"));

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Equal("Milter:Milters:FirstFilter:OnHangup: OnHangup is of the process, and not of one milter. Write Milter:OnHangup.", Assert.Single(e.Failures));
    }

    // docs/options.md says of each option when it holds: what it says is what the code does.
    [Fact]
    public void The_page_says_of_each_option_whether_it_takes_a_restart()
    {
        string page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "options.md"));
        string[][] rows = [.. page.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')).Where(cells => cells.Length == 7)];

        Assert.Equal(MilterOptionKeys.Names.Order(), rows.Select(cells => cells[1].Trim(' ', '`')).Order());
        Assert.Equal(MilterOptionKeys.OfTheStart.Order(), rows.Where(cells => cells[4].Trim() == "restart").Select(cells => cells[1].Trim(' ', '`')).Order());
        Assert.All(rows, cells => Assert.Contains(cells[4].Trim(), (string[])["restart", "next session", "the next stop"]));
    }

    private static IReadOnlyList<string> Reload(IHost host) => host.Services.GetRequiredService<MilterReloader>().Reload();

    private static void Set(IHost host, params (string Key, string Value)[] settings)
    {
        foreach ((string key, string value) in settings)
        {
            host.Services.GetRequiredService<IConfiguration>()[key] = value;
        }
    }

    private static Task<Mta> ConnectAsync(IHost host) => Mta.ConnectAsync(host.Services.GetRequiredService<MilterHealth>().EndPoint!);

    internal static async Task<string> JudgeAsync(Mta mta, byte[] begin, int replies)
    {
        string told = await mta.SayAsync([.. begin, .. Mta.Rcpt, .. Mta.Content], replies + 6);
        while (told.EndsWith('p'))
        {
            // A program that has just started, on a machine that does other things: its handler is compiled for longer than MTAs wait.
            told = told[..^1] + await mta.ReadAsync(1);
        }

        return told[(told.IndexOf("5.7.1 ", StringComparison.Ordinal) + 6)..^1];
    }

    private IServiceCollection Logged(IServiceCollection services) => services.AddSingleton<ILoggerFactory>(_log);

    private async Task<IHost> StartAsync(params (string Key, string Value)[] settings)
    {
        IHost host = HostTests.Build(services => JudgeHost.Add(Logged(services)), settings);
        await host.StartAsync();
        return host;
    }
}
