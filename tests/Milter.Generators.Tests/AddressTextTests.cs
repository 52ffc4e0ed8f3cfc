using Milter.Generators.Diagnostics;

namespace Milter.Generators.Tests;

/// <summary>Holds the analyzer's idea of an address to the runtime's.</summary>
public sealed class AddressTextTests
{
    private static readonly string[] s_parts = ["a", "b.c", "@", ".", "..", "[", "]", "\"", "\\", " ", "<", ">", "(", ")", ",", ":", ";", "|", "/", "\u0001", "é", "@d.e"];

    [Fact]
    public void A_constant_address_is_refused_where_the_runtime_refuses_it()
    {
        string[] all = [.. from one in s_parts from two in s_parts from three in s_parts from four in new[] { "", "@x.y", "z" } select one + two + three + four];

        // What comes after a source route is judged when the program runs.
        Assert.Empty(all
            .Where(text => !text.TrimStart(' ', '<').StartsWith('@'))
            .Where(text => AddressText.WhyNone(text, mayBeNull: true) is null != new MailPath(text).Check() is null)
            .Select(text => $"{text}: {AddressText.WhyNone(text, mayBeNull: true) ?? "well"}, {new MailPath(text).Check() ?? "well"}"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("<>", false)]
    [InlineData("ann@example.org", true)]
    [InlineData("<ann@example.org>", true)]
    public void An_empty_one_is_none(string text, bool isOne) => Assert.Equal(isOne, AddressText.WhyNone(text, mayBeNull: false) is null);
}
