using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Milter.Tests;

namespace Milter.Mta.Tests;

/// <summary>stunnel as the MTA's side of TLS: takes plain connections where the MTA looks for its filter, and goes on encrypted, with a certificate of its own.</summary>
/// <remarks>Its configuration is that of <c>docs/tls.md</c>, but for paths and ports.</remarks>
public sealed partial class Tunnel : IAsyncDisposable
{
    /// <summary>The name in the tunnel's certificate.</summary>
    public const string Name = "mta.example.org";

    private const string Program = "/usr/bin/stunnel4", FilterName = "filter.example.org";

    private readonly WorkFolder _folder = WorkFolder.Create("tunnel");
    private readonly string _accept;
    private Process? _process;

    /// <summary>Makes certificates for both sides.</summary>
    /// <param name="endPoint">Where the MTA looks for its filter, in Sendmail's spelling.</param>
    public Tunnel(string endPoint)
    {
        _accept = endPoint.StartsWith("unix:", StringComparison.Ordinal) ? endPoint["unix:".Length..] : $"127.0.0.1:{endPoint.Split(':', '@')[1]}";
        using var authority = new TestAuthority();
        authority.Write(_folder.Path, "filter", FilterName);
        authority.Write(_folder.Path, "mta", Name);
        authority.WriteAuthority(_folder["ca.pem"]);
    }

    /// <summary>Whether stunnel is installed.</summary>
    public static bool IsInstalled => File.Exists(Program);

    /// <summary>Sets the filter's side.</summary>
    public void Configure(MilterTlsOptions tls)
    {
        tls.CertificateFile = _folder["filter.pem"];
        tls.KeyFile = _folder["filter.key"];
        tls.ClientAuthorityFile = _folder["ca.pem"];
        tls.AllowedNames = [Name];
    }

    /// <summary>Starts stunnel, or starts it again.</summary>
    /// <param name="port">The filter's port.</param>
    public async Task StartAsync(int port)
    {
        var ours = new Dictionary<string, string>
        {
            ["accept"] = _accept,
            ["connect"] = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ["cert"] = _folder["mta.pem"],
            ["key"] = _folder["mta.key"],
            ["CAfile"] = _folder["ca.pem"],
        };
        File.WriteAllText(_folder["stunnel.conf"], Lines().Replace(OfThePage("pid ="), line => ours.TryGetValue(line.Groups["name"].Value, out string? value) ? $"{line.Groups["name"]} = {value}" : line.Value));
        if (_accept[0] == '/')
        {
            File.Delete(_accept);
        }

        // It ends with its input, however the test does.
        _process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec 3<&0; umask 0; \"$0\" \"$1\" 3<&- >/dev/null 2>\"$2\" & read -r _ <&3; kill $!; wait $!", Program, _folder["stunnel.conf"], _folder["stunnel.log"]]) { RedirectStandardInput = true })!;
        Assert.True(
            await Deadline.UntilAsync(() => File.Exists(_folder["stunnel.log"]) && File.ReadAllText(_folder["stunnel.log"]).Contains("Configuration successful", StringComparison.Ordinal) && (_accept[0] != '/' || Deadline.Listens(_accept))),
            $"stunnel does not start: {(File.Exists(_folder["stunnel.log"]) ? File.ReadAllText(_folder["stunnel.log"]) : "no log")}");
    }

    /// <summary>A file that the page shows, by how it begins.</summary>
    public static string OfThePage(string beginning) => Blocks()
        .Matches(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Docs", "tls.md")))
        .Select(block => block.Groups["text"].Value)
        .Single(text => text.StartsWith(beginning, StringComparison.Ordinal));

    /// <summary>Ends stunnel.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
            if (_accept[0] == '/')
            {
                File.Delete(_accept);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [GeneratedRegex(@"^```ini\n(?<text>.*?)^```$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^(?<name>\w+) = .*$", RegexOptions.Multiline)]
    private static partial Regex Lines();
}
