namespace Milter.Generators.Model;

/// <summary>Turns what a milter's methods take and return into what is asked of the MTA.</summary>
internal sealed class Derivation
{
    private readonly MilterModel _model;
    private readonly Asks<Stages> _steps = new();
    private readonly Asks<ProtocolFlags> _options = new();
    private readonly Asks<ActionFlags> _required = new();
    private readonly Asks<ActionFlags> _wanted = new();
    private readonly Asks<(MacroStage Stage, string Name)> _macros = new();
    private readonly Asks<Stages> _waits = new();
    private CollectedFlags _collects;

    private Derivation(MilterModel model) => _model = model;

    public static Negotiation Derive(MilterModel model)
    {
        var derivation = new Derivation(model);
        derivation.Handlers();
        derivation.Parameters();
        derivation.Members();
        return derivation.Result();
    }

    private void Handlers()
    {
        foreach (HandlerModel handler in _model.Handlers.OrderByDescending(handler => handler.ReturnsVerdict))
        {
            Need(StageInfo.Of(handler.Stage).Step, handler.Name, handler.ReturnsVerdict);
        }

        foreach (HandlerModel handler in _model.Handlers.Where(handler => (handler.Stage & StageGroups.BetweenMailAndEom) != 0))
        {
            // A fault in a handler whose reply is waived is pending for the message, and has to end with it: so the next one must be seen to begin.
            Need(Stages.Mail, handler.Name, reply: false);
        }

        foreach (HandlerModel handler in _model.Handlers)
        {
            switch (handler.Stage)
            {
                case Stages.RejectedRcpt:
                    _options.Add(ProtocolFlags.RejectedRecipients, handler.Name);

                    // The engine tells refused recipients from others by these.
                    foreach (string macro in new[] { "{rcpt_addr}", "{rcpt_host}", "{rcpt_mailer}" })
                    {
                        _macros.Add((MacroStage.Rcpt, macro), handler.Name);
                    }

                    break;

                case Stages.Body when handler.ReturnsVerdict:
                    _options.Add(ProtocolFlags.Skip, handler.Name);
                    break;

                case Stages.Abort or Stages.MessageEnd:
                    // Sendmail sends no ABORT after RSET where MAIL is not replied to.
                    Need(Stages.Mail, handler.Name, reply: true);
                    break;
            }
        }
    }

    private void Parameters()
    {
        foreach (HandlerModel handler in _model.Handlers)
        {
            foreach (ParameterModel parameter in handler.Parameters)
            {
                Parameter(handler, parameter, handler.Asker(parameter));
            }
        }
    }

    private void Parameter(HandlerModel handler, ParameterModel parameter, string asker)
    {
        bool livesForMessage = parameter.Kind switch
        {
            ParameterKind.Service => (handler.Stage & StageGroups.InMessage) != 0,
            ParameterKind.Authentication => true,

            // Sendmail tells of each certificate; whether it trusts it, it says only where it is asked.
            ParameterKind.Tls => Macro(handler.Stage, "{verify}", asker),
            ParameterKind.Bound => Macros(handler.Stage, parameter.Binder, asker),
            ParameterKind.MacroText or ParameterKind.MacroBytes => Macro(handler.Stage, parameter.Key, asker),
            _ => false,
        };

        CollectedFlags collects = parameter.CollectsAt(handler.Stage);
        _collects |= collects;
        foreach (CollectedInfo info in CollectedInfo.All.Where(info => (collects & info.Flag) != 0))
        {
            Need(info.Step, asker, reply: false);
            livesForMessage |= info.LivesForMessage;
        }

        if (livesForMessage)
        {
            Need(Stages.Mail, asker, reply: false);
        }

        if (parameter.Binder is { HeaderSpace: true })
        {
            _options.Add(ProtocolFlags.HeaderLeadingSpace, asker);
        }

        AddEach(_required, parameter.Requires, asker);
        AddEach(_wanted, parameter.Wants, asker);
    }

    /// <summary>Asks for a macro and says whether its value belongs to a message.</summary>
    private bool Macro(Stages stage, string name, string asker)
    {
        MacroInfo? known = MacroInfo.Find(name);
        MacroStage at = known?.Asked ?? StageInfo.Of(stage).Macros;
        _macros.Add((at, name), asker);
        return known?.LivesForMessage ?? at >= MacroStage.Mail;
    }

    private bool Macros(Stages stage, BinderModel? binder, string asker)
    {
        bool livesForMessage = false;
        foreach (string name in binder?.Macros ?? default)
        {
            livesForMessage |= Macro(stage, name, asker);
        }

        return livesForMessage;
    }

    private void Members()
    {
        foreach (ResetModel member in _model.Resets)
        {
            Need(Stages.Mail, member.Name, reply: false);
        }

        if (_model.PreserveHeaderSpace)
        {
            _options.Add(ProtocolFlags.HeaderLeadingSpace, "[Milter]");
        }
    }

    private void Need(Stages step, string asker, bool reply)
    {
        if (step == Stages.None)
        {
            return;
        }

        (reply ? _waits : _steps).Add(step, asker);
    }

    private static void AddEach(Asks<ActionFlags> asks, ActionFlags actions, string asker)
    {
        foreach (ActionFlags action in ActionGroups.Each(actions & ActionGroups.Edits))
        {
            asks.Add(action, asker);
        }
    }

    private Negotiation Result()
    {
        List<(MacroStage Stage, string Names)> lists = SymbolListText.Of(_macros.All.Select(ask => ask.What));
        if (lists.Count > 0)
        {
            foreach (string asker in _macros.All.SelectMany(ask => ask.By).Distinct())
            {
                _wanted.Add(ActionFlags.SetSymbolList, asker);
            }
        }

        return new Negotiation(
            [.. StageInfo.All.Where(stage => stage.IsStep).Select(Step)],
            [.. _options.All.OrderBy(ask => ask.What)],
            [.. _required.All.OrderBy(ask => ask.What)],
            [.. _wanted.All.Where(ask => !_required.Has(ask.What)).OrderBy(ask => ask.What)],
            [.. _macros.All.OrderBy(ask => ask.What.Stage)],
            lists,
            _collects);
    }

    private StepNeed Step(StageInfo stage)
    {
        IReadOnlyList<string> waits = _waits.By(stage.Stage);

        // The same method may ask for both, and is named once, for what costs more.
        List<string> data = [.. _steps.By(stage.Stage).Except(waits)];
        StepMode mode = waits.Count > 0 || stage.Stage == Stages.Eom ? StepMode.Reply : data.Count > 0 ? StepMode.NoReply : StepMode.NotSent;
        return new StepNeed(stage, mode, waits, data);
    }
}
