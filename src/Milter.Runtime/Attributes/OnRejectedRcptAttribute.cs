namespace Milter;

/// <summary>Marks the method that handles RCPT of a recipient that the MTA has refused itself (libmilter: <c>SMFIP_RCPT_REJ</c>).</summary>
/// <remarks>
/// For counting and logging: nothing that a filter says here changes anything, so the method returns nothing.
/// <code>[OnRejectedRcpt] void Refused(EnvelopeAddress recipient)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnRejectedRcptAttribute : StageAttribute;
