using Microsoft.Extensions.DependencyInjection;
using Milter.CompilerServices;

namespace Milter.Mta.Tests;

/// <summary>Servers that look for their milter at one place, where each test puts the filter that it needs: no server is started for a filter.</summary>
public class CaseFixture : MtaFixture
{
    private readonly Dictionary<MtaKind, MilterEndpoint> _endpoints = [];

    /// <summary>Both servers.</summary>
    public static TheoryData<MtaKind> Servers => [MtaKind.Postfix, MtaKind.Sendmail];

    /// <summary>Starts a filter where a server looks for it.</summary>
    /// <param name="kind">The server; the test is skipped when the machine lacks it.</param>
    /// <param name="create">Makes the filter; null to have it made from the services.</param>
    /// <param name="configure">Sets the engine's options.</param>
    /// <param name="services">Adds services.</param>
    /// <param name="throughTls">Whether the server reaches the filter through stunnel.</param>
    public async Task<FilterRun> RunAsync<T>(
        MtaKind kind, Func<T>? create = null, Action<MilterOptions>? configure = null, Action<IServiceCollection>? services = null, bool throughTls = false)
        where T : class, IMilter<T>
    {
        MtaServer server = await GetAsync(kind);
        return await FilterRun.StartAsync(server, _endpoints[kind].ForSendmail, create, configure, services, throughTls);
    }

    /// <summary>The path of the unix socket at which a server looks for its filter. The server was asked for before.</summary>
    public string PathOf(MtaKind kind) => MilterEndPoint.Parse(_endpoints[kind].ForSendmail).Path!;

    /// <inheritdoc/>
    protected sealed override MtaOptions Configure(MtaKind kind)
    {
        MilterEndpoint endpoint = Place(kind);
        lock (_endpoints)
        {
            _endpoints[kind] = endpoint;
        }

        return Configure(kind, new() { Milters = [endpoint] });
    }

    /// <summary>Where the milter is.</summary>
    protected virtual MilterEndpoint Place(MtaKind kind) => MilterEndpoint.Unix(Folder.SocketPath($"{kind}.sock"));

    /// <summary>What is special about the servers.</summary>
    /// <remarks>Of the recipients that Sendmail refuses, it tells a milter only of those that its rules let pass, such as a program as recipient of a mailer <c>local</c>.</remarks>
    protected virtual MtaOptions Configure(MtaKind kind, MtaOptions options) => options with
    {
        Tls = true,
        FilterLocalSubmission = true,
        RefusedDomains = kind == MtaKind.Postfix ? [.. options.RefusedDomains, MtaServer.HostName] : options.RefusedDomains,
        Postfix = new() { Xclient = true, SmtpUtf8 = true },
        Sendmail = new() { Mc = ["MAILER(`local')"] },
    };
}
