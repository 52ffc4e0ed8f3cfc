using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Milter.Client;
using Samples.Observed;

namespace Milter.Observed.Tests;

/// <summary>The sample as it runs, with a collector that takes what it exports, some mail that it has seen, and a filter beside it of which everything goes wrong.</summary>
public sealed class Observed : IAsyncLifetime
{
    private readonly HttpClient _client = new();
    private WebApplication? _collector, _app;

    /// <summary>Gets the queue id of the messages.</summary>
    internal static string QueueId => "4OBSERVED";

    /// <summary>Gets what the collector was sent, by path.</summary>
    internal ConcurrentQueue<(string Path, byte[] Body)> Exported { get; } = new();

    /// <summary>Gets where the sample has its pages.</summary>
    internal Uri Address => new(_app!.Urls.Single());

    public async Task InitializeAsync()
    {
        _collector = await CollectAsync();
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", _collector.Urls.Single());
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        Environment.SetEnvironmentVariable("OTEL_BSP_SCHEDULE_DELAY", "200");
        Environment.SetEnvironmentVariable("OTEL_METRIC_EXPORT_INTERVAL", "500");
        _app = Setup.Build(["--contentRoot", AppContext.BaseDirectory, "--Milter:Listen=inet:0@127.0.0.1", "--urls=http://127.0.0.1:0"]);
        await _app.StartAsync();
        await SendAsync(_app.Services.GetRequiredService<MilterHealth>().EndPoint!.ToString());
        await Trouble.MakeAsync();
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _app!.StopAsync();
        await _app.DisposeAsync();
        await _collector!.DisposeAsync();
    }

    /// <summary>Asks the sample for a page.</summary>
    internal async Task<(HttpStatusCode Code, string Text)> GetAsync(string path, string accept = "*/*")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Accept.ParseAdd(accept);
        using HttpResponseMessage response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Tells a filter messages that pass, one that is refused, and a recipient that is.</summary>
    internal static async Task SendAsync(string endPoint)
    {
        var session = new SmtpSession(SmtpClientInfo.At("192.0.2.7", "mx.example.net")) { HeloName = "mx.example.net" };
        await using var client = new MilterClient(endPoint);
        foreach (string subject in new[] { "one", "two", "Please refuse me" })
        {
            var message = new MailTransaction { Sender = "joe@example.net", Content = MailContent.Parse($"Subject: {subject}\n\nHello\n"), QueueId = QueueId };
            message.Recipients.Add("ann@example.org");
            message.Recipients.Add("nobody@example.org");
            await client.FilterAsync(session, message);
        }
    }

    private async Task<WebApplication> CollectAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication collector = builder.Build();
        collector.MapPost("/{**path}", async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            Exported.Enqueue((context.Request.Path, body.ToArray()));
            context.Response.StatusCode = StatusCodes.Status200OK;
        });
        await collector.StartAsync();
        return collector;
    }
}

/// <summary>All tests look at one sample that runs.</summary>
[CollectionDefinition(Name)]
public sealed class ObservedCollection : ICollectionFixture<Observed>
{
    public const string Name = nameof(Observed);
}
