using Microsoft.Extensions.DependencyInjection;

namespace Milter.Hosting;

/// <summary>Looks, before the first message, whether the services are there that a filter can't do without: later each message would be refused for now.</summary>
internal static class ServiceCheck
{
    /// <summary>Looks for the services of a filter.</summary>
    /// <param name="milter">The filter's name.</param>
    /// <param name="needed">What it needs.</param>
    /// <param name="services">Where they come from. A container that does not tell what it has is not asked: it might make something.</param>
    /// <exception cref="MilterServiceException">Some are missing; the message has all of them, a line each.</exception>
    public static void Check(string milter, IEnumerable<MilterService> needed, IServiceProvider services)
    {
        var known = services.GetService(typeof(IServiceProviderIsService)) as IServiceProviderIsService;
        List<string> complaints = [.. needed.Where(service => IsMissing(service, known, services)).Select(service => Complaint(milter, service)).Distinct()];
        if (complaints.Count > 0)
        {
            throw new MilterServiceException(string.Join('\n', complaints));
        }
    }

    // Who stands before a container may have more than the container tells. What a container does not have it does not make.
    private static bool IsMissing(MilterService service, IServiceProviderIsService? known, IServiceProvider services) => service.Key is null
        ? known?.IsService(service.Type) == false && services.GetService(service.Type) is null
        : known is IServiceProviderIsKeyedService keyed && !keyed.IsKeyedService(service.Type, service.Key) && (services as IKeyedServiceProvider)?.GetKeyedService(service.Type, service.Key) is null;

    private static string Complaint(string milter, MilterService service)
    {
        string type = NameOf(service.Type);
        string taker = service.IsForHandler ? $"{milter}.{service.Member}" : $"the constructor {service.Member}";
        return service.Key is null
            ? $"{milter}: {taker} takes {type}, which is not among the program's services, so that no message could be filtered. Register it, for example by services.AddSingleton<{type}>(), or write {type}? if the filter can do without."
            : $"{milter}: {taker} takes {type} with the key {service.Key}, which is not among the program's services, so that no message could be filtered. Register it, for example by services.AddKeyedSingleton<{type}>({Quoted(service.Key)}), or write {type}? if the filter can do without.";
    }

    private static string Quoted(object key) => key is string ? $"\"{key}\"" : $"{key}";

    // As it is written in a program, but for the namespace.
    private static string NameOf(Type type)
    {
        string name = type.Name;
        int arity = name.IndexOf('`', StringComparison.Ordinal);
        return arity < 0 ? name : $"{name[..arity]}<{string.Join(", ", type.GetGenericArguments().Select(NameOf))}>";
    }
}
