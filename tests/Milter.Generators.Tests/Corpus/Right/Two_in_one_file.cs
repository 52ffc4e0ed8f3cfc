// two milters, the second in another namespace, type Second.Filter
//> MAIL: Accept
//> MAIL: Accept
namespace First
{
    [Milter] partial class Filter { [OnMail] Verdict From() => Verdict.TempFail(); }
}

namespace Second
{
    [Milter] partial class Filter { [OnMail] Verdict From() => Verdict.Accept; }
}
