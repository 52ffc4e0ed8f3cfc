// a namesake in the class hides the base's, and both run
//> EOM: InsertHeader X-Mails|11
//> EOM: InsertHeader X-Mails|11
public class Shared
{
    [OnMail] protected void Mail() => Mails++;

    [PerMessage] protected int Mails;
}

[Milter]
partial class Filter : Shared
{
    [OnMail] new void Mail() => Mails += 10;

    [OnEom] void End(HeaderAdder adder) => adder.Add("X-Mails", $"{Mails}");
}
