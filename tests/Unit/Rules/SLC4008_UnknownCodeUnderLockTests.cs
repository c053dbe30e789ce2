using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4008_UnknownCodeUnderLockTests() : RuleTest("SLC4008")
{
    [Theory]
    [InlineData("public event EventHandler? Changed; void M() { lock (_gate) { Changed?[|.Invoke(this, EventArgs.Empty)|]; } }")]
    [InlineData("public Action? Callback { get; set; } void M() { lock (_gate) { Callback?[|.Invoke()|]; } }")]
    [InlineData("public void M(Action work) { lock (_gate) { [|work()|]; } }")]
    [InlineData("public async Task M(Func<Task> work) { await _sem.WaitAsync(); try { await [|work()|]; } finally { _sem.Release(); } }")]
    [InlineData("private readonly Func<int> _make; public C(Func<int> make) => _make = make; int M() { lock (_gate) { return [|_make()|]; } }")]
    [InlineData("private readonly CancellationTokenSource _stop = new(); public void Stop() { lock (_gate) { [|_stop.Cancel()|]; } }")]
    public Task Reports_code_of_others(string members) => Reports(In(members));

    [Theory]
    [InlineData("public event EventHandler? Changed; void M() { EventHandler? changed; lock (_gate) { changed = Changed; } changed?.Invoke(this, EventArgs.Empty); }")]
    [InlineData("void M() { Locked(() => { }); } private void Locked(Action work) { lock (_gate) { work(); } }")]
    [InlineData("private readonly Action _own = () => { }; void M() { lock (_gate) { _own(); } }")]
    [InlineData("void M() { Action work = () => { }; lock (_gate) { work(); } }")]
    [InlineData("public void M(Action work) { lock (_gate) { Task.Run(() => work()); } }")]
    [InlineData("private readonly CancellationTokenSource _stop = new(); public void Stop() { lock (_gate) { } _stop.Cancel(); }")]
    public Task Silent_where_the_code_is_known(string members) => Silent(In(members));

    [Fact]
    public Task Fixes_by_calling_after_the_lock() => Fixes(
        """
        public class C
        {
            private readonly object _gate = new();
            private int _count;

            public event EventHandler<int>? Changed;

            public void Add(Action<int, string> done)
            {
                // Count.
                lock (_gate)
                {
                    _count++;
                    Changed?[|.Invoke(this, _count + 1)|];
                }

                lock (_gate)
                {
                    int n = _count;
                    [|done(n, "x")|];
                }
            }

            public void Tell(Action told)
            {
                lock (_gate) { _count = 0; [|told.Invoke()|]; }
            }
        }
        """,
        """
        public class C
        {
            private readonly object _gate = new();
            private int _count;

            public event EventHandler<int>? Changed;

            public void Add(Action<int, string> done)
            {
                // Count.
                EventHandler<int>? changed;
                int value;
                lock (_gate)
                {
                    _count++;
                    changed = Changed;
                    value = _count + 1;
                }

                changed?.Invoke(this, value);

                int n2;
                lock (_gate)
                {
                    int n = _count;
                    n2 = n;
                }

                done(n2, "x");
            }

            public void Tell(Action told)
            {
                lock (_gate) { _count = 0; }

                told.Invoke();
            }
        }
        """);

    [Theory]
    [InlineData("public int M(Func<int> make) { lock (_gate) { return [|make()|]; } }")]
    [InlineData("public void M(Action work) { lock (_gate) { [|work()|]; _last = work; } } private Action? _last;")]
    [InlineData("public async Task M(Func<Task> work) { await _sem.WaitAsync(); try { await [|work()|]; } finally { _sem.Release(); } }")]
    [InlineData("public void M(Func<int> work) { lock (_gate) { int n = [|work()|]; } }")]
    [InlineData("public void M(Action work, bool now) { lock (_gate) { if (now) { [|work()|]; } } }")]
    public Task Not_fixed_where_the_lock_needs_it(string members) => NotFixed(In(members));

    [Theory]
    [InlineData("private readonly List<Action<int>> _all = new(); public void On(Action<int> a) { lock (_gate) { _all.Add(a); } } public void Emit(int i) { lock (_gate) { foreach (var one in _all) { [|one(i)|]; } } }")]
    [InlineData("public event EventHandler? Changed; public void M() { lock (_gate) { [|OnChanged()|]; } } protected virtual void OnChanged() => Changed?.Invoke(this, EventArgs.Empty);")]
    [InlineData("private readonly List<IObserver<int>> _all = new(); public void M() { lock (_gate) { foreach (var one in _all) { [|one.OnNext(1)|]; } } }")]
    public Task Reports_subscribers(string members) => Reports(In(members));

    [Theory]
    [InlineData("private readonly List<Action> _all = new(); public C() { _all.Add(() => { }); } public void M() { lock (_gate) { foreach (var one in _all) { one(); } } }")]
    [InlineData("public void M() { lock (_gate) { Twice(() => { }); } } private static void Twice(Action a) { a(); a(); }")]
    public Task Silent_where_only_the_type_fills_it(string members) => Silent(In(members));

    [Theory]
    [InlineData("_many.Wait(); try { work(); } finally { _many.Release(); }")]
    [InlineData("_unknown.Wait(); try { work(); } finally { _unknown.Release(); }")]
    public Task Silent_under_a_limit(string code) => Silent($$"""
        public class C(int limit)
        {
            private readonly SemaphoreSlim _many = new(8), _unknown = new(limit);
            public void Run(Action work) { {{code}} }
        }
        """);

    private static string In(string members) => $$"""
        public class C { private readonly object _gate = new(); private readonly SemaphoreSlim _sem = new(1); {{members}} }
        """;
}
