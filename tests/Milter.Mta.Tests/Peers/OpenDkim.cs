using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Milter.Client;

namespace Milter.Mta.Tests;

/// <summary>OpenDKIM, another hand's reading of the same standard: it signs what is given to it as a milter, and verifies what is given to it as a file.</summary>
internal sealed partial class OpenDkim : IAsyncDisposable
{
    /// <summary>The domain that signs.</summary>
    public const string Domain = "example.org";

    /// <summary>The selector of its key.</summary>
    public const string Selector = "sel";

    private const string Program = "/usr/sbin/opendkim";

    private readonly WorkFolder _folder = WorkFolder.Create("opendkim");
    private readonly RSA _key = RSA.Create(2048);
    private readonly Dictionary<string, Daemon> _signers = [];

    /// <summary>Makes a key; the test is skipped where OpenDKIM is not installed.</summary>
    public OpenDkim()
    {
        ToolRequirement.Demand(Program, "opendkim");
        File.WriteAllText(KeyFile, _key.ExportRSAPrivateKeyPem());
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>The file with the private key.</summary>
    public string KeyFile => _folder["key.pem"];

    /// <summary>The record of the public key.</summary>
    public string Record => $"v=DKIM1; k=rsa; p={Convert.ToBase64String(_key.ExportSubjectPublicKeyInfo())}";

    /// <summary>The record as a line of a zone.</summary>
    public string ZoneLine => $"{Selector}._domainkey.{Domain}. 60 IN TXT {NameServer.Text(Record)}";

    /// <summary>Signs a message as OpenDKIM does behind Postfix.</summary>
    /// <param name="message">The message.</param>
    /// <param name="canonicalization">For example <c>simple/simple</c>.</param>
    /// <returns>The signed message, or <see langword="null"/> where OpenDKIM does not sign it.</returns>
    public async Task<byte[]?> SignAsync(MailContent message, string canonicalization)
    {
        string socket = _folder[canonicalization.Replace('/', '-')];
        if (!_signers.ContainsKey(canonicalization))
        {
            await File.WriteAllTextAsync(socket + ".conf", $"""
                Mode s
                Domain {Domain}
                Selector {Selector}
                KeyFile {KeyFile}
                Canonicalization {canonicalization}
                SenderHeaders Sender,From
                Socket local:{socket}
                Background no
                RequireSafeKeys no
                Syslog no

                """);
            _signers[canonicalization] = await Daemon.StartAsync(socket + ".log", () => Deadline.Listens(socket), Program, "-f", "-x", socket + ".conf");
        }

        await using var client = new MilterClient($"unix:{socket}");
        MilterOutcome outcome = await client.FilterAsync(
            new SmtpSession(SmtpClientInfo.At("127.0.0.1", "localhost")) { HeloName = "localhost" },
            new MailTransaction { Sender = "joe@example.org", Recipients = { "ann@example.com" }, Content = message, QueueId = "1A2B3C4D5E" });
        Assert.True(outcome.IsDelivered, outcome.ToString());
        byte[] signed = outcome.Result.Content.ToBytes();
        return outcome.Result.Content["DKIM-Signature"] is null ? null : signed;
    }

    /// <summary>Verifies a message, and fails unless each signature of our domain is valid.</summary>
    /// <param name="message">The message.</param>
    /// <param name="server">Who is asked for the key.</param>
    public async Task AssertVerifiesAsync(byte[] message, NameServer server)
    {
        await File.WriteAllTextAsync(_folder["verify.conf"], string.Create(CultureInfo.InvariantCulture, $"Mode v\nNameservers 127.0.0.1@{server.Port}\nSyslog no\n"));
        string file = _folder[Guid.NewGuid().ToString("N")];
        await File.WriteAllBytesAsync(file, message);
        CommandResult told = await Command.RunAsync(Program, ["-x", _folder["verify.conf"], "-v", "-t", file]);
        string said = told.Text + told.Error;
        Assert.True(Verified().IsMatch(said), $"{said}\n{System.Text.Encoding.Latin1.GetString(message)}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (Daemon signer in _signers.Values)
        {
            await signer.DisposeAsync();
        }

        _key.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"verification \(s=sel,? d=example\.org.*\) succeeded")]
    private static partial Regex Verified();
}
