using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3014_ThreadOwnAcrossAwaitTests() : RuleTest("SLC3014")
{
    private static string In(string code) => $$"""
        class C
        {
            [ThreadStatic] private static string t_user;
            [ThreadStatic] private static int t_depth;
            private static readonly ThreadLocal<string> s_local = new();
            private static readonly AsyncLocal<string> s_flow = new();
            static Task LoadAsync() => Task.CompletedTask;
            static void Use(object value) { }
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_thread_static() => Reports(In("async Task M() { t_user = \"a\"; await LoadAsync(); Use([|t_user|]); }"));

    [Fact]
    public Task Reports_thread_local() => Reports(In("async Task M() { s_local.Value = \"a\"; await LoadAsync(); Use([|s_local.Value|]); }"));

    [Fact]
    public Task Reports_reset_in_finally() => Reports(In("async Task M() { t_user = \"a\"; try { await LoadAsync(); } finally { [|t_user|] = null; } }"));

    [Fact]
    public Task Reports_counter() => Reports(In("async Task M() { t_depth++; await LoadAsync(); [|t_depth|]--; }"));

    [Fact]
    public Task Reports_lambda() => Reports(In("Func<Task> M() => async () => { t_user = \"a\"; await LoadAsync(); Use([|t_user|]); };"));

    [Fact]
    public Task Reports_local_function() => Reports(In("Task M() { async Task F() { t_user = \"a\"; await LoadAsync(); Use([|t_user|]); } return F(); }"));

    [Fact]
    public Task Reports_in_a_task() => Reports(In("Task M() { t_user = \"a\"; return Task.Run(() => Use([|t_user|])); }"));

    [Fact]
    public Task Reports_in_a_thread() => Reports(In("void M() { s_local.Value = \"a\"; new Thread(() => Use([|s_local.Value|])).Start(); }"));

    [Fact]
    public Task Reports_in_a_branch() => Reports(In("async Task M(bool b) { t_user = \"a\"; if (b) { await LoadAsync(); } Use([|t_user|]); }"));

    [Fact]
    public Task Reports_read_before_and_after() => Reports(In("async Task M() { Use(t_user); await LoadAsync(); Use([|t_user|]); }"));

    [Fact]
    public Task Silent_async_local() => Silent(In("async Task M() { s_flow.Value = \"a\"; await LoadAsync(); Use(s_flow.Value); }"));

    [Fact]
    public Task Silent_before_the_await() => Silent(In("async Task M() { t_user = \"a\"; Use(t_user); await LoadAsync(); }"));

    [Fact]
    public Task Silent_after_the_await() => Silent(In("async Task M() { await LoadAsync(); t_user = \"a\"; Use(t_user); }"));

    [Fact]
    public Task Silent_not_async() => Silent(In("void M() { t_user = \"a\"; LoadAsync().Wait(); Use(t_user); }"));

    [Fact]
    public Task Silent_task_that_sets_it_itself() => Silent(In("Task M() { t_user = \"a\"; return Task.Run(() => { t_user = \"b\"; Use(t_user); }); }"));

    [Fact]
    public Task Silent_other_state() => Silent(In("async Task M() { t_user = \"a\"; await LoadAsync(); Use(t_depth); }"));

    [Fact]
    public Task Silent_local_copy() => Silent(In("async Task M() { var user = t_user; await LoadAsync(); Use(user); }"));

    [Fact]
    public Task Silent_other_arm() => Silent(In("async Task M(bool b) { if (b) { t_user = \"a\"; return; } await LoadAsync(); Use(t_user); }"));

    [Fact]
    public Task Silent_plain_static() => Silent("class C { static string s_x; static Task L() => Task.CompletedTask; async Task M() { s_x = \"a\"; await L(); System.Console.Write(s_x); } }");

    [Fact]
    public Task Silent_cache_in_a_lambda_that_runs_here() => Silent(In("void M(int[] a) { t_depth = 1; foreach (int i in a.Where(i => i > t_depth)) { Use(i); } }"));

    [Fact]
    public Task Fixes_with_AsyncLocal() => Fixes(
        "class F { [ThreadStatic] private static string t_user; static async Task M(string user) { t_user = user; await Task.Yield(); Console.WriteLine([|t_user|]); F.t_user = null; } }",
        "class F { private static readonly AsyncLocal<string> t_user = new(); static async Task M(string user) { t_user.Value = user; await Task.Yield(); Console.WriteLine(t_user.Value); F.t_user.Value = null; } }");

    [Theory]
    [InlineData("class F { [ThreadStatic] internal static string t_user; static async Task M(string user) { t_user = user; await Task.Yield(); Console.WriteLine([|t_user|]); } }")]
    [InlineData("class F { [ThreadStatic] private static int t_n; static void Set(ref int n) => n = 1; static async Task M() { Set(ref t_n); t_n = 2; await Task.Yield(); Console.WriteLine([|t_n|]); } }")]
    [InlineData("class F { private static readonly ThreadLocal<int> s_n = new(() => 3); static async Task M() { s_n.Value = 2; await Task.Yield(); Console.WriteLine([|s_n.Value|]); } }")]
    public Task Offers_no_AsyncLocal(string code) => NotFixed(code);

    private static string WithAmbient(string code) => $$"""
        static class Ambient
        {
            [ThreadStatic] private static string t_tenant;
            [ThreadStatic] private static Random t_random;
            public static string Tenant { get => t_tenant; set => t_tenant = value; }
            public static Random Random => t_random ??= new();
            public static string Get() => t_tenant;
            public static void Set(string tenant) { t_tenant = tenant; }
        }
        class C
        {
            static Task LoadAsync() => Task.CompletedTask;
            {{code}}
        }
        """;

    [Theory]
    [InlineData("async Task M() { Ambient.Tenant = \"a\"; await LoadAsync(); Console.Write([|Ambient.Tenant|]); }")]
    [InlineData("async Task M() { Ambient.Set(\"a\"); await LoadAsync(); Console.Write([|Ambient.Get()|]); }")]
    [InlineData("async Task M() { string before = Ambient.Tenant; Ambient.Tenant = \"a\"; try { await LoadAsync(); } finally { [|Ambient.Tenant|] = before; } }")]
    [InlineData("Task M() { Ambient.Tenant = \"a\"; return Task.Run(() => Console.Write([|Ambient.Tenant|])); }")]
    public Task Reports_behind_a_member_of_another_type(string code) => Reports(WithAmbient(code));

    [Theory]
    [InlineData("async Task M() { Console.Write(Ambient.Random.Next()); await LoadAsync(); Console.Write(Ambient.Random.Next()); }")]
    [InlineData("async Task M() { string tenant = Ambient.Tenant; await LoadAsync(); Console.Write(tenant); }")]
    [InlineData("async Task M() { await LoadAsync(); Ambient.Tenant = \"a\"; Console.Write(Ambient.Tenant); }")]
    [InlineData("void M() { Ambient.Tenant = \"a\"; Console.Write(Ambient.Tenant); }")]
    public Task Silent_behind_a_member_of_another_type(string code) => Silent(WithAmbient(code));
}
