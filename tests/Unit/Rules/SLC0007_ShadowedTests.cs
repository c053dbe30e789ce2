using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0007_ShadowedTests() : RuleTest("SLC0007")
{
    [Fact]
    public Task Reports_a_local_over_a_field() => Reports("""
        class C
        {
            private Stream? stream; static int count; readonly object gate = new();
            void Open(string path) { var [|stream|] = File.OpenRead(path); stream.ReadByte(); }
            static void N() { int [|count|] = 1; Console.WriteLine(count); }
            void Close() => stream?.Dispose();
            int Count => count;
            void Use() { if (int.TryParse("1", out int [|count|])) Console.WriteLine(count); foreach (var [|gate|] in new[] { 1 }) Console.WriteLine(gate); lock (this.gate) { } }
        }
        """);

    [Fact]
    public Task Reports_over_fields_of_the_base_of_the_type_around_and_of_an_imported_one() => Reports("""
        using static Shared;
        static class Shared { public static int level; }
        class Base { protected int depth; }
        class C : Base
        {
            static int width;
            void M() { int [|depth|] = 1, [|level|] = 2; Console.WriteLine(depth + level); }
            void N() => Console.WriteLine(depth + level);
            class Inner
            {
                void M() { int [|width|] = 1; Console.WriteLine(width); }
                void N() => Console.WriteLine(width);
            }
        }
        """);

    [Fact]
    public Task Reports_a_parameter_of_a_lambda_over_a_local() => Reports("""
        class C
        {
            void M(List<int> items)
            {
                int total = 0;
                items.ForEach([|total|] => Console.WriteLine(total));
                Func<int, int, int> add = ([|total|], other) => total + other;
                Func<int, int> old = delegate (int [|total|]) { return total; };
                Console.WriteLine(total + add(1, 2) + old(1));
            }
        }
        """);

    [Fact]
    public Task Reports_within_local_functions_and_lambdas() => Reports("""
        class C
        {
            async Task M(CancellationToken token, Exception? error)
            {
                await Run(async [|token|] => { Exception? [|error|] = null; try { await Task.Delay(1, token); } catch (Exception e) { error = e; } Console.WriteLine(error); });
                if (error is not null) { throw error; }
                int Twice(int [|limit|]) => limit * 2;
                int limit = Twice(2);
                await Task.Delay(limit, token);
            }
            Task Run(Func<CancellationToken, Task> work) => work(default);
        }
        """);

    [Fact]
    public Task Reports_at_the_top_level_and_over_a_primary_parameter() => Reports("""
        int count = 1;
        Action<int> show = [|count|] => Console.WriteLine(count);
        show(count);
        class C(string name) { void M() { var [|name|] = "x"; Console.WriteLine(name); } public string Name => name; }
        """);

    [Fact]
    public Task Says_what_is_hidden() => Says("""
        class C
        {
            int size;
            void M() { int [|size|] = 1; Console.WriteLine(size); }
            int N() => size;
        }
        """, "'size' hides the field of 'C', which is used at line 5: what is written here does not reach that one, and a reader takes one for the other; give it a name of its own");

    [Fact]
    public Task Silent_for_parameters_of_methods_and_constructors() => Silent("""
        class C
        {
            private string name;
            public C(string name) { this.name = name; }
            void Rename(string name) => this.name = name;
            string Show(string name) { Console.WriteLine(name); return this.name; }
            void Local() { Set("x"); void Set(string name) => this.name = name; }
        }
        """);

    [Fact]
    public Task Silent_for_copies() => Silent("""
        class C
        {
            private Action? handler; private int[] buffer = []; private string? text;
            void Raise() { var handler = this.handler; handler?.Invoke(); }
            void Grow() { var buffer = new int[this.buffer.Length * 2]; this.buffer.CopyTo(buffer, 0); }
            void Read() { string text = Console.ReadLine()!; Console.WriteLine(text); this.text = text; }
            string? Text => text;
        }
        """);

    [Fact]
    public Task Silent_where_only_one_is_used() => Silent("""
        class C
        {
            private int unused; private int size;
            void M() { int unused = 1; Console.WriteLine(unused); int size = 2; _ = this.size; }
            void N(List<int> items, int item) { items.ForEach(item => Console.WriteLine(item)); items.Sort((size, other) => other); }
        }
        """);

    [Fact]
    public Task Silent_for_static_code() => Silent("""
        class C
        {
            private int size;
            static int M() { int size = 1; return size; }
            int N(int start) { return start + Add(1) + size; static int Add(int start) => start + 1; }
            Func<int, int> O(int step) { Console.WriteLine(step); return static step => step + 1; }
        }
        """);

    [Fact]
    public Task Silent_for_discards_and_names_side_by_side() => Silent("""
        class C
        {
            private int _;
            void M(List<int> items)
            {
                items.ForEach(_ => { }); items.ForEach(i => Console.WriteLine(i)); for (int i = 0; i < 1; i++) { Console.WriteLine(i); }
                items.ForEach(x => Console.WriteLine(x)); items.ForEach(x => Console.WriteLine(x));
            }
            void N(List<int> items) => Console.WriteLine(this._);
            string Name => "x"; void O() { string name = Name; Console.WriteLine(name); }
        }
        class D { int Value; class E { void M() { int Value = 1; Console.WriteLine(Value); } } int N() => Value; }
        """);

    [Fact]
    public Task Silent_on_code_that_is_being_typed() => Silent("""
        class C { int a; void M() { int a = ; Console.WriteLine(missing => missing); foreach (var in) } }
        """, new() { AllowErrors = true });

    [Fact]
    public Task Reports_a_local_that_is_added_to_the_field() => Reports("""
        class C
        {
            private decimal total;
            void Add(decimal[] prices) { decimal [|total|] = 0; foreach (var price in prices) { total += price; } this.total += total; }
            decimal Total => total;
        }
        """);
}
