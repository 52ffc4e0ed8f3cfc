namespace Milter.Runtime.Tests.Message;

/// <summary>Protects that logins and certificates mean the same, whichever MTA tells of them.</summary>
public sealed class SessionFactTests
{
    [Fact]
    public void The_name_of_a_login_is_the_name()
    {
        var sendmail = new Authentication("ann+2Btag@example.org", "PLAIN", "ann+2Btag@example.org", "0");
        var postfix = new Authentication("ann+2Btag@example.org", "PLAIN", "ann+2Btag@example.org", null);

        Assert.Equal(("ann+tag@example.org", "ann+tag@example.org", 0), (sendmail.Identity, sendmail.Author, sendmail.Ssf));
        Assert.Equal(("ann+2Btag@example.org", "ann+tag@example.org"), (postfix.Identity, postfix.Author));
        Assert.Null(postfix.Ssf);
    }

    [Theory]
    [InlineData("mail.example.org", null, "mail.example.org", true)]
    [InlineData(null, null, null, false)]
    [InlineData("/C=DE/O=Ex+20Ample/CN=mail+20one", "OK", "mail one", true)]
    [InlineData("/C=DE/O=Example/CN=mail.example.org/emailAddress=a+40b", "FAIL", "mail.example.org", false)]
    [InlineData("/CN=mail.example.org", null, "mail.example.org", false)]
    [InlineData("/O=Example", "OK", "/O=Example", true)]
    [InlineData("", "NO", null, false)]
    public void A_certificate_has_a_common_name_and_is_trusted_or_not(string? told, string? verify, string? name, bool isTrusted)
    {
        var tls = new TlsInfo("TLSv1.3", "TLS_AES_256_GCM_SHA384", "256", told, told, verify);

        Assert.Equal(name, tls.CertSubject);
        Assert.Equal(name, tls.CertIssuer);
        Assert.Equal(isTrusted, tls.IsTrusted);
    }
}
