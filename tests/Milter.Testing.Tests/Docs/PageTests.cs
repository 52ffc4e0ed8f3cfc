using Milter.Tests;

namespace Milter.Testing.Tests.Docs;

public class PageTests
{
    [Fact]
    public void The_code_of_the_page_is_compiled() => new DocumentationPage("docs/testing-filters.md").CheckCode();

    /// <summary>A filter and its test fit a readme.</summary>
    [Fact]
    public void The_readmes_example_is_short()
    {
        string[] lines = new DocumentationPage("README.md").Read("tests/Milter.Testing.Tests/ReadmeTests.cs").Split('\n');
        int begin = Array.FindIndex(lines, line => line.StartsWith("#region readme", StringComparison.Ordinal));
        int end = Array.FindIndex(lines, line => line.StartsWith("#endregion", StringComparison.Ordinal));
        Assert.InRange(end - begin - 1, 10, 29);
    }
}
