using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0008_DeadCodeTests() : RuleTest("SLC0008")
{
    [Fact]
    public Task Reports_what_stands_after_a_jump() => Reports("""
        class C
        {
            int Return() { return 1; [|Console.WriteLine();|] }
            void Throw() { throw new InvalidOperationException(); [|Console.WriteLine();|] }
            void Loops(List<int> items)
            {
                foreach (var item in items) { break; [|Console.WriteLine(item);|] }
                foreach (var item in items) { continue; [|Console.WriteLine(item);|] }
            }

            IEnumerable<int> Stream() { yield return 1; yield break; [|Console.WriteLine();|] }
            int Switch(int x)
            {
                switch (x)
                {
                    case 1:
                        return 2;
                        [|break;|]
                    default:
                        return 3;
                }
            }

            Func<int> Lambda() => () => { return 1; [|Console.WriteLine();|] };
        }
        """);

    [Fact]
    public Task Reports_what_stands_after_a_statement_that_never_goes_on() => Reports("""
        class C
        {
            void Endless() { while (true) { Thread.Sleep(1); } [|Console.WriteLine();|] }
            void For() { for (;;) { Thread.Sleep(1); } [|Console.WriteLine();|] }
            void Do() { do { Thread.Sleep(1); } while (true); [|Console.WriteLine();|] }
            int Both(bool b) { if (b) { return 1; } else { return 2; } [|Console.WriteLine();|] }
            int Locked(object gate) { lock (gate) { return 1; } [|Console.WriteLine();|] }
            int Tried() { try { return 1; } catch (IOException) { throw; } [|Console.WriteLine();|] }
            int Chosen(int x) { switch (x) { case 1: return 1; default: throw new IOException(); } [|Console.WriteLine();|] }
        }
        """);

    [Fact]
    public Task Reports_top_level_statements_and_literals() => Reports("""
        if (false) { [|Console.WriteLine();|] }
        while (false) { [|Console.WriteLine();|] }
        if (true) { Console.WriteLine(); } else { [|Console.WriteLine();|] }
        return;
        [|Console.WriteLine();|]
        """);

    [Fact]
    public Task Reports_self_assignment() => Reports("""
        class C
        {
            int _x;
            int X { get; set; }
            C Next = null!;
            static int Count;
            void M(int x, int[] a, int i)
            {
                [|x = x|];
                [|_x = _x|];
                [|this._x = _x|];
                [|X = X|];
                [|C.Count = Count|];
                [|Next.X = Next.X|];
                [|a[i] = a[i]|];
                [|a[0] = (a[0])|];
            }
        }
        """);

    [Fact]
    public Task Reports_in_the_constructor_that_forgot_this() => Reports("""
        class C { string name = ""; C(string name) { [|name = name|]; } string Name => name; }
        """);

    [Fact]
    public Task Silent_where_something_leads_there() => Silent("""
        class C
        {
            const bool Verbose = false;
            int Conditional(bool b) { if (b) { return 1; } Console.WriteLine(); return 2; }
            void Loop() { while (true) { if (DateTime.Now.Ticks > 5) { break; } } Console.WriteLine(); }
            int Local() { return Inner(); int Inner() => 1; }
            void Label() { goto end; end: Console.WriteLine(); }
            int Tried() { try { return 1; } catch (IOException) { } return 2; }
            void Switch(int x) { switch (x) { case 1: return; } Console.WriteLine(); }
            void Constant() { if (Verbose) { Console.WriteLine(); } }
            int Empty() { return 1; ; }
            int Finally() { try { return 1; } finally { Console.WriteLine(); } }
        }
        """);

    [Fact]
    public Task Silent_where_assigning_does_something() => Silent("""
        class C
        {
            int _x;
            volatile int _v;
            int X { get => _x; set { _x = value; Console.WriteLine("changed"); } }
            public virtual int V { get; set; }
            C Child = null!;
            int x;
            void M(int x, C other, List<C> all, Dictionary<string, int> map)
            {
                X = X;
                V = V;
                _v = _v;
                this.x = x;
                _x = other._x;
                other._x = _x;
                Child._x = other.Child._x;
                map["a"] = map["a"];
                all[0]._x = all[1]._x;
                var copy = new C { _x = _x };
                Console.WriteLine(copy);
            }

            C Clone() => new() { _x = _x, Child = Child };
        }
        """);

    [Fact]
    public Task Silent_in_code_with_errors() => Silent("class C { int M() { return Missing(); Console.WriteLine(); } }", new() { AllowErrors = true });

    [Fact]
    public Task Fixes_by_removing() => Fixes(
        """
        class C
        {
            int _x;

            int M(int x)
            {
                [|_x = _x|]; // keep
                if (false)
                {
                    [|Console.WriteLine();|]
                }

                return Inner();
                [|Console.WriteLine(x);|] // never
                Console.WriteLine(2);
                int Inner() => 1;
            }
        }
        """,
        """
        class C
        {
            int _x;

            int M(int x)
            {

                return Inner();
                int Inner() => 1;
            }
        }
        """);

    [Fact]
    public Task Says_why() => Says(
        "class C { int M(int x) { x = x; return x; Console.WriteLine(); } }",
        "'x' is assigned to itself: one of the two names is wrong, or the line is not needed",
        "This never runs: what stands at line 1 does not go on to it; remove it, or move what ends the flow");
}
