namespace Milter;

/// <summary>Marks a <see cref="string"/><c>?</c> or span parameter that takes the name the client gave with HELO or EHLO; <see langword="null"/> (or empty) where it gave none.</summary>
[AttributeUsage(AttributeTargets.Parameter, AllowMultiple = false)]
public sealed class HeloAttribute : Attribute;
