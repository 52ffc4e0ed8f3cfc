namespace Milter;

/// <summary>Marks a parameter that is taken from the service provider: of a scope that lives as long as the message in message stages, as long as the session in the others.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class FromServicesAttribute : Attribute;
