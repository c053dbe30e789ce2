using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4002_TakenTwiceTests() : RuleTest("SLC4002")
{
    [Theory]
    [InlineData("void M() { _gate.Wait(); [|_gate.Wait()|]; _gate.Release(2); }")]
    [InlineData("void M() { _gate.Wait(); try { [|N()|]; } finally { _gate.Release(); } } void N() { _gate.Wait(); _gate.Release(); }")]
    [InlineData("async Task M() { await _gate.WaitAsync(); try { await [|N()|]; } finally { _gate.Release(); } } async Task N() { await _gate.WaitAsync(); _gate.Release(); }")]
    [InlineData("async Task M() { await _gate.WaitAsync(); try { await [|N()|].ConfigureAwait(false); } finally { _gate.Release(); } } Task N() => O(); async Task O() { await _gate.WaitAsync(); _gate.Release(); }")]
    [InlineData("async Task M() { await _gate.WaitAsync(); try { await Task.WhenAll([|N()|], Task.Delay(1)); } finally { _gate.Release(); } } async Task N() { await _gate.WaitAsync(); _gate.Release(); }")]
    [InlineData("void M() { if (!_gate.Wait(100)) { return; } try { [|N()|]; } finally { _gate.Release(); } } void N() { _gate.Wait(); _gate.Release(); }")]
    [InlineData("async Task M() { var held = await _gate.WaitAsync(100); if (held) { try { await [|N()|]; } finally { _gate.Release(); } } } async Task N() { await _gate.WaitAsync(); _gate.Release(); }")]
    [InlineData("int M() { _gate.Wait(); try { return [|Count|]; } finally { _gate.Release(); } } int Count { get { _gate.Wait(); try { return 1; } finally { _gate.Release(); } } }")]
    [InlineData("void M(List<int> items) { _gate.Wait(); try { [|items.ForEach(N)|]; } finally { _gate.Release(); } } void N(int item) { _gate.Wait(); _gate.Release(); }")]
    [InlineData("void M() { _gate.Wait(); try { void Local() { _gate.Wait(); _gate.Release(); } [|Local()|]; } finally { _gate.Release(); } }")]
    public Task Reports_a_semaphore(string methods) => Reports($$"""
        class C { private readonly SemaphoreSlim _gate = new(1, 1); {{methods}} }
        """);

    [Fact]
    public Task Reports_a_callback_that_comes_back() => Reports("""
        delegate Task Checkpointer(long id);
        class Lessor
        {
            private readonly SemaphoreSlim _mutex = new(1, 1); private Checkpointer? _checkpointer;
            public void Set(Checkpointer checkpointer) => _checkpointer = checkpointer;
            public async Task Renew() { await _mutex.WaitAsync(); try { if (_checkpointer is not null) { await [|_checkpointer(1)|]; } } finally { _mutex.Release(); } }
            public async Task Checkpoint(long id) { await _mutex.WaitAsync(); _mutex.Release(); }
        }
        class Program { static async Task Main() { var lessor = new Lessor(); lessor.Set(id => lessor.Checkpoint(id)); await lessor.Renew(); } }
        """);

    [Fact]
    public Task Reports_a_delegate_given_to_a_constructor() => Reports("""
        class Job
        {
            private readonly Func<Task> _done; public Job(Func<Task> done) { _done = done; }
            public Task Finish() => _done();
        }
        class Runner
        {
            private readonly SemaphoreSlim _gate = new(1); private readonly Job _job;
            public Runner() { _job = new Job(OnDone); }
            async Task OnDone() { await _gate.WaitAsync(); _gate.Release(); }
            public async Task Run() { await _gate.WaitAsync(); try { await [|_job.Finish()|]; } finally { _gate.Release(); } }
        }
        """);

    [Fact]
    public Task Reports_a_helper_that_runs_what_it_is_given_under_the_lock() => Reports("""
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            async Task Locked(Func<Task> work) { await _gate.WaitAsync(); try { await work(); } finally { _gate.Release(); } }
            Task M() => [|Locked(async () => { await N(); })|];
            Task N() => Locked(() => Task.CompletedTask);
        }
        """);

    [Fact]
    public Task Reports_a_scope_of_an_own_lock_type() => Reports("""
        sealed class AsyncLock
        {
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            public async Task<Releaser> LockAsync() { await _semaphore.WaitAsync(); return new Releaser(_semaphore); }
            public readonly struct Releaser(SemaphoreSlim semaphore) : IDisposable { public void Dispose() => semaphore.Release(); }
        }
        class C
        {
            private readonly AsyncLock _mutex = new();
            public async Task M() { using var held = await _mutex.LockAsync(); await [|N()|]; }
            public async Task N() { using (await _mutex.LockAsync()) { await Task.Yield(); } }
        }
        """);

    [Fact]
    public Task Reports_a_base_type_that_takes_it_too() => Reports("""
        class Base { protected readonly SemaphoreSlim Gate = new(1); public virtual void Save() { Gate.Wait(); Gate.Release(); } }
        class Derived : Base { public override void Save() { Gate.Wait(); try { [|base.Save()|]; } finally { Gate.Release(); } } }
        """);

    [Fact]
    public Task Reports_a_lazy_value_whose_factory_takes_it() => Reports("""
        class Page
        {
            private readonly SemaphoreSlim _gate = new(1); private readonly Lazy<string> _content;
            public Page() { _content = new Lazy<string>(Render); }
            string Render() { _gate.Wait(); try { return "x"; } finally { _gate.Release(); } }
            public string Summary() { _gate.Wait(); try { return [|_content.Value|]; } finally { _gate.Release(); } }
        }
        """);

    [Theory]
    [InlineData("class Members(IDoer client) { public string Leader() => client.Do(); }")]
    [InlineData("class Members { private readonly IDoer _client; public Members(IDoer client) { _client = client; } public string Leader() => _client.Do(); }")]
    public Task Reports_a_new_object_that_is_given_this(string members) => Reports($$"""
        interface IDoer { string Do(); }
        class Client : IDoer
        {
            private readonly ReaderWriterLockSlim _rw = new();
            public void SetEndpoints() { _rw.EnterWriteLock(); try { [|FindLeader()|]; } finally { _rw.ExitWriteLock(); } }
            void FindLeader() { var members = new Members(this); members.Leader(); }
            public string Do() { _rw.EnterReadLock(); try { return "x"; } finally { _rw.ExitReadLock(); } }
        }
        {{members}}
        """);

    [Fact]
    public Task Reports_an_iterator_that_is_run_and_not_one_that_is_passed_on() => Reports("""
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);
            void M() { _gate.Wait(); try { foreach (var item in [|Items()|]) { } } finally { _gate.Release(); } }
            IEnumerable<int> N() { _gate.Wait(); try { return Items(); } finally { _gate.Release(); } }
            IEnumerable<int> Items() { _gate.Wait(); try { yield return 1; } finally { _gate.Release(); } }
        }
        """);

    [Fact]
    public Task Reports_an_extension_method() => Reports("""
        static class Locks { public static void Locked(this SemaphoreSlim gate, Action work) { gate.Wait(); try { work(); } finally { gate.Release(); } } }
        class C { private readonly SemaphoreSlim _gate = new(1); void M() { _gate.Wait(); try { [|_gate.Locked(() => { })|]; } finally { _gate.Release(); } } }
        """);

    [Theory]
    [InlineData("_rw.EnterWriteLock(); try { [|N()|]; } finally { _rw.ExitWriteLock(); }", "_rw.EnterReadLock(); _rw.ExitReadLock();")]
    [InlineData("_rw.EnterWriteLock(); try { [|N()|]; } finally { _rw.ExitWriteLock(); }", "_rw.EnterWriteLock(); _rw.ExitWriteLock();")]
    [InlineData("_rw.EnterUpgradeableReadLock(); try { [|N()|]; } finally { _rw.ExitUpgradeableReadLock(); }", "_rw.EnterUpgradeableReadLock(); _rw.ExitUpgradeableReadLock();")]
    [InlineData("_rw.EnterWriteLock(); try { } finally { [|_rw.EnterWriteLock()|]; }", "")]
    public Task Reports_a_reader_writer_lock(string outer, string inner) => Reports($$"""
        class C { private readonly ReaderWriterLockSlim _rw = new(); void M() { {{outer}} } void N() { {{inner}} } }
        """);

    [Fact]
    public Task Reports_a_spin_lock() => Reports("""
        class C { private SpinLock _spin; void M() { bool t = false; _spin.Enter(ref t); try { [|N()|]; } finally { _spin.Exit(); } } void N() { bool t = false; _spin.Enter(ref t); _spin.Exit(); } }
        """);

    [Theory]
    [InlineData("void M() { lock (_monitor) { N(); } } void N() { lock (_monitor) { } }")]
    [InlineData("void M() { _gate.Wait(); _gate.Release(); N(); } void N() { _gate.Wait(); _gate.Release(); }")]
    [InlineData("void M() { _gate.Wait(); try { } finally { _gate.Release(); } _gate.Wait(); _gate.Release(); }")]
    [InlineData("void M() { _gate.Wait(); _other.Wait(); _other.Release(); _gate.Release(); }")]
    [InlineData("void M() { _two.Wait(); _two.Wait(); _two.Release(2); }")]
    [InlineData("async Task M() { await _gate.WaitAsync(); try { _ = N(); } finally { _gate.Release(); } await Task.Yield(); } async Task N() { await _gate.WaitAsync(); _gate.Release(); }")]
    [InlineData("Task M() { _gate.Wait(); try { return N(); } finally { _gate.Release(); } } async Task N() { await _gate.WaitAsync(); _gate.Release(); }")]
    [InlineData("void M() { _gate.Wait(); try { Task.Run(() => N()); } finally { _gate.Release(); } } void N() { _gate.Wait(); _gate.Release(); }")]
    [InlineData("void M() { _gate.Wait(); try { N(true); } finally { _gate.Release(); } } void N(bool isHeld) { if (!isHeld) { _gate.Wait(); } if (!isHeld) { _gate.Release(); } }")]
    [InlineData("void M() { _gate.Wait(); try { if (_gate.Wait(0)) { _gate.Release(); } } finally { _gate.Release(); } }")]
    [InlineData("void M(bool b) { if (b) { _gate.Wait(); } else { _gate.Wait(); } _gate.Release(); }")]
    [InlineData("void M(C other) { _gate.Wait(); try { other.N(); } finally { _gate.Release(); } } void N() { _gate.Wait(); _gate.Release(); }")]
    [InlineData("void M() { while (true) { _gate.Wait(); try { if (_n > 0) { break; } } finally { _gate.Release(); } } _gate.Wait(); _gate.Release(); } private int _n;")]
    [InlineData("void M() { foreach (var x in new[] { 1 }) { _gate.Wait(); if (x > 0) { _gate.Release(); continue; } _gate.Release(); } _gate.Wait(); _gate.Release(); }")]
    [InlineData("void M() { bool t = false; try { Monitor.Enter(_monitor, ref t); } finally { if (t) Monitor.Exit(_monitor); } _gate.Wait(); _gate.Release(); }")]
    public Task Silent_where_it_is_not_taken_twice(string methods) => Silent($$"""
        class C { private readonly SemaphoreSlim _gate = new(1, 1), _other = new(1), _two = new(2, 2); private readonly object _monitor = new(); {{methods}} }
        """);

    [Theory]
    [InlineData("new(LockRecursionPolicy.SupportsRecursion)", "_rw.EnterWriteLock(); N(); _rw.ExitWriteLock();", "_rw.EnterReadLock(); _rw.ExitReadLock();")]
    [InlineData("new()", "_rw.EnterUpgradeableReadLock(); N(); _rw.ExitUpgradeableReadLock();", "_rw.EnterWriteLock(); _rw.ExitWriteLock();")]
    [InlineData("new()", "_rw.EnterWriteLock(); N(); _rw.ExitWriteLock();", "if (!_rw.IsWriteLockHeld) { _rw.EnterWriteLock(); }")]
    public Task Silent_where_a_reader_writer_lock_allows_it(string make, string outer, string inner) => Silent($$"""
        class C { private readonly ReaderWriterLockSlim _rw = {{make}}; void M() { {{outer}} } void N() { {{inner}} } }
        """);

    [Fact]
    public Task Says_what_waits_for_what() => Says(
        """
        class C
        {
            private readonly SemaphoreSlim _gate = new(1, 1);
            void M()
            {
                _gate.Wait();
                N();
                _gate.Release();
            }
            void N() { _gate.Wait(); _gate.Release(); }
        }
        """,
        "'_gate' is taken again here (through line 10) while this code holds it since line 6, and a semaphore does not know its holder: it waits for itself for ever");

    [Fact]
    public Task Reports_the_only_object_by_its_static_name() => Reports("""
        class Hub
        {
            public static Hub Instance { get; } = new();
            private readonly SemaphoreSlim _gate = new(1); private int _n;
            public void Send() { _gate.Wait(); try { [|Log()|]; } finally { _gate.Release(); } }
            private void Log() { Instance.Count(); }
            public void Count() { _gate.Wait(); try { _n++; } finally { _gate.Release(); } }
        }
        """);

    [Fact]
    public Task Silent_where_the_static_name_is_one_of_many() => Silent("""
        class Hub
        {
            public static Hub Default { get; } = new();
            public static Hub Make() => new Hub();
            private readonly SemaphoreSlim _gate = new(1); private int _n;
            public void Send() { _gate.Wait(); try { Log(); } finally { _gate.Release(); } }
            private void Log() { Default.Count(); }
            public void Count() { _gate.Wait(); try { _n++; } finally { _gate.Release(); } }
        }
        """);
}
