namespace Milter;

/// <summary>Marks the method that handles MAIL: the sender, the first step of a message (libmilter: <c>xxfi_envfrom</c>).</summary>
/// <remarks>
/// Once a message.
/// <para>Verdicts: Continue, Accept (this message passes unfiltered), Reject, TempFail, Discard.</para>
/// <code>[OnMail] Verdict From(EnvelopeAddress sender)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnMailAttribute : StageAttribute;
