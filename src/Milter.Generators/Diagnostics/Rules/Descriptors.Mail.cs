using Microsoft.CodeAnalysis;

namespace Milter.Generators.Diagnostics;

/// <summary>What goes wrong between a filter and the mail that it looks at: headers, replies, addresses, and what can't be.</summary>
internal static partial class Descriptors
{
    public static readonly DiagnosticDescriptor SendersReply = Warning(
        "MILTER095",
        "A reply repeats a text that the sender chose",
        "A line end or control character in this text makes {0} throw, and the sender chooses it; take {0}Cleaned, which takes any text, or say it without");

    public static readonly DiagnosticDescriptor EndsSession = Info(
        "MILTER097",
        "A reply of 421 ends the whole session",
        "421 makes the MTA end the session, for all recipients and messages; for one recipient take 450, 451 or 452");

    public static readonly DiagnosticDescriptor EarlyFact = Warning(
        "MILTER107",
        "A fact is asked for before the MTA can know it",
        "'{0}' is always {1} here; ask from [{2}] on");

    public static readonly DiagnosticDescriptor UnaskedMacro = Info(
        "MILTER109",
        "A macro that is sent to those only who ask",
        "No MTA sends {0} unless it is asked to; take it with [Macro]");

    public static readonly DiagnosticDescriptor FileWait = Info(
        "MILTER125",
        "A handler reads or writes a whole file while its thread waits",
        "'{0}' holds a thread that other sessions need until the disk has answered; {1}");

    public static readonly DiagnosticDescriptor LongDelay = Warning(
        "MILTER127",
        "A delay is longer than the handler has",
        "'{0}' waits {1} s, and has {2} s unless the options say more: then the MTA gets the verdict of OnExpiry");

    public static readonly DiagnosticDescriptor OthersFields = Warning(
        "MILTER161",
        "Fields of others are replaced",
        "Set leaves one {0} and removes those of others, which stand for themselves; Prepend this one");

    public static readonly DiagnosticDescriptor TraceTouched = Info(
        "MILTER163",
        "A trace field is changed or removed",
        "Received fields must stay as they are (RFC 5321 section 4.4): loops are found by them");

    public static readonly DiagnosticDescriptor SecondField = Info(
        "MILTER165",
        "A second field of a name that occurs once",
        "A message has one {0}, and this may be the second; Set makes it the only one");

    public static readonly DiagnosticDescriptor BccField = Warning(
        "MILTER167",
        "A Bcc field adds no recipient",
        "A Bcc field brings the message to nobody, and shows the address to all; EnvelopeEditor.AddRecipient adds a recipient");

    public static readonly DiagnosticDescriptor ComparedWithCase = Warning(
        "MILTER169",
        "Names of fields or domains are compared with case",
        "{0} are the same in any case, and the sender chooses which; compare with {1}");

    public static readonly DiagnosticDescriptor RawText = Warning(
        "MILTER171",
        "A raw value is searched for text beyond ASCII",
        "\"{0}\" is not found in a raw value, where such text is encoded (RFC 2047); take the decoded one");

    public static readonly DiagnosticDescriptor RawBytes = Info(
        "MILTER173",
        "Bytes beyond ASCII go into a header as they are",
        "Bytes are written as they are, and a header is ASCII unless the message is SMTPUTF8; give it as string, which is encoded where needed");

    public static readonly DiagnosticDescriptor RemovedInLoop = Warning(
        "MILTER175",
        "One occurrence is removed again and again",
        "Occurrences keep their numbers: only one field is removed, however often; take RemoveAll, or count");

    public static readonly DiagnosticDescriptor NoOccurrence = Error(
        "MILTER177",
        "An occurrence is less than 1",
        "Occurrences count from 1; there is no {0}");

    public static readonly DiagnosticDescriptor NoAddress = Error(
        "MILTER179",
        "Not an address of an envelope",
        "\"{0}\" is not an address of an envelope: {1}");

    public static readonly DiagnosticDescriptor NoEndPoint = Error(
        "MILTER181",
        "Not an endpoint",
        "\"{0}\" is no endpoint: {1}");

    public static readonly DiagnosticDescriptor NeverEqual = Warning(
        "MILTER183",
        "A comparison that is never true",
        "This is never \"{0}\": {1}");

    public static readonly DiagnosticDescriptor HeldAndRefused = Warning(
        "MILTER185",
        "A message is held and not taken",
        "What is refused or dropped can't be held: the hold is left out; return Continue or Accept");

    public static readonly DiagnosticDescriptor NothingToAppendTo = Warning(
        "MILTER187",
        "There is no new body to append to",
        "Append adds to the new body and throws where there is none; read the old one and Replace it first");

    public static readonly DiagnosticDescriptor UnaskedBody = Info(
        "MILTER189",
        "A body is read without asking whether it is there",
        "{0} throws where the body is too long to be kept, or could not be; ask IsAvailable and decide");

    public static readonly DiagnosticDescriptor OnlyContinues = Info(
        "MILTER193",
        "A handler can only say Continue",
        "'{0}' makes the MTA wait for a Continue that it always says; return void or Task");

    public static readonly DiagnosticDescriptor CatchContinues = Info(
        "MILTER195",
        "An exception lets mail pass",
        "Whatever fails, the mail passes; let it throw (OnException decides), or return TempFail");

    public static readonly DiagnosticDescriptor ReplyBeyondAscii = Info(
        "MILTER197",
        "A reply is told with question marks",
        "A client that has not asked for SMTPUTF8 is told \"{0}\"; say it in ASCII");

    public static readonly DiagnosticDescriptor ValuesNotKept = Warning(
        "MILTER199",
        "Fields are chosen by values that are not there",
        "{0} throws where there is such a field: only names are collected for an editor; take MessageHeaders in a handler of the class too");
}
