using System.Net;

namespace Milter.Policy.Tests;

public sealed class DynamicHostNameTests
{
    [Theory]
    [InlineData("post3.fabulousdealz.com", "69.60.99.112", false)]
    [InlineData("adsl-69-208-201-177.dsl.emhril.ameritech.net", "69.208.201.177", true)]
    [InlineData("[1.2.3.4]", "1.2.3.4", true)]
    [InlineData("c-71-63-151-151.hsd1.mn.comcast.net", "71.63.151.151", true)]
    [InlineData("unknown", "192.0.2.7", true)]
    [InlineData("7.2.0.192.dyn.example.net", "192.0.2.7", true)]
    [InlineData("host192000002007.example.net", "192.0.2.7", true)]
    [InlineData("c0000207.example.net", "192.0.2.7", true)]
    [InlineData("ppp-17.example.net", "192.0.2.7", true)]
    [InlineData("p5.pool-12.example.net", "192.0.2.7", true)]
    [InlineData("ip-2-7.example.net", "192.0.2.7", true)]
    [InlineData("mail.example.org", "192.0.2.7", false)]
    [InlineData("mx1.example.org", "192.0.2.1", false)]
    [InlineData("mail-yw1-f170.provider.example", "209.85.128.170", false)]
    [InlineData("smtp2.dynamics.example", "192.0.2.2", false)]
    [InlineData("mail2001.db8.example", "2001:db8::1", false)]
    [InlineData("2001-db8-0-0-1234-5678-9abc-def0.example", "2001:db8::1234:5678:9abc:def0", true)]
    public void Names_of_access_lines_are_told_from_names_of_mail_servers(string name, string address, bool isDynamic) =>
        Assert.Equal(isDynamic, DynamicHostName.IsDynamic(name, IPAddress.Parse(address)));
}
