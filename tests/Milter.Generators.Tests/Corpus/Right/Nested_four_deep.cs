// nested in all kinds of types, type A.B.I+S+R+C
//> EOM: InsertHeader X-Ran|deep
//> EOM: InsertHeader X-Ran|deep
namespace A.B;

partial interface I
{
    internal partial record struct S
    {
        internal partial record R
        {
            [Milter]
            private protected partial class C
            {
                [OnEom] internal static void End(HeaderAdder adder) => adder.Add("X-Ran", "deep");
            }
        }
    }
}
