using System;
using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class NotReleasedTests() : RuleTest("SLC4003")
{
    [Fact]
    public Task Reports_an_exception_after_Monitor_Enter() => Reports(In("""
        void M() { [|Monitor.Enter(_gate)|]; Work(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_an_exception_after_WaitAsync() => Reports(In("""
        async Task M() { [|await _sem.WaitAsync()|]; await WorkAsync(); _sem.Release(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_Wait() => Reports(In("""
        void M() { [|_sem.Wait()|]; Work(); _sem.Release(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_Lock_Enter() => Reports(In("""
        void M() { [|_lock.Enter()|]; Work(); _lock.Exit(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_EnterReadLock() => Reports(In("""
        int M(Func<int> f) { [|_rw.EnterReadLock()|]; var x = f(); _rw.ExitReadLock(); return x; }
        """));

    [Fact]
    public Task Reports_an_exception_after_EnterWriteLock() => Reports(In("""
        void M() { [|_rw.EnterWriteLock()|]; Work(); _rw.ExitWriteLock(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_EnterUpgradeableReadLock() => Reports(In("""
        void M() { [|_rw.EnterUpgradeableReadLock()|]; Work(); _rw.ExitUpgradeableReadLock(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_Mutex_WaitOne() => Reports(In("""
        private readonly Mutex _mutex = new(); void M() { [|_mutex.WaitOne()|]; Work(); _mutex.ReleaseMutex(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_Semaphore_WaitOne() => Reports(In("""
        private readonly Semaphore _s = new(1, 1); void M() { [|_s.WaitOne()|]; Work(); _s.Release(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_SpinLock_Enter() => Reports(In("""
        private SpinLock _spin; void M() { bool taken = false; [|_spin.Enter(ref taken)|]; Work(); _spin.Exit(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_TryEnter_in_if() => Reports(In("""
        void M() { if ([|Monitor.TryEnter(_gate)|]) { Work(); Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Reports_an_exception_after_TryEnter_stored() => Reports(In("""
        void M() { bool ok = [|Monitor.TryEnter(_gate, 10)|]; if (ok) { Work(); Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Reports_an_exception_after_negated_TryEnter() => Reports(In("""
        void M() { if (![|Monitor.TryEnter(_gate)|]) return; Work(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_an_exception_after_WaitAsync_with_timeout() => Reports(In("""
        async Task M() { if (![|await _sem.WaitAsync(10)|]) { return; } await WorkAsync(); _sem.Release(); }
        """));

    [Fact]
    public Task Reports_an_exception_after_TryEnterReadLock() => Reports(In("""
        void M() { if ([|_rw.TryEnterReadLock(5)|]) { Work(); _rw.ExitReadLock(); } }
        """));

    [Fact]
    public Task Reports_an_exception_although_the_flag_is_kept() => Reports(In("""
        void M() { bool taken = false; [|Monitor.Enter(_gate, ref taken)|]; Work(); if (taken) Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_an_early_return_though_a_lambda_takes_and_releases_it_too() => Reports("""
        class C
        {
            private readonly Lock _mu = new(); private readonly Dictionary<string, Entry> _entries = new();
            private sealed class Entry { public Timer? Expiry; public bool Abort; }
            public void Remove(string key)
            {
                [|_mu.Enter()|];
                if (!_entries.TryGetValue(key, out var entry)) { return; }
                entry.Expiry = new Timer(_ => { _mu.Enter(); if (entry.Abort) { _mu.Exit(); return; } _entries.Remove(key); _mu.Exit(); }, null, 10, -1);
                _mu.Exit();
            }
        }
        """);

    [Fact]
    public Task Reports_an_early_return() => Reports(In("""
        void M() { [|Monitor.Enter(_gate)|]; if (_count > 3) { return; } _count++; Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_an_early_return_with_a_value() => Reports(In("""
        int M() { [|_rw.EnterReadLock()|]; if (_count > 3) return -1; int x = _count; _rw.ExitReadLock(); return x; }
        """));

    [Fact]
    public Task Reports_a_branch_without_release() => Reports(In("""
        void M() { [|Monitor.Enter(_gate)|]; if (_count > 3) { _count = 0; Monitor.Exit(_gate); } else { _count++; } }
        """));

    [Fact]
    public Task Reports_a_continue_over_the_release() => Reports(In("""
        void M(int[] xs) { foreach (var x in xs) { [|_sem.Wait()|]; if (x > 3) continue; _count++; _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_a_break_over_the_release() => Reports(In("""
        void M(int[] xs) { foreach (var x in xs) { [|_sem.Wait()|]; if (x > 3) { break; } _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_a_switch_section_without_release() => Reports(In("""
        void M(int x) { [|_sem.Wait()|]; switch (x) { case 1: _sem.Release(); break; case 2: return; default: _sem.Release(); break; } }
        """));

    [Fact]
    public Task Reports_a_throw_between() => Reports(In("""
        void M(int x) { [|_sem.Wait()|]; if (x < 0) throw new InvalidOperationException(); _count = x; _sem.Release(); }
        """));

    [Fact]
    public Task Reports_a_throw_expression_between() => Reports(In("""
        void M(string? x) { [|_sem.Wait()|]; var y = x ?? throw new InvalidOperationException(); _sem.Release(); }
        """));

    [Fact]
    public Task Reports_a_catch_that_returns() => Reports(In("""
        void M() { [|_sem.Wait()|]; try { Work(); } catch (IOException) { return; } _sem.Release(); }
        """));

    [Fact]
    public Task Reports_a_catch_of_one_exception_only() => Reports(In("""
        void M() { [|_sem.Wait()|]; try { Work(); _sem.Release(); } catch (IOException) { _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_what_throws_before_the_try() => Reports(In("""
        async Task M() { [|await _sem.WaitAsync()|]; var text = await File.ReadAllTextAsync("x"); try { Console.WriteLine(text); } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_a_release_in_the_catch_and_none_for_success_path_exceptions() => Reports(In("""
        void M() { [|_sem.Wait()|]; Work(); try { Work(); } catch { _sem.Release(); throw; } _sem.Release(); }
        """));

    [Fact]
    public Task Reports_a_finally_that_throws_before_the_release() => Reports(In("""
        void M(Action a) { [|_sem.Wait()|]; try { Work(); } finally { a(); _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_a_delegate_between() => Reports(In("""
        void M(Action a) { [|Monitor.Enter(_gate)|]; a(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_a_yield_between() => Reports(In("""
        IEnumerable<int> M() { [|Monitor.Enter(_gate)|]; yield return 1; Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_a_cancelled_wait_for_a_second_semaphore() => Reports(In("""
        private readonly SemaphoreSlim _other = new(1); async Task M(CancellationToken ct) { [|await _sem.WaitAsync()|]; await _other.WaitAsync(ct); _other.Release(); _sem.Release(); }
        """));

    [Fact]
    public Task Reports_through_own_methods() => Reports(In("""
        private void Take() { Monitor.Enter(_gate); } private void Give() { Monitor.Exit(_gate); } void M() { [|Take()|]; Work(); Give(); }
        """));

    [Fact]
    public Task Reports_a_release_in_an_own_method() => Reports(In("""
        private void Give() => Monitor.Exit(_gate); void M() { [|Monitor.Enter(_gate)|]; Work(); Give(); }
        """));

    [Fact]
    public Task Reports_a_release_in_a_local_function_that_is_called() => Reports(In("""
        void M() { [|Monitor.Enter(_gate)|]; Work(); Give(); void Give() => Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_in_a_lambda() => Reports(In("""
        Action M() => () => { [|_sem.Wait()|]; Work(); _sem.Release(); };
        """));

    [Fact]
    public Task Reports_in_a_local_function() => Reports(In("""
        void M() { Inner(); void Inner() { [|_sem.Wait()|]; Work(); _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_in_an_accessor() => Reports(In("""
        int X { get { [|Monitor.Enter(_gate)|]; Work(); Monitor.Exit(_gate); return 1; } }
        """));

    [Fact]
    public Task Reports_in_a_constructor() => Reports(In("""
        public Example() { [|Monitor.Enter(_gate)|]; Work(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_a_lock_of_a_parameter() => Reports(In("""
        void M(SemaphoreSlim gate) { [|gate.Wait()|]; Work(); gate.Release(); }
        """));

    [Fact]
    public Task Reports_a_lock_under_another_name() => Reports(In("""
        void M() { var gate = _gate; [|Monitor.Enter(gate)|]; Work(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_a_lock_of_another_object() => Reports(In("""
        void M(Example e) { [|Monitor.Enter(e._gate)|]; Work(); Monitor.Exit(e._gate); }
        """));

    [Fact]
    public Task Reports_a_static_lock() => Reports(In("""
        private static readonly object Gate = new(); void M() { [|Monitor.Enter(Gate)|]; Work(); Monitor.Exit(Gate); }
        """));

    [Fact]
    public Task Reports_a_dropped_scope() => Reports(In("""
        void M() { [|_lock.EnterScope()|]; _count++; }
        """));

    [Fact]
    public Task Reports_a_discarded_scope() => Reports(In("""
        void M() { _ = [|_lock.EnterScope()|]; _count++; }
        """));

    [Fact]
    public Task Reports_a_scope_disposed_only_at_the_end() => Reports(In("""
        void M() { var scope = [|_lock.EnterScope()|]; Work(); scope.Dispose(); }
        """));

    [Fact]
    public Task Reports_a_filter_that_may_say_no() => Reports(In("""
        void M(bool b) { [|_sem.Wait()|]; try { Work(); _sem.Release(); } catch (Exception) when (b) { _sem.Release(); } }
        """));

    [Fact]
    public Task Reports_each_of_two_locks() => Reports(In("""
        void M() { [|Monitor.Enter(_gate)|]; [|_sem.Wait()|]; Work(); _sem.Release(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_a_conditional_acquire() => Reports(In("""
        void M(bool locking) { if (locking) [|Monitor.Enter(_gate)|]; Work(); if (locking) Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_try_finally() => Silent(In("""
        void M() { Monitor.Enter(_gate); try { Work(); } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_await_in_try_finally() => Silent(In("""
        async Task M() { await _sem.WaitAsync(); try { await WorkAsync(); } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_awaiting_with_a_token_and_ConfigureAwait() => Silent(In("""
        async Task M(CancellationToken ct) { await _sem.WaitAsync(ct).ConfigureAwait(false); try { await WorkAsync(); } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_the_wait_within_the_try() => Silent(In("""
        async Task M(CancellationToken ct) { try { await _sem.WaitAsync(ct); await WorkAsync(); } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_a_lock_statement() => Silent(In("""
        void M() { lock (_gate) { Work(); } lock (_lock) { Work(); } }
        """));

    [Fact]
    public Task Silent_a_using_scope() => Silent(In("""
        void M() { using (_lock.EnterScope()) { Work(); } using var s = _lock.EnterScope(); Work(); }
        """));

    [Fact]
    public Task Silent_a_scope_in_finally() => Silent(In("""
        void M() { var s = _lock.EnterScope(); try { Work(); } finally { s.Dispose(); } }
        """));

    [Fact]
    public Task Silent_a_flag() => Silent(In("""
        void M() { bool taken = false; try { Monitor.Enter(_gate, ref taken); Work(); } finally { if (taken) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_a_flag_of_TryEnter() => Silent(In("""
        void M() { bool taken = false; try { Monitor.TryEnter(_gate, 10, ref taken); if (!taken) return; Work(); } finally { if (taken) { Monitor.Exit(_gate); } } }
        """));

    [Fact]
    public Task Silent_a_flag_set_by_hand() => Silent(In("""
        async Task M() { bool taken = false; try { await _sem.WaitAsync(); taken = true; await WorkAsync(); } finally { if (taken) _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_a_flag_compared() => Silent(In("""
        void M() { bool taken = false; try { Monitor.Enter(_gate, ref taken); Work(); } finally { if (taken == true) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_TryEnter_in_if() => Silent(In("""
        void M() { if (Monitor.TryEnter(_gate)) { try { Work(); } finally { Monitor.Exit(_gate); } } }
        """));

    [Fact]
    public Task Silent_TryEnter_stored() => Silent(In("""
        void M() { var ok = Monitor.TryEnter(_gate); try { if (ok) { Work(); } } finally { if (ok) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_TryEnter_and_leave() => Silent(In("""
        void M() { if (!Monitor.TryEnter(_gate)) return; try { Work(); } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_WaitAsync_with_timeout() => Silent(In("""
        async Task<bool> M() { if (!await _sem.WaitAsync(5)) { throw new TimeoutException(); } try { await WorkAsync(); return true; } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_a_wait_whose_answer_is_stored() => Silent(In("""
        async Task M() { var ok = await _sem.WaitAsync(5).ConfigureAwait(false); if (ok) { try { await WorkAsync(); } finally { _sem.Release(); } } }
        """));

    [Fact]
    public Task Silent_TryEnter_behind_another_test() => Silent(In("""
        void M() { if (_count > 0 && Monitor.TryEnter(_gate)) { try { Work(); } finally { Monitor.Exit(_gate); } } }
        """));

    [Fact]
    public Task Silent_a_try_in_a_loop() => Silent(In("""
        void M() { while (!Monitor.TryEnter(_gate)) { Thread.Sleep(1); } try { Work(); } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Reports_no_release_at_all() => Reports(In("""
        void M() { [|_sem.Wait()|]; Work(); }
        """));

    [Fact]
    public Task Silent_acquire_here_release_there() => Silent(In("""
        void Begin() { _sem.Wait(); Work(); } void End() { _sem.Release(); }
        """));

    [Fact]
    public Task Silent_what_does_not_throw_between() => Silent(In("""
        void M(int x) { Monitor.Enter(_gate); _count++; _items.Add(x); _busy = _items.Count > 3; Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_a_queue_between() => Silent(In("""
        private readonly Queue<int> _q = new(); int M() { Monitor.Enter(_gate); int x = _q.Count > 0 ? _q.Dequeue() : 0; Monitor.Exit(_gate); return x; }
        """));

    [Fact]
    public Task Silent_an_own_method_that_does_not_throw() => Silent(In("""
        private void Count() { _count++; } void M() { Monitor.Enter(_gate); Count(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_an_own_method_that_calls_one_that_does_not_throw() => Silent(In("""
        private void A() { B(); } private void B() { _count++; } void M() { Monitor.Enter(_gate); A(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_an_own_method_that_catches_all() => Silent(In("""
        private void Safe() { try { Work(); } catch (Exception) { } } void M() { Monitor.Enter(_gate); Safe(); Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_a_release_in_a_lambda() => Silent(In("""
        async Task M() { await _sem.WaitAsync(); _ = Task.Run(() => { try { Work(); } finally { _sem.Release(); } }); if (_count > 0) _sem.Release(); }
        """));

    [Fact]
    public Task Silent_a_throttle() => Silent(In("""
        async Task M(int[] xs) { var sem = new SemaphoreSlim(4); var tasks = new List<Task>(); foreach (var x in xs) { await sem.WaitAsync(); tasks.Add(Task.Run(async () => { try { await WorkAsync(); } finally { sem.Release(); } })); } await Task.WhenAll(tasks); }
        """));

    [Fact]
    public Task Silent_a_throttle_with_a_local_function() => Silent(In("""
        async Task M(int[] xs) { foreach (var x in xs) { await _sem.WaitAsync(); if (x < 0) { _sem.Release(); continue; } _ = One(x); } async Task One(int x) { try { await WorkAsync(); } finally { _sem.Release(); } } }
        """));

    [Fact]
    public Task Silent_a_throttle_with_a_method_that_goes_on() => Silent(In("""
        async Task M(int[] xs) { foreach (var x in xs) { await _sem.WaitAsync(); if (x < 0) { _sem.Release(); continue; } _ = One(x); } } private async Task One(int x) { try { await WorkAsync(); } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_a_release_handed_on_as_delegate() => Silent(In("""
        void M(Action<Func<int>> later) { _sem.Wait(); if (_count > 3) { _sem.Release(); return; } later(_sem.Release); }
        """));

    [Fact]
    public Task Silent_a_releaser() => Silent(In("""
        sealed class Releaser(SemaphoreSlim s) : IDisposable { public void Dispose() => s.Release(); } async Task<IDisposable> M() { await _sem.WaitAsync(); try { Work(); return new Releaser(_sem); } catch { _sem.Release(); throw; } }
        """));

    [Fact]
    public Task Silent_a_releaser_or_nothing() => Silent(In("""
        sealed class Releaser(Example e) : IDisposable { public void Dispose() => e._sem.Release(); } IDisposable? M() { _sem.Wait(); if (_busy) { _sem.Release(); return null; } return new Releaser(this); }
        """));

    [Fact]
    public Task Silent_a_lock_kept_when_true_is_returned() => Silent(In("""
        internal bool TryBegin() { Monitor.Enter(_gate); if (_busy) { Monitor.Exit(_gate); return false; } return true; } internal void End() { Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_a_lock_kept_for_the_caller() => Silent(In("""
        internal void Begin() { Monitor.Enter(_gate); if (_busy) { Monitor.Exit(_gate); return; } _count++; } internal void End() { Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_kept_unless_it_fails() => Silent(In("""
        async Task M() { await _sem.WaitAsync(); try { await WorkAsync(); } catch { _sem.Release(); throw; } }
        """));

    [Fact]
    public Task Silent_a_signal() => Silent(In("""
        async Task M() { _sem.Release(); await _sem.WaitAsync(); Work(); }
        """));

    [Fact]
    public Task Silent_a_signal_and_its_answer() => Silent(In("""
        private readonly SemaphoreSlim _ready = new(0), _done = new(0); void M() { _ready.Wait(); Work(); _done.Release(); }
        """));

    [Fact]
    public Task Silent_a_lock_that_the_caller_holds() => Silent(In("""
        void M() { Monitor.Exit(_gate); try { Work(); } finally { Monitor.Enter(_gate); } }
        """));

    [Fact]
    public Task Silent_a_lock_given_up_for_a_while() => Silent(In("""
        void M() { Monitor.Enter(_gate); try { Monitor.Exit(_gate); try { Work(); } finally { Monitor.Enter(_gate); } Work(); } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_a_condition_that_did_not_change() => Silent(In("""
        void M(bool locking) { if (locking) Monitor.Enter(_gate); try { Work(); } finally { if (locking) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_a_field_as_condition() => Silent(In("""
        private bool _sync; void M() { if (_sync) { Monitor.Enter(_gate); } try { Work(); } finally { if (_sync) { Monitor.Exit(_gate); } } }
        """));

    [Fact]
    public Task Silent_a_lock_that_may_be_null() => Silent(In("""
        private object? _maybe; void M() { if (_maybe != null) Monitor.Enter(_maybe); try { Work(); } finally { if (_maybe != null) Monitor.Exit(_maybe); } }
        """));

    [Fact]
    public Task Silent_a_lock_that_may_be_null_by_pattern() => Silent(In("""
        private object? _maybe; void M() { if (_maybe is not null) Monitor.Enter(_maybe); try { Work(); } finally { if (_maybe is { }) Monitor.Exit(_maybe); } }
        """));

    [Fact]
    public Task Silent_a_semaphore_that_may_be_null() => Silent(In("""
        private SemaphoreSlim? _maybe; async Task M() { if (_maybe is not null) await _maybe.WaitAsync(); try { await WorkAsync(); } finally { _maybe?.Release(); } }
        """));

    [Fact]
    public Task Silent_a_count_as_condition() => Silent(In("""
        void M(int n) { if (n > 1) Monitor.Enter(_gate); try { Work(); } finally { if (n > 1) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_catch_all_that_releases() => Silent(In("""
        void M() { _sem.Wait(); try { Work(); } catch { _sem.Release(); throw; } _sem.Release(); }
        """));

    [Fact]
    public Task Silent_catch_exception_that_releases() => Silent(In("""
        void M() { _sem.Wait(); try { Work(); _count++; } catch (Exception) { _sem.Release(); throw; } _sem.Release(); }
        """));

    [Fact]
    public Task Silent_a_filter_before_a_catch_all() => Silent(In("""
        void M(bool b) { _sem.Wait(); try { Work(); } catch (IOException) when (b) { _sem.Release(); return; } catch (Exception) { _sem.Release(); throw; } _sem.Release(); }
        """));

    [Fact]
    public Task Silent_FailFast() => Silent(In("""
        void M() { Monitor.Enter(_gate); if (_count < 0) { Environment.FailFast("negative"); } _count++; Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_a_mutex_of_the_process() => Silent(In("""
        private static readonly Mutex One = new(); static void Main() { if (!One.WaitOne(0)) return; File.Delete("x"); One.ReleaseMutex(); }
        """));

    [Fact]
    public Task Silent_nested_finally() => Silent(In("""
        void M() { Monitor.Enter(_gate); try { _sem.Wait(); try { Work(); } finally { _sem.Release(); } } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_a_return_within_the_try() => Silent(In("""
        int M(int x) { Monitor.Enter(_gate); try { if (x > 3) return 1; foreach (var i in _items) { if (i > x) return i; } return 2; } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_every_branch_releases() => Silent(In("""
        int M(int x) { Monitor.Enter(_gate); if (x > 3) { Monitor.Exit(_gate); return 1; } _count++; Monitor.Exit(_gate); return 2; }
        """));

    [Fact]
    public Task Silent_every_case_releases() => Silent(In("""
        void M(int x) { Monitor.Enter(_gate); switch (x) { case 1: _count++; Monitor.Exit(_gate); break; default: Monitor.Exit(_gate); break; } }
        """));

    [Fact]
    public Task Silent_a_wait_within_the_lock() => Silent(In("""
        void M() { Monitor.Enter(_gate); try { while (!_busy) { Monitor.Wait(_gate); } } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_upgrade() => Silent(In("""
        void M() { _rw.EnterUpgradeableReadLock(); try { _rw.EnterWriteLock(); try { Work(); } finally { _rw.ExitWriteLock(); } } finally { _rw.ExitUpgradeableReadLock(); } }
        """));

    [Fact]
    public Task Silent_a_helper_that_does_both() => Silent(In("""
        private void Both() { _sem.Wait(); try { Work(); } finally { _sem.Release(); } } void M() { Both(); Work(); Both(); }
        """));

    [Fact]
    public Task Silent_own_methods_and_finally() => Silent(In("""
        private void Take() { Monitor.Enter(_gate); } private void Give() { Monitor.Exit(_gate); } void M() { Take(); try { Work(); } finally { Give(); } }
        """));

    [Fact]
    public Task Silent_an_iterator_with_finally() => Silent(In("""
        IEnumerable<int> M() { Monitor.Enter(_gate); try { yield return 1; } finally { Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_async_iterator_with_finally() => Silent(In("""
        async IAsyncEnumerable<int> M() { await _sem.WaitAsync(); try { await WorkAsync(); yield return 1; } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_a_logger_between() => Silent(In("""
        interface ILogger { void Info(string s); } private ILogger _log = null!; void M() { Monitor.Enter(_gate); _log.Info("in"); _count++; Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_a_lock_handed_to_a_method() => Silent(In("""
        static void Finish(SemaphoreSlim s) { } void M() { _sem.Wait(); if (_count > 3) { Finish(_sem); return; } _sem.Release(); }
        """));

    [Fact]
    public Task Silent_another_lock_by_the_same_name() => Silent(In("""
        void M(List<SemaphoreSlim> all) { foreach (var s in all) { s.Wait(); } foreach (var s in all) { s.Release(); } }
        """));

    [Fact]
    public Task Silent_await_foreach_and_await_using() => Silent(In("""
        async Task M(IAsyncEnumerable<int> xs, IAsyncDisposable d) { await _sem.WaitAsync(); try { await using var e = d; await foreach (var x in xs) { _count += x; } } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_an_event() => Silent(In("""
        private readonly ManualResetEventSlim _ready = new(); void M() { _ready.Wait(); Work(); _ready.Set(); }
        """));

    [Fact]
    public Task Silent_a_swap_in_a_loop() => Silent(In("""
        void M() { while (_busy) { Monitor.Enter(_gate); try { Work(); } finally { Monitor.Exit(_gate); } } }
        """));

    [Fact]
    public Task Silent_goto_over_nothing() => Silent(In("""
        void M() { Monitor.Enter(_gate); if (_busy) goto end; _count++; end: Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Silent_a_local_that_is_copied_back() => Silent(In("""
        void M() { bool held = false; try { Monitor.Enter(_gate, ref held); Work(); Monitor.Exit(_gate); held = false; Work(); } finally { if (held) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_an_async_helper_that_may_fail_to_take() => Silent(In("""
        private async Task Take(CancellationToken ct) { await _sem.WaitAsync(ct); } private void Give() => _sem.Release(); async Task M(CancellationToken ct) { await Take(ct).ConfigureAwait(false); try { await WorkAsync(); } finally { Give(); } }
        """));

    [Fact]
    public Task Silent_a_helper_that_takes_on_some_paths() => Silent(In("""
        private async Task Take(CancellationToken ct) { if (_busy) { await _sem.WaitAsync(ct); } } private void Give() { if (_busy) _sem.Release(); } async Task M(CancellationToken ct) { await Take(ct); await WorkAsync(); Give(); }
        """));

    [Fact]
    public Task Reports_an_async_helper_of_its_own() => Reports(In("""
        private async Task Take() { await _sem.WaitAsync(); } async Task M() { [|await Take()|]; await WorkAsync(); _sem.Release(); }
        """));

    [Fact]
    public Task Silent_a_flag_of_an_own_method() => Silent(In("""
        private static void Take(object o, ref bool taken) => Monitor.Enter(o, ref taken); private static void Give(object o) => Monitor.Exit(o); void M(bool locking) { bool taken = false; try { if (locking) Take(_gate, ref taken); Work(); } finally { if (taken) Give(_gate); } }
        """));

    [Fact]
    public Task Silent_properties_that_are_written_or_of_an_interface() => Silent(In("""
        interface ISettings { bool IsOn { get; } } private string _name = ""; private string Name { get => File.ReadAllText(_name); set { _name = value; } } void M(ISettings settings) { Monitor.Enter(_gate); if (settings.IsOn) { Name = "x"; } Monitor.Exit(_gate); }
        """));

    [Fact]
    public Task Reports_a_property_that_reads_a_file() => Reports(In("""
        private string Name { get => File.ReadAllText("x"); set { } } string M() { [|Monitor.Enter(_gate)|]; var x = Name; Monitor.Exit(_gate); return x; }
        """));

    [Fact]
    public Task Silent_a_query_that_does_not_run_yet() => Silent(In("""
        List<int> M() { Monitor.Enter(_gate); var found = _items.Where(i => i > 3).Select(i => i + 1).ToList(); Monitor.Exit(_gate); return found; }
        """));

    [Fact]
    public Task Silent_a_lock_that_may_be_null_all_along() => Silent(In("""
        private SemaphoreSlim? _maybe; void M() { _maybe?.Wait(); try { Work(); } finally { _maybe?.Release(); } }
        """));

    [Fact]
    public Task Reports_a_lock_that_may_be_null_and_is_left() => Reports(In("""
        private SemaphoreSlim? _maybe; void M() { _maybe?[|.Wait()|]; Work(); _maybe?.Release(); }
        """));

    [Fact]
    public Task Silent_a_switch_expression_between() => Silent(In("""
        string M(int x) { Monitor.Enter(_gate); var s = x switch { 1 => "one", _ => "more" }; Monitor.Exit(_gate); return s; }
        """));

    [Fact]
    public Task Silent_a_test_whether_it_is_held() => Silent(In("""
        int M() { try { _rw.EnterReadLock(); return _items.Count; } finally { if (_rw.IsReadLockHeld) _rw.ExitReadLock(); } }
        """));

    [Fact]
    public Task Silent_a_test_whether_a_monitor_is_entered() => Silent(In("""
        void M() { try { Monitor.Enter(_gate); Work(); } finally { if (Monitor.IsEntered(_gate)) Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_numbers_and_vectors_between() => Silent(In("""
        private SpinLock _spin; void M() { bool taken = false; _spin.Enter(ref taken); var v = System.Runtime.Intrinsics.Vector128.Create(1, 2, 3, 4); _count = BitConverter.ToInt32(BitConverter.GetBytes(3)); if (taken) _spin.Exit(); }
        """));

    [Fact]
    public Task Silent_a_key_that_is_added_when_it_is_missing() => Silent(In("""
        private readonly Dictionary<string, int> _map = new(); void M(string key) { _rw.EnterWriteLock(); if (_map.ContainsKey(key)) _map[key]++; else _map.Add(key, 1); _rw.ExitWriteLock(); }
        """));

    [Fact]
    public Task Silent_a_default_and_a_path_before_the_try() => Silent(In("""
        private readonly List<int>? _maybe = null; async Task M() { await _sem.WaitAsync(); var n = _maybe?.Count ?? 0; var path = Path.Combine(Path.GetTempPath(), GetType().Name); try { File.Delete(path); } finally { _sem.Release(); } }
        """));

    [Fact]
    public Task Silent_a_timer_and_the_thread_pool() => Silent(In("""
        private readonly System.Timers.Timer _timer = new(); void M() { if (Monitor.TryEnter(_gate)) { if (!_busy) { _busy = true; ThreadPool.QueueUserWorkItem(_ => Work()); } _timer.Start(); Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Silent_work_that_is_started_and_forgotten() => Silent(In("""
        private static void FireAndForget(Action a) { if (a is null) throw new InvalidOperationException(); ThreadPool.QueueUserWorkItem(_ => a()); } void M() { if (Monitor.TryEnter(_gate)) { FireAndForget(Work); Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Reports_a_return_from_within_a_try_that_releases_nothing() => Reports(In("""
        void M(int x) { if ([|Monitor.TryEnter(_gate)|]) { try { if (x > 3) return; _count++; } finally { _busy = false; } Monitor.Exit(_gate); } }
        """));

    [Fact]
    public Task Fixes_by_try_and_finally() => Fixes(
        In("""
            void M()
            {
                [|Monitor.Enter(_gate)|];
                // The work.
                Work();

                _count++; // counted
                Monitor.Exit(_gate);
            }
            """),
        In("""
            void M()
            {
                Monitor.Enter(_gate);
                try
                {
                    // The work.
                    Work();

                    _count++; // counted
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }
            """));

    [Fact]
    public Task Fixes_what_awaits() => Fixes(
        In("""
            async Task M()
            {
                [|await _sem.WaitAsync().ConfigureAwait(false)|];

                await WorkAsync();
                _sem.Release();

                Work();
            }
            """),
        In("""
            async Task M()
            {
                await _sem.WaitAsync().ConfigureAwait(false);
                try
                {
                    await WorkAsync();
                }
                finally
                {
                    _sem.Release();
                }

                Work();
            }
            """));

    [Fact]
    public Task Fixes_and_moves_the_return_of_what_was_read() => Fixes(
        In("""
            async Task<string> M()
            {
                [|await _sem.WaitAsync()|];
                var text = await File.ReadAllTextAsync("x");
                _sem.Release();
                return text;
            }
            """),
        In("""
            async Task<string> M()
            {
                await _sem.WaitAsync();
                try
                {
                    var text = await File.ReadAllTextAsync("x");
                    return text;
                }
                finally
                {
                    _sem.Release();
                }
            }
            """));

    [Fact]
    public Task Fixes_and_declares_before_what_is_used_behind() => Fixes(
        In("""
            async Task M()
            {
                [|await _sem.WaitAsync()|];
                var text = await File.ReadAllTextAsync("x");
                int length = text.Length;
                _sem.Release();
                Console.WriteLine(text + length);
            }
            """),
        In("""
            async Task M()
            {
                string text;
                int length;
                await _sem.WaitAsync();
                try
                {
                    text = await File.ReadAllTextAsync("x");
                    length = text.Length;
                }
                finally
                {
                    _sem.Release();
                }

                Console.WriteLine(text + length);
            }
            """));

    [Fact]
    public Task Fixes_an_early_return() => Fixes(
        In("""
            int M()
            {
                [|_rw.EnterReadLock()|];
                if (_count > 3)
                {
                    return -1;
                }

                Work();
                _rw.ExitReadLock();
                return 1;
            }
            """),
        In("""
            int M()
            {
                _rw.EnterReadLock();
                try
                {
                    if (_count > 3)
                    {
                        return -1;
                    }

                    Work();
                }
                finally
                {
                    _rw.ExitReadLock();
                }

                return 1;
            }
            """));

    [Fact]
    public Task Fixes_the_body_of_an_if_that_tries() => Fixes(
        In("""
            void M()
            {
                if ([|Monitor.TryEnter(_gate)|])
                {
                    Work();
                    Monitor.Exit(_gate);
                }
            }
            """),
        In("""
            void M()
            {
                if (Monitor.TryEnter(_gate))
                {
                    try
                    {
                        Work();
                    }
                    finally
                    {
                        Monitor.Exit(_gate);
                    }
                }
            }
            """));

    [Fact]
    public Task Fixes_by_moving_into_the_try_that_releases() => Fixes(
        In("""
            void M()
            {
                [|_sem.Wait()|];
                var path = Path.GetTempFileName();
                try
                {
                    File.Delete(path);
                }
                finally
                {
                    _sem.Release();
                }
            }
            """),
        In("""
            void M()
            {
                _sem.Wait();
                try
                {
                    var path = Path.GetTempFileName();
                    File.Delete(path);
                }
                finally
                {
                    _sem.Release();
                }
            }
            """));

    [Fact]
    public Task Fixes_two_in_one_file() => Fixes(
        In("""
            void M()
            {
                [|_sem.Wait()|];
                Work();
                _sem.Release();
            }

            void N()
            {
                [|_lock.Enter()|];
                Work();
                _lock.Exit();
            }
            """),
        In("""
            void M()
            {
                _sem.Wait();
                try
                {
                    Work();
                }
                finally
                {
                    _sem.Release();
                }
            }

            void N()
            {
                _lock.Enter();
                try
                {
                    Work();
                }
                finally
                {
                    _lock.Exit();
                }
            }
            """));

    [Fact]
    public Task Fixes_in_a_lambda() => Fixes(
        In("""
            Action M() => () =>
            {
                [|_sem.Wait()|];
                Work();
                _sem.Release();
            };
            """),
        In("""
            Action M() => () =>
            {
                _sem.Wait();
                try
                {
                    Work();
                }
                finally
                {
                    _sem.Release();
                }
            };
            """));

    [Fact]
    public Task Fixes_in_a_loop_with_continue() => Fixes(
        In("""
            void M(int[] xs)
            {
                foreach (var x in xs)
                {
                    [|_sem.Wait()|];
                    if (x > 3)
                    {
                        continue;
                    }

                    Work();
                    _sem.Release();
                }
            }
            """),
        In("""
            void M(int[] xs)
            {
                foreach (var x in xs)
                {
                    _sem.Wait();
                    try
                    {
                        if (x > 3)
                        {
                            continue;
                        }

                        Work();
                    }
                    finally
                    {
                        _sem.Release();
                    }
                }
            }
            """));

    [Fact]
    public Task Fixes_own_methods() => Fixes(
        In("""
            void Take() => Monitor.Enter(_gate);

            void M()
            {
                [|Take()|];
                Work();
                Monitor.Exit(_gate);
            }
            """),
        In("""
            void Take() => Monitor.Enter(_gate);

            void M()
            {
                Take();
                try
                {
                    Work();
                }
                finally
                {
                    Monitor.Exit(_gate);
                }
            }
            """));

    [Fact]
    public Task Fixes_a_spin_lock() => Fixes(
        In("""
            private SpinLock _spin;

            void M()
            {
                bool taken = false;
                [|_spin.Enter(ref taken)|];
                Work();
                _spin.Exit();
            }
            """),
        In("""
            private SpinLock _spin;

            void M()
            {
                bool taken = false;
                _spin.Enter(ref taken);
                try
                {
                    Work();
                }
                finally
                {
                    _spin.Exit();
                }
            }
            """));

    [Fact]
    public Task Fixes_nothing_when_there_are_two_releases() => NotFixed(In("""
        int M(int x)
        {
            [|Monitor.Enter(_gate)|];
            if (x > 3)
            {
                Monitor.Exit(_gate);
                return 1;
            }

            Work();
            Monitor.Exit(_gate);
            return 2;
        }
        """));

    [Fact]
    public Task Fixes_nothing_when_the_release_stands_elsewhere() => NotFixed(In("""
        void M()
        {
            [|Monitor.Enter(_gate)|];
            if (_count > 3)
            {
                Work();
                Monitor.Exit(_gate);
            }
        }
        """));

    [Fact]
    public Task Fixes_nothing_when_a_pattern_variable_is_used_behind() => NotFixed(In("""
        void M(object o)
        {
            [|Monitor.Enter(_gate)|];
            Work();
            if (o is not string text) throw new InvalidOperationException();
            Monitor.Exit(_gate);
            Console.WriteLine(text);
        }
        """));

    [Fact]
    public Task Fixes_nothing_when_a_using_would_end_earlier() => NotFixed(In("""
        void M()
        {
            [|Monitor.Enter(_gate)|];
            using var file = File.OpenRead("x");
            Monitor.Exit(_gate);
            Console.WriteLine("done");
        }
        """));

    [Fact]
    public Task Fixes_nothing_when_a_try_with_catch_ends_with_the_release() => NotFixed(In("""
        void M()
        {
            [|_sem.Wait()|];
            Work();
            try
            {
                Work();
            }
            catch (IOException)
            {
            }
            finally
            {
                _sem.Release();
            }
        }
        """));

    [Fact]
    public Task Reports_what_happens_in_words() => Says(
        """
        public class Example
        {
            private readonly SemaphoreSlim _gate = new(1);

            public async Task M(int x)
            {
                await _gate.WaitAsync();
                await File.ReadAllTextAsync("x");
                _gate.Release();
            }

            public void N(int x)
            {
                _gate.Wait();
                if (x > 3)
                {
                    return;
                }

                _gate.Release();
            }
        }
        """,
        "'_gate' stays taken if 'ReadAllTextAsync' at line 8 throws, which skips the release at line 9: whoever asks for it next waits for ever",
        "'_gate' stays taken when the 'return' at line 17 leaves, which skips the release at line 20: whoever asks for it next waits for ever");

    [Theory]
    [InlineData("private readonly object _own = new(); public void M() { [|Monitor.Enter(_own)|]; _count++; }")]
    [InlineData("private readonly SemaphoreSlim _own = new(1, 1); public async Task M() { [|await _own.WaitAsync()|]; _count++; }")]
    [InlineData("public async Task M() { [|await LockAsync()|]; _count++; } async Task<IDisposable> LockAsync() { await _sem.WaitAsync(); return new Scope(_sem); } sealed class Scope(SemaphoreSlim s) : IDisposable { public void Dispose() => s.Release(); }")]
    [InlineData("public async Task M() { var held = [|await LockAsync()|]; if (_busy) { return; } _count++; held.Dispose(); } async Task<IDisposable> LockAsync() { await _sem.WaitAsync(); return new Scope(_sem); } sealed class Scope(SemaphoreSlim s) : IDisposable { public void Dispose() => s.Release(); }")]
    [InlineData("void Begin() => Monitor.Enter(_gate); void End() => Monitor.Exit(_gate); public void M() { [|Begin()|]; if (_busy) { return; } _count++; End(); }")]
    [InlineData("public async Task M(Func<Task<bool>> send) { while (true) { [|await _sem.WaitAsync()|]; try { if (await send()) { _sem.Release(); return; } } catch (IOException) { await Task.Delay(1); } } }")]
    public Task Reports_what_is_never_given_back(string members) => Reports(In(members));

    [Theory]
    [InlineData("private readonly SemaphoreSlim _own = new(0); public async Task M() { await _own.WaitAsync(); _count++; }")]
    [InlineData("private readonly SemaphoreSlim _own = new(1); public SemaphoreSlim Own => _own; public async Task M() { await _own.WaitAsync(); _count++; }")]
    [InlineData("public async Task M() { var held = await LockAsync(); try { _count++; } finally { held.Dispose(); } } async Task<IDisposable> LockAsync() { await _sem.WaitAsync(); return new Scope(_sem); } sealed class Scope(SemaphoreSlim s) : IDisposable { public void Dispose() => s.Release(); }")]
    [InlineData("private readonly SemaphoreSlim _many = new(4); public void M() { for (int i = 0; i < 4; i++) { _many.Wait(); } _many.Release(4); }")]
    public Task Silent_where_it_is_given_back_elsewhere(string members) => Silent(In(members));

    private static string In(string members) => $$"""
        public class Example
        {
            private readonly object _gate = new();
            private readonly SemaphoreSlim _sem = new(1);
            private readonly ReaderWriterLockSlim _rw = new();
            private readonly Lock _lock = new();
            private readonly List<int> _items = new();
            private int _count;
            private bool _busy;

            {{members.Replace("\n", "\n    ", StringComparison.Ordinal).Replace("\n    \n", "\n\n", StringComparison.Ordinal)}}

            private void Work() => File.Delete("x");

            private Task WorkAsync() => File.ReadAllTextAsync("x");
        }
        """;

    [Fact]
    public Task Silent_for_a_signal_that_others_give() => Silent("""
        class C
        {
            private readonly SemaphoreSlim _flushed = new(0); private bool _done; private Exception? _failure;
            public void Signal(Exception? failure) { _failure = failure; _done = true; _flushed.Release(); }
            public void Wait() { while (!_done) { _flushed.Wait(); } if (_failure is not null) { throw _failure; } }
            public async Task WaitAsync() { await _flushed.WaitAsync(); if (_failure is not null) { throw _failure; } }
        }
        """);

    [Fact]
    public Task Reports_a_throw_from_a_method_that_returns_with_the_lock_held() => Reports("""
        class Remote
        {
            private readonly ReaderWriterLockSlim _gate = new(); private bool _closed;
            public void Acquire() { [|_gate.EnterReadLock()|]; if (_closed) { throw new InvalidOperationException(); } }
            public void Release() => _gate.ExitReadLock();
        }
        """);

    [Fact]
    public Task Silent_where_a_method_that_returns_with_the_lock_held_gives_it_back_before_it_throws() => Silent("""
        class Remote
        {
            private readonly ReaderWriterLockSlim _gate = new(); private bool _closed;
            public void Acquire() { _gate.EnterReadLock(); if (_closed) { _gate.ExitReadLock(); throw new InvalidOperationException(); } }
            public void Release() => _gate.ExitReadLock();
        }
        """);
}
