using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4007_WaitNotInLoopTests() : RuleTest("SLC4007")
{
    [Theory]
    [InlineData("int Take() { lock (_gate) { if (_items.Count == 0) { [|Monitor.Wait(_gate)|]; } return _items.Dequeue(); } }")]
    [InlineData("int Take() { lock (_gate) { if (_items.Count == 0) [|Monitor.Wait(_gate)|]; return _items.Dequeue(); } }")]
    [InlineData("int Take() { lock (_gate) { if (_items.Count == 0) { [|Monitor.Wait(_gate, 100)|]; } return _items.Dequeue(); } }")]
    [InlineData("void Take() { lock (_gate) { [|Monitor.Wait(_gate)|]; } }")]
    public Task Reports_a_wait_without_a_loop(string method) => Reports(In(method));

    [Fact]
    public Task Reports_a_wait_that_nobody_ends() => Reports("""
        class C { private readonly object _gate = new(); private bool _ready; void M() { lock (_gate) { while (!_ready) { [|Monitor.Wait(_gate)|]; } } } void N() { lock (_gate) { _ready = true; } } }
        """);

    [Fact]
    public Task Reports_a_condition_that_comes_true_without_a_pulse() => Reports("""
        class C
        {
            private readonly object _gate = new(); private bool _ready;
            void M() { lock (_gate) { while (!_ready) { [|Monitor.Wait(_gate)|]; } } }
            void N() { lock (_gate) { _ready = true; Monitor.PulseAll(_gate); } }
            void O() { lock (_gate) { _ready = true; } }
        }
        """);

    [Fact]
    public Task Reports_a_property_that_others_set() => Reports("""
        class Plugin
        {
            private readonly object _gate = new(); public bool Active { get; set; }
            public void Activate() { lock (_gate) { Active = true; Monitor.PulseAll(_gate); } }
            public void WaitActive() { lock (_gate) { while (!Active) { [|Monitor.Wait(_gate)|]; } } }
        }
        class Store { void Restore(Plugin plugin) { plugin.Active = true; } }
        """);

    [Theory]
    [InlineData("int Take() { lock (_gate) { while (_items.Count == 0) { Monitor.Wait(_gate); } return _items.Dequeue(); } }")]
    [InlineData("int Take() { lock (_gate) { do { Monitor.Wait(_gate); } while (_items.Count == 0); return _items.Dequeue(); } }")]
    [InlineData("void Loop() { while (true) { lock (_gate) { if (_items.Count == 0) { Monitor.Wait(_gate); } if (_items.Count > 0) { _items.Dequeue(); } } } }")]
    [InlineData("void Send(bool sent) { lock (_gate) { if (sent) { Put(1); if (Monitor.Wait(_gate, 10)) { Put(2); } } } }")]
    [InlineData("bool Await() { lock (_gate) { return Monitor.Wait(_gate, 10); } }")]
    public Task Silent_in_a_loop(string method) => Silent(In(method));

    [Fact]
    public Task Silent_where_a_helper_pulses() => Silent("""
        class C
        {
            private readonly object _gate = new(); private bool _ready;
            void M() { lock (_gate) { while (!_ready) { Monitor.Wait(_gate); } } }
            void N() { lock (_gate) { _ready = true; Wake(); } }
            void Wake() { Monitor.PulseAll(_gate); }
            void Reset() { lock (_gate) { _ready = false; } }
        }
        """);

    [Fact]
    public Task Fixes_an_if() => Fixes(
        """
        class C
        {
            private readonly object _gate = new();
            private readonly Queue<int> _items = new();

            int Take()
            {
                lock (_gate)
                {
                    // Wait for work.
                    if (_items.Count == 0)
                    {
                        [|Monitor.Wait(_gate)|];
                    }

                    return _items.Dequeue();
                }
            }

            void Put(int item) { lock (_gate) { _items.Enqueue(item); Monitor.Pulse(_gate); } }
        }
        """,
        """
        class C
        {
            private readonly object _gate = new();
            private readonly Queue<int> _items = new();

            int Take()
            {
                lock (_gate)
                {
                    // Wait for work.
                    while (_items.Count == 0)
                    {
                        Monitor.Wait(_gate);
                    }

                    return _items.Dequeue();
                }
            }

            void Put(int item) { lock (_gate) { _items.Enqueue(item); Monitor.Pulse(_gate); } }
        }
        """);

    [Theory]
    [InlineData("private bool _closed; void Take() { lock (_gate) { while (_items.Count == 0 && !_closed) { [|Monitor.Wait(_gate)|]; } } } public void Close() { lock (_gate) { _closed = true; } }")]
    [InlineData("void Take() { lock (_gate) { while (_items.Count == 0) { [|Monitor.Wait(_gate)|]; } } } public void PutAll(int[] items) { lock (_gate) { foreach (var item in items) { _items.Enqueue(item); } } }")]
    [InlineData("private volatile bool _ready; void Take() { while (!_ready) { lock (_gate) { [|Monitor.Wait(_gate)|]; } } }")]
    public Task Reports_a_pulse_that_is_missing_or_lost(string members) => Reports(In(members));

    [Theory]
    [InlineData("private bool _closed; void Take() { lock (_gate) { while (_items.Count == 0 && !_closed) { Monitor.Wait(_gate); } } } public void Close() { lock (_gate) { _closed = true; Monitor.PulseAll(_gate); } }")]
    [InlineData("void Take() { lock (_gate) { while (_items.Count == 0) { Monitor.Wait(_gate); } } } public void PutAll(int[] items) { lock (_gate) { foreach (var item in items) { Fill(item); } Monitor.PulseAll(_gate); } } private void Fill(int item) { _items.Enqueue(item); }")]
    [InlineData("private bool _stop; void Run() { while (!_stop) { lock (_gate) { while (_items.Count > 0) { _items.Dequeue(); } Monitor.Wait(_gate); } } }")]
    [InlineData("private volatile bool _ready; void Take() { while (!_ready) { lock (_gate) { Monitor.Wait(_gate, 100); } } }")]
    public Task Silent_where_whoever_waits_is_woken(string members) => Silent(In(members));

    private static string In(string member) => $$"""
        class C
        {
            private readonly object _gate = new(); private readonly Queue<int> _items = new();
            {{member}}
            void Put(int item) { lock (_gate) { _items.Enqueue(item); Monitor.Pulse(_gate); } }
        }
        """;

    [Theory]
    [InlineData("if (!_ready) { return [|Monitor.Wait(_gate, ms)|]; } return true;")]
    [InlineData("if (!_ready) { if (![|Monitor.Wait(_gate, ms)|]) { return false; } } return true;")]
    [InlineData("if (!_ready) { bool woken = [|Monitor.Wait(_gate, ms)|]; return woken; } return true;")]
    public Task Reports_an_answer_that_is_taken_for_the_condition(string wait) => Reports($$"""
        class C
        {
            private readonly object _gate = new(); private bool _ready;
            public bool Wait(int ms) { lock (_gate) { {{wait}} } }
            public void Set() { lock (_gate) { _ready = true; Monitor.PulseAll(_gate); } }
        }
        """);

    [Theory]
    [InlineData("public bool Wait(int ms) { lock (_gate) { while (!_ready) { if (!Monitor.Wait(_gate, ms)) { return _ready; } } return true; } }")]
    [InlineData("public bool Wait(int ms) { lock (_gate) { while (!_ready) { if (!Once(ms)) { return false; } } return true; } } private bool Once(int ms) => Monitor.Wait(_gate, ms);")]
    public Task Silent_where_the_answer_ends_a_loop(string wait) => Silent($$"""
        class C
        {
            private readonly object _gate = new(); private bool _ready;
            {{wait}}
            public void Set() { lock (_gate) { _ready = true; Monitor.PulseAll(_gate); } }
        }
        """);
}
