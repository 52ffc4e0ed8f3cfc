using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Milter.Mta.Filters;

namespace Milter.Mta.Tests;

/// <summary>Servers that let everybody log in, and ask for certificates.</summary>
public sealed class SessionFactFixture : CaseFixture
{
    private readonly List<LoginServer> _logins = [];

    /// <inheritdoc/>
    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (LoginServer server in _logins)
        {
            await server.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override MtaOptions Configure(MtaKind kind, MtaOptions options)
    {
        string socket = Folder.SocketPath($"{kind}.logins");
        string folder = Directory.CreateDirectory(Folder[$"{kind}.sasl"]).FullName;
        _logins.Add(kind == MtaKind.Postfix ? new DovecotLogins(socket) : new CyrusLogins(socket));
        File.WriteAllText(Path.Combine(folder, "Sendmail.conf"), $"pwcheck_method: saslauthd\nsaslauthd_path: {socket}\nmech_list: PLAIN\n");
        return options with
        {
            Tls = true,
            AsksForCertificates = true,
            Postfix = new() { MainCf = ["smtpd_sasl_auth_enable = yes", "smtpd_sasl_type = dovecot", $"smtpd_sasl_path = unix:{socket}", "smtpd_sasl_security_options = noanonymous"] },
            Sendmail = new() { Mc = ["define(`confAUTH_MECHANISMS', `PLAIN')", "TRUST_AUTH_MECH(`PLAIN')", "LOCAL_CONFIG", $"ESASL_CONF_PATH={folder}"] },
        };
    }
}

/// <summary>Protects that logins and certificates mean the same behind both servers.</summary>
public sealed class SessionFactTests(SessionFactFixture fixture) : IClassFixture<SessionFactFixture>
{
    private const string Name = "ann+2Btag x";

    public static TheoryData<MtaKind> Servers => CaseFixture.Servers;

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_login_has_its_name(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new FactsFilter(journal));
        await using SmtpClientSession session = await run.OpenAsync();

        await session.CommandAsync($"AUTH PLAIN {Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{Name}@example.org\0secret"))}", 235);
        await session.CommandAsync("MAIL FROM:<sender@example.org> AUTH=ann+2Btag@example.org", 250);

        await journal.WaitForAsync($"login {Name}@example.org author ann+tag@example.org");
    }

    // docs/mime.md shows it.
    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task The_recipe_for_a_disclaimer_adds_it_for_who_has_logged_in(MtaKind kind)
    {
        await using FilterRun run = await fixture.RunAsync<Disclaimer>(kind);
        await using SmtpClientSession session = await run.OpenAsync();
        string before = Mail.NewAddress(), after = Mail.NewAddress();

        await session.SendAsync("<sender@example.org>", [$"<{before}>"], Mail.Message());
        await session.CommandAsync($"AUTH PLAIN {Convert.ToBase64String("\0joe@example.org\0secret"u8)}", 235);
        await session.SendAsync("<sender@example.org>", [$"<{after}>"], Mail.Message());

        Assert.Equal("body\r\n", (await run.DeliveredAsync(before)).Body);
        Assert.Equal("body\r\n--\r\nExample Ltd, Berlin, HRB 12345\r\n", (await run.DeliveredAsync(after)).Body);
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_certificate_that_is_trusted_has_a_common_name(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new FactsFilter(journal));
        using X509Certificate2 issuer = X509Certificate2.CreateFromPemFile(run.Server.Folder["cert.pem"], run.Server.Folder["key.pem"]);
        using X509Certificate2 shown = Certificate("CN=mail one, O=\"Ex (A)\", C=DE", issuer);

        await MailAsync(run, shown);

        // That Sendmail trusts it, it says where it is asked.
        await journal.WaitForAsync("certificate mail one");
        Assert.True(kind == MtaKind.Sendmail || journal.Entries.Contains("trusted True"));
    }

    [SkippableTheory, MemberData(nameof(Servers))]
    public async Task A_certificate_that_anybody_made_is_not_trusted(MtaKind kind)
    {
        var journal = new Journal();
        await using FilterRun run = await fixture.RunAsync(kind, () => new FactsFilter(journal));
        using X509Certificate2 shown = Certificate("CN=nobody knows", null);

        await MailAsync(run, shown);

        await journal.WaitForAsync("trusted False");
        Assert.Contains(kind == MtaKind.Postfix ? "certificate " : "certificate nobody knows", journal.Entries);
    }

    private static async Task MailAsync(FilterRun run, X509Certificate2 shown)
    {
        await using SmtpClientSession session = await run.OpenAsync();
        await session.StartTlsAsync(run.Server.Certificate!, shown);
        await session.EhloAsync();
        await session.CommandAsync("MAIL FROM:<sender@example.org>", 250);
    }

    private static X509Certificate2 Certificate(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = issuer is null
            ? request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1))
            : request.Create(issuer, now.AddHours(-1), now.AddHours(1), [1, 2, 3]).CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
