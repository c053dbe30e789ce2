using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0002_UnusedLocalTests() : RuleTest("SLC0002")
{
    [Fact]
    public Task Reports_a_local_without_a_use() => Reports("""
        class C
        {
            void M(List<int> items)
            {
                int [|never|];
                int [|one|] = 1, two = 2;
                var [|count|] = items.Count;
                var [|first|] = items.First();
                string? [|text|] = null;
                const int [|Limit|] = 3;
                Console.WriteLine(two);
            }
        }
        """);

    [Fact]
    public Task Reports_a_local_that_is_only_assigned() => Reports("""
        class C
        {
            void M(List<int> items)
            {
                int [|last|];
                int [|steps|] = 0;
                double [|sum|] = 0;
                string [|all|] = "";
                foreach (var item in items)
                {
                    last = item;
                    steps++;
                    sum += item;
                    all += item;
                }

                Console.WriteLine(items);
            }
        }
        """);

    [Fact]
    public Task Reports_variables_in_expressions() => Reports("""
        class C
        {
            void M(Dictionary<string, int> map, object o, (int, int) pair)
            {
                if (map.TryGetValue("a", out var [|value|])) { Console.WriteLine("there"); }
                if (int.TryParse("1", out int [|number|])) { Console.WriteLine("number"); }
                if (o is string [|text|]) { Console.WriteLine("text"); }
                if (o is { } [|thing|]) { Console.WriteLine("thing"); }
                var (a, [|b|]) = pair;
                (int c, int [|d|]) = pair;
                foreach (var (key, [|amount|]) in map) { Console.WriteLine(key); }
                Console.WriteLine(a + c);
            }

            int Kind(object o) => o switch { string [|s|] => 1, int n => n, _ => 0 };
            string Of(object o)
            {
                switch (o)
                {
                    case string s: return s;
                    case int [|i|]: return "int";
                    default: return "";
                }
            }

            bool Has(Dictionary<string, int> map) => map.TryGetValue("a", out var [|x|]);
            bool Any => int.TryParse("1", out var [|y|]);
            static readonly Func<string, bool> IsNumber = text => int.TryParse(text, out var [|z|]);
            C(string text) : this(int.TryParse(text, out var [|parsed|])) { }
            C(bool ok) { }
        }
        """);

    [Fact]
    public Task Reports_a_caught_exception_that_nothing_looks_at() => Reports("""
        class C
        {
            void M(Action action)
            {
                try { action(); }
                catch (InvalidOperationException [|e|]) { Console.WriteLine("failed"); }
                catch (IOException e) { Console.WriteLine(e); }
                catch (ArgumentException e) when (e.ParamName == "x") { }
            }
        }
        """);

    [Fact]
    public Task Reports_what_is_only_given_to_out_or_a_tuple() => Reports("""
        class C
        {
            void M(string text, (int, int) pair)
            {
                int [|number|];
                int.TryParse(text, out number);
                int left;
                int [|right|];
                (left, right) = pair;
                Console.WriteLine(left);
            }
        }
        """);

    [Fact]
    public Task Reports_in_lambdas_local_functions_and_top_level_statements() => Reports("""
        var [|unused|] = 1;
        var seen = false;
        Action run = () => { var [|inner|] = 2; seen = true; };
        run();
        Local();
        Console.WriteLine(seen);
        void Local() { int [|deep|] = 3; }
        """);

    [Fact]
    public Task Reports_what_a_lambda_writes_and_nobody_reads() => Reports("""
        class C
        {
            void M(Action<Action> on)
            {
                bool [|called|] = false;
                on(() => { called = true; });
            }
        }
        """);

    [Fact]
    public Task Reports_beside_one_of_the_same_name_elsewhere() => Reports("""
        class C
        {
            public int value;
            public int Sum(C other)
            {
                { int x = 1; Console.WriteLine(x); }
                { int [|x|] = 2; }
                int [|value|] = 3;
                _ = new C { value = 4 };
                Named(value: 5);
                return other.value;
            }

            void Named(int value) => Console.WriteLine(value);
        }
        """);

    [Fact]
    public Task Silent_where_it_is_read() => Silent("""
        class C
        {
            int M(List<int> items, string text, Dictionary<string, int> map)
            {
                int count = 0;
                count++;
                int sum = 0;
                sum += count;
                var copy = sum;
                int y;
                int z = y = copy;
                string? line;
                using var reader = new StringReader(text);
                while ((line = reader.ReadLine()) != null) { Console.WriteLine("line"); }
                var captured = 1;
                Func<int> get = () => captured;
                var name = 3;
                Console.WriteLine(nameof(name));
                int? cache = null;
                cache ??= z;
                if (map.TryGetValue("a", out var value) && value > 0) { return get(); }
                var (a, b) = (1, 2);
                return a + b + cache.Value;
            }
        }
        """);

    [Fact]
    public Task Silent_where_an_assignment_reaches_something_else() => Silent("""
        class Point { public int X; }
        struct Vector { public int X; }
        class C
        {
            void M(Point shared, int[] numbers, Vector[] vectors)
            {
                var point = shared;
                point.X = 5;
                ref int first = ref numbers[0];
                first = 7;
                var list = numbers;
                list[0] = 1;
                ref var vector = ref vectors[0];
                vector.X = 1;
                Vector own;
                own.X = 3;
            }

            unsafe void P(int* start) { int* p = start; *p = 4; }
        }
        """);

    [Fact]
    public Task Silent_where_the_name_must_be_there() => Silent("""
        class C
        {
            async Task M(List<int> items, IAsyncDisposable held, Func<string, IDisposable> enter)
            {
                foreach (var item in items) { Console.WriteLine("one"); }
                using var scope = enter("a");
                using (var other = enter("b")) { Console.WriteLine("in"); }
                await using var third = held;
                items.ForEach(item => Console.WriteLine("one"));
                var q = from i in items from j in items select i;
                Console.WriteLine(q);
            }

            unsafe void F(byte[] bytes) { fixed (byte* p = bytes) { Console.WriteLine("pinned"); } }
        }
        """);

    [Fact]
    public Task Silent_for_names_that_say_so() => Silent("""
        class C
        {
            void M(Func<int> next, (int, int) pair)
            {
                _ = next();
                var _ignored = next();
                var (first, _) = pair;
                int.TryParse("1", out _);
                Console.WriteLine(first);
            }
        }
        """);

    [Fact]
    public Task Silent_where_the_operator_is_somebodys_own() => Silent("""
        class Log { public static Log operator +(Log log, string line) { Console.WriteLine(line); return log; } }
        class C { void M() { var log = new Log(); log += "a"; } }
        """);

    [Fact]
    public Task Silent_for_tasks_which_are_the_business_of_another_rule() => Silent("""
        class C { void M(Func<Task> run) { var running = run(); } }
        """);

    [Fact]
    public Task Silent_where_a_span_lies_in_it() => Silent("""
        class C
        {
            static ReadOnlySpan<long> Span([System.Diagnostics.CodeAnalysis.UnscopedRef] out long room) { room = 1; return new(ref room); }
            int M() { long scratch; var one = Span(out scratch); var two = Span(out var other); return one.Length + two.Length; }
        }
        """);

    [Fact]
    public Task Silent_where_another_build_reads_it() => Silent("""
        class C
        {
            void M(int a)
            {
                var twice = a * 2;
        #if TRACE_IT
                Console.WriteLine(twice);
        #endif
            }
        }
        """);

    [Fact]
    public Task Silent_while_the_use_is_being_typed() => Silent(
        """
        class C
        {
            void M(int a)
            {
                var twice = a * 2;
                Console.Wri
            }
        }
        """,
        new() { AllowErrors = true });

    [Fact]
    public Task Silent_for_fields_parameters_and_local_functions() => Silent("""
        class C
        {
            int _field = 1;
            void M(int parameter) { void Local(int other) { } }
            event Action? Changed;
        }
        """);

    [Fact]
    public Task Fixes_by_keeping_what_the_value_does() => Fixes(
        """
        class C
        {
            int P { get; set; }

            async Task M(List<int> items, Func<int> next, Func<Task<int>> later)
            {
                // Counts.
                int [|count|] = 0; // from zero
                var [|called|] = next();
                var [|awaited|] = await later();
                var [|read|] = P;
                C [|made|] = new();
                var [|list|] = new List<int>();
                int [|sum|] = 1 + 2, kept = 3;
                Func<int> [|twice|] = () => 2;
                count++;
                foreach (var item in items)
                {
                    count = item;
                    if (item > kept)
                        count += next();
                    if (item > 5)
                        count = 5;
                }
            }
        }
        """,
        """
        class C
        {
            int P { get; set; }

            async Task M(List<int> items, Func<int> next, Func<Task<int>> later)
            {
                // Counts.
                next();
                await later();
                _ = P;
                _ = new C();
                int kept = 3;
                foreach (var item in items)
                {
                    if (item > kept)
                        next();
                    if (item > 5)
                        { }
                }
            }
        }
        """);

    [Fact]
    public Task Fixes_with_discards_in_expressions() => Fixes(
        """
        class C
        {
            int M(Dictionary<string, int> map, object o, (int, int) pair, Action action)
            {
                int [|number|];
                int [|right|];
                if (map.TryGetValue("a", out var [|value|])) { Console.WriteLine("there"); }
                if (int.TryParse("1", out number)) { Console.WriteLine("number"); }
                if (long.TryParse("1", out long [|big|])) { Console.WriteLine("number"); }
                if (o is string [|text|]) { Console.WriteLine("text"); }
                if (o is not int [|whole|]) { Console.WriteLine("no int"); }
                if (o is { } [|thing|]) { Console.WriteLine("thing"); }
                var (a, [|b|]) = pair;
                (int c, int [|d|]) = pair;
                (a, right) = pair;
                foreach (var (key, [|amount|]) in map) { Console.WriteLine(key); }
                foreach ((string key, int [|amount|]) in map) { Console.WriteLine(key); }
                try { action(); } catch (IOException [|e|]) { Console.WriteLine(a + c); }
                switch (o) { case string [|s|]: break; }
                return o switch { string [|s|] => 1, List<int> { Count: var [|n|] } => 2, _ => 0 };
            }
        }
        """,
        """
        class C
        {
            int M(Dictionary<string, int> map, object o, (int, int) pair, Action action)
            {
                if (map.TryGetValue("a", out _)) { Console.WriteLine("there"); }
                if (int.TryParse("1", out int _)) { Console.WriteLine("number"); }
                if (long.TryParse("1", out long _)) { Console.WriteLine("number"); }
                if (o is string) { Console.WriteLine("text"); }
                if (o is not int _) { Console.WriteLine("no int"); }
                if (o is { }) { Console.WriteLine("thing"); }
                var (a, _) = pair;
                (int c, _) = pair;
                (a, _) = pair;
                foreach (var (key, _) in map) { Console.WriteLine(key); }
                foreach ((string key, _) in map) { Console.WriteLine(key); }
                try { action(); } catch (IOException) { Console.WriteLine(a + c); }
                switch (o) { case string _: break; }
                return o switch { string _ => 1, List<int> { Count: var _ } => 2, _ => 0 };
            }
        }
        """);

    [Fact]
    public Task Says_what_is_wrong() => Says(
        "class C { void M(Func<int> next) { int [|a|]; var [|b|] = 1; b = next(); } }",
        "'a' is declared and never used: remove it, or use what it was made for",
        "'b' is assigned and never read: remove it, or use what it was made for");
}
