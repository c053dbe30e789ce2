using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4010_CountdownMisuseTests() : RuleTest("SLC4010")
{
    [Theory]
    [InlineData("var c = new CountdownEvent(1); foreach (var f in files) { Task.Run(() => { [|c.AddCount()|]; try { Work(f); } finally { c.Signal(); } }); } c.Signal(); c.Wait();")]
    [InlineData("foreach (var f in files) { new Thread(() => { [|_pending.AddCount()|]; try { Work(f); } finally { _pending.Signal(); } }).Start(); } _pending.Signal(); _pending.Wait();")]
    public Task Reports_a_count_raised_by_what_it_counts(string body) => Reports(In(body));

    [Theory]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(() => { Work(f); [|c.Signal()|]; }); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(() => { if (f.Length == 0) { return; } [|c.Signal()|]; }); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(async () => { await File.ReadAllTextAsync(f); [|c.Signal()|]; }); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(1); ThreadPool.QueueUserWorkItem(_ => { Work(string.Empty); [|c.Signal()|]; }); c.Wait();")]
    public Task Reports_a_signal_that_is_skipped(string body) => Reports(In(body));

    [Theory]
    [InlineData("var c = new CountdownEvent(0); foreach (var f in files) { [|c.AddCount()|]; Task.Run(() => { try { Work(f); } finally { c.Signal(); } }); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(2); [|c.Signal(3)|];")]
    public Task Reports_an_impossible_count(string body) => Reports(In(body));

    [Theory]
    [InlineData("var c = new CountdownEvent(1); foreach (var f in files) { c.AddCount(); Task.Run(() => { try { Work(f); } finally { c.Signal(); } }); } c.Signal(); c.Wait();")]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(() => { try { Work(f); } catch (Exception) { } c.Signal(); }); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(() => { c.Signal(); Work(f); }); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(2); c.Signal(2);")]
    public Task Silent_where_it_counts_right(string body) => Silent(In(body));

    [Fact]
    public Task Fixes_by_raising_before_the_start() => Fixes(
        """
        class C
        {
            private readonly CountdownEvent _pending = new(1);
            void M(string[] files)
            {
                foreach (var file in files)
                {
                    // Each by itself.
                    Task.Run(() =>
                    {
                        [|_pending.AddCount()|];
                        try { Console.WriteLine(file); } finally { _pending.Signal(); }
                    });
                }

                _pending.Signal();
                _pending.Wait();
            }
        }
        """,
        """
        class C
        {
            private readonly CountdownEvent _pending = new(1);
            void M(string[] files)
            {
                foreach (var file in files)
                {
                    // Each by itself.
                    _pending.AddCount();
                    Task.Run(() =>
                    {
                        try { Console.WriteLine(file); } finally { _pending.Signal(); }
                    });
                }

                _pending.Signal();
                _pending.Wait();
            }
        }
        """);

    [Fact]
    public Task Fixes_by_signalling_in_a_finally() => Fixes(
        """
        class C
        {
            void M(string[] files)
            {
                var done = new CountdownEvent(files.Length);
                foreach (var file in files)
                {
                    Task.Run(async () =>
                    {
                        // Read.
                        var text = await File.ReadAllTextAsync(file);
                        Console.WriteLine(text);
                        [|done.Signal()|];
                    });
                }

                done.Wait();
            }
        }
        """,
        """
        class C
        {
            void M(string[] files)
            {
                var done = new CountdownEvent(files.Length);
                foreach (var file in files)
                {
                    Task.Run(async () =>
                    {
                        try
                        {
                            // Read.
                            var text = await File.ReadAllTextAsync(file);
                            Console.WriteLine(text);
                        }
                        finally
                        {
                            done.Signal();
                        }
                    });
                }

                done.Wait();
            }
        }
        """);

    [Theory]
    [InlineData("var c = new CountdownEvent(2); Task.Run(() => { if (files.Length == 0) { return; } [|c.Signal()|]; Work(\"a\"); });")]
    [InlineData("var c = new CountdownEvent(0); foreach (var f in files) { [|c.AddCount()|]; Task.Run(() => { try { Work(f); } finally { c.Signal(); } }); } c.Wait();")]
    public Task Not_fixed_where_the_work_goes_on(string body) => NotFixed(In(body));

    [Theory]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(() => Load(f)); } c.Wait(); void Load(string f) { Work(f); [|c.Signal()|]; }")]
    [InlineData("var c = new CountdownEvent(1); Task.Run(() => { try { Work(files[0]); } catch (IOException) { c.Signal(); } finally { [|c.Signal()|]; } }); c.Wait();")]
    [InlineData("var c = new CountdownEvent(3); Task.Run(() => c.Signal()); Task.Run(() => c.Signal()); [|c.Wait()|];")]
    [InlineData("var c = new CountdownEvent(1); c.Signal(); [|c.Signal()|]; c.Wait();")]
    [InlineData("var c = new CountdownEvent(1); foreach (var f in files) { Task.Run(() => { Console.WriteLine(f); c.Signal(); }); [|c.AddCount()|]; } c.Signal(); c.Wait();")]
    public Task Reports_counts_that_do_not_meet(string body) => Reports(In(body));

    [Theory]
    [InlineData("var c = new CountdownEvent(2); Task.Run(() => c.Signal()); Task.Run(() => c.Signal()); c.Wait();")]
    [InlineData("var c = new CountdownEvent(3); foreach (var f in files) { Task.Run(() => c.Signal()); } c.Wait();")]
    [InlineData("var c = new CountdownEvent(files.Length); foreach (var f in files) { Task.Run(() => Load(f)); } c.Wait(); void Load(string f) { try { Work(f); } finally { c.Signal(); } }")]
    [InlineData("var c = new CountdownEvent(3); Task.Run(() => c.Signal()); c.Wait(100);")]
    [InlineData("var c = new CountdownEvent(files.Length); Task.Run(() => Drain()); c.Wait(); void Drain() { foreach (var f in files) { try { Work(f); } finally { c.Signal(); } } }")]
    [InlineData("var c = new CountdownEvent(1); if (files.Length == 0) { c.Signal(); } else { c.Signal(); } c.Wait();")]
    public Task Silent_where_counts_meet_or_are_not_known(string body) => Silent(In(body));

    private const string Drain = "public void Drain() { _draining = true; _inFlight.Signal(); _inFlight.Wait(); } ";
    private const string Locked = "public void Drain() { lock (_gate) { _draining = true; } _inFlight.Signal(); _inFlight.Wait(); } ";

    [Theory]
    [InlineData(Drain + "public bool Enter() { if (_draining) { return false; } [|_inFlight.AddCount()|]; return true; }")]
    [InlineData(Drain + "public async Task<int> Serve() { if (!Enter()) { return 503; } try { await Task.Yield(); return 200; } finally { _inFlight.Signal(); } } private bool Enter() { if (_draining) { return false; } [|_inFlight.AddCount()|]; return true; }")]
    [InlineData(Drain + "public void Enter() { if (!_draining) { [|_inFlight.AddCount(2)|]; } }")]
    [InlineData(Locked + "public bool Enter() { if (_draining) { return false; } [|_inFlight.AddCount()|]; return true; }")]
    [InlineData(Drain + "public bool Enter() { lock (_gate) { if (_draining) { return false; } [|_inFlight.AddCount()|]; return true; } }")]
    [InlineData("public void Dispose() { Interlocked.Exchange(ref _state, 1); _inFlight.Signal(); _inFlight.Wait(); } public void Enter() { ObjectDisposedException.ThrowIf(_draining, this); if (Volatile.Read(ref _state) != 0) throw new InvalidOperationException(); [|_inFlight.AddCount()|]; }")]
    [InlineData("public void Stop() { _stopping.Cancel(); _inFlight.Signal(); _inFlight.Wait(TimeSpan.FromSeconds(3)); } public bool Enter() { if (_stopping.IsCancellationRequested) { return false; } [|_inFlight.AddCount()|]; return true; }")]
    public Task Reports_a_count_raised_after_a_flag_was_asked(string members) => Reports(Draining(members));

    [Theory]
    [InlineData(Locked + "public bool Enter() { lock (_gate) { if (_draining) { return false; } _inFlight.AddCount(); return true; } }")]
    [InlineData(Locked + "public bool Enter() { lock (_gate) { return EnterLocked(); } } private bool EnterLocked() { if (_draining) { return false; } _inFlight.AddCount(); return true; }")]
    [InlineData("public void Drain() { _draining = true; lock (_gate) { } _inFlight.Signal(); _inFlight.Wait(); } public bool Enter() { lock (_gate) { if (_draining) { return false; } _inFlight.AddCount(); return true; } }")]
    [InlineData(Drain + "public bool Enter() { if (_draining) { return false; } return _inFlight.TryAddCount(); }")]
    [InlineData(Drain + "public bool Enter() { if (_draining) { return false; } try { _inFlight.AddCount(); return true; } catch (InvalidOperationException) { return false; } }")]
    [InlineData(Drain + "public void Serve() { try { Enter(); } catch (InvalidOperationException) { } } private bool Enter() { if (_draining) { return false; } _inFlight.AddCount(); return true; }")]
    [InlineData("public void Drain() { _draining = true; _loop.Join(); _inFlight.Signal(); _inFlight.Wait(); } public bool Enter() { if (_draining) { return false; } _inFlight.AddCount(); return true; }")]
    [InlineData("public async Task Drain() { _draining = true; await Task.Delay(100); _inFlight.Signal(); _inFlight.Wait(); } public bool Enter() { if (_draining) { return false; } _inFlight.AddCount(); return true; }")]
    [InlineData("public void Reset() { _draining = true; } public bool Enter() { if (_draining) { return false; } _inFlight.AddCount(); return true; }")]
    [InlineData("public void Drain() { _draining = true; _inFlight.Signal(); _inFlight.Wait(); } public bool Enter() { if (_state == 0) { return false; } _inFlight.AddCount(); return true; }")]
    [InlineData(Drain + "private void Loop() { while (!_draining) { _inFlight.AddCount(); Thread.Sleep(1); } }")]
    public Task Silent_where_nothing_comes_between_the_flag_and_the_count(string members) => Silent(Draining(members));

    private static string Draining(string members) => $$"""
        class C
        {
            private readonly CountdownEvent _inFlight = new(1);
            private readonly CancellationTokenSource _stopping = new();
            private readonly object _gate = new();
            private readonly Thread _loop = new(() => { });
            private volatile bool _draining;
            private int _state;
            {{members}}
        }
        """;

    private static string In(string body) => $$"""
        class C
        {
            private readonly CountdownEvent _pending = new(1);
            void M(string[] files) { {{body}} }
            static void Work(string file) { if (file == "x") { throw new IOException(); } }
        }
        """;
}
