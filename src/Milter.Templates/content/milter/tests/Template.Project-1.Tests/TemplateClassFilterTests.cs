using Microsoft.Extensions.Options;
using Milter.Testing;

namespace Template.Namespace.Tests;

/// <summary>Plays the filter messages as Postfix and as Sendmail would, in process and without a socket.</summary>
public sealed class TemplateClassFilterTests
{
    private static readonly TemplateClassOptions s_options = new() { TrustedNetworks = ["10.0.0.0/8"] };

    private readonly MilterTestHost<TemplateClassFilter> _host = new(() => new TemplateClassFilter(Options.Create(s_options)));

    [Fact]
    public async Task Mail_from_outside_is_marked_and_the_MTA_waits_once() =>
        (await _host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Hello")))
            .AssertPassed().AssertHeader(TemplateClassFilter.Field, "outside").AssertWaits(1);

    [Fact]
    public async Task Mail_from_a_trusted_network_is_inside() =>
        (await _host.SendAsync(TestMessage.From("ann@example.test").To("joe@elsewhere.test").Subject("Hello"), TestClient.At("10.1.2.3")))
            .AssertHeader(TemplateClassFilter.Field, "inside");

    [Fact]
    public async Task What_the_sender_claims_is_replaced() =>
        (await _host.SendAsync(TestMessage.From("joe@elsewhere.test").To("ann@example.test").Subject("Hello").Header(TemplateClassFilter.Field, "inside")))
            .AssertHeader(TemplateClassFilter.Field, "outside");
}
