using System.Globalization;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>A private Sendmail, from packages that were unpacked and not installed.</summary>
public sealed class SendmailServer : MtaServer
{
    // Sendmail asks for the host's name before it reads its configuration, and sleeps a minute when that has no dot:
    // each of its processes gets a name of its own.
    private static readonly string[] s_named =
        ["/usr/bin/unshare", "--uts", "/bin/sh", "-c", $"hostname {HostName} && exec \"$0\" \"$@\""];

    private readonly string _root = MtaRequirement.SendmailRoot!;

    internal SendmailServer(MtaOptions options, MessageSink sink)
        : base(MtaKind.Sendmail, options, sink)
    {
    }

    /// <summary>The mail server's binary.</summary>
    internal static string Binary(string root) => Path.Combine(root, "usr/libexec/sendmail/sendmail");

    /// <summary>The folder of m4 macros.</summary>
    internal static string MacroFolder(string root) => Path.Combine(root, "usr/share/sendmail/cf/m4");

    /// <inheritdoc/>
    /// <remarks>
    /// With <see cref="MtaOptions.FilterLocalSubmission"/> the command hands the mail over by SMTP, as Debian's does;
    /// without, it puts it into the queue by itself.
    /// </remarks>
    public override Task<CommandResult> SubmitAsync(string from, IReadOnlyList<string> recipients, ReadOnlyMemory<byte> message)
    {
        string[] how = Options.FilterLocalSubmission ? ["-Ac", "-C", Folder["etc/submit.cf"]] : ["-C", Folder["etc/sendmail.cf"]];
        return Command.RunAsync(
            s_named[0],
            [.. s_named[1..], Binary(_root), "-D", Folder["submission.log"], "-d89.10", .. how, "-i", "-f", from, "--", .. recipients],
            message);
    }

    /// <summary>Speaks SMTP with a server of its own (<c>sendmail -bs</c>) over its standard input and output; what it said is the output.</summary>
    /// <param name="lines">What to say, each after the reply to the one before; more than a line where only the last one has a reply.</param>
    public Task<CommandResult> ConverseAsync(params IEnumerable<string> lines)
    {
        // Sendmail takes a client for a spammer that speaks before its turn.
        const string script = """
            coproc S { "$@"; }
            listen() { while IFS= read -r line <&"${S[0]}"; do echo "$line"; [[ $line =~ ^[0-9]{3}\  ]] && return; done; }
            listen
            while IFS= read -r -d $'\x1e' line; do printf '%s\r\n' "$line" >&"${S[1]}"; listen; done
            """;
        return Command.RunAsync(
            "/bin/bash",
            ["-c", script, "", .. s_named, Binary(_root), "-D", Folder["submission.log"], "-d89.10", "-bs", "-C", Folder["etc/sendmail.cf"]],
            Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => $"{line}\x1e"))));
    }

    /// <inheritdoc/>
    public override async Task<IReadOnlyList<HeldMessage>> HeldMessagesAsync()
    {
        var held = new List<HeldMessage>();
        foreach (string file in Directory.EnumerateFiles(Folder["queue"], "hf*"))
        {
            string id = Path.GetFileName(file)[2..];
            held.Add(SendmailQueueFile.Read(
                id,
                await File.ReadAllTextAsync(file, Encoding.Latin1),
                await File.ReadAllBytesAsync(Folder[$"queue/df{id}"])));
        }

        return held;
    }

    private protected override async Task ConfigureAsync()
    {
        Folder.CreateFolder("etc");
        foreach (string queue in new[] { "queue", "client-queue" })
        {
            string owner = queue == "queue" ? "root" : "nobody";
            (await Command.RunAsync("/usr/bin/install", ["-d", "-o", owner, "-m", "700", Folder[queue]])).Succeeded();
        }

        await File.WriteAllTextAsync(Folder["etc/service.switch"], "hosts files\n");
        await File.WriteAllTextAsync(Folder["etc/none"], "");
        await File.WriteAllTextAsync(Folder["statistics"], "");
        await File.WriteAllTextAsync(Folder["etc/access"], SendmailConfiguration.Access(Options));
        await TranslateAsync("sendmail", SendmailConfiguration.Server(this, _root));
        await TranslateAsync("submit", SendmailConfiguration.Submission(this, _root));
        (await Command.RunAsync(
            Path.Combine(_root, "usr/libexec/sendmail/makemap"),
            ["-C", Folder["etc/sendmail.cf"], "hash", Folder["etc/access.db"]],
            await File.ReadAllBytesAsync(Folder["etc/access"]))).Succeeded();
    }

    // 89.10 prints what would go to syslog, with the time.
    private protected override MtaProcess Launch() => MtaProcess.Start(
        OutputFile, "", [.. s_named, Binary(_root), "-bD", "-D", LogFile, "-d89.10", "-C", Folder["etc/sendmail.cf"]]);

    private async Task TranslateAsync(string name, string text)
    {
        await File.WriteAllTextAsync(Folder[$"etc/{name}.mc"], text);
        string folder = Path.GetDirectoryName(MacroFolder(_root))!;
        CommandResult m4 = await Command.RunAsync(
            "/usr/bin/m4", [string.Create(CultureInfo.InvariantCulture, $"-D_CF_DIR_={folder}/"), Folder[$"etc/{name}.mc"]]);
        await File.WriteAllBytesAsync(Folder[$"etc/{name}.cf"], m4.Succeeded().Output);
    }
}
