using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4005_AwaitUnderThreadLockTests() : RuleTest("SLC4005")
{
    [Theory]
    [InlineData("Monitor.Enter(_m); try { [|await Task.Delay(1)|]; } finally { Monitor.Exit(_m); }")]
    [InlineData("bool t = false; try { Monitor.Enter(_m, ref t); [|await Task.Delay(1)|]; } finally { if (t) Monitor.Exit(_m); }")]
    [InlineData("_lock.Enter(); try { [|await Task.Delay(1)|]; } finally { _lock.Exit(); }")]
    [InlineData("_rw.EnterReadLock(); try { [|await Task.Delay(1)|]; } finally { _rw.ExitReadLock(); }")]
    [InlineData("_rw.EnterWriteLock(); try { [|await Task.Delay(1).ConfigureAwait(false)|]; await Task.Delay(2); } finally { _rw.ExitWriteLock(); }")]
    [InlineData("_mutex.WaitOne(); try { [|await Task.Delay(1)|]; } finally { _mutex.ReleaseMutex(); }")]
    [InlineData("if (_rw.TryEnterWriteLock(10)) { try { [|await Task.Delay(1)|]; } finally { _rw.ExitWriteLock(); } }")]
    [InlineData("if (!Monitor.TryEnter(_m)) { return; } try { [|await Task.Delay(1)|]; } finally { Monitor.Exit(_m); }")]
    [InlineData("using (_rw.Read()) { [|await Task.Delay(1)|]; }")]
    [InlineData("_rw.EnterReadLock(); try { await foreach (var i in [|Items()|]) { } } finally { _rw.ExitReadLock(); }")]
    public Task Reports_an_await_under(string body) => Reports(In($"async Task M() {{ {body} }}"));

    [Fact]
    public Task Reports_an_async_lambda() => Reports(In("void M() => Task.Run(async () => { _mutex.WaitOne(); [|await Task.Delay(1)|]; _mutex.ReleaseMutex(); });"));

    [Theory]
    [InlineData("await _gate.WaitAsync(); try { await Task.Delay(1); } finally { _gate.Release(); }")]
    [InlineData("_rw.EnterReadLock(); try { } finally { _rw.ExitReadLock(); } await Task.Delay(1);")]
    [InlineData("lock (_m) { } await Task.Delay(1);")]
    [InlineData("Monitor.Enter(_m); Monitor.Exit(_m); await Task.Delay(1);")]
    [InlineData("using (_rw.Read()) { } await Task.Delay(1);")]
    [InlineData("_rw.EnterReadLock(); try { _ = Task.Run(async () => await Task.Delay(1)); } finally { _rw.ExitReadLock(); } await Task.Yield();")]
    [InlineData("if (!Monitor.TryEnter(_m)) { await Task.Delay(1); return; } Monitor.Exit(_m); await Task.Delay(1);")]
    [InlineData("while (true) { Monitor.Enter(_m); try { if (_m != null) break; } finally { Monitor.Exit(_m); } } await Task.Delay(1);")]
    public Task Silent_where_no_thread_owns_it(string body) => Silent(In($"async Task M() {{ {body} }}"));

    private static string In(string member) => $$"""
        static class Scopes
        {
            public static Scope Read(this ReaderWriterLockSlim rw) { rw.EnterReadLock(); return new Scope(rw); }
            public sealed class Scope(ReaderWriterLockSlim rw) : IDisposable { public void Dispose() => rw.ExitReadLock(); }
        }
        class C
        {
            private readonly SemaphoreSlim _gate = new(1); private readonly ReaderWriterLockSlim _rw = new(); private readonly object _m = new(); private readonly Lock _lock = new(); private readonly Mutex _mutex = new();
            static async IAsyncEnumerable<int> Items() { await Task.Yield(); yield return 1; }
            {{member}}
        }
        """;
}
