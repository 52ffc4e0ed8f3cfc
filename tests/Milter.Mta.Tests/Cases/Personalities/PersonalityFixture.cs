using Milter.Testing;

namespace Milter.Mta.Tests;

/// <summary>Servers that reach their filter through a proxy, which is started anew for each session and records it.</summary>
public sealed class PersonalityFixture : MtaFixture
{
    private int _folders;

    /// <summary>Where the filter of a case listens.</summary>
    public string Back(MtaKind kind) => Folder.SocketPath($"{kind}.sock");

    /// <summary>Makes a folder for recordings.</summary>
    public string NewFolder() => Directory.CreateDirectory(Folder[$"recorded-{++_folders}"]).FullName;

    /// <summary>Starts a proxy where the server looks for its filter.</summary>
    public MilterRecordingProxy StartProxy(MtaKind kind, string folder)
    {
        string front = Front(kind);
        File.Delete(front);
        MilterRecordingProxy proxy = MilterRecordingProxy.Start($"unix:{front}", $"unix:{Back(kind)}", folder, RecordingParts.All);
        File.SetUnixFileMode(front, (UnixFileMode)0b110_110_110);
        return proxy;
    }

    // Of the recipients that Sendmail refuses it tells a filter only those that its rules let pass, such as a program as recipient of a mailer local.
    /// <inheritdoc/>
    protected override MtaOptions Configure(MtaKind kind)
    {
        var options = new MtaOptions { Milters = [MilterEndpoint.Unix(Front(kind))] };
        return options with
        {
            RefusedDomains = kind == MtaKind.Postfix ? [.. options.RefusedDomains, MtaServer.HostName] : options.RefusedDomains,
            Tls = true,
            FilterLocalSubmission = kind == MtaKind.Postfix,
            Postfix = new() { SmtpUtf8 = true, Xclient = true, MainCf = ["inet_protocols = all"] },
            Sendmail = new() { Mc = ["MAILER(`local')"] },
        };
    }

    private string Front(MtaKind kind) => Folder.SocketPath($"{kind}.front");
}
