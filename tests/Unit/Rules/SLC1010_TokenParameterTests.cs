using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1010_TokenParameterTests() : RuleTest("SLC1010")
{
    [Theory]
    [InlineData("public async Task M(CancellationToken [|ct|]) { await Task.Delay(1); }")]
    [InlineData("public async Task M(CancellationToken [|ct|] = default) => await Task.Delay(1);")]
    [InlineData("Task M(int n, CancellationToken [|ct|]) => Work(n, default);")]
    [InlineData("void M(CancellationToken [|ct|]) { while (_n > 0) { _n--; } }")]
    [InlineData("void M(CancellationToken [|ct|]) { foreach (int n in new[] { 1 }) { Console.WriteLine(n); } }")]
    [InlineData("static void M(CancellationToken? [|ct|]) { Thread.Sleep(1000); }")]
    [InlineData("async Task M() { await Inner(default); async Task Inner(CancellationToken [|ct|]) { await Task.Delay(1); } }")]
    [InlineData("async Task M(CancellationToken [|ct|]) { await Inner(default); async Task Inner(CancellationToken ct) { await Task.Delay(1, ct); } }")]
    public Task Reports_a_token_that_nothing_uses(string member) => Reports(In(member));

    [Theory]
    [InlineData("public Task M(CancellationToken [|ct|], int n) => Work(n, ct);")]
    [InlineData("Task M(string text, CancellationToken [|ct|], int n, string more) => Work(n, ct);")]
    [InlineData("void M() { Inner(default, 1); Task Inner(CancellationToken [|ct|], int n) => Work(n, ct); }")]
    [InlineData("public virtual Task M(CancellationToken [|ct|], int n) => Work(n, ct);")]
    public Task Reports_a_token_that_is_not_the_last(string member) => Reports(In(member));

    [Fact]
    public Task Reports_a_token_that_an_interface_misplaces() => Reports("""
        public interface IStore { Task Save(CancellationToken [|ct|], int value); }
        public class Store : IStore { public Task Save(CancellationToken ct, int value) => Task.Delay(value, ct); }
        """);

    [Theory]
    [InlineData("async Task M(CancellationToken ct) { await Task.Delay(1, ct); }")]
    [InlineData("async Task M(CancellationToken ct) { await Task.Run(() => { while (!ct.IsCancellationRequested) { } }); }")]
    [InlineData("Task<int> M(CancellationToken ct) => Task.FromResult(_n);")]
    [InlineData("int M(CancellationToken ct) => _n + 1;")]
    [InlineData("async Task M(CancellationToken _) { await Task.Delay(1); }")]
    [InlineData("async Task M(CancellationToken ct) { await Task.Yield(); throw new NotImplementedException(); }")]
    [InlineData("public virtual async Task M(CancellationToken ct) { await Task.Yield(); }")]
    [InlineData("public async Task CloseAsync(CancellationToken ct) { await Task.Yield(); }")]
    [InlineData("Func<CancellationToken, Task> Get() => M; async Task M(CancellationToken ct) { await Task.Delay(1); }")]
    [InlineData("void Get() => Parallel.ForEachAsync(new[] { 1 }, M); async ValueTask M(int n, CancellationToken ct) { await Task.Delay(n); }")]
    [InlineData("partial void M(CancellationToken ct); partial void M(CancellationToken ct) { Thread.Sleep(1); }")]
    public Task Silent_where_it_is_used_or_has_to_be_there(string member) => Silent(In(member));

    [Theory]
    [InlineData("Task M(int n, CancellationToken ct) => Work(n, ct);")]
    [InlineData("Task M(CancellationToken ct, params int[] numbers) => Work(numbers.Length, ct);")]
    [InlineData("Task M(CancellationToken ct, int n = 1) => Work(n, ct);")]
    [InlineData("Task M(CancellationToken ct, [System.Runtime.CompilerServices.CallerMemberName] string name = \"\") => Work(name.Length, ct);")]
    [InlineData("bool M(CancellationToken ct, out int n) { n = 1; return ct.IsCancellationRequested; }")]
    [InlineData("Task M(CancellationToken ct, IProgress<int> progress) => Work(1, ct);")]
    [InlineData("Task M(CancellationToken one, CancellationToken other) => Work(one.CanBeCanceled ? 1 : 2, other);")]
    [InlineData("Func<CancellationToken, int, Task> Get() => M; Task M(CancellationToken ct, int n) => Work(n, ct);")]
    public Task Silent_where_it_stands_right(string member) => Silent(In(member));

    [Fact]
    public Task Silent_for_extensions_of_tokens_overrides_implementations_and_records() => Silent("""
        static class Extensions { public static Task Wait(this CancellationToken ct, int n) => Task.Delay(n, ct); }
        interface IStore { Task Save(int value, CancellationToken ct); }
        class Store : IStore { public async Task Save(int value, CancellationToken ct) { await Task.Delay(value); } }
        class Explicit : IStore { async Task IStore.Save(int value, CancellationToken ct) { await Task.Delay(value); } }
        abstract class Base { public abstract Task Run(CancellationToken ct); }
        class Derived : Base { public override async Task Run(CancellationToken ct) { await Task.Delay(1); } }
        record Request(CancellationToken Ct, int Number);
        class Service(CancellationToken ct, int n) { public Task Run() => Task.Delay(n, ct); }
        class Kept { private readonly CancellationToken _ct; public Kept(CancellationToken ct, int n) { _ct = ct; Number = n; } public int Number { get; } public Task Run() => Task.Delay(1, _ct); }
        """);

    [Fact]
    public Task Fixes_by_moving_it_in_the_declaration_and_in_the_calls() => Fixes(
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                await Work(ct, 1, "one");
                await this.Work(ct, /* two */ 2, "two");
            }

            private Task Work(CancellationToken [|ct|], int n, string text) => Task.Delay(n + text.Length, ct);
        }
        """,
        """
        class C
        {
            async Task M(CancellationToken ct)
            {
                await Work(1, "one", ct);
                await this.Work(2, /* two */ "two", ct);
            }

            private Task Work(int n, string text, CancellationToken ct) => Task.Delay(n + text.Length, ct);
        }
        """);

    [Fact]
    public Task Not_fixed_where_callers_stand_elsewhere_or_nothing_uses_it() => NotFixed("""
        public class C
        {
            public Task Work(CancellationToken [|ct|], int n) => Task.Delay(n, ct);
            public async Task Other(CancellationToken [|ct|]) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Reports_where_the_method_only_counts_or_reads_files() => Reports("""
        class C
        {
            static int Sum(ReadOnlySpan<byte> data, CancellationToken [|ct|]) { int sum = 0; foreach (byte b in data) { sum += b; } return sum; }
            string Load(string path, CancellationToken [|ct|]) => File.ReadAllText(path).Trim();
            Task CloseAccountAsync(string path, CancellationToken [|ct|]) => File.WriteAllTextAsync(path, "closed");
            Task CloseAsync(CancellationToken ct) => File.WriteAllTextAsync("state", "closed");
            static List<string> List(string path, CancellationToken [|ct|]) { var found = new List<string>(); foreach (var file in Directory.EnumerateFiles(path)) { found.Add(file); } return found; }
        }
        """);

    private static string In(string member) => $$"""
        partial class C
        {
            private int _n;
            {{member}}
            Task Work(int n, CancellationToken ct) => Task.Delay(n, ct);
            void Count() => _n++;
        }
        """;
}
