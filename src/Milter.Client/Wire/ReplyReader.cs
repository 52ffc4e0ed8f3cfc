using System.Buffers;
using Milter.Protocol;

namespace Milter.Client;

/// <content>Reading replies.</content>
public sealed partial class MilterConnection
{
    /// <summary>Reads what a filter answers to one step: modifications at EOM, notices of progress, a verdict.</summary>
    private sealed class ReplyReader(MilterConnection connection, StepRow row, StepReply step, MailPath? path)
    {
        private static readonly SearchValues<byte> s_printable = SearchValues.Create([(byte)'\r', (byte)'\n', .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (byte)c)]);

        private readonly List<MilterModification> _modifications = [];
        private List<byte>? _body;
        private bool _bodyIsOver;

        public async Task<StepReply> ReadAsync(CancellationToken cancellation)
        {
            int progress = 0;
            MilterTimeouts patience = connection._options.Patience;
            while (true)
            {
                FilterPacket packet = await connection._channel.ReadAsync(row.Command, row.IsContent ? patience.Content : patience.Command, cancellation).ConfigureAwait(false);
                if (packet.Reply == MilterReply.Progress)
                {
                    progress++;
                    if (!connection._mta.TakesProgress(row.Command))
                    {
                        throw Wrong(row, "sent PROGRESS, which is for EOM", packet.ToBytes());
                    }

                    continue;
                }

                if (Verdict(packet) is { } reply)
                {
                    CloseBody();
                    reply = RefuseBody(reply);
                    return reply with
                    {
                        ProgressNotices = progress,
                        Modifications = _modifications,
                        SmtpReply = reply.IsRefusal ? connection._mta.Words(reply.Verdict, row.Command, reply.Reply, path) : null,
                    };
                }

                Collect(packet);
            }
        }

        private StepReply? Verdict(FilterPacket packet)
        {
            MilterVerdict? verdict = packet.Reply switch
            {
                MilterReply.Continue => MilterVerdict.Continue,
                MilterReply.Accept => MilterVerdict.Accept,
                MilterReply.Discard => MilterVerdict.Discard,
                MilterReply.Reject => MilterVerdict.Reject,
                MilterReply.TempFail => MilterVerdict.TempFail,
                MilterReply.Skip => MilterVerdict.Skip,
                _ => null,
            };
            if (packet.Reply == MilterReply.ReplyCode)
            {
                return Words(packet);
            }

            if (verdict is not null && !packet.Payload.IsEmpty)
            {
                if (!connection._mta.ForgivesReplyTexts)
                {
                    throw Wrong(row, $"sent {verdict} with a payload", packet.ToBytes());
                }

                connection.Complain(row, $"{verdict} with a payload");
            }

            return verdict is { } known ? step with { Treatment = StepTreatment.Replied, Verdict = known } : null;
        }

        private StepReply Words(FilterPacket packet)
        {
            if (ReplyCodePayload.TryRead(packet.Payload.Span, out ReplyCodePayload text, out string? error))
            {
                if (connection._mta.FindFault(packet.Payload.Span) is { } fault)
                {
                    throw Wrong(row, $"sent a reply that Postfix takes for broken, and goes on without the filter ({fault})", packet.ToBytes());
                }

                if (MtaPersonality.Postfix.FindFault(packet.Payload.Span) is { } elsewhere)
                {
                    connection.Complain(row, $"a reply that Postfix takes for broken, and goes on without the filter ({elsewhere})");
                }

                if (text.Text.IndexOfAnyExcept(s_printable) >= 0)
                {
                    connection.Complain(row, "a reply with bytes that are not printable ASCII: Sendmail takes the eighth bit away, Postfix writes blanks for some");
                }

                string? enhanced = text.EnhancedCode.IsEmpty ? null : WireText.GetString(text.EnhancedCode);
                return step with
                {
                    Treatment = StepTreatment.Replied,
                    Verdict = text.Code >= 500 ? MilterVerdict.Reject : MilterVerdict.TempFail,
                    Reply = new SmtpReply(text.Code, enhanced, text.GetTexts()),
                };
            }

            if (!connection._mta.ForgivesReplyTexts)
            {
                throw Wrong(row, $"sent a reply that can't be given to a client ({error})", packet.ToBytes());
            }

            connection.Complain(row, $"a reply that can't be given to a client ({error}); the MTA's own words are given");
            bool isTemporary = packet.Payload.Span is [(byte)'4', ..];
            return step with { Treatment = StepTreatment.Replied, Verdict = isTemporary ? MilterVerdict.TempFail : MilterVerdict.Reject };
        }

        private void Collect(FilterPacket packet)
        {
            if (row.Command != MilterCommand.EndOfMessage)
            {
                throw Wrong(row, "answered with what is no verdict", packet.ToBytes());
            }

            MilterModification modification = ModificationReader.Read(packet, connection.Agreement.KeepsLeadingSpace, out string? error)
                ?? throw Wrong(row, $"sent what can't be understood ({error})", packet.ToBytes());
            MilterActions needed = ModificationReader.Needed(packet.Reply);
            if ((connection.Agreement.Actions & needed) == 0)
            {
                connection.Complain(row, $"{packet.Reply} without having asked for {needed} in the negotiation; Postfix and Sendmail obey");
            }

            if (modification is not BodyReplaced part)
            {
                CloseBody();
                _modifications.Add(modification);
                return;
            }

            if (_bodyIsOver && !connection._mta.ForgivesReplyTexts)
            {
                throw Wrong(row, "sent parts of the new body with other modifications between them", packet.ToBytes());
            }

            (_body ??= []).AddRange(part.Body.Span);
        }

        // Parts of a body that follow each other are one modification.
        private void CloseBody()
        {
            if (_body is not null)
            {
                _modifications.Add(new BodyReplaced(_body.ToArray()));
                _body = null;
                _bodyIsOver = true;
            }
        }

        // Sendmail takes back its acceptance when a body comes that was not agreed on.
        private StepReply RefuseBody(StepReply reply)
        {
            bool isUnasked = _bodyIsOver && (connection.Agreement.Actions & MilterActions.ChangeBody) == 0;
            return isUnasked && connection._mta == MtaPersonality.Sendmail ? reply with { Verdict = MilterVerdict.TempFail, Reply = null } : reply;
        }
    }
}
