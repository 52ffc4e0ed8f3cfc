namespace Milter.Mta.Tests;

/// <summary>Servers without a milter, with everything switched on that a client can see.</summary>
public sealed class SelfTestFixture : MtaFixture
{
    protected override MtaOptions Configure(MtaKind kind) => new()
    {
        Tls = true,
        Postfix = new() { Xclient = true, SmtpUtf8 = true },
    };
}
