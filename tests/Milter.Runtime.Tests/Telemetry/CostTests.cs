using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Milter.Message;
using Milter.Runtime.Tests.Session;
using Milter.Session;
using Milter.Telemetry;
using Milter.Tests;
using Xunit.Abstractions;

namespace Milter.Runtime.Tests.Telemetry;

/// <summary>Protects the figures of docs/performance.md: what a message costs in garbage that somebody listens to. Without a listener it is nothing: <see cref="AllocationTests"/>.</summary>
[Collection(Listening.Name)]
public sealed class CostTests(ITestOutputHelper output)
{
    [ReleaseFact]
    public void A_scope_of_the_log_costs_no_more_than_the_page_says()
    {
        using ILoggerFactory logging = LoggerFactory.Create(static logging => logging.AddSimpleConsole(static console => console.IncludeScopes = true));
        Check("a scope of the log", 600, AllocationTests.BytesOf<AllocationTests.SpanFilter>(logging.CreateLogger("Milter.SpanFilter")));
    }

    [ReleaseFact]
    public void A_meter_costs_no_more_than_the_page_says()
    {
        using var meter = new System.Diagnostics.Metrics.MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == "AttrMilter")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        meter.Start();
        Check("a meter", 200, AllocationTests.BytesOf<AllocationTests.SpanFilter>(observer: new Meters()));
    }

    [ReleaseFact]
    public void A_trace_costs_no_more_than_the_page_says()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "AttrMilter",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        Check("a trace", 8_000, AllocationTests.BytesOf<AllocationTests.SpanFilter>());
    }

    private void Check(string what, long most, long bytesOfThousand)
    {
        output.WriteLine($"{what}: {bytesOfThousand / 1_000} bytes a message");
        Assert.InRange(bytesOfThousand / 1_000, 1, most);
    }

    private sealed class Meters : SessionObserver
    {
        public override bool Counts => MilterMetrics.AreWatched;

        public override void HandlersRan(MilterStages stage, TimeSpan time) => MilterMetrics.HandlersRan("cost", stage, time);

        public override void Replied(MilterStages stage, VerdictKind verdict, TimeSpan waited) => MilterMetrics.Replied("cost", stage, verdict, waited);

        public override void Edited(in EditCounts edits) => MilterMetrics.Edited("cost", edits);

        public override void Transferred(long received, long sent) => MilterMetrics.Transferred("cost", received, sent);
    }
}
