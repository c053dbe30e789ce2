using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Tests.Rules;

public sealed class SLC3007_TornValueTests() : RuleTest("SLC3007")
{
    private static string In(string code) => $$"""
        record struct Point(int X, int Y);

        class C
        {
            private readonly object _gate = new();
            private decimal _price;
            private Guid _id;
            private DateTimeOffset _at;
            private int? _maybe;
            private Point _point;
            private (int A, int B) _pair;
            private string _name = "";
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_decimal() => Reports(In("async Task M() { var t = Task.Run(() => { for (int i = 0; i < 9; i++) { [|_price|] = i; } }); Console.Write(_price); await t; }"));

    [Fact]
    public Task Reports_guid() => Reports(In("async Task M() { var t = Task.Run(() => { for (int i = 0; i < 9; i++) { [|_id|] = Guid.NewGuid(); } }); Console.Write(_id); await t; }"));

    [Fact]
    public Task Reports_date_time_offset() => Reports(In("async Task M() { var t = Task.Run(() => { for (int i = 0; i < 9; i++) { [|_at|] = DateTimeOffset.Now; } }); Console.Write(_at); await t; }"));

    [Fact]
    public Task Reports_nullable() => Reports(In("async Task M() { var t = Task.Run(() => { for (int i = 0; i < 9; i++) { [|_maybe|] = i; } }); Console.Write(_maybe); await t; }"));

    [Fact]
    public Task Reports_struct_of_two() => Reports(In("async Task M() { var t = Task.Run(() => { for (int i = 0; i < 9; i++) { [|_point|] = new(i, i); } }); Console.Write(_point); await t; }"));

    [Fact]
    public Task Reports_tuple() => Reports(In("async Task M() { var t = Task.Run(() => { for (int i = 0; i < 9; i++) { [|_pair|] = (i, i); } }); Console.Write(_pair); await t; }"));

    [Fact]
    public Task Reports_captured_local() => Reports(In("async Task M() { decimal d = 0; var t = Task.Run(() => { [|d|] = 3; }); Console.Write(d); await t; }"));

    [Fact]
    public Task Reports_read_in_the_work() => Reports(In("async Task M() { var t = Task.Run(() => Console.Write(_price)); [|_price|] = 3; await t; }"));

    [Fact]
    public Task Reports_loop_of_the_type_and_a_property_that_anybody_may_read() => Reports(In("public decimal Price => _price; public void Start() => _ = Task.Run(() => { while (true) { [|_price|] = 3; } });"));

    [Fact]
    public Task Reports_timer_of_the_constructor_that_reads_what_anybody_may_write() => Reports("""
        class Watch
        {
            private readonly Timer _timer;
            private DateTimeOffset _last;
            public Watch() => _timer = new Timer(_ => Check(), null, 1000, 1000);
            public void Beat() => [|_last|] = DateTimeOffset.UtcNow;
            private void Check() { if (DateTimeOffset.UtcNow - _last > TimeSpan.FromSeconds(5)) { Console.Write("late"); } }
        }
        """);

    [Fact]
    public Task Silent_member_that_may_come_before_the_work_begins() => Silent(In("public void Set(decimal price) => _price = price; public void Start() => _ = Task.Run(() => { while (true) { Console.Write(_price); } });"));

    [Fact]
    public Task Silent_with_a_lock() => Silent(In("async Task M() { var t = Task.Run(() => { lock (_gate) { _price = 1; } }); lock (_gate) { Console.Write(_price); } await t; }"));

    [Fact]
    public Task Silent_one_word() => Silent(In("async Task M() { var t = Task.Run(() => { _name = \"x\"; }); Console.Write(_name); await t; }"));

    [Fact]
    public Task Silent_after_the_join() => Silent(In("async Task M() { await Task.Run(() => { _price = 1; }); Console.Write(_price); }"));

    [Fact]
    public Task Silent_only_read() => Silent(In("async Task M() { _price = 3; var t = Task.Run(() => Console.Write(_price)); Console.Write(_price); await t; }"));

    [Fact]
    public Task Silent_sum_that_loses_writes() => Silent(In("void M(int[] a) { Parallel.ForEach(a, i => _price += i); }"));

    [Fact]
    public Task Silent_own_variable() => Silent(In("async Task M() { var t = Task.Run(() => { decimal d = 1; d++; Console.Write(d); }); decimal e = 3; e++; await t; }"));

    [Fact]
    public Task Silent_two_objects() => Silent(In("async Task M(C other) { var t = Task.Run(() => { _price = 1; }); Console.Write(other._price); await t; }"));

    [Fact]
    public Task Silent_part_that_is_set_before() => Silent(In("async Task M() { _point = new(1, 2); var t = Task.Run(() => Console.Write(_point.X)); await t; _point = new(3, 4); }"));

    [Fact]
    public Task Silent_on_a_property_that_takes_a_lock_in_its_accessors() => Silent("""
        class C
        {
            private readonly object _gate = new();
            public decimal Price { get { lock (_gate) { return field; } } set { lock (_gate) { field = value; } } }
            public void Start() { Task.Run(() => { while (true) { Price = 3m; } }); Task.Run(() => { while (true) { Console.Write(Price); } }); }
        }
        """, new Setup { Language = LanguageVersion.Preview, AllowErrors = true });

    [Fact]
    public Task Reports_the_timer_of_a_clock() => Reports("""
        class Watchdog
        {
            private readonly ITimer _timer;
            private DateTimeOffset? _last;
            public Watchdog(TimeProvider clock) { _timer = clock.CreateTimer(static state => ((Watchdog)state!).Check(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)); }
            public void Beat(DateTimeOffset now) => [|_last|] = now;
            private void Check() { if (_last is { } last) { Console.Write(last); } }
        }
        """);

    private const string Attempt = "class Attempt { TASK private (int, int) _outcome; public void Begin() => Running = WorkAsync(); async Task WorkAsync() { await Task.Delay(1); [|_outcome|] = (1, 2); } public void Reset() => _outcome = default; }";

    [Fact]
    public Task Reports_what_a_member_sets_while_work_that_nobody_can_wait_for_goes_on() => Reports(Attempt.Replace("TASK", "private Task Running { get; set; }", System.StringComparison.Ordinal));

    [Fact]
    public Task Silent_where_whoever_calls_the_member_can_wait_for_the_work() => Silent(Attempt.Replace("TASK", "public Task Running { get; private set; }", System.StringComparison.Ordinal).Replace("[|_outcome|]", "_outcome", System.StringComparison.Ordinal));
}
