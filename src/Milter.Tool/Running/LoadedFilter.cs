using System.Reflection;
using Milter.CompilerServices;
using Milter.Hosting;

namespace Milter.Tool;

/// <summary>A milter's class that was found by its name, as the engine needs it.</summary>
internal abstract class LoadedFilter
{
    public abstract MilterDescriptor Descriptor { get; }

    /// <summary>Loads a class from an assembly.</summary>
    public static (LoadedFilter Filter, Type Type) Load(string assembly, string name)
    {
        try
        {
            Type type = new FilterLoadContext(assembly).LoadFromAssemblyPath(assembly).GetType(name, throwOnError: true)!;
            return ((LoadedFilter)Activator.CreateInstance(typeof(LoadedFilter<>).MakeGenericType(type))!, type);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException or TypeLoadException or ArgumentException or MissingMethodException)
        {
            throw new ToolException(ExitCode.Data, $"{name} can't be loaded from {assembly}: {exception.Message} Was it built with the same version of AttrMilter as this tool ({typeof(MilterDescriptor).Assembly.GetName().Version})?", exception);
        }
    }

    public abstract IMilterDispatcher Create(IServiceProvider services);

    /// <summary>Says whether the class asks for services: only then its program is started up to where it has built them.</summary>
    public static bool NeedsServices(Type type)
    {
        const BindingFlags All = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        return type.GetConstructors(All).Any(constructor => !constructor.IsStatic && constructor.GetParameters().Length > 0)
            || type.GetMethods(All).SelectMany(method => method.GetParameters()).Any(parameter => parameter.IsDefined(typeof(FromServicesAttribute)));
    }
}

/// <inheritdoc/>
internal sealed class LoadedFilter<T> : LoadedFilter
    where T : class, IMilter<T>
{
    public override MilterDescriptor Descriptor => MilterDescriptor.Of<T>();

    public override IMilterDispatcher Create(IServiceProvider services) => T.Create(services);
}
