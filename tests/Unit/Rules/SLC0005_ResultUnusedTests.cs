using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC0005_ResultUnusedTests() : RuleTest("SLC0005")
{
    [Fact]
    public Task Reports_values_that_are_made_and_dropped() => Reports("""
        using System.Collections.Immutable;
        class C
        {
            ImmutableList<int> _list = [];
            void M(string s, DateTime day, ImmutableDictionary<string, int> map, IImmutableSet<int> set, TimeSpan time)
            {
                [|s.Trim()|];
                [|s.Replace("a", "b")|];
                [|s.ToUpperInvariant()|];
                [|s.Substring(1)|];
                [|string.Format("{0}", s)|];
                s?[|.TrimEnd()|];
                [|day.AddDays(1)|];
                [|day.Add(time)|];
                [|time.Negate()|];
                [|_list.Add(1)|];
                [|map.SetItem("a", 1)|];
                [|map.Remove("a")|];
                [|set.Add(1)|];
                [|Path.ChangeExtension(s, ".txt")|];
                [|Math.Abs(1)|];
            }

            void Arrow(string s) => [|s.Trim()|];
            void Lambda(List<string> names) => names.ForEach(name => [|name.Trim()|]);
        }
        """);

    [Fact]
    public Task Reports_queries_that_never_run() => Reports("""
        class C
        {
            void M(List<int> items, int[] numbers)
            {
                [|items.Where(item => item > 1)|];
                [|items.Select(item => { Console.WriteLine(item); return item; })|];
                [|items.OrderBy(item => item)|];
                [|items.Concat(numbers)|];
            }
        }
        """);

    [Fact]
    public Task Reports_methods_of_values_that_cannot_change() => Reports("""
        record Options(int Retries, string Name) { public Options WithRetries(int retries) => this with { Retries = retries }; }
        readonly struct Money(decimal amount) { public decimal Amount { get; } = amount; public Money Add(Money other) => new(Amount + other.Amount); }
        class C { void M(Options options, Money money) { [|options.WithRetries(3)|]; [|money.Add(money)|]; } }
        """);

    [Fact]
    public Task Reports_what_an_attribute_says() => Reports("""
        using System.Diagnostics.Contracts;
        class MustUseAttribute : Attribute { }
        class C
        {
            [Pure] int Twice(int x) => x * 2;
            [MustUse] bool Save() => true;
            [return: MustUse] bool Load() => true;
            void M() { [|Twice(1)|]; [|Save()|]; [|this.Load()|]; }
        }
        """);

    [Fact]
    public Task Reports_answers_that_say_it_failed() => Reports("""
        using System.Collections.Concurrent;
        class Session { public void Open() { } }
        class C
        {
            ConcurrentDictionary<string, Session> _sessions = new();
            int Parse(string text) { [|int.TryParse(text, out var n)|]; return n; }
            DateTime Day(string text) { DateTime day; [|DateTime.TryParse(text, out day)|]; return day; }
            int Next(Queue<int> queue) { [|queue.TryDequeue(out var item)|]; return item; }
            void Use(Dictionary<string, Session> map) { [|map.TryGetValue("a", out var session)|]; session!.Open(); }
            Session Add(string key) { var session = new Session(); [|_sessions.TryAdd(key, session)|]; return session; }
            void Update(string key, Session old) { [|_sessions.TryUpdate(key, new Session(), old)|]; }
        }
        """);

    [Fact]
    public Task Reports_waits_that_may_end_without_the_lock() => Reports("""
        class C
        {
            object _gate = new();
            SemaphoreSlim _slots = new(1);
            Mutex _mutex = new();
            void M() { [|Monitor.TryEnter(_gate, 100)|]; [|_slots.Wait(100)|]; [|_mutex.WaitOne(100)|]; }
            async Task A() { await [|_slots.WaitAsync(TimeSpan.FromSeconds(1))|]; await [|_slots.WaitAsync(5)|].ConfigureAwait(false); }
        }
        """);

    [Fact]
    public Task Reports_a_delay_that_nobody_waits_for() => Reports("""
        class C
        {
            void M() { [|Task.Delay(100)|]; }
            async Task A(Task a) { [|Task.Delay(100)|]; [|Task.WhenAny(a)|]; await a; }
        }
        """);

    [Fact]
    public Task Silent_where_the_result_is_used_or_discarded() => Silent("""
        using System.Collections.Immutable;
        class C
        {
            string M(string s, ImmutableList<int> list, List<int> items)
            {
                _ = s.Trim();
                s = s.Trim();
                list = list.Add(1);
                var query = items.Where(item => item > 1);
                if (int.TryParse(s, out var n)) { Console.WriteLine(n); }
                bool ok = int.TryParse(s, out var m);
                return s.Replace("a", query.Count().ToString() + list.Count + ok + m);
            }

            Func<string, string> F() => name => name.Trim();
            string Arrow(string s) => s.Trim();
            void Each(List<string> names) => names.ConvertAll(name => name.Trim()).ForEach(Console.WriteLine);
        }
        """);

    [Fact]
    public Task Silent_where_the_call_does_something() => Silent("""
        using System.Collections.Immutable;
        using System.Text;
        class Builder { int _x; public Builder WithX(int x) { _x = x; return this; } public Builder Add(int x) { _x += x; return this; } }
        record Log(List<string> Lines) { public Log Add(string line) { Lines.Add(line); return this; } }
        class C
        {
            ImmutableList<int> _list = [];
            void M(List<int> items, StringBuilder text, HashSet<int> set, Dictionary<string, int> map, Builder builder, Log log, ImmutableList<int>.Builder lines)
            {
                items.Add(1);
                items.Remove(1);
                items.Reverse();
                set.Add(1);
                map.Remove("a");
                map.TryAdd("a", 1);
                text.Append("a").Replace("b", "c");
                builder.WithX(1);
                builder.Add(1);
                log.Add("a");
                lines.Add(1);
                ImmutableInterlocked.Update(ref _list, list => list.Add(1));
                items.Select(item => { Console.WriteLine(item); return item; }).ToList();
                items.First();
                int.Parse("1");
                "a".CopyTo(0, new char[1], 0, 1);
            }
        }
        """);

    [Fact]
    public Task Silent_where_a_default_is_what_is_wanted() => Silent("""
        using System.Collections.Concurrent;
        class Session { public void Open() { } }
        class C
        {
            ConcurrentDictionary<string, Session> _sessions = new();
            void Count(Dictionary<string, int> counts) { counts.TryGetValue("a", out var n); counts["a"] = n + 1; }
            Session? Find(Dictionary<string, Session> map) { map.TryGetValue("a", out var session); return session; }
            void Open(Dictionary<string, Session> map) { map.TryGetValue("a", out var session); session?.Open(); }
            void Tested(Dictionary<string, Session> map) { map.TryGetValue("a", out var session); if (session is null) { return; } session.Open(); }
            void Gone() { _sessions.TryRemove("a", out _); }
            void Sure() { _sessions.TryAdd("a", new Session()); }
            void Dropped(Queue<int> queue) { queue.TryDequeue(out _); }
            int Positive(string text) { int.TryParse(text, out var n); if (n > 0) { return n; } return 1; }
        }
        """);

    [Fact]
    public Task Silent_for_waits_without_an_end_and_for_events() => Silent("""
        class C
        {
            SemaphoreSlim _slots = new(1);
            ManualResetEvent _set = new(false);
            void M(CancellationToken token) { _slots.Wait(); _slots.Wait(token); _set.WaitOne(100); }
            async Task A(CancellationToken token) { await _slots.WaitAsync(token); await Task.Delay(1); }
            void T(object gate) { bool taken = false; Monitor.TryEnter(gate, ref taken); Console.WriteLine(taken); }
        }
        """);

    [Fact]
    public Task Silent_for_work_and_channels_which_are_the_business_of_other_rules() => Silent("""
        class C { void M(Func<Task> run, Channel<int> channel) { run(); Task.Run(() => Console.WriteLine()); channel.Writer.TryWrite(1); channel.Writer.TryComplete(); } }
        """);

    [Fact]
    public Task Silent_in_code_with_errors() => Silent("class C { void M(string s) { s.Trim(); Missing(); } }", new() { AllowErrors = true });

    [Fact]
    public Task Fixes_by_assigning() => Fixes(
        "class C { string M(string s) { [|s.Trim()|]; return s; } }",
        "class C { string M(string s) { s = s.Trim(); return s; } }",
        new() { FixKey = "SLC0005.Assign", FixIndex = 0 });

    [Fact]
    public Task Fixes_by_awaiting() => Fixes(
        "class C { async Task M() { [|Task.Delay(100)|]; await Task.Yield(); } }",
        "class C { async Task M() { await Task.Delay(100); await Task.Yield(); } }",
        new() { FixKey = "SLC0005.Await", FixIndex = 0 });

    [Fact]
    public Task Fixes_with_a_discard() => Fixes(
        """
        class C
        {
            SemaphoreSlim _slots = new(1);
            async Task M(string s)
            {
                [|string.Format("{0}", s)|]; // nothing
                await [|_slots.WaitAsync(5)|];
            }
        }
        """,
        """
        class C
        {
            SemaphoreSlim _slots = new(1);
            async Task M(string s)
            {
                _ = string.Format("{0}", s); // nothing
                _ = await _slots.WaitAsync(5);
            }
        }
        """);

    [Fact]
    public Task Reports_an_item_that_a_full_collection_loses() => Reports("""
        using System.Collections.Concurrent;
        class C
        {
            private readonly BlockingCollection<int> _bounded = new(8);
            private readonly BlockingCollection<int> _all = new();
            void M(int item)
            {
                [|_bounded.TryAdd(item)|];
                [|_all.TryAdd(item, 50)|];
                _all.TryAdd(item);
                if (!_bounded.TryAdd(item)) throw new InvalidOperationException();
            }
        }
        """);

    [Fact]
    public Task Reports_what_an_object_that_cannot_change_gives_instead() => Reports("""
        class Query
        {
            private readonly string _text;
            public Query(string text) => _text = text;
            public Query Restrict(string condition) => new(_text + condition);
            public override string ToString() => _text;
        }
        record Point(int X) { public Point Move(int by) => this with { X = X + by }; }
        class Builder { private string _text = ""; public Builder Restrict(string condition) { _text += condition; return this; } }
        class C { void M(Query query, Builder builder, Point point) { [|query.Restrict("a")|]; builder.Restrict("a"); [|point.Move(1)|]; } }
        """);
}
