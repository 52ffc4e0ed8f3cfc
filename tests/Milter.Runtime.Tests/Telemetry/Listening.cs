using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace Milter.Runtime.Tests.Telemetry;

/// <summary>Tests that listen: alone, since what listens to one message listens to all of the process, and others count what a message costs that nobody listens to.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Listening
{
    public const string Name = nameof(Listening);
}

/// <summary>Keeps what the meter is told, as <c>instrument{tag=value,…}</c>: the sum of counters, the number of what histograms were given, the last of what is observed.</summary>
internal sealed class MeterLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _values = new();
    private readonly ConcurrentDictionary<string, string> _units = new();

    public MeterLog()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "AttrMilter")
            {
                _units[instrument.Name] = instrument.Unit ?? "";
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Gets the units of the instruments that there are.</summary>
    public IReadOnlyDictionary<string, string> Units => _units;

    /// <summary>Gets the context in which histograms were last told something, by stage.</summary>
    public ConcurrentDictionary<string, ActivitySpanId> Spans { get; } = new();

    /// <summary>What was told so far of a milter, the tag of its name left out.</summary>
    public IReadOnlyDictionary<string, double> Of(string milter)
    {
        _listener.RecordObservableInstruments();
        return _values.Where(value => value.Key.Contains($"milter={milter}", StringComparison.Ordinal))
            .ToDictionary(value => value.Key.Replace($"milter={milter},", "", StringComparison.Ordinal).Replace($"{{milter={milter}}}", "", StringComparison.Ordinal), value => value.Value);
    }

    /// <summary>What was told so far of the process.</summary>
    public double? OfProcess(string instrument)
    {
        _listener.RecordObservableInstruments();
        return _values.TryGetValue(instrument, out double value) ? value : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        List<string> parts = [];
        string stage = "";
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{tag.Key}={tag.Value}"));
            stage = tag.Key == "stage" ? (string)tag.Value! : stage;
        }

        string key = parts.Count == 0 ? instrument.Name : $"{instrument.Name}{{{string.Join(',', parts)}}}";
        bool isHistogram = instrument is Histogram<double>;
        if (isHistogram && Activity.Current is { } span)
        {
            Spans[$"{instrument.Name} {stage}"] = span.SpanId;
        }

        _values.AddOrUpdate(key, isHistogram ? 1 : value, (_, before) => instrument.IsObservable ? value : before + (isHistogram ? 1 : value));
    }
}
