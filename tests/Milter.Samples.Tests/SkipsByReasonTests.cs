using Milter.Tests;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Milter.Samples.Tests;

/// <summary>Protects a run of all tests from hundreds of lines about a mail server that is not there.</summary>
public sealed class SkipsByReasonTests
{
    [Fact]
    public void Tests_that_are_skipped_for_one_reason_are_one_entry_with_their_number()
    {
        var told = new Told();
        var counter = new SkipCounter(told);
        var assembly = new TestAssembly(Reflector.Wrap(typeof(SkipsByReasonTests).Assembly));
        var of = new TestClass(new TestCollection(assembly, null, "all"), Reflector.Wrap(typeof(SkipsByReasonTests)));
        var method = new TestMethod(of, Reflector.Wrap(typeof(SkipsByReasonTests).GetMethod(nameof(Tests_that_are_skipped_for_one_reason_are_one_entry_with_their_number))!));
        var testCase = new XunitTestCase(told, TestMethodDisplay.Method, TestMethodDisplayOptions.None, method);
        ITest[] tests = [.. new[] { "One", "Two", "Three", "Four" }.Select(name => new XunitTest(testCase, name))];

        counter.OnMessage(new TestPassed(tests[0], 0, ""));
        counter.OnMessage(new TestSkipped(tests[1], "Postfix is not installed;\nrun install-mtas.sh."));
        counter.OnMessage(new TestSkipped(tests[2], "Postfix is not installed;\nrun install-mtas.sh."));
        counter.OnMessage(new TestSkipped(tests[3], "only on Linux"));
        int early = told.Messages.OfType<ITestSkipped>().Count();
        counter.OnMessage(new TestAssemblyFinished([], assembly, 0, 4, 0, 3));

        Assert.Equal(0, early);
        Assert.Equal(
            ["2 tests: Postfix is not installed; run install-mtas.sh.", "Four"],
            told.Messages.OfType<ITestSkipped>().Select(static skipped => skipped.Test.DisplayName));
        Assert.Equal(2, told.Messages.OfType<ITestStarting>().Count());
        Assert.Equal(2, told.Messages.OfType<ITestFinished>().Count());
        Assert.Single(told.Messages.OfType<ITestPassed>());
        Assert.IsAssignableFrom<ITestAssemblyFinished>(told.Messages[^1]);
    }

    private sealed class Told : LongLivedMarshalByRefObject, IMessageSink
    {
        public List<IMessageSinkMessage> Messages { get; } = [];

        public bool OnMessage(IMessageSinkMessage message)
        {
            Messages.Add(message);
            return true;
        }
    }
}
