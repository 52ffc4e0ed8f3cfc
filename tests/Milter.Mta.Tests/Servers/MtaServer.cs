using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Milter.Mta.Tests;

/// <summary>A real mail server with all its state in a temporary folder; it listens on 127.0.0.1 and delivers into a sink.</summary>
public abstract class MtaServer : IAsyncDisposable
{
    /// <summary>The name that every server takes for itself.</summary>
    public const string HostName = "mx.example.net";

    private MtaProcess? _process;

    private protected MtaServer(MtaKind kind, MtaOptions options, MessageSink sink)
    {
        (Kind, Options, Sink) = (kind, options, sink);
        Folder = WorkFolder.Create(kind == MtaKind.Postfix ? "postfix" : "sendmail");
        if (options.Tls)
        {
            Certificate = TestCertificate.Create(Folder["cert.pem"], Folder["key.pem"]);
        }
    }

    /// <summary>Which server this is.</summary>
    public MtaKind Kind { get; }

    /// <summary>How it was configured.</summary>
    public MtaOptions Options { get; }

    /// <summary>Where it delivers.</summary>
    public MessageSink Sink { get; }

    /// <summary>The port of 127.0.0.1 on which it takes mail.</summary>
    public int Port { get; } = LoopbackPort.Take();

    /// <summary>The folder of its configuration, queue and log.</summary>
    public WorkFolder Folder { get; }

    /// <summary>The certificate it shows after STARTTLS.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>The living processes of this server.</summary>
    public IReadOnlyList<int> ProcessIds => _process?.Members() ?? [];

    /// <summary>Everything it logged.</summary>
    public string Log => ReadShared(OutputFile) + ReadShared(LogFile);

    /// <summary>The end of the log, for the message of a test that failed.</summary>
    public string LogTail => $"--- log of {Kind} on port {Port}:\n{string.Join('\n', Log.Split('\n').TakeLast(60))}";

    private protected string OutputFile => Folder["output"];

    private protected string LogFile => Folder["maillog"];

    /// <summary>Starts a server and waits until it listens; the test is skipped when the machine lacks it.</summary>
    public static async Task<MtaServer> StartAsync(MtaKind kind, MtaOptions options, MessageSink sink)
    {
        await MtaRequirement.DemandAsync(kind);
        await Leftovers.SweepAsync();
        MtaServer server = kind == MtaKind.Postfix ? new PostfixServer(options, sink) : new SendmailServer(options, sink);
        try
        {
            await server.ConfigureAsync();
            server._process = server.Launch();
            Leftovers.Note(server.Folder.Path, server._process.Id);
            bool listens = false;
            await Deadline.UntilAsync(() =>
                server._process.HasExited || (listens = LoopbackPort.IsListening(server.Port, server._process.Id)));
            Assert.True(listens, listens ? "" : $"{kind} did not start.\n{server.LogTail}\n{await server.ExplainFailureAsync()}");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens an SMTP session; its failures show the log of this server.</summary>
    public Task<SmtpClientSession> ConnectAsync() => SmtpClientSession.ConnectAsync(Port, () => LogTail);

    /// <summary>Hands a message to the server's <c>sendmail</c> command, as a program on its machine would.</summary>
    /// <param name="from">The envelope sender without angle brackets.</param>
    /// <param name="recipients">The recipients without angle brackets.</param>
    /// <param name="message">The message with LF line ends.</param>
    public abstract Task<CommandResult> SubmitAsync(string from, IReadOnlyList<string> recipients, ReadOnlyMemory<byte> message);

    /// <summary>Hands a message, given as text in Latin-1, to the server's <c>sendmail</c> command.</summary>
    public Task<CommandResult> SubmitAsync(string from, IReadOnlyList<string> recipients, string message) =>
        SubmitAsync(from, recipients, Encoding.Latin1.GetBytes(message));

    /// <summary>The messages in quarantine now: Postfix's hold queue, or Sendmail's quarantined queue files.</summary>
    public abstract Task<IReadOnlyList<HeldMessage>> HeldMessagesAsync();

    /// <summary>Waits until a message was delivered.</summary>
    public async Task<SinkMessage> WaitForDeliveryAsync(Func<SinkMessage, bool> wanted) =>
        await Sink.WaitForAsync(wanted) ?? throw new Xunit.Sdk.XunitException(
            $"The message was not delivered. These were:\n{string.Join('\n', Sink.Messages)}\n{LogTail}");

    /// <summary>Waits until a message is in quarantine.</summary>
    public async Task<HeldMessage> WaitForHeldAsync(Func<HeldMessage, bool> wanted)
    {
        HeldMessage? found = null;
        await Deadline.UntilAsync(async () => (found = (await HeldMessagesAsync()).FirstOrDefault(wanted)) is not null);
        return found ?? throw new Xunit.Sdk.XunitException($"The message is not in quarantine.\n{LogTail}");
    }

    /// <summary>Stops the server's processes and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            await process.DisposeAsync();
        }

        Certificate?.Dispose();
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task ConfigureAsync();

    private protected abstract MtaProcess Launch();

    private protected virtual Task<string> ExplainFailureAsync() => Task.FromResult("");

    private static string ReadShared(string path)
    {
        if (!File.Exists(path))
        {
            return "";
        }

        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
