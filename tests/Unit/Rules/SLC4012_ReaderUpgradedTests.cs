using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4012_ReaderUpgradedTests() : RuleTest("SLC4012")
{
    [Theory]
    [InlineData("void M() { _rw.EnterReadLock(); [|_rw.EnterReadLock()|]; _rw.ExitReadLock(); _rw.ExitReadLock(); }")]
    [InlineData("void M() { _rw.EnterReadLock(); try { [|N()|]; } finally { _rw.ExitReadLock(); } } void N() { _rw.EnterReadLock(); _rw.ExitReadLock(); }")]
    [InlineData("void M() { _rw.EnterReadLock(); try { [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock(); } finally { _rw.ExitReadLock(); } }")]
    [InlineData("void M() { _rw.EnterReadLock(); try { [|_rw.EnterUpgradeableReadLock()|]; _rw.ExitUpgradeableReadLock(); } finally { _rw.ExitReadLock(); } }")]
    [InlineData("int M() { _rw.EnterReadLock(); try { return [|Count|]; } finally { _rw.ExitReadLock(); } } int Count { get { _rw.EnterReadLock(); try { return 1; } finally { _rw.ExitReadLock(); } } }")]
    [InlineData("void M(TextWriter log) { _rw.EnterReadLock(); try { log.Write($\"{[|this|]}\"); } finally { _rw.ExitReadLock(); } } public override string ToString() { _rw.EnterReadLock(); try { return \"\"; } finally { _rw.ExitReadLock(); } }")]
    public Task Reports_a_reader_that_asks_again(string methods) => Reports($$"""
        class C { private readonly ReaderWriterLockSlim _rw = new(); {{methods}} }
        """);

    [Fact]
    public Task Reports_an_upgrade_even_with_recursion() => Reports("""
        class C { private readonly ReaderWriterLockSlim _rw = new(LockRecursionPolicy.SupportsRecursion); void M() { _rw.EnterReadLock(); [|_rw.EnterWriteLock()|]; _rw.ExitWriteLock(); _rw.ExitReadLock(); } }
        """);

    [Theory]
    [InlineData("[|Parallel.ForEach(_items, N)|];")]
    [InlineData("[|Parallel.For(0, 4, i => N(i))|];")]
    [InlineData("[|Task.Run(() => N(1))|].Wait();")]
    public Task Reports_other_threads_that_this_reader_waits_for(string work) => Reports($$"""
        class C
        {
            private readonly ReaderWriterLockSlim _rw = new(LockRecursionPolicy.SupportsRecursion); private readonly List<int> _items = new();
            void M() { _rw.EnterReadLock(); try { {{work}} } finally { _rw.ExitReadLock(); } }
            void N(int item) { _rw.EnterReadLock(); _rw.ExitReadLock(); }
            void Add() { _rw.EnterWriteLock(); _items.Add(1); _rw.ExitWriteLock(); }
        }
        """);

    [Fact]
    public Task Reports_an_extension_that_runs_a_lambda_under_the_lock() => Reports("""
        static class Locks { public static T Read<T>(this ReaderWriterLockSlim rw, Func<T> read) { rw.EnterReadLock(); try { return read(); } finally { rw.ExitReadLock(); } } }
        class C { private readonly ReaderWriterLockSlim _rw = new(); public int Count() => [|_rw.Read(() => Inner())|]; int Inner() => _rw.Read(() => 1); }
        """);

    [Fact]
    public Task Reports_a_part_that_comes_back_to_its_owner() => Reports("""
        class Store
        {
            private readonly ReaderWriterLockSlim _rw = new(); private readonly List<Replica> _replicas = new();
            public void Scan() { _rw.EnterReadLock(); try { foreach (var replica in _replicas) { [|replica.Check()|]; } } finally { _rw.ExitReadLock(); } }
            public int Status() { _rw.EnterReadLock(); try { return 1; } finally { _rw.ExitReadLock(); } }
        }
        class Replica(Store store) { public void Check() => store.Status(); }
        """);

    [Theory]
    [InlineData("new(LockRecursionPolicy.SupportsRecursion)", "_rw.EnterReadLock(); N(); _rw.ExitReadLock();")]
    [InlineData("new()", "_rw.EnterReadLock(); _rw.ExitReadLock(); N();")]
    [InlineData("new()", "_rw.EnterUpgradeableReadLock(); N(); _rw.EnterWriteLock(); _rw.ExitWriteLock(); _rw.ExitUpgradeableReadLock();")]
    [InlineData("new()", "_rw.EnterReadLock(); try { if (_rw.TryEnterWriteLock(0)) { } } finally { _rw.ExitReadLock(); }")]
    [InlineData("new()", "_rw.EnterReadLock(); _other.EnterReadLock(); _other.ExitReadLock(); _rw.ExitReadLock();")]
    [InlineData("new()", "_rw.EnterReadLock(); try { Task.Run(() => N()); } finally { _rw.ExitReadLock(); }")]
    [InlineData("new()", "bool ok; _rw.EnterReadLock(); try { ok = true; } finally { _rw.ExitReadLock(); } if (ok) { _rw.EnterWriteLock(); _rw.ExitWriteLock(); }")]
    public Task Silent_where_it_may(string make, string body) => Silent($$"""
        class C { private readonly ReaderWriterLockSlim _rw = {{make}}, _other = new(); void M() { {{body}} } void N() { _rw.EnterReadLock(); _rw.ExitReadLock(); } }
        """);

    [Theory]
    [InlineData("_rw.AcquireReaderLock(-1); try { [|_rw.AcquireWriterLock(Timeout.Infinite)|]; _n++; _rw.ReleaseWriterLock(); } finally { _rw.ReleaseReaderLock(); }")]
    [InlineData("_rw.AcquireReaderLock(Timeout.Infinite); try { if (_n == 0) { [|Set()|]; } } finally { _rw.ReleaseReaderLock(); }")]
    public Task Reports_the_old_lock_upgraded(string code) => Reports($$"""
        class C
        {
            private readonly ReaderWriterLock _rw = new(); private int _n;
            public void M() { {{code}} }
            private void Set() { _rw.AcquireWriterLock(-1); _n = 1; _rw.ReleaseWriterLock(); }
        }
        """);

    [Theory]
    [InlineData("_rw.AcquireReaderLock(-1); try { var cookie = _rw.UpgradeToWriterLock(-1); _n++; _rw.DowngradeFromWriterLock(ref cookie); } finally { _rw.ReleaseReaderLock(); }")]
    [InlineData("_rw.AcquireReaderLock(-1); _rw.AcquireReaderLock(-1); _rw.ReleaseReaderLock(); _rw.ReleaseReaderLock();")]
    [InlineData("_rw.AcquireWriterLock(-1); _rw.AcquireReaderLock(-1); _rw.ReleaseReaderLock(); _rw.ReleaseWriterLock();")]
    [InlineData("_rw.AcquireReaderLock(-1); try { _rw.AcquireWriterLock(100); _rw.ReleaseWriterLock(); } finally { _rw.ReleaseReaderLock(); }")]
    public Task Silent_for_what_the_old_lock_allows(string code) => Silent($$"""
        class C { private readonly ReaderWriterLock _rw = new(); private int _n; public void M() { {{code}} } }
        """);

    [Fact]
    public Task Reports_scopes_of_an_own_lock_type() => Reports("""
        sealed class Rw
        {
            private readonly ReaderWriterLockSlim _lock = new();
            public Reading ReadScope() { _lock.EnterReadLock(); return new(_lock); }
            public Writing WriteScope() { _lock.EnterWriteLock(); return new(_lock); }
            public readonly struct Reading(ReaderWriterLockSlim held) : IDisposable { public void Dispose() => held.ExitReadLock(); }
            public readonly struct Writing(ReaderWriterLockSlim held) : IDisposable { public void Dispose() => held.ExitWriteLock(); }
        }
        class C { private readonly Rw _rw = new(); private int _n; public void M() { using (_rw.ReadScope()) { if (_n == 0) { using ([|_rw.WriteScope()|]) { _n = 1; } } } } }
        """);
}
