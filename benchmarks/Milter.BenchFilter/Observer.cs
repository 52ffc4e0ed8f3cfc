using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Milter.BenchFilter;

/// <summary>Somebody who listens, and does nothing with what is told: what that costs is the library's part.</summary>
internal static class Observer
{
    private const string Name = "AttrMilter";

    public static IDisposable? Of(string what) => what switch
    {
        "meter" => Meter(),
        "traces" => Traces(),
        _ => null,
    };

    private static MeterListener Meter()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == Name)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>(static (_, _, _, _) => { });
        listener.SetMeasurementEventCallback<double>(static (_, _, _, _) => { });
        listener.Start();
        return listener;
    }

    private static ActivityListener Traces()
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
