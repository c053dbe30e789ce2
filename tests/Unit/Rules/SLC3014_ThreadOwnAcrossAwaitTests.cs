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

    private static string WithBuffers(string code) => $$"""
        static class Pool
        {
            [ThreadStatic] private static System.Text.StringBuilder t_shared;
            public static System.Text.StringBuilder Shared => t_shared ??= new();
        }
        class C
        {
            private static readonly ThreadLocal<System.Text.StringBuilder> s_text = new(() => new());
            private static readonly ThreadLocal<string> s_name = new();
            private static readonly ThreadLocal<Random> s_random = new(() => new());
            [ThreadStatic] private static byte[] t_bytes;
            [ThreadStatic] private static List<int> t_list;
            static Task LoadAsync(object value = null) => Task.CompletedTask;
            static async IAsyncEnumerable<int> Rows() { await Task.Yield(); yield return 1; }
            static void Use(object value) { }
            {{code}}
        }
        """;

    [Theory]
    [InlineData("async Task M() { var text = s_text.Value; text.Append('a'); await LoadAsync(); [|text|].Append('b'); text.Append('c'); }")]
    [InlineData("async Task M() { System.Text.StringBuilder text = s_text.Value!.Clear(); await LoadAsync(); Use([|text|]); }")]
    [InlineData("async Task M() { var text = s_text.Value; await foreach (int row in Rows()) { [|text|].Append(row); } Use(text); }")]
    [InlineData("async Task M() { var bytes = t_bytes ??= new byte[16]; await LoadAsync(); [|bytes|][0] = 1; }")]
    [InlineData("async Task M() { var list = t_list ?? new List<int>(); list.Clear(); await LoadAsync(); foreach (int i in list) { Use(i); } [|list|].Add(1); }")]
    [InlineData("async Task M() { s_text.Value.Append('a'); await LoadAsync(); [|s_text.Value|].Append('b'); }")]
    [InlineData("async Task M() { var text = Pool.Shared; await LoadAsync(); Use([|text|].ToString()); }")]
    [InlineData("async Task M() { while (true) { var text = s_text.Value; await LoadAsync(text); await LoadAsync([|text|]); } }")]
    [InlineData("async Task M() { var list = t_list; await LoadAsync(); [|list|].Add(1); [|t_list|] = null; }")]
    public Task Reports_object_of_the_thread_after_the_await(string code) => Reports(WithBuffers(code));

    [Theory]
    [InlineData("async Task M() { var text = s_text.Value; text.Append('a'); var made = text.ToString(); await LoadAsync(); Use(made); }")]
    [InlineData("async Task M() { var name = s_name.Value; await LoadAsync(); Use(name); }")]
    [InlineData("async Task M() { var list = t_list ?? new List<int>(); t_list = null; await LoadAsync(); list.Add(1); t_list = list; }")]
    [InlineData("async Task M() { var list = t_list; t_list = new List<int>(); await LoadAsync(); list.Add(1); }")]
    [InlineData("async Task M() { var text = s_text.Value; s_text.Value = new(); await LoadAsync(); text.Append('a'); }")]
    [InlineData("async Task M() { var text = new System.Text.StringBuilder(); await LoadAsync(); text.Append('a'); }")]
    [InlineData("async Task M() { var list = Interlocked.Exchange(ref t_list, null); await LoadAsync(); list.Add(1); }")]
    [InlineData("async Task M() { while (true) { await LoadAsync(); var text = s_text.Value; text.Append('a'); } }")]
    [InlineData("async Task M(bool b) { var text = s_text.Value; if (b) { await LoadAsync(); return; } text.Append('a'); }")]
    [InlineData("async Task M() { var bytes = t_bytes; await LoadAsync(); Use(bytes.Length); }")]
    [InlineData("void M() { var text = s_text.Value; LoadAsync().Wait(); text.Append('a'); }")]
    [InlineData("async Task M() { var text = s_text.Value; await LoadAsync(text); }")]
    [InlineData("async Task M() { Use(s_random.Value.Next()); await LoadAsync(); Use(s_random.Value.Next()); }")]
    public Task Silent_object_of_the_thread(string code) => Silent(WithBuffers(code));

    private static string WithScopes(string code) => $$"""
        sealed class Tenant : IDisposable
        {
            [ThreadStatic] private static string t_current;
            private readonly string _outer;
            public Tenant(string name) { _outer = t_current; t_current = name; }
            public static string Current => t_current ?? throw new InvalidOperationException();
            public static Tenant Begin(string name) => new(name);
            public static IDisposable Start(string name) { return new Tenant(name); }
            public void Dispose() => t_current = _outer;
        }
        sealed class Depth : IDisposable
        {
            [ThreadStatic] private static int t_depth;
            public static Depth Enter() { t_depth++; return new(); }
            public void Dispose() => t_depth--;
        }
        sealed class Reset : IDisposable
        {
            [ThreadStatic] internal static string t_culture;
            public void Dispose() => t_culture = null;
        }
        sealed class Pooled : IDisposable
        {
            [ThreadStatic] private static Pooled t_cached;
            [ThreadStatic] private static byte[] t_bytes;
            private readonly byte[] _bytes = t_bytes ??= new byte[16];
            public static Pooled Rent() { var pooled = t_cached ?? new Pooled(); t_cached = null; return pooled; }
            public void Dispose() { t_cached = this; t_bytes = _bytes; }
        }
        sealed class Flowing : IDisposable
        {
            private static readonly AsyncLocal<string> s_current = new();
            [ThreadStatic] private static int t_unrelated;
            public Flowing(string name) => s_current.Value = name;
            public void Count() => t_unrelated++;
            public void Dispose() => s_current.Value = null;
        }
        class C
        {
            static Task LoadAsync() => Task.CompletedTask;
            static void Load() { }
            {{code}}
        }
        """;

    [Theory]
    [InlineData("async Task M() { using var tenant = [|Tenant.Begin(\"a\")|]; await LoadAsync(); }")]
    [InlineData("async Task M() { using Tenant tenant = [|new Tenant(\"a\")|]; await LoadAsync(); }")]
    [InlineData("async Task M() { using Tenant tenant = [|new(\"a\")|]; if (true) { await LoadAsync(); } }")]
    [InlineData("async Task M() { using ([|Tenant.Begin(\"a\")|]) { await LoadAsync(); } }")]
    [InlineData("async Task M() { using ([|Tenant.Start(\"a\")|]) { await LoadAsync(); } }")]
    [InlineData("async Task M() { using var depth = [|Depth.Enter()|]; await LoadAsync(); }")]
    [InlineData("async Task M() { Reset.t_culture = \"de\"; using var reset = [|new Reset()|]; await LoadAsync(); }")]
    [InlineData("Func<Task> M() => async () => { using var tenant = [|Tenant.Begin(\"a\")|]; await LoadAsync(); };")]
    [InlineData("async Task M() { string before = Tenant.Current; await LoadAsync(); Console.Write([|Tenant.Current|]); }")]
    public Task Reports_scope_around_an_await(string code) => Reports(WithScopes(code));

    [Theory]
    [InlineData("async Task M() { using (Tenant.Begin(\"a\")) { Load(); } await LoadAsync(); }")]
    [InlineData("async Task M() { await LoadAsync(); using var tenant = Tenant.Begin(\"a\"); Load(); }")]
    [InlineData("void M() { using var tenant = Tenant.Begin(\"a\"); LoadAsync().Wait(); }")]
    [InlineData("async Task M() { using var pooled = Pooled.Rent(); await LoadAsync(); }")]
    [InlineData("async Task M() { using var pooled = new Pooled(); await LoadAsync(); }")]
    [InlineData("async Task M() { using var flowing = new Flowing(\"a\"); await LoadAsync(); }")]
    [InlineData("async Task M() { await LoadAsync(); using (Tenant.Begin(\"a\")) { Func<Task> later = async () => await LoadAsync(); } }")]
    [InlineData("async Task M() { using var source = new CancellationTokenSource(); await LoadAsync(); Console.Write(nameof(Tenant)); }")]
    [InlineData("async Task M(Tenant tenant) { using (tenant) { await LoadAsync(); } }")]
    public Task Silent_scope(string code) => Silent(WithScopes(code));

    [Theory]
    [InlineData("class F { [ThreadStatic] private static List<int> list; static async Task M() { var list = F.list; await Task.Yield(); [|list|].Add(1); } }")]
    [InlineData("sealed class S : IDisposable { [ThreadStatic] private static string t_x; public S() => t_x = \"a\"; public void Dispose() => t_x = null; static async Task M() { using var s = [|new S()|]; await Task.Yield(); } }")]
    public Task Offers_no_AsyncLocal_for_an_object_or_a_scope(string code) => NotFixed(code);
}
