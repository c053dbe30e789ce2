using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5008_TimerNotKeptTests() : RuleTest("SLC5008")
{
    [Fact]
    public Task Reports_timers_that_nobody_keeps() => Reports("""
        class C
        {
            void M()
            {
                [|new Timer(_ => Beat(), null, 0, 1000)|];
                _ = [|new Timer(_ => Beat(), null, 1000, Timeout.Infinite)|];
                var timer = [|new Timer(_ => Beat())|];
                timer.Change(0, 1000);
                Console.ReadLine();
            }

            void Beat() { }
        }
        """);

    [Fact]
    public Task Reports_timers_that_nobody_disposes() => Reports("""
        class C
        {
            async Task M(CancellationToken ct)
            {
                var tick = [|new PeriodicTimer(TimeSpan.FromSeconds(1))|];
                while (await tick.WaitForNextTickAsync(ct)) { }
            }

            void N()
            {
                var timer = [|new System.Timers.Timer(1000)|];
                timer.Elapsed += (_, _) => Console.WriteLine();
                timer.AutoReset = true;
                timer.Start();
            }
        }
        """);

    [Fact]
    public Task Reports_fields_of_a_type_that_never_stops_them() => Reports("""
        class C
        {
            private readonly Timer _beat;
            private readonly System.Timers.Timer _other = [|new(1000)|];

            public C()
            {
                _beat = [|new Timer(_ => Beat(), null, 0, 1000)|];
                _other.Elapsed += (_, _) => Beat();
                _other.Start();
            }

            public void Faster() => _beat.Change(0, 100);
            void Beat() { }
        }
        """);

    [Fact]
    public Task Reports_a_registered_wait_that_nobody_unregisters() => Reports("""
        class C
        {
            void M(WaitHandle handle)
            {
                [|ThreadPool.RegisterWaitForSingleObject(handle, (_, _) => { }, null, 1000, false)|];
            }
        }
        """);

    [Fact]
    public Task Silent_in_a_using() => Silent("""
        class C
        {
            async Task M(CancellationToken ct)
            {
                using var tick = new PeriodicTimer(TimeSpan.FromSeconds(1));
                while (await tick.WaitForNextTickAsync(ct)) { }
                using (new Timer(_ => { }, null, 0, 1000)) { await Task.Delay(1, ct); }
                await using var timer = new Timer(_ => { }, null, 0, 1000);
            }
        }
        """);

    [Fact]
    public Task Silent_when_disposed_or_stopped_somewhere() => Silent("""
        class C : IDisposable
        {
            private readonly Timer _beat;
            private System.Timers.Timer _other = new(1000);
            private Timer? _third;

            public C() => _beat = new Timer(_ => { }, null, 0, 1000);
            public void Start() => _third = new Timer(_ => { }, null, 0, 1000);
            public void Stop() { _other.Stop(); _third?.Dispose(); }
            public void Dispose() => _beat.Dispose();
        }
        """);

    [Fact]
    public Task Silent_when_it_goes_elsewhere() => Silent("""
        class C
        {
            private readonly List<IDisposable> _all = new();
            private static readonly Timer Global = new(_ => { }, null, 0, 1000);
            public Timer Public = new(_ => { }, null, 0, 1000);

            Timer Make() => new Timer(_ => { }, null, 0, 1000);
            void Keep(Timer timer) { }
            void M()
            {
                _all.Add(new Timer(_ => { }, null, 0, 1000));
                Keep(new Timer(_ => { }, null, 0, 1000));
                var timer = new Timer(_ => { }, null, 0, 1000);
                Thread.Sleep(10);
                GC.KeepAlive(timer);
                Timer? self = null;
                self = new Timer(_ => self!.Dispose(), null, 0, 1000);
                var stopped = new System.Timers.Timer(1);
                stopped.Elapsed += (_, _) => stopped.Stop();
                stopped.Start();
            }
        }
        """);

    [Fact]
    public Task Silent_for_fields_that_fire_once_and_waits_that_run_once() => Silent("""
        class C
        {
            private readonly Timer _once = new(_ => { }, null, 1000, Timeout.Infinite);
            void M(WaitHandle handle) => ThreadPool.RegisterWaitForSingleObject(handle, (_, _) => { }, null, 1000, true);
        }
        """);
}
