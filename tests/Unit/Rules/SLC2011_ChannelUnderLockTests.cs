using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2011_ChannelUnderLockTests() : RuleTest("SLC2011")
{
    private const string TakesBetween = "public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { await _gate.WaitAsync(); try { _last = n; } finally { _gate.Release(); } } }";

    [Theory]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await [|_c.Writer.WriteAsync(n)|]; } finally { _gate.Release(); } }", TakesBetween)]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await [|_c.Writer.WriteAsync(n)|]; } finally { _gate.Release(); } }", "public async Task Run() { while (true) { var n = await _c.Reader.ReadAsync(); await Keep(n); } } async Task Keep(int n) { await _gate.WaitAsync(); _last = n; _gate.Release(); }")]
    [InlineData("public void Set(int n) { lock (_lock) { [|_c.Writer.WriteAsync(n)|].AsTask().Wait(); } }", "public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { lock (_lock) { _last = n; } } }")]
    [InlineData("public void Set(int n) { lock (_lock) { [|_c.Writer.WriteAsync(n)|].AsTask().GetAwaiter().GetResult(); } }", "public async Task Run() { while (await _c.Reader.WaitToReadAsync()) { while (_c.Reader.TryRead(out var n)) { Keep(n); } } } void Keep(int n) { lock (_lock) { _last = n; } }")]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); await [|_c.Writer.WriteAsync(n)|]; _gate.Release(); }", "public async Task<int> Get() { await _gate.WaitAsync(); try { return await [|_c.Reader.ReadAsync()|]; } finally { _gate.Release(); } }")]
    public Task Reports_a_wait_for_who_needs_the_lock(string sender, string receiver) => Reports(In(sender, receiver));

    [Theory]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); _last = n; _gate.Release(); await _c.Writer.WriteAsync(n); }", TakesBetween)]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await _c.Writer.WriteAsync(n); } finally { _gate.Release(); } }", "public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { _last = n; } }")]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await _c.Writer.WriteAsync(n); } finally { _gate.Release(); } }", "public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { lock (_lock) { _last = n; } } }")]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await _all.Writer.WriteAsync(n); } finally { _gate.Release(); } }", "public async Task Run() { await foreach (var n in _all.Reader.ReadAllAsync()) { await _gate.WaitAsync(); _gate.Release(); } }")]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { _c.Writer.TryWrite(n); } finally { _gate.Release(); } }", TakesBetween)]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await _c.Writer.WriteAsync(n); } finally { _gate.Release(); } } public ChannelReader<int> Items => _c.Reader;", TakesBetween)]
    [InlineData("public async Task Set(int n) { await _many.WaitAsync(); try { await _c.Writer.WriteAsync(n); } finally { _many.Release(); } }", "public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { await _many.WaitAsync(); _many.Release(); } }")]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await _c.Writer.WriteAsync(n); } finally { _gate.Release(); } } public async Task Drain() { await foreach (var n in _c.Reader.ReadAllAsync()) { } }", TakesBetween)]
    [InlineData("public async Task Set(int n) { await _gate.WaitAsync(); try { await _c.Writer.WriteAsync(n); } finally { _gate.Release(); } }", "public async Task Run() { await foreach (var n in _c.Reader.ReadAllAsync()) { _last = n; } await _gate.WaitAsync(); _gate.Release(); }")]
    public Task Silent_where_the_other_end_comes(string sender, string receiver) => Silent(In(sender, receiver));

    [Fact]
    public Task Reports_a_Chan() => Reports("""
        using Sluice;
        class C
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            private readonly Chan<int> _c = new();
            async Task Set(int n) { await _gate.WaitAsync(); await [|_c.SendAsync(n)|]; _gate.Release(); }
            async Task Run() { while (true) { await _c.ReceiveAsync(); await _gate.WaitAsync(); _gate.Release(); } }
        }
        """, Setup.WithPlumbing);

    private static string In(string sender, string receiver) => $$"""
        class C
        {
            private readonly SemaphoreSlim _gate = new(1, 1), _many = new(4, 4);
            private readonly object _lock = new();
            private readonly Channel<int> _c = Channel.CreateBounded<int>(1);
            private readonly Channel<int> _all = Channel.CreateUnbounded<int>();
            private int _last;
            {{sender}}
            {{receiver}}
        }
        """;
}
