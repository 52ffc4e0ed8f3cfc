using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Milter.Tests;

/// <summary>
/// Tells of skipped tests by their reasons: one entry a reason with the number of tests, at the end. On a machine without mail servers, which is what most have, hundreds of tests
/// are skipped for one reason, and what failed would be lost among them. A reason that holds for one test alone is told as usual.
/// </summary>
internal sealed class SkipsByReason(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) => new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink diagnostics) : XunitTestFrameworkExecutor(assembly, sources, diagnostics)
    {
        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, new SkipCounter(executionMessageSink), executionOptions);
    }
}

/// <summary>Holds back what is skipped until all tests have run.</summary>
internal sealed class SkipCounter(IMessageSink inner) : LongLivedMarshalByRefObject, IMessageSink
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ITestSkipped>> _byReason = new();

    public bool OnMessage(IMessageSinkMessage message)
    {
        switch (message)
        {
            case ITestSkipped skipped:
                _byReason.GetOrAdd(skipped.Reason, static _ => new()).Enqueue(skipped);
                return true;
            case ITestAssemblyFinished:
                foreach ((string reason, ConcurrentQueue<ITestSkipped> all) in _byReason.OrderBy(static one => one.Key, StringComparer.Ordinal))
                {
                    Tell(reason, [.. all]);
                }

                return inner.OnMessage(message);
            default:
                return inner.OnMessage(message);
        }
    }

    /// <summary>Runners know a test from its start to its end: those that were skipped have ended, so one that stands for them is begun and ended here.</summary>
    private void Tell(string reason, ITestSkipped[] all)
    {
        string name = all.Length == 1 ? all[0].Test.DisplayName : $"{all.Length} tests: {reason.ReplaceLineEndings(" ").Trim()}";
        var test = new XunitTest((IXunitTestCase)all[0].TestCase, name);
        inner.OnMessage(new TestStarting(test));
        inner.OnMessage(new TestSkipped(test, reason));
        inner.OnMessage(new TestFinished(test, 0, ""));
    }
}
