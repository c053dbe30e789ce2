using System.Linq;

namespace Sluice.Tests.Model;

/// <summary>What single operations do, and how the objects are named.</summary>
public sealed class FactsTests
{
    [Theory]
    [InlineData("Monitor.Enter(o);", "Monitor Acquire o")]
    [InlineData("bool t = false; Monitor.Enter(o, ref t);", "Monitor Acquire o flag t")]
    [InlineData("Monitor.TryEnter(o);", "Monitor TryAcquire o")]
    [InlineData("bool t = false; Monitor.TryEnter(o, 5, ref t);", "Monitor TryAcquire o flag t")]
    [InlineData("Monitor.Exit(o);", "Monitor Release o")]
    [InlineData("Monitor.Pulse(o);")]
    [InlineData("lock (o) { }", "Monitor Acquire o scoped")]
    [InlineData("lock (_lock) { }", "Lock Acquire _lock scoped")]
    [InlineData("_lock.Enter();", "Lock Acquire _lock")]
    [InlineData("_lock.TryEnter();", "Lock TryAcquire _lock")]
    [InlineData("_lock.Exit();", "Lock Release _lock")]
    [InlineData("using (_lock.EnterScope()) { }", "Lock Acquire _lock scoped")]
    [InlineData("using var s = _lock.EnterScope();", "Lock Acquire _lock scoped")]
    [InlineData("var s = _lock.EnterScope(); s.Dispose();", "Lock Acquire _lock", "Lock Release _lock")]
    [InlineData("sem.Wait();", "Semaphore Acquire sem")]
    [InlineData("sem.Wait(5);", "Semaphore TryAcquire sem")]
    [InlineData("await sem.WaitAsync();", "Semaphore Acquire sem")]
    [InlineData("await sem.WaitAsync(default(CancellationToken)).ConfigureAwait(false);", "Semaphore Acquire sem")]
    [InlineData("await sem.WaitAsync(5);", "Semaphore TryAcquire sem")]
    [InlineData("_ = sem.WaitAsync();")]
    [InlineData("sem.Release();", "Semaphore Release sem")]
    [InlineData("sem?.Release();", "Semaphore Release sem")]
    [InlineData("mutex.WaitOne();", "Mutex Acquire mutex")]
    [InlineData("mutex.WaitOne(5);", "Mutex TryAcquire mutex")]
    [InlineData("mutex.ReleaseMutex();", "Mutex Release mutex")]
    [InlineData("ready.WaitOne();")]
    [InlineData("rw.EnterReadLock(); rw.ExitReadLock();", "Reader Acquire rw", "Reader Release rw")]
    [InlineData("rw.TryEnterWriteLock(5); rw.ExitWriteLock();", "Writer TryAcquire rw", "Writer Release rw")]
    [InlineData("rw.EnterUpgradeableReadLock(); rw.ExitUpgradeableReadLock();", "UpgradeableReader Acquire rw", "UpgradeableReader Release rw")]
    [InlineData("bool t = false; spin.Enter(ref t); spin.Exit();", "SpinLock Acquire spin flag t", "SpinLock Release spin")]
    public void Locks(string statements, params string[] told) => Told(statements, told);

    [Theory]
    [InlineData("ch.Writer.TryWrite(1);", "Channel TrySend ch")]
    [InlineData("await ch.Writer.WriteAsync(1);", "Channel Send ch")]
    [InlineData("await ch.Writer.WaitToWriteAsync();", "Channel WaitToSend ch")]
    [InlineData("await ch.Reader.ReadAsync();", "Channel Receive ch")]
    [InlineData("ch.Reader.TryRead(out _);", "Channel TryReceive ch")]
    [InlineData("await ch.Reader.WaitToReadAsync();", "Channel WaitToReceive ch")]
    [InlineData("await foreach (var i in ch.Reader.ReadAllAsync()) { }", "Channel Range ch")]
    [InlineData("await ch.Reader.Completion;", "Channel Completion ch")]
    [InlineData("ch.Writer.Complete();", "Channel Close ch")]
    [InlineData("ch.Writer.TryComplete();", "Channel TryClose ch")]
    [InlineData("var w = ch.Writer; w.Complete();", "Channel Close ch")]
    public void Channels(string statements, params string[] told) => Told(statements, told);

    [Theory]
    [InlineData("_ = Task.Run(() => { });", "Spawn Task")]
    [InlineData("await Task.Run(() => { });", "Spawn Task joined")]
    [InlineData("Task.Run(() => { }).Wait();", "Spawn Task joined")]
    [InlineData("Task.Run(() => { }).GetAwaiter().GetResult();", "Spawn Task joined")]
    [InlineData("await Task.Factory.StartNew(async () => { await Task.Yield(); }).Unwrap();", "Spawn Task joined")]
    [InlineData("_ = Task.CompletedTask.ContinueWith(_ => { });", "Spawn Continuation")]
    [InlineData("new Thread(() => { }).Start();", "Spawn Thread")]
    [InlineData("_ = new Timer(_ => { });", "Spawn Timer")]
    [InlineData("ThreadPool.QueueUserWorkItem(_ => { });", "Spawn Task")]
    [InlineData("Parallel.For(0, 3, i => { });", "Spawn Parallel joined")]
    [InlineData("_ = Parallel.ForEachAsync(new int[3], (i, ct) => default);", "Spawn Parallel")]
    [InlineData("await Parallel.ForEachAsync(new int[3], (i, ct) => default);", "Spawn Parallel joined")]
    public void Spawns(string statements, params string[] told) => Told(statements, told);

    [Theory]
    [InlineData("Monitor.Enter(this.o!);", "Monitor Acquire o")]
    [InlineData("Monitor.Enter((object)other.o!);", "Monitor Acquire other.o")]
    [InlineData("Monitor.Enter(other.Auto);", "Monitor Acquire other.Auto")]
    [InlineData("Monitor.Enter(other.Fresh);", "Monitor Acquire ?")]
    [InlineData("Monitor.Enter(Static);", "Monitor Acquire Static")]
    [InlineData("var name = o; Monitor.Enter(name!);", "Monitor Acquire o")]
    [InlineData("var name = o; name = new object(); Monitor.Enter(name!);", "Monitor Acquire name")]
    [InlineData("Monitor.Enter(Make());", "Monitor Acquire ?")]
    [InlineData("Monitor.Enter(new object());", "Monitor Acquire ?")]
    [InlineData("object boxed = 3; Monitor.Enter(boxed);", "Monitor Acquire boxed")]
    [InlineData("foreach (var each in new object[3]) Monitor.Enter(each);", "Monitor Acquire each")]
    [InlineData("if (o is object made) Monitor.Enter(made);", "Monitor Acquire made")]
    public void Places(string statements, params string[] told) => Told(statements, told);

    [Fact]
    public void A_lambda_tells_its_own_facts()
    {
        var body = Modelled.BodyOf("void M() { Action f = () => { lock (this) { } }; Inner(); void Inner() { lock (_lock) { } } }");
        Assert.Empty(body.Told());
        Assert.Equal(["Monitor Acquire this scoped"], body.Lambda().Told());
        Assert.Equal(["Lock Acquire _lock scoped"], body.Inner.Last().Told());
    }

    [Fact]
    public void A_type_that_mentions_nothing_has_no_bodies() =>
        Assert.Empty(Modelled.File("class Example { void M() { } }").Bodies);

    private static void Told(string statements, string[] told) => Assert.Equal(told, Modelled.BodyOf($$"""
        private readonly Mutex mutex = new();
        private readonly AutoResetEvent ready = new(false);
        private readonly ReaderWriterLockSlim rw = new();
        private readonly Channel<int> ch = Channel.CreateUnbounded<int>();
        private SpinLock spin;
        private readonly SemaphoreSlim sem = new(1);
        public object Auto { get; } = new();
        public object Fresh => new();
        private static readonly object Static = new();
        private static object Make() => new();
        {{(statements.Contains("await", System.StringComparison.Ordinal) ? "async Task" : "void")}} M(Example other) { {{statements}} }
        """).Told());
}
