namespace Milter;

/// <summary>Marks the method that handles UNKNOWN: an SMTP command that the MTA does not know (libmilter: <c>xxfi_unknown</c>).</summary>
/// <remarks>
/// At any time. Expect rubbish: after a refused DATA a client's message may arrive here.
/// <para>Verdicts: Continue, Reject, TempFail. Accept and Discard would make Postfix's smtpd panic and are never sent.</para>
/// <code>[OnUnknown] Verdict Other(string command)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnUnknownAttribute : StageAttribute;
