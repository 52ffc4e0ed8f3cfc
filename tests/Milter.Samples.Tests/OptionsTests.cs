using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Quickstart;

namespace Milter.Samples.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Quickstart:TrustedNetworks:0", "10.0.0.0/40", "Quickstart:TrustedNetworks:0: \"10.0.0.0/40\" has no prefix length from 0 to 32 after the slash.")]
    [InlineData("Quickstart:TrustedNetworks:0", "10/8", "Quickstart:TrustedNetworks:0: \"10/8\" is no network. Write it as 192.0.2.0/24, 2001:db8::/32, 192.0.2.7 or 192.0.2.10-192.0.2.20.")]
    [InlineData("Quickstart:TrustedNetworks:0", "10.1.2.3/8", "Quickstart:TrustedNetworks:0: \"10.1.2.3/8\" has bits set beyond its prefix. Did you mean 10.0.0.0/8, or 10.1.2.3 alone?")]
    [InlineData("Quickstart:TrustedNetworks:0", "", "Quickstart:TrustedNetworks:0: \"\" is no network. Write it as 192.0.2.0/24, 2001:db8::/32, 192.0.2.7 or 192.0.2.10-192.0.2.20.")]
    [InlineData("Quickstart:Words:0", " ", "Quickstart:Words:0 is empty. Give a word, or remove the entry.")]
    [InlineData("Quickstart:Tag", "", "Quickstart:Tag is empty. Give a text such as \"[EXTERNAL]\".")]
    [InlineData("Quickstart:Words", "lottery", "Quickstart:Words is \"lottery\", and has to be a list: [ \"lottery\" ] in appsettings.json, Quickstart:Words:0 elsewhere.")]
    [InlineData("Quickstart:Words:first", "lottery", "Quickstart:Words:first is no entry of a list of texts. Write [ \"one\", \"two\" ].")]
    [InlineData("Quickstart:Tag:0", "[X]", "Quickstart:Tag is a list or a section, and has to be one text.")]
    [InlineData("Quickstart:HeaderValue", "a\nb", "Quickstart:HeaderValue has a control character, which a header field can't have. Give a text such as the name of this filter.")]
    public async Task A_bad_option_keeps_the_program_from_starting_and_is_named(string key, string value, string expected)
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => TaggerServer.StartAsync((key, value)));

        Assert.Equal(expected, Milter.Hosting.StartFailure.Describe(error));
    }

    [Fact]
    public async Task All_that_is_wrong_is_told_at_once()
    {
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() =>
            TaggerServer.StartAsync(("Quickstart:Tag", " "), ("Quickstart:TrustedNetworks:0", "fd00::1/8"), ("Milter:Listen", "nonsense")));

        string[] lines = Milter.Hosting.StartFailure.Describe(error)!.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains(lines, line => line.StartsWith("Quickstart:Tag is empty.", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains("Did you mean fd00::/8", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("Milter:Listen: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("192.0.2.0/24", "192.0.2.255", true)]
    [InlineData("192.0.2.0/24", "192.0.3.0", false)]
    [InlineData("192.0.2.7", "192.0.2.7", true)]
    [InlineData("192.0.2.7", "192.0.2.8", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("10.0.0.0/9", "10.127.0.1", true)]
    [InlineData("10.0.0.0/9", "10.128.0.1", false)]
    [InlineData("192.0.2.0/24", "::ffff:192.0.2.1", true)]
    [InlineData("2001:db8::/33", "2001:db8:8000::", false)]
    public void Networks_contain_their_addresses(string network, string address, bool expected) =>
        Assert.Equal(expected, IpNetworkSet.Parse([network]).Contains(System.Net.IPAddress.Parse(address)));

    [Fact]
    public void The_settings_that_ship_are_valid()
    {
        var shipped = new TaggerOptions();
        new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"))
            .Build()
            .GetSection(TaggerOptions.Section)
            .Bind(shipped);

        Assert.NotEmpty(shipped.TrustedNetworks);
        Assert.Equal(ValidateOptionsResult.Success, new TaggerOptionsValidator().Validate(null, shipped));
    }

    [Fact]
    public void Without_settings_there_are_good_ones() =>
        Assert.Equal(ValidateOptionsResult.Success, new TaggerOptionsValidator().Validate(null, new TaggerOptions()));
}
