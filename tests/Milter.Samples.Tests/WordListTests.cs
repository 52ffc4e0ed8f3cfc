using Quickstart;

namespace Milter.Samples.Tests;

public sealed class WordListTests
{
    [Theory]
    [InlineData("лотерея", "ВЫИГРЫШНАЯ ЛОТЕРЕЯ!", true)]
    [InlineData("лотерея", "лотереями", false)]
    [InlineData("straße", "In der STRAßE", true)]
    [InlineData("$$$", "Earn $$$ now", true)]
    [InlineData("$$$", "a$$$b", true)]
    [InlineData("e-mail", "your E-Mail, please", true)]
    [InlineData("a", "caf\u0061\u0301", false)] // a combining mark belongs to its letter
    [InlineData("win", "twin wins, win", true)]
    [InlineData("win", "twin wins", false)]
    [InlineData("win", "win\uD835\uDC00", false)] // a letter beyond the first plane
    [InlineData("win", "", false)]
    [InlineData("win", null, false)]
    public void Whole_words_are_found(string word, string? text, bool expected) =>
        Assert.Equal(expected ? word : null, new WordList([word]).FindIn(text));
}
