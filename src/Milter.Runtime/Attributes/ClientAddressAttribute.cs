namespace Milter;

/// <summary>Marks an <see cref="System.Net.IPAddress"/><c>?</c> parameter that takes the SMTP client's address; <see langword="null"/> where it is unknown or a unix socket.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class ClientAddressAttribute : Attribute;
