using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Samples.Observed;

/// <summary>A filter with everything that an operator looks at: a page for Prometheus, OTLP, health, logs that name message and connection.</summary>
internal static class Setup
{
    // By the specification's own variable, so that what is written elsewhere about OpenTelemetry holds here.
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static WebApplication Build(string[] args)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
        builder.Services.AddSystemd();
        builder.Services.AddMilter<Postmark>();
        builder.Services.AddHealthChecks().AddMilter(tags: ["ready"]);
        OpenTelemetryBuilder telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(static resource => resource.AddService("observed"))
            .WithMetrics(static metrics => metrics.AddMeter("AttrMilter", "AttrMilter.*").SetExemplarFilter(ExemplarFilterType.TraceBased).AddPrometheusExporter())
            .WithTracing(static traces => traces.AddSource("AttrMilter"));
        if (builder.Configuration[OtlpEndpoint] is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }

        WebApplication app = builder.Build();
        app.MapPrometheusScrapingEndpoint();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = static check => check.Tags.Contains("ready") });

        // That the process answers. What is wrong with a milter is mended by no restart.
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = static _ => false });
        return app;
    }
}
