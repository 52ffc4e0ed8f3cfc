[Milter]
partial class Filter
{
    [OnEom]
    Verdict End(MessageHeaders headers, MessageBody body, HeaderEditor editor)
    {
        new Thread(() => Console.WriteLine({|MILTER123:headers|}.Count)).Start();
        ThreadPool.QueueUserWorkItem(_ => Console.WriteLine({|MILTER123:body|}.Length));
        Task work = {|MILTER091:Task.Factory.StartNew(Tag)|};
        Console.WriteLine("started");
        _ = Task.Run(async () => { await Task.Yield(); {|MILTER123:editor|}.Set("X-Late", "yes"); });
        return Verdict.Continue;

        void Tag() => Console.WriteLine({|MILTER123:headers|}["Subject"]);
    }
}
