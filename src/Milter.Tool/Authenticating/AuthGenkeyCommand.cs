using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using Milter.Auth;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Pkcs;
using Org.BouncyCastle.Security;

namespace Milter.Tool;

/// <summary><c>milter auth genkey</c>: makes a key to sign with, and prints what belongs into the DNS.</summary>
internal static class AuthGenkeyCommand
{
    private const int LongestString = 255;

    public static Command Make(Terminal terminal)
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The domain that signs." };
        var selector = new Argument<string>("SELECTOR") { Description = "The key's name below the domain: a new one for each key, such as 2026a." };
        var file = new Option<string?>("--out") { Description = "The file for the private key, which must not be there yet; SELECTOR._domainkey.DOMAIN.pem if not given.", HelpName = "FILE" };
        var kind = new Option<string>("--type") { Description = "rsa (understood by all) or ed25519 (besides one of RSA).", DefaultValueFactory = static _ => "rsa" };
        kind.AcceptOnlyFromAmong("rsa", "ed25519");
        Option<int> bits = NumberOption.Whole("--bits", "The size of an RSA key: verifiers take 1024 to 4096, and 2048 is what all have room for.", 1024, 8192, 2048);
        var command = new Command("genkey", "Makes a private key for DKIM (mode 0600), and prints the DNS record of its public key in a zone's notation.") { domain, selector, file, kind, bits };
        HelpWithExamples.Add("auth genkey", "milter auth genkey example.net 2026a --out /etc/dkim/example.net.pem", "milter auth genkey example.net 2026e --type ed25519");
        command.SetAction((parsed, _) =>
        {
            string of = DnsNames.Domain(parsed.GetValue(domain)) ?? throw new ToolException(ExitCode.Usage, $"\"{Shown.Plain(parsed.GetValue(domain)!)}\" is no domain.");
            string name = DnsNames.Normal(parsed.GetValue(selector)!) ?? throw new ToolException(ExitCode.Usage, $"\"{Shown.Plain(parsed.GetValue(selector)!)}\" is no selector: write letters, digits and hyphens.");
            (string pem, string record) = parsed.GetValue(kind) == "rsa" ? Rsa(parsed.GetValue(bits)) : Ed25519();
            string path = parsed.GetValue(file) ?? $"{name}._domainkey.{of}.pem";
            Write(path, pem);
            terminal.Line($"{name}._domainkey.{of}. IN TXT ( {string.Join(' ', record.Chunk(LongestString).Select(static part => $"\"{new string(part)}\""))} )");
            terminal.Error.WriteLine($"milter: the private key is in {path}. Publish the record above, and name the file in DkimSigning:Keys.");
            return Task.FromResult(ExitCode.Passed);
        });
        return command;
    }

    private static (string Pem, string Record) Rsa(int bits)
    {
        using RSA rsa = RSA.Create(bits);
        return (rsa.ExportPkcs8PrivateKeyPem(), $"v=DKIM1; k=rsa; p={Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())}");
    }

    private static (string Pem, string Record) Ed25519()
    {
        var generator = new Ed25519KeyPairGenerator();
        generator.Init(new Ed25519KeyGenerationParameters(new SecureRandom()));
        var key = (Ed25519PrivateKeyParameters)generator.GenerateKeyPair().Private;
        return (PemEncoding.WriteString("PRIVATE KEY", PrivateKeyInfoFactory.CreatePrivateKeyInfo(key).GetEncoded()), $"v=DKIM1; k=ed25519; p={Convert.ToBase64String(key.GeneratePublicKey().GetEncoded())}");
    }

    private static void Write(string path, string pem)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(Encoding.ASCII.GetBytes(pem + "\n"));
    }
}
