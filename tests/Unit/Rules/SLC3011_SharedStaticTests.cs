using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3011_SharedStaticTests() : RuleTest("SLC3011")
{
    private static string In(string code) => $$"""
        class C
        {
            private static int s_count;
            private static volatile bool s_on;
            [ThreadStatic] private static int s_own;
            private static readonly object s_gate = new();
            public static int Rate { get; set; } = 10;
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_counter_of_many() => Reports(In("void M(int[] a) => Parallel.ForEach(a, i => [|s_count|]++);"));

    [Fact]
    public Task Reports_counter_behind_a_method() => Reports(In("static void Hit() => [|s_count|]++; Task M() => Task.WhenAll(Task.Run(Hit), Task.Run(Hit));"));

    [Fact]
    public Task Reports_setting_that_is_overridden_and_restored() => Reports(In("""
        sealed class Override : IDisposable
        {
            private readonly int _before = Rate;
            public Override(int rate) => [|Rate|] = rate;
            public void Dispose() => Rate = _before;
        }

        static void Work() { for (int i = 0; i < 9; i++) { Console.Write(Rate); } }

        async Task M()
        {
            var work = Task.Run(Work);
            using (var fast = new Override(1))
            {
                Console.Write(1);
            }

            await work;
        }
        """));

    [Fact]
    public Task Reports_static_property() => Reports(In("async Task M() { var t = Task.Run(() => Console.Write(Rate)); [|Rate|] = 3; await t; }"));

    [Fact]
    public Task Reports_static_of_another_type() => Reports("""
        static class Settings { private static int s_rate; public static int Rate { get => s_rate; set => [|s_rate|] = value; } }
        class C { async Task M() { var t = Task.Run(() => Console.Write(Settings.Rate)); Settings.Rate = 3; await t; } }
        """);

    [Fact]
    public Task Silent_with_a_lock() => Silent(In("void M(int[] a) => Parallel.ForEach(a, i => { lock (s_gate) { s_count++; } });"));

    [Fact]
    public Task Silent_when_atomic() => Silent(In("void M(int[] a) => Parallel.ForEach(a, i => Interlocked.Increment(ref s_count));"));

    [Fact]
    public Task Silent_when_volatile() => Silent(In("async Task M() { var t = Task.Run(() => Console.Write(s_on)); s_on = true; await t; }"));

    [Fact]
    public Task Silent_when_each_thread_has_its_own() => Silent(In("void M(int[] a) => Parallel.ForEach(a, i => s_own++);"));

    [Fact]
    public Task Silent_on_the_buffer_of_each_thread() => Silent("""
        using System.Text;
        static class D
        {
            [ThreadStatic] private static StringBuilder t_buffer;
            public static void M(int[] a) => Parallel.ForEach(a, i => { var b = Clear(); b.Append(i); Console.Write(b); });
            public static async Task<string> N(int i) { var b = Clear(); b.Append(i); var s = b.ToString(); await Task.Yield(); return s; }
            private static StringBuilder Clear() { if (t_buffer == null) { return t_buffer = new StringBuilder(28); } t_buffer.Clear(); return t_buffer; }
        }
        """);

    [Fact]
    public Task Silent_before_and_after() => Silent(In("async Task M() { Rate = 1; await Task.WhenAll(Task.Run(() => Console.Write(Rate)), Task.Run(() => Console.Write(Rate))); Rate = 2; }"));

    [Fact]
    public Task Silent_when_nothing_runs_beside() => Silent(In("void M() { Rate = 1; s_count++; } async Task N() { M(); await Task.Yield(); M(); }"));

    [Fact]
    public Task Reports_static_of_a_controller() => Reports("""
        public abstract class ControllerBase { }
        class Orders : ControllerBase
        {
            private static readonly List<int> s_all = new();
            private readonly List<int> _own = new();
            public void Post(int id) { [|s_all.Add(id)|]; _own.Add(id); }
        }
        """, new() { EditorConfig = "[*.cs]\nsluice_concurrent_services = true\n" });

    [Fact]
    public Task Reports_static_cache_of_an_async_method() => Reports("""
        class Names
        {
            private static readonly Dictionary<int, string> s_all = new();
            public async Task<string> GetAsync(int id, Func<int, Task<string>> load)
            {
                if (!s_all.TryGetValue(id, out var name))
                {
                    name = await load(id);
                    [|s_all[id]|] = name;
                }
                return name;
            }
        }
        """);

    [Fact]
    public Task Reports_static_count_of_an_async_method() => Reports(In("public static async Task Send(Func<Task> send) { [|s_count|]++; await send(); }"));

    [Theory]
    [InlineData("private static async Task Send(Func<Task> send) { s_count++; await send(); }")]
    [InlineData("public static async Task Send(Func<Task> send) { lock (s_gate) { s_count++; } await send(); }")]
    [InlineData("public static async Task Send(Func<Task> send) { Interlocked.Increment(ref s_count); await send(); }")]
    [InlineData("public static async Task Send(Func<Task> send) { s_on = true; await send(); }")]
    [InlineData("public static void Send() { s_count++; }")]
    [InlineData("public static async Task StartAsync(Func<Task> send) { s_count++; await send(); }")]
    public Task Silent_static_that_does_not_break(string code) => Silent(In(code));

    private static string Players(string code) => $$"""
        static class Players
        {
            private static readonly object s_gate = new();
            private static readonly Dictionary<string, DateTime> s_seen = [];
            private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, DateTime> s_safe = new();
            private static volatile Dictionary<string, DateTime> s_all = [];
            {{code}}
        }
        """;

    private const string Sweep = "private static void Sweep() { foreach (var name in s_seen.Where(entry => entry.Value < DateTime.UtcNow).Select(entry => entry.Key).ToList()) { [|s_seen.Remove(name)|]; } } ";
    private const string Touch = "public static void Touch(string name) => s_seen[name] = DateTime.UtcNow; ";

    [Theory]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, 30, 30); " + Sweep + Touch)]
    [InlineData("private static readonly Timer s_timer = new Timer(_ => Sweep(), null, 30, 30); " + Sweep + "public static int Count => s_seen.Count;")]
    [InlineData("private static readonly Timer s_timer; static Players() { s_timer = new(_ => Sweep(), null, 30, 30); } " + Sweep + Touch)]
    [InlineData("private static readonly Task s_loop = Task.Run(Loop); private static async Task Loop() { while (true) { await Task.Delay(30); Sweep(); } } " + Sweep + Touch)]
    [InlineData("private static readonly Thread s_thread = new(Loop); static Players() { s_thread.Start(); } private static void Loop() { while (true) { Thread.Sleep(30); Sweep(); } } " + Sweep + Touch)]
    [InlineData("private static readonly Thread s_thread = Begin(); private static Thread Begin() { var thread = new Thread(Sweep); thread.Start(); return thread; } " + Sweep + Touch)]
    public Task Reports_static_work_beside_those_who_call(string code) => Reports(Players(code));

    [Theory]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, 30, 30); private static void Sweep() { foreach (var entry in s_seen) { Console.Write(entry.Value); } } public static void Touch(string name) => [|s_seen[name]|] = DateTime.UtcNow;")]
    public Task Reports_change_beside_static_work_that_looks(string code) => Reports(Players(code));

    [Theory]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, 30, 30); private static void Sweep() { lock (s_gate) { s_seen.Clear(); } } public static void Touch(string name) { lock (s_gate) { s_seen[name] = DateTime.UtcNow; } }")]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, 30, 30); private static void Sweep() { s_safe.Clear(); } public static void Touch(string name) => s_safe[name] = DateTime.UtcNow;")]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, 30, 30); private static void Sweep() { s_all = new(s_all); } public static DateTime Seen(string name) => s_all[name];")]
    [InlineData("private static readonly Timer s_timer = new(_ => Show(), null, 30, 30); private static void Show() { Console.Write(s_safe.Count); } public static void Touch(string name) => s_seen[name] = DateTime.UtcNow;")]
    [InlineData("private static readonly Timer s_timer = new(_ => Show(), null, 30, 30); private static void Show() { Console.Write(s_seen.Count); } public static int Count => s_seen.Count;")]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, 30, 30); private static void Sweep() { s_seen.Clear(); } private static void Touch(string name) => s_seen[name] = DateTime.UtcNow;")]
    [InlineData("private static readonly Timer s_timer = new(_ => Sweep(), null, Timeout.Infinite, Timeout.Infinite); private static void Sweep() { s_seen.Clear(); } public static void Touch(string name) => s_seen[name] = DateTime.UtcNow;")]
    [InlineData("private static readonly Thread s_thread = new(Loop); static Players() { s_seen[string.Empty] = default; s_thread.Start(); } private static void Loop() { Console.Write(s_seen.Count); } public static int Count => s_seen.Count;")]
    public Task Silent_static_work_that_nobody_meets(string code) => Silent(Players(code));
}
