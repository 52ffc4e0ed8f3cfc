// every name is a keyword, type namespace
//> EOM: InsertHeader X-Event|8 4QUEUE
//> EOM: InsertHeader X-Event|3 4QUEUE
[Milter]
partial class @namespace
{
    [PerMessage] private int @event;

    [OnRcpt] void @class(EnvelopeAddress @params) => @event += @params.LocalPart!.Length;

    [OnEom] void @void(HeaderAdder @new, MilterContext @this) => @new.Add("X-Event", $"{@event} {@this.QueueId}");
}
