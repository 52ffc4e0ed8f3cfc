namespace Milter;

/// <summary>Marks the method that handles CONNECT: an SMTP client has connected (libmilter: <c>xxfi_connect</c>).</summary>
/// <remarks>
/// Once a session, before everything else; never for a message that an MTA submits by itself without a client.
/// <para>Verdicts: Continue, Accept (the session passes unfiltered), Reject, TempFail. Not Discard: there is no message yet.</para>
/// <code>[OnConnect] Verdict Connect(ConnectInfo client)</code>
/// </remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = false, Inherited = true)]
public sealed class OnConnectAttribute : StageAttribute;
