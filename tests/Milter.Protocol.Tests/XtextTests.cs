namespace Milter.Protocol.Tests;

/// <summary>Protects xtext (RFC 3461) both ways, and that what a client made up is decoded as far as it goes.</summary>
public sealed class XtextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("ann@example.org", "ann@example.org")]
    [InlineData("ann+tag=a b", "ann+2Btag+3Da+20b")]
    [InlineData("grün", "gr+C3+BCn")]
    public void A_text_goes_both_ways(string text, string xtext)
    {
        Assert.Equal(xtext, Xtext.Encode(text));
        Assert.Equal(text, Xtext.Decode(xtext));
        Assert.True(Xtext.IsValid(WireText.GetBytes(xtext)));
    }

    [Fact]
    public void Bytes_that_are_no_UTF8_go_both_ways()
    {
        Assert.Equal("+FF", Xtext.Encode("\udcff"));
        Assert.Equal("\udcff", Xtext.Decode("+FF"));
    }

    [Theory]
    [InlineData("+4", "+4")]
    [InlineData("+", "+")]
    [InlineData("+GG+41", "+GGA")]
    [InlineData("a+2b", "a+")]
    [InlineData("a b", "a b")]
    public void What_is_none_is_decoded_as_far_as_it_goes(string xtext, string text) => Assert.Equal(text, Xtext.Decode(xtext));

    [Theory]
    [InlineData("a+b")]
    [InlineData("a=b")]
    [InlineData("a b")]
    [InlineData("ü")]
    public void What_is_none_is_known(string xtext) => Assert.False(Xtext.IsValid(WireText.GetBytes(xtext)));
}
