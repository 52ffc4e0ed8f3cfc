using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Milter.Policy.Worker;

/// <summary>A host with all stores and policies, as a filter has it; the store is named on the command line.</summary>
internal static class WorkerHost
{
    public static IHost Make(string store, params string[] more)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = [$"--Policy:Store={store}", .. more], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.Services.AddPostgreSqlPolicyStore().AddRedisPolicyStore().AddGreylist().AddKnownSenders().AddPolicyLimits();
        return builder.Build();
    }
}
