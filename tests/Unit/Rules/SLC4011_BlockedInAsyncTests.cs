using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4011_BlockedInAsyncTests() : RuleTest("SLC4011")
{
    [Theory]
    [InlineData("var x = [|Get().Result|];")]
    [InlineData("[|Do().Wait()|];")]
    [InlineData("[|Do().GetAwaiter().GetResult()|];")]
    [InlineData("[|Do().ConfigureAwait(false).GetAwaiter().GetResult()|];")]
    [InlineData("var x = [|Value().Result|];")]
    [InlineData("var task = Get(); var x = [|task.Result|];")]
    [InlineData("[|Task.WaitAll(Do(), Do())|];")]
    [InlineData("[|Thread.Sleep(100)|];")]
    [InlineData("[|_gate.Wait()|]; _gate.Release();")]
    [InlineData("[|_done.WaitOne()|];")]
    [InlineData("[|_slim.Wait()|];")]
    [InlineData("var x = [|_items.Take()|];")]
    [InlineData("[|_thread.Join()|];")]
    [InlineData("foreach (var x in [|_items.GetConsumingEnumerable()|]) { }")]
    [InlineData("[|WaitHandle.WaitAny(new WaitHandle[] { _done })|];")]
    [InlineData("[|SpinWait.SpinUntil(() => _slim.IsSet)|];")]
    [InlineData("Func<Task> f = async () => { [|Thread.Sleep(1)|]; await Task.Yield(); }; await f();")]
    public Task Reports_what_blocks(string body) => Reports(In(body));

    [Theory]
    [InlineData("var task = Get(); await task; var x = task.Result;")]
    [InlineData("var a = Get(); var b = Get(); await Task.WhenAll(a, b); var x = a.Result + b.Result;")]
    [InlineData("var task = Get(); if (task.IsCompleted) { var x = task.Result; }")]
    [InlineData("var task = Get(); if (await Task.WhenAny(task, Task.Delay(1)) == task) { var x = task.Result; }")]
    [InlineData("var x = Task.FromResult(1).Result;")]
    [InlineData("if (_gate.Wait(0)) { _gate.Release(); }")]
    [InlineData("Thread.Sleep(0);")]
    [InlineData("await Get().ContinueWith(async task => { var x = task.Result; await Task.Yield(); });")]
    [InlineData("bool async = _slim.IsSet; if (async) { await _gate.WaitAsync(); } else { _gate.Wait(); } _gate.Release();")]
    [InlineData("if (_done.WaitOne(0)) { }")]
    [InlineData("Action f = () => Thread.Sleep(1); f();")]
    [InlineData("await Task.Delay(1);")]
    [InlineData("var done = await Task.WhenAny(Get(), Get()); var x = done.Result;")]
    [InlineData("await Get().ContinueWith(task => task.Result);")]
    public Task Silent_where_nothing_waits(string body) => Silent(In(body));

    [Fact]
    public Task Silent_in_code_that_is_not_async() => Silent("class C { void M(Task task) { task.Wait(); Thread.Sleep(1); } }");

    [Theory]
    [InlineData("var x = [|Get().Result|];", "var x = await Get();")]
    [InlineData("var x = [|Get().Result|].ToString();", "var x = (await Get()).ToString();")]
    [InlineData("[|Do().Wait()|];", "await Do();")]
    [InlineData("[|Do().ConfigureAwait(false).GetAwaiter().GetResult()|];", "await Do().ConfigureAwait(false);")]
    [InlineData("[|Thread.Sleep(100)|];", "await Task.Delay(100);")]
    [InlineData("[|Task.WaitAll(Do(), Do())|];", "await Task.WhenAll(Do(), Do());")]
    [InlineData("[|_gate.Wait()|];", "await _gate.WaitAsync();")]
    public Task Fixes_by_awaiting(string before, string after) => Fixes(In(before), In(after));

    [Fact]
    public Task Not_fixed_in_a_lock() => NotFixed(In("lock (_gate) { [|Thread.Sleep(1)|]; }"));

    private static string In(string body) => $$"""
        class C
        {
            private readonly SemaphoreSlim _gate = new(1); private readonly ManualResetEvent _done = new(false); private readonly ManualResetEventSlim _slim = new();
            private readonly System.Collections.Concurrent.BlockingCollection<int> _items = new(); private readonly Thread _thread = new(() => { });
            static async Task<int> Get() { await Task.Yield(); return 1; }
            static async Task Do() { await Task.Yield(); }
            static async ValueTask<int> Value() { await Task.Yield(); return 1; }
            async Task M() { {{body}} await Task.Yield(); }
        }
        """;

    [Theory]
    [InlineData("public Task<int> M() { int x = [|F().Result|]; return Task.FromResult(x); }")]
    [InlineData("public Task M() { [|Thread.Sleep(1)|]; return Task.CompletedTask; }")]
    [InlineData("public ValueTask<int> M() => new([|F().GetAwaiter().GetResult()|]);")]
    [InlineData("public Task<int> M() => Task.Run(() => [|F().Result|]);")]
    [InlineData("public void M() => Parallel.For(0, 9, i => [|F().Wait()|]);")]
    [InlineData("public void M() => ThreadPool.QueueUserWorkItem(_ => { [|F().Wait()|]; });")]
    public Task Reports_what_async_code_calls_and_the_pool_runs(string code) => Reports($$"""
        class C { private async Task<int> F() { await Task.Yield(); return 1; } {{code}} }
        """);

    [Theory]
    [InlineData("public int M() => F().Result;")]
    [InlineData("public Task M() => Task.Run(() => Thread.Sleep(1));")]
    [InlineData("public Task M() => Task.Factory.StartNew(() => F().Wait(), TaskCreationOptions.LongRunning);")]
    [InlineData("public Task<int> M() => F().ContinueWith(t => t.Result);")]
    [InlineData("public Task<int> M() { var t = F(); return t.IsCompletedSuccessfully ? Task.FromResult(t.Result + 1) : t; }")]
    [InlineData("public void M() => new Thread(() => F().Wait()).Start();")]
    [InlineData("public Task M() { Action later = () => F().Wait(); later(); return Task.CompletedTask; }")]
    public Task Silent_where_nobody_awaits(string code) => Silent($$"""
        class C { private async Task<int> F() { await Task.Yield(); return 1; } {{code}} }
        """);
}
