using System.Threading.Tasks;

namespace Sluice.Tests.Model;

/// <summary>What a host calls from many threads is concurrent without a word about it, where the option says so.</summary>
public sealed class ServicesTests() : RuleTest("SLC3003")
{
    private const string Host = """
        public interface IServiceCollection { }
        public interface IHostedService { Task StartAsync(CancellationToken ct); }
        public abstract class BackgroundService : IHostedService { public Task StartAsync(CancellationToken ct) => ExecuteAsync(ct); protected abstract Task ExecuteAsync(CancellationToken ct); }
        public sealed class HttpContext { }
        public delegate Task RequestDelegate(HttpContext context);
        public static class Services
        {
            public static IServiceCollection AddSingleton<T>(this IServiceCollection services) => services;
            public static IServiceCollection AddSingleton<T, TMade>(this IServiceCollection services) => services;
            public static IServiceCollection AddSingleton<T>(this IServiceCollection services, Func<object, T> make) => services;
            public static IServiceCollection AddScoped<T>(this IServiceCollection services) => services;
        }
        """;

    private static readonly Setup On = new() { EditorConfig = "[*.cs]\nsluice_concurrent_services = true\n" };

    protected override Setup Setup => On;

    [Theory]
    [InlineData("services.AddSingleton<Names>()")]
    [InlineData("services.AddSingleton<object, Names>()")]
    [InlineData("services.AddSingleton<object>(_ => new Names())")]
    public Task Reports_collection_of_a_singleton(string registration) => Reports(Host + $$"""
        class Names
        {
            private readonly Dictionary<int, string> _names = new();
            public string Get(int id) => _names[id];
            public void Put(int id, string name) => [|_names[id]|] = name;
        }
        class Startup { void Use(IServiceCollection services) => {{registration}}; }
        """);

    [Fact]
    public Task Reports_member_that_meets_itself() => Reports(Host + """
        class Names
        {
            private readonly List<int> _all = new();
            public void Put(int id) => [|_all.Add(id)|];
        }
        class Startup { void Use(IServiceCollection services) => services.AddSingleton<Names>(); }
        """);

    [Fact]
    public Task Reports_loop_of_a_hosted_service_and_who_asks_it() => Reports(Host + """
        class Worker : BackgroundService
        {
            private readonly Queue<int> _jobs = new();
            public void Enqueue(int job) => [|_jobs.Enqueue(job)|];
            protected override async Task ExecuteAsync(CancellationToken ct)
            {
                while (!ct.IsCancellationRequested)
                {
                    if ([|_jobs.TryDequeue(out var job)|]) { Console.Write(job); }
                    await Task.Delay(10, ct);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_middleware() => Reports(Host + """
        class Counting
        {
            private readonly RequestDelegate _next;
            private readonly List<string> _seen = new();
            public Counting(RequestDelegate next) => _next = next;
            public async Task InvokeAsync(HttpContext context) { [|_seen.Add("x")|]; await _next(context); }
        }
        """);

    [Fact]
    public Task Silent_without_the_option() => Silent(Host + """
        class Names
        {
            private readonly List<int> _all = new();
            public void Put(int id) => _all.Add(id);
        }
        class Startup { void Use(IServiceCollection services) => services.AddSingleton<Names>(); }
        """, new());

    [Theory]
    [InlineData("public void Put(int id) { lock (_all) { _all.Add(id); } } public int Count() { lock (_all) { return _all.Count; } }")]
    [InlineData("public Names() { _all.Add(1); } public int Count() => _all.Count;")]
    [InlineData("public void Put(int id) { var own = new List<int>(); own.Add(id); }")]
    [InlineData("public Task StartAsync(CancellationToken ct) { _all.Add(1); return Task.CompletedTask; } public int Count() => _all.Count;")]
    public Task Silent_where_nothing_breaks(string members) => Silent(Host + $$"""
        class Names
        {
            private readonly List<int> _all = new();
            {{members}}
        }
        class Startup { void Use(IServiceCollection services) => services.AddSingleton<Names>(); }
        """);

    [Theory]
    [InlineData("services.AddScoped<Names>()")]
    [InlineData("services.AddSingleton<object>()")]
    public Task Silent_when_each_has_its_own(string registration) => Silent(Host + $$"""
        class Names
        {
            private readonly List<int> _all = new();
            public void Put(int id) => _all.Add(id);
        }
        class Startup { void Use(IServiceCollection services) => {{registration}}; }
        """);
}
