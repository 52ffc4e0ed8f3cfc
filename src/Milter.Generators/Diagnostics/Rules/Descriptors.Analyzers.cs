using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics;

/// <summary>
/// What the analyzers find in code that compiles; ranges: 050 binders, 080 verdicts, replies and literals, 100 macros and what may be missing, 110 state, 120 time, 130 cost, 140 registration.
/// Errors where it throws or can't run, warnings where it is nearly surely wrong, infos where there is something to learn.
/// </summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor UnusableBinder = Warning(
        "MILTER050",
        "A binder is never used",
        "No handler can get anything from '{0}': {1}");

    public static readonly DiagnosticDescriptor IllegalVerdict = Warning(
        "MILTER080",
        "A verdict is not legal at its stage",
        "'{0}' can't be a verdict at [{1}]: {2}");

    public static readonly DiagnosticDescriptor AcceptAtRcpt = Warning(
        "MILTER081",
        "Accept at RCPT lets the message pass for all recipients",
        "Accept at [OnRcpt] lets the whole message pass for all its recipients, unfiltered; Continue takes this recipient");

    public static readonly DiagnosticDescriptor DiscardAtRcpt = Warning(
        "MILTER082",
        "Discard at RCPT drops the message for all recipients",
        "Discard at [OnRcpt] drops the whole message for all its recipients; Reject refuses this recipient");

    public static readonly DiagnosticDescriptor ReplyCode = Error(
        "MILTER083",
        "A reply code is not that of its verdict",
        "{0} needs a reply code from {1} to {2}, and not {3}{4}");

    public static readonly DiagnosticDescriptor EnhancedCode = Error(
        "MILTER084",
        "An enhanced code is not one, or not that of its reply",
        "The enhanced code \"{0}\" throws: {1}");

    public static readonly DiagnosticDescriptor ReplyText = Error(
        "MILTER085",
        "A reply text is not fit for SMTP",
        "The reply throws: {0}");

    public static readonly DiagnosticDescriptor EditedName = Error(
        "MILTER086",
        "Not the name of a header field",
        "\"{0}\" can't be the name of a header field: {1}");

    public static readonly DiagnosticDescriptor EditedValue = Error(
        "MILTER087",
        "Not the value of a header field",
        "This is not the value of one field: {0}");

    public static readonly DiagnosticDescriptor ConstantReply = Info(
        "MILTER088",
        "A constant reply is built at every call",
        "This reply is the same at every call; keep it in a static readonly field, so that it is built and checked once");

    public static readonly DiagnosticDescriptor DroppedVerdict = Warning(
        "MILTER089",
        "A verdict is made and dropped",
        "The verdict of '{0}' goes nowhere: only what a handler returns counts. Return it, or give it to _ where it is not wanted");

    public static readonly DiagnosticDescriptor DroppedTask = Warning(
        "MILTER091",
        "Nobody waits for this",
        "Nobody waits for '{0}' or sees its exception; await it, return its task, or give it to _ where it may go on alone");

    public static readonly DiagnosticDescriptor ComparedVerdict = Warning(
        "MILTER093",
        "Verdicts are compared word by word",
        "A {0} with other words, or with none, is not equal to this one; compare Kind");

    public static readonly DiagnosticDescriptor UnknownMacro = Warning(
        "MILTER100",
        "An unknown macro",
        "No MTA is known to have the macro {0}{1}");

    public static readonly DiagnosticDescriptor LateMacro = Warning(
        "MILTER101",
        "A macro is not there at this stage",
        "The macro {0} is never there at [{1}]: {2}");

    public static readonly DiagnosticDescriptor OneMtaMacro = Info(
        "MILTER102",
        "A macro that one of the MTAs does not send",
        "The macro {0} is not everywhere: {1}");

    public static readonly DiagnosticDescriptor TypedMacro = Info(
        "MILTER103",
        "A macro that CONNECT tells without asking",
        "The macro {0} has to be asked for; {1} has the same fact from every MTA");

    public static readonly DiagnosticDescriptor RecipientMacro = Warning(
        "MILTER104",
        "A macro of one recipient is taken where there are several",
        "The macro {0} belongs to one recipient; at [{1}] it is that of the last one. Take it at [OnRcpt]");

    public static readonly DiagnosticDescriptor MaybeMissing = Warning(
        "MILTER105",
        "What may be missing is asked for without a question mark",
        "'{0}' is empty where {1}, and nobody sees the difference; take it as '{2}?'");

    public static readonly DiagnosticDescriptor UnmarkedState = Warning(
        "MILTER110",
        "A message's state stays for the next message",
        "'{0}' keeps what this message left in it, for the next message of the session; mark it with [PerMessage], or with [PerSession] where that is meant");

    public static readonly DiagnosticDescriptor UnmarkedCollection = Warning(
        "MILTER111",
        "A message's data pile up in a collection",
        "'{0}' keeps what this message added to it, for the next message of the session; mark it with [PerMessage], or with [PerSession] where that is meant");

    public static readonly DiagnosticDescriptor CapturedState = Warning(
        "MILTER112",
        "A constructor parameter is changed",
        "The constructor parameter '{0}' keeps what this message left in it, for the next message of the session; make it a [PerMessage] field");

    public static readonly DiagnosticDescriptor StaticState = Warning(
        "MILTER113",
        "Static state is changed by a handler",
        "'{0}' is static: handlers of all sessions change it at the same time; lock, use Interlocked or a concurrent collection, or take a service");

    public static readonly DiagnosticDescriptor ResetTooEarly = Warning(
        "MILTER115",
        "State of the session is marked as state of a message",
        "'{0}' is set before any message and reset when one begins, so that no message sees it; take [PerMessage] away, or mark it with [PerSession]");

    public static readonly DiagnosticDescriptor BlockingWait = Warning(
        "MILTER120",
        "A handler blocks its thread",
        "'{0}' blocks a thread that other sessions need; {1}");

    public static readonly DiagnosticDescriptor Kept = Warning(
        "MILTER121",
        "Something is kept beyond its time",
        "'{0}' is kept in '{1}', and is valid {2}");

    public static readonly DiagnosticDescriptor UsedLater = Warning(
        "MILTER123",
        "Work that goes on uses what ends with its handler",
        "'{0}' is used by work that nobody awaits, and is not valid when the handler or its message has ended; await the work, or give it a copy");

    public static readonly DiagnosticDescriptor NoToken = Info(
        "MILTER122",
        "A handler waits without a token",
        "'{0}' goes on waiting for '{1}' when its time is up or the MTA is gone; take a CancellationToken and hand it on");

    public static readonly DiagnosticDescriptor ComparedText = Info(
        "MILTER130",
        "A header text is made only to be compared",
        "'{0}' is made of every header field only to be compared; take ReadOnlySpan<byte> and compare with a \"…\"u8");

    public static readonly DiagnosticDescriptor WaitsAtEachHeader = Info(
        "MILTER131",
        "The MTA waits at every header field",
        "For '{0}' the MTA waits at every header field, not only at {1}; take the fields as [Header] HeaderValues at [OnEoh] or [OnEom], or return nothing");

    public static readonly DiagnosticDescriptor NeverRegistered = Info(
        "MILTER140",
        "A milter is never run",
        "'{0}' is a [Milter], but this program never runs it: AddMilter<{0}>() or MilterServer.RunAsync<{0}>(…)", WellKnownDiagnosticTags.CompilationEnd);

    public static readonly DiagnosticDescriptor NoMilter = Error(
        "MILTER141",
        "The class to run is no milter",
        "'{0}' is no milter; {1}");

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, CategoryOf(id), DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Help(id));

    private static DiagnosticDescriptor Info(string id, string title, string message, params string[] tags) =>
        new(id, title, message, CategoryOf(id), DiagnosticSeverity.Info, isEnabledByDefault: true, helpLinkUri: Help(id), customTags: tags);
}
