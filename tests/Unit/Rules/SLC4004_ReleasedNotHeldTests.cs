using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4004_ReleasedNotHeldTests() : RuleTest("SLC4004")
{
    [Theory]
    [InlineData("async Task M(CancellationToken ct) { try { [|await _gate.WaitAsync(ct)|]; Work(); } finally { _gate.Release(); } }")]
    [InlineData("async Task M(CancellationToken ct) { try { [|await _gate.WaitAsync(ct).ConfigureAwait(false)|]; Work(); } finally { _gate.Release(); } }")]
    [InlineData("void M(CancellationToken ct) { try { [|_gate.Wait(ct)|]; Work(); } finally { _gate.Release(); } }")]
    [InlineData("async Task M(CancellationToken ct) { try { [|await _gate.WaitAsync(ct)|]; Work(); } catch (Exception) { } finally { _gate.Release(); } }")]
    [InlineData("async Task M(CancellationToken ct) { try { [|await _count.WaitAsync(ct)|]; Work(); } finally { _count.Release(); } }")]
    [InlineData("void M() { try { Work(); [|_gate.Wait()|]; Work(); } finally { _gate.Release(); } }")]
    public Task Reports_a_wait_with_a_token_within_the_try(string method) => Reports(In(method));

    [Theory]
    [InlineData("void M() { _gate.Wait(); Work(); _gate.Release(); [|_gate.Release()|]; }")]
    [InlineData("void M() { _rw.EnterReadLock(); _rw.ExitReadLock(); [|_rw.ExitReadLock()|]; }")]
    [InlineData("void M() { Monitor.Enter(_m); try { Work(); Monitor.Exit(_m); } finally { [|Monitor.Exit(_m)|]; } }")]
    [InlineData("void M(bool b) { _gate.Wait(); if (b) { _gate.Release(); } [|_gate.Release()|]; }")]
    [InlineData("void M() { _gate.Wait(); try { _gate.Release(); Work(); } catch { [|_gate.Release()|]; } }")]
    [InlineData("async Task M() { await _gate.WaitAsync(); try { Work(); } catch { _gate.Release(); throw; } finally { [|_gate.Release()|]; } }")]
    public Task Reports_a_second_release(string method) => Reports(In(method));

    [Theory]
    [InlineData("async Task M() { [|await _gate.WaitAsync(TimeSpan.FromSeconds(1))|]; try { Work(); } finally { _gate.Release(); } }")]
    [InlineData("void M() { [|Monitor.TryEnter(_m, 10)|]; try { Work(); } finally { Monitor.Exit(_m); } }")]
    [InlineData("void M() { try { if (Monitor.TryEnter(_m, 10)) { Work(); } } finally { [|Monitor.Exit(_m)|]; } }")]
    [InlineData("void M() { try { if (!_rw.TryEnterWriteLock(10)) { return; } Work(); } finally { [|_rw.ExitWriteLock()|]; } }")]
    [InlineData("void M() { bool taken = false; try { Monitor.TryEnter(_m, 10, ref taken); Work(); } finally { [|Monitor.Exit(_m)|]; } }")]
    [InlineData("void M(bool b) { if (b) { Monitor.Enter(_m); } Work(); [|Monitor.Exit(_m)|]; }")]
    public Task Reports_a_release_after_an_attempt_that_failed(string method) => Reports(In(method));

    [Theory]
    [InlineData("void M() { _rw.EnterReadLock(); try { Work(); } finally { [|_rw.ExitWriteLock()|]; } }")]
    [InlineData("void M() { _rw.EnterWriteLock(); try { Work(); } finally { [|_rw.ExitReadLock()|]; } }")]
    [InlineData("void M() { Monitor.Enter(_m); try { Work(); } finally { [|Monitor.Exit(_other)|]; } }")]
    public Task Reports_a_release_of_something_else(string method) => Reports(In(method));

    [Theory]
    [InlineData("public void M() { [|Monitor.Pulse(_m)|]; }")]
    [InlineData("public void M() { lock (_other) { [|Monitor.PulseAll(_m)|]; } }")]
    [InlineData("public void M() { [|Monitor.Wait(_m)|]; }")]
    public Task Reports_what_needs_the_lock_without_it(string method) => Reports(In(method));

    [Theory]
    [InlineData("async Task M(CancellationToken ct) { await _gate.WaitAsync(ct); try { Work(); } finally { _gate.Release(); } }")]
    [InlineData("async Task M() { try { await _gate.WaitAsync(); Work(); } finally { _gate.Release(); } }")]
    [InlineData("async Task M(CancellationToken ct) { bool taken = false; try { await _gate.WaitAsync(ct); taken = true; Work(); } finally { if (taken) { _gate.Release(); } } }")]
    [InlineData("async Task M(CancellationToken ct) { try { await _gate.WaitAsync(ct); try { Work(); } finally { _gate.Release(); } } catch (OperationCanceledException) { } }")]
    [InlineData("async Task M() { if (!await _gate.WaitAsync(100)) { return; } try { Work(); } finally { _gate.Release(); } }")]
    [InlineData("void M() { bool taken = Monitor.TryEnter(_m, 10); try { Work(); } finally { if (taken) { Monitor.Exit(_m); } } }")]
    [InlineData("void M() { bool taken = false; try { Monitor.TryEnter(_m, 10, ref taken); if (taken) { Work(); } } finally { if (taken) { Monitor.Exit(_m); } } }")]
    [InlineData("void M() { bool taken = false; try { Work(); Monitor.Enter(_m); taken = true; Work(); } finally { if (taken) { Monitor.Exit(_m); } } }")]
    [InlineData("void M() { _gate.Wait(0); _gate.Release(); }")]
    [InlineData("void M() { _gate.Wait(Timeout.Infinite); try { Work(); } finally { _gate.Release(); } }")]
    [InlineData("void M() { _rw.EnterUpgradeableReadLock(); _rw.EnterWriteLock(); _rw.ExitWriteLock(); _rw.ExitUpgradeableReadLock(); }")]
    [InlineData("void M(bool b) { if (b) { Monitor.Enter(_m); } try { Work(); } finally { if (b) { Monitor.Exit(_m); } } }")]
    [InlineData("void Begin() { Monitor.Enter(_other); Monitor.Exit(_m); } void End() { Monitor.Enter(_m); Monitor.Exit(_other); }")]
    [InlineData("async Task M() { try { await _gate.WaitAsync(CancellationToken.None); Work(); } finally { _gate.Release(); } }")]
    [InlineData("void M(bool b) { _gate.Wait(); if (b) { _gate.Release(); return; } _gate.Release(); }")]
    [InlineData("void M() { foreach (var i in new[] { 1, 2 }) { _gate.Wait(); Work(); _gate.Release(); } }")]
    [InlineData("void M() { _gate.Wait(); Work(); _gate.Release(); _gate.Wait(); Work(); _gate.Release(); }")]
    [InlineData("void Unlock() { _gate.Release(); } void M() { _gate.Wait(); try { Work(); } finally { Unlock(); } }")]
    [InlineData("public void M() { lock (_m) { Monitor.PulseAll(_m); } }")]
    [InlineData("public void M() { lock (_m) { Wake(); } } private void Wake() { Monitor.PulseAll(_m); }")]
    [InlineData("public void M() { Monitor.Enter(_m); try { Monitor.Pulse(_m); } finally { Monitor.Exit(_m); } }")]
    [InlineData("void M() { Monitor.Exit(_m); try { Work(); } finally { Monitor.Enter(_m); } }")]
    public Task Silent_where_it_is_held(string method) => Silent(In(method));

    [Fact]
    public Task Fixes_by_taking_it_in_front_of_the_try() => Fixes(
        """
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            async Task M(CancellationToken ct)
            {
                // Only one at a time.
                try
                {
                    [|await _gate.WaitAsync(ct)|];
                    Console.WriteLine(1);
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """,
        """
        class C
        {
            private readonly SemaphoreSlim _gate = new(1);

            async Task M(CancellationToken ct)
            {
                // Only one at a time.
                await _gate.WaitAsync(ct);
                try
                {
                    Console.WriteLine(1);
                }
                finally
                {
                    _gate.Release();
                }
            }
        }
        """);

    [Fact]
    public Task Not_fixed_where_other_statements_come_first() => NotFixed(In("async Task M(CancellationToken ct) { try { Work(); [|await _gate.WaitAsync(ct)|]; } finally { _gate.Release(); } }"));

    [Theory]
    [InlineData("catch (Exception) { if (_cts.IsCancellationRequested) { return; } _gate.Release(); }")]
    [InlineData("catch (OperationCanceledException) { } catch (Exception) { _gate.Release(); }")]
    [InlineData("catch (Exception failure) when (failure is not OperationCanceledException) { _gate.Release(); }")]
    public Task Silent_where_a_cancelled_wait_is_told_apart(string handlers) => Silent(In($$"""
        private readonly CancellationTokenSource _cts = new();
        async Task M() { try { await _gate.WaitAsync(_cts.Token); Work(); } {{handlers}} }
        """));

    private static string In(string member) => $$"""
        class C
        {
            private readonly SemaphoreSlim _gate = new(1, 1), _count = new(3); private readonly ReaderWriterLockSlim _rw = new(); private readonly object _m = new(), _other = new();
            {{member}}
            void Work() { if (Environment.TickCount == 3) { throw new IOException(); } }
        }
        """;
}
