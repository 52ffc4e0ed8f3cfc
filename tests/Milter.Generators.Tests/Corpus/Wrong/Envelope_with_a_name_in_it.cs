[Milter]
partial class Filter
{
    [OnEom]
    void End(MessageActions actions)
    {
        actions.AddRecipient({|MILTER179:"Archive <archive@example.net>"u8|});
        actions.ChangeSender({|MILTER179:"bounces @example.net"u8|});
    }
}
