using System.Text.Json;

namespace Milter.Mta.Tests;

/// <summary>A private Postfix.</summary>
public sealed class PostfixServer : MtaServer
{
    internal const string Master = "/usr/lib/postfix/sbin/master";

    private readonly KeyValuePair<string, string>[] _environment;

    internal PostfixServer(MtaOptions options, MessageSink sink)
        : base(MtaKind.Postfix, options, sink) => _environment = [new("MAIL_CONFIG", Folder["etc"])];

    /// <inheritdoc/>
    public override Task<CommandResult> SubmitAsync(string from, IReadOnlyList<string> recipients, ReadOnlyMemory<byte> message) =>
        RunAsync("/usr/sbin/sendmail", ["-i", "-f", from, "--", .. recipients], message);

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<HeldMessage>> HeldMessagesAsync()
    {
        var held = new List<HeldMessage>();
        CommandResult queue = (await RunAsync("/usr/sbin/postqueue", ["-j"])).Succeeded();
        foreach (string line in queue.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument entry = JsonDocument.Parse(line);
            JsonElement root = entry.RootElement;
            if (root.GetProperty("queue_name").GetString() == "hold")
            {
                string id = root.GetProperty("queue_id").GetString()!;
                CommandResult content = (await RunAsync("/usr/sbin/postcat", ["-qbh", id])).Succeeded();
                held.Add(new HeldMessage(
                    id,
                    root.GetProperty("sender").GetString()!.Replace("MAILER-DAEMON", "", StringComparison.Ordinal),
                    [.. root.GetProperty("recipients").EnumerateArray().Select(r => r.GetProperty("address").GetString()!)],
                    null,
                    content.Output));
            }
        }

        return held;
    }

    private protected override async Task ConfigureAsync()
    {
        Folder.CreateFolder("etc");
        await File.WriteAllTextAsync(Folder["etc/main.cf"], PostfixConfiguration.MainCf(this));
        await File.WriteAllTextAsync(Folder["etc/master.cf"], PostfixConfiguration.MasterCf(Port));

        // Postfix reads a main.cf again and again, for two seconds, until it is sure that nobody is still writing it.
        File.SetLastWriteTimeUtc(Folder["etc/main.cf"], DateTime.UnixEpoch.AddDays(1));

        // What `postfix check` would make, which takes two seconds.
        await MakeFoldersAsync("root", "root", "755", "spool", "spool/pid");
        await MakeFoldersAsync("postfix", "root", "700", ["data", .. PostfixConfiguration.PrivateQueues.Select(name => $"spool/{name}")]);
        await MakeFoldersAsync("postfix", "postdrop", "710", "spool/public");
        await MakeFoldersAsync("postfix", "postdrop", "1730", "spool/maildrop");
    }

    private protected override MtaProcess Launch() => MtaProcess.Start(OutputFile, Folder["etc"], Master, "-c", Folder["etc"]);

    // Before its log service runs, Postfix tells its errors to a terminal only.
    private protected override async Task<string> ExplainFailureAsync() => File.Exists("/usr/bin/script")
        ? (await RunAsync("/usr/bin/script", ["-qec", "/usr/sbin/postfix check", "/dev/null"])).Text
        : "";

    private async Task MakeFoldersAsync(string owner, string group, string mode, params IReadOnlyList<string> names) =>
        (await Command.RunAsync("/usr/bin/install", ["-d", "-o", owner, "-g", group, "-m", mode, .. names.Select(name => Folder[name])]))
            .Succeeded();

    private Task<CommandResult> RunAsync(string file, IEnumerable<string> arguments, ReadOnlyMemory<byte> input = default) =>
        Command.RunAsync(file, arguments, input, _environment);
}
