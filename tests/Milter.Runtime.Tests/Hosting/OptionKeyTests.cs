using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Milter.Hosting;

namespace Milter.Runtime.Tests.Hosting;

/// <summary>Protects a postmaster from a key that is taken and changes nothing.</summary>
public class OptionKeyTests
{
    [Theory]
    [InlineData("Milter:MaxConections", "Milter:MaxConections: the section Milter has no option MaxConections. Did you mean MaxConnections?")]
    [InlineData("Milter:maxheaderfeilds", "Milter:maxheaderfeilds: the section Milter has no option maxheaderfeilds. Did you mean MaxHeaderFields?")]
    [InlineData("Milter:Connections", "Milter:Connections: the section Milter has no option Connections. Did you mean MaxConnections?")]
    [InlineData("Milter:Milters:FirstFilter:ComandBudget", "Milter:Milters:FirstFilter:ComandBudget: the section Milter:Milters:FirstFilter has no option ComandBudget. Did you mean CommandBudget?")]
    [InlineData("Milter:Milters:FirstFliter:Listen", "Milter:Milters:FirstFliter: this program has no milter FirstFliter. Did you mean FirstFilter?")]
    [InlineData("Milter:Milters:Other", "Milter:Milters:Other: this program has no milter Other. Its milters are FirstFilter.")]
    [InlineData("Milter:FirstFilter:Listen", "Milter:FirstFilter: the section Milter has no option FirstFilter. The options of a milter stand in Milter:Milters:FirstFilter.")]
    [InlineData("Milter:Milters:FirstFilter:Milters:X", "Milter:Milters:FirstFilter:Milters: the section Milter:Milters:FirstFilter has no option Milters. Options are Listen, SocketMode, ")]
    [InlineData("MILTER_Listen", "MILTER_Listen is no setting. In the environment the parts of a key are joined by two underscores: MILTER__Listen.")]
    [InlineData("Milter_Milters_FirstFilter_Listen", "Milter_Milters_FirstFilter_Listen is no setting. In the environment the parts of a key are joined by two underscores: Milter__Milters__FirstFilter__Listen.")]
    [InlineData("Milter:SocketMode:0", "Milter:SocketMode is one value, and here it has keys below it, such as Milter:SocketMode:0.")]
    public async Task A_key_that_is_no_option_stops_the_start_and_is_named_with_what_was_meant(string key, string complaint)
    {
        using IHost host = HostTests.Build(services => services.AddMilter<HostTests.FirstFilter>("inet:0@localhost"), (key, "0660"));

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.StartsWith(complaint, Assert.Single(e.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_for_all_milters_is_complained_about_once()
    {
        using IHost host = HostTests.Build(
            services => services.AddMilter<HostTests.FirstFilter>("inet:0@localhost").AddMilter<HostTests.SecondFilter>("inet:0@localhost"),
            ("Milter:LogMesages", "true"));

        OptionsValidationException e = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.Single(e.Failures);
    }

    [Fact]
    public async Task Keys_are_known_in_any_case_and_beside_the_section_anything_goes()
    {
        using IHost host = HostTests.Build(
            services => services.AddMilter<HostTests.FirstFilter>("inet:0@localhost"),
            ("MILTER:MAXCONNECTIONS", "3"),
            ("milter:milters:FIRSTFILTER:logmessages", "true"),
            ("Milters:FirstFilter:Nonsense", "1"),
            ("MILTER_PORT", "9199"));

        await host.StartAsync();
        await host.StopAsync();
    }

    [Fact]
    public void The_keys_are_the_options() =>
        Assert.Equal(typeof(MilterOptions).GetProperties().Select(property => property.Name).Order(), MilterOptionKeys.Names.Order());
}
