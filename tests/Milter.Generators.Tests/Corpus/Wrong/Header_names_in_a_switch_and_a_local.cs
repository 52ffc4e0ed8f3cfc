[Milter]
partial class Filter
{
    [PerMessage] private bool _isList;
    [PerMessage] private int _priority;

    [OnHeader]
    void Field(HeaderField field)
    {
        string name = field.NameText;
        switch (name)
        {
            case {|MILTER169:"List-Id"|}:
            case {|MILTER169:"List-Post"|}:
                _isList = true;
                break;
            default:
                _priority += {|MILTER169:name.StartsWith("X-Priority", StringComparison.Ordinal)|} ? 1 : 0;
                break;
        }
    }

    [OnEom]
    Verdict End(MessageHeaders headers)
    {
        foreach (HeaderField field in headers)
        {
            if ({|MILTER169:field.Name.SequenceEqual("X-Mailer"u8)|})
            {
                return Verdict.Reject();
            }
        }

        return _isList && _priority > 1 ? Verdict.Discard : Verdict.Continue;
    }
}
