using System.Linq;
using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5001_NeverAwaitedTests() : RuleTest("SLC5001")
{
    [Theory]
    [InlineData("void M() { [|Task.Run(() => Work())|]; }")]
    [InlineData("void M() { [|Task.Run(Work)|]; }")]
    [InlineData("void M() { _ = [|Task.Run(async () => { await WorkAsync(); })|]; }")]
    [InlineData("void M() { [|Task.Factory.StartNew(() => Work())|]; }")]
    [InlineData("void M() { [|WorkAsync()|]; }")]
    [InlineData("void M() => _ = [|WorkAsync()|];")]
    [InlineData("void M(Stream s) { [|s.FlushAsync()|]; }")]
    [InlineData("void M(HttpClientish c) { [|c.GetAsync()|]; } class HttpClientish { public Task<int> GetAsync() => throw null!; }")]
    [InlineData("async Task M() { [|WorkAsync()|]; await Task.Yield(); }")]
    [InlineData("void M() { var t = [|Task.Run(Work)|]; }")]
    [InlineData("void M() { var tasks = new List<Task>(); for (int i = 0; i < 3; i++) { tasks.Add([|Task.Run(Work)|]); } }")]
    [InlineData("void M(int[] all) { var tasks = [|all.Select(async n => { await WorkAsync(); })|]; }")]
    [InlineData("void M(int[] all) { [|all.Select(n => WorkAsync())|].ToList(); }")]
    [InlineData("async Task M(bool early) { var t = [|Task.Run(Work)|]; if (early) { return; } await t; }")]
    [InlineData("async Task M(bool early) { var t = [|Task.Run(Work)|]; if (early) { throw new InvalidOperationException(); } await t; }")]
    [InlineData("async Task<int> M(Func<Task<int>> load, bool cached) { var pending = [|load()|]; if (cached) { return 0; } return await pending; }")]
    [InlineData("async Task M(Stream a, Stream b, byte[] buffer) { var write = [|b.WriteAsync(buffer, 0, buffer.Length)|]; if (await a.ReadAsync(buffer, 0, buffer.Length) == 0) { throw new EndOfStreamException(); } await write; }")]
    [InlineData("private Task? _loop; void M() { _loop = [|Task.Run(Work)|]; }")]
    [InlineData("C() { _ = [|Task.Run(() => WorkAsync())|]; }")]
    [InlineData("void M() { _ = [|Task.Run(() => { try { Work(); } catch (InvalidOperationException) { } })|]; }")]
    [InlineData("void M() { _ = [|Task.Run(async () => await WorkAsync())|]; }")]
    [InlineData("void M(Db db) { [|db.DeleteAsync(1, CommandFlags.None)|]; } enum CommandFlags { None, FireAndForget } class Db { public Task DeleteAsync(int key, CommandFlags flags) => throw null!; }")]
    [InlineData("void M(Db db) { [|db.DeleteAsync(1, fireAndForget: false)|]; } class Db { public Task DeleteAsync(int key, bool fireAndForget = false) => throw null!; }")]
    [InlineData("void M() { _ = [|CountsAsync()|]; } async Task CountsAsync() { try { await WorkAsync(); } catch (Exception) { Log(); throw; } } void Log() => Console.WriteLine();")]
    [InlineData("private Task? _loop; void M() { _ = [|BeginAsync()|]; } Task BeginAsync() { if (_loop is null) { return WorkAsync(); } return _loop; } Task End() => _loop!;")]
    [InlineData("void M(CancellationToken token) { _ = [|TickAsync(token)|]; } async Task TickAsync(CancellationToken token) { while (!token.IsCancellationRequested) { await Task.Delay(100, token); Work(); } }")]
    [InlineData("void M(bool now) { [|ChangeAsync(now)|]; } Task ChangeAsync(bool now) { if (now) { return Task.CompletedTask; } return WorkAsync(); }")]
    public Task Reports_work_that_nobody_waits_for(string members) => Reports(In(members));

    private const string Feed = """
        using System;
        using System.Threading;
        using System.Threading.Tasks;
        sealed class Feed
        {
            private readonly CancellationTokenSource _stop = new();
            private readonly TaskCompletionSource _ready = new();
            private readonly Task _loop;
            public Feed() => _loop = Task.Run(LoopAsync);
            public Task WhenReady(CancellationToken token) => _ready.Task.WaitAsync(token);
            public async Task StopAsync() { _stop.Cancel(); await _loop; }
            private async Task LoopAsync() { while (!_stop.IsCancellationRequested) { await Task.Delay(10); _ready.TrySetResult(); } }
        }
        static class Feeds
        {
        
        """;

    [Theory]
    [InlineData("public static async Task<Feed> OpenAsync(CancellationToken token) { var feed = [|new Feed()|]; await feed.WhenReady(token); return feed; }")]
    [InlineData("public static async Task OnceAsync(CancellationToken token) { var feed = [|new Feed()|]; await feed.WhenReady(token).ConfigureAwait(false); await feed.StopAsync(); }")]
    [InlineData("public static async Task<Feed> OpenAsync(CancellationToken token) { var feed = [|new Feed()|]; try { await feed.WhenReady(token); } catch (OperationCanceledException) { Console.WriteLine(); throw; } return feed; }")]
    public Task Reports_an_object_whose_work_goes_on_when_waiting_for_it_fails(string member) => Reports(Feed + member + "\n}");

    [Theory]
    [InlineData("public static async Task<Feed> OpenAsync(CancellationToken token) { var feed = new Feed(); try { await feed.WhenReady(token); } catch { await feed.StopAsync(); throw; } return feed; }")]
    [InlineData("public static async Task OnceAsync(CancellationToken token) { var feed = new Feed(); try { await feed.WhenReady(token); } finally { await feed.StopAsync(); } }")]
    [InlineData("public static async Task<Feed> OpenAsync(CancellationToken token) { var feed = new Feed(); token.Register(() => Console.WriteLine(feed)); await feed.WhenReady(token); return feed; }")]
    [InlineData("private static Feed? _feed; public static async Task OpenAsync(CancellationToken token) { var feed = new Feed(); _feed = feed; await feed.WhenReady(token); }")]
    [InlineData("public static Feed Open() { var feed = new Feed(); return feed; }")]
    public Task Silent_where_somebody_still_has_the_object(string member) => Silent(Feed + member + "\n}");

    [Fact]
    public Task Silent_where_a_wait_group_waits() => Silent(
        """
        using System.Threading.Tasks;
        using Sluice;
        class C
        {
            public async Task M()
            {
                var crew = new WaitGroup();
                crew.Go(Work);
                _ = crew.Go(async () => await Work());
                await crew.WaitAsync();
            }

            private static async Task Work() => await Task.Yield();
        }
        """,
        Setup.WithPlumbing);

    [Theory]
    [InlineData("async Task M() { await Task.Run(Work); }")]
    [InlineData("Task M() => Task.Run(Work);")]
    [InlineData("Task M() { return WorkAsync(); }")]
    [InlineData("void M() { Task.Run(Work).Wait(); }")]
    [InlineData("async Task M(Func<Task<int>> load) { var pending = load(); if (pending.IsCompletedSuccessfully) { return; } await pending; }")]
    [InlineData("async Task M(Func<Task<int>> load) { var pending = load(); try { if (await Task.FromResult(true)) { throw new InvalidOperationException(); } } finally { await pending; } }")]
    [InlineData("void M() { WorkAsync().GetAwaiter().GetResult(); }")]
    [InlineData("void M() { _ = Task.Run(() => { try { Work(); } catch (Exception e) { Console.Error.WriteLine(e); } }); }")]
    [InlineData("void M() { _ = Safe(); } async Task Safe() { try { await WorkAsync(); } catch (Exception e) { Console.WriteLine(e); } }")]
    [InlineData("void M() { _ = Task.Run(Safe); } async Task Safe() { try { await WorkAsync(); } catch { } }")]
    [InlineData("void M() { _ = Task.Run(() => Safe()); } async Task Safe() { try { await WorkAsync(); } catch { } }")]
    [InlineData("void M() { Task.Run(Work).ContinueWith(t => Console.WriteLine(t.Exception)); }")]
    [InlineData("void M() { WorkAsync().Forget(); }")]
    [InlineData("async Task M() { var t = Task.Run(Work); Console.WriteLine(); await t; }")]
    [InlineData("async Task M() { var tasks = new List<Task>(); tasks.Add(Task.Run(Work)); await Task.WhenAll(tasks); }")]
    [InlineData("async Task M(int[] all) { await Task.WhenAll(all.Select(n => WorkAsync())); }")]
    [InlineData("async Task M(int[] all) { var tasks = all.Select(n => WorkAsync()).ToList(); foreach (var t in tasks) { await t; } }")]
    [InlineData("private Task? _loop; void M() { _loop = Task.Run(Work); } Task Stop() => _loop ?? Task.CompletedTask;")]
    [InlineData("private Task? _loop; void M() { if (_loop is null) { _loop = Task.Run(Work); } }")]
    [InlineData("public Task? Loop { get; private set; } void M() { Loop = Task.Run(Work); }")]
    [InlineData("void M() { Hand(Task.Run(Work)); } void Hand(Task t) { }")]
    [InlineData("async Task M(bool slow) { Task? t = null; if (slow) { t = Task.Run(Work); } if (t != null) { await t; } }")]
    [InlineData("void M() { Task.Delay(1); }")]
    [InlineData("void M(Task t) { t.Observe(); } ")]
    [InlineData("void M(Stream s) { _ = s.FlushAsync(); }")]
    [InlineData("void M() { var t = new Thread(Work); t.Start(); }")]
    [InlineData("void M() { _ = Task.Run(async () => await Safe()); } async Task Safe() { try { await WorkAsync(); } catch { } }")]
    [InlineData("void M(Stream s) { _ = Task.Run(async () => await Safe(s)); } async Task Safe(Stream s) { try { await WorkAsync(); } catch { } finally { await s.DisposeAsync(); } }")]
    [InlineData("void M(Stream s) { _ = Task.Factory.StartNew(async () => await Safe(s).ConfigureAwait(false)); } async Task Safe(Stream s) { try { await WorkAsync(); } catch { } finally { await s.DisposeAsync(); } }")]
    [InlineData("void M(Db db) { db.DeleteAsync(1, CommandFlags.FireAndForget); } enum CommandFlags { None, FireAndForget } class Db { public Task DeleteAsync(int key, CommandFlags flags) => throw null!; }")]
    [InlineData("void M(Db db) { db.DeleteAsync(1, CommandFlags.FireAndForget | CommandFlags.HighPriority); } [Flags] enum CommandFlags { None, FireAndForget, HighPriority } class Db { public Task DeleteAsync(int key, CommandFlags flags) => throw null!; }")]
    [InlineData("void M(Db db) { db.DeleteAsync(1, fireAndForget: true); } class Db { public Task DeleteAsync(int key, bool fireAndForget = false) => throw null!; }")]
    [InlineData("Task Get() => Task.CompletedTask; void M() { Task t = Get(); }")]
    [InlineData("void M() { _ = LogsAsync(); } async Task LogsAsync() { try { await WorkAsync(); } catch (Exception e) { Log(e); throw; } } void Log(Exception e) => Console.WriteLine(e);")]
    [InlineData("private Task? _loop; void M() { _ = BeginAsync(); } Task BeginAsync() { _loop = WorkAsync(); return _loop; } Task End() => _loop!;")]
    [InlineData("private Task? _loop; void M() { BeginAsync(); } Task BeginAsync() => _loop ??= WorkAsync(); Task End() => _loop!;")]
    [InlineData("void M(CancellationToken token) { _ = TickAsync(token); } async Task TickAsync(CancellationToken token) { while (!token.IsCancellationRequested) { await Task.Delay(100, token); Console.WriteLine(); } }")]
    [InlineData("void M(CancellationToken token) { _ = TickAsync(token); } async Task TickAsync(CancellationToken token) { while (true) { token.ThrowIfCancellationRequested(); await Task.Delay(100); Console.WriteLine(); } }")]
    [InlineData("void M() { _ = ReplyAsync(); } async Task ReplyAsync() { try { await WorkAsync(); } catch (Exception) { await SendAsync(); } } async Task SendAsync() { await Task.Yield(); File.Delete(string.Empty); }")]
    [InlineData("private Task? _last; void M() { Interlocked.Exchange(ref _last, null); } Task? Last() => _last;")]
    [InlineData("private Task? _last; void M(Task? seen) { Interlocked.CompareExchange(ref _last, null, seen); } Task? Last() => _last;")]
    [InlineData("void M() { ChangeAsync(); } Task ChangeAsync() { Work(); return Task.CompletedTask; }")]
    [InlineData("void M() { ChangeAsync(); } Task<int> ChangeAsync() { Work(); return Task.FromResult(1); }")]
    [InlineData("void M() { ChangeAsync(); } ValueTask ChangeAsync() { Work(); return default; }")]
    [InlineData("public void OnCompleted(Action continuation) { Task.Run(continuation); }")]
    public Task Silent_where_somebody_learns_of_the_end(string members) => Silent(In(members));

    [Fact]
    public Task Fixes_by_awaiting() => Fixes(
        In("async Task M() { [|WorkAsync()|]; /* a */ [|WorkAsync()|]; }"),
        In("async Task M() { await WorkAsync(); /* a */ await WorkAsync(); }"));

    [Fact]
    public Task Not_fixed_where_nobody_is_meant_to_wait() => NotFixed(In("async Task M() { _ = [|WorkAsync()|]; [|Task.Run(Work)|]; await Task.Yield(); }"));

    [Fact]
    public Task Not_fixed_where_nothing_can_be_awaited() => NotFixed(In("void M() { [|WorkAsync()|]; }"));

    [Fact]
    public Task Reports_calls_whose_code_cannot_be_seen_or_cannot_fail_yet() => Reports("""
        interface IStore { Task PutAsync(string key); ValueTask SaveAsync(string key); }
        class Store { public Task PutAsync(string key) => Task.CompletedTask; }
        class C(IStore store, Store own)
        {
            public void A() { [|store.PutAsync("a")|]; }
            public void B() => [|store.SaveAsync("a")|];
            public void D(List<string> keys) => keys.ForEach(key => [|store.PutAsync(key)|]);
            public void E(Stream? stream) { stream?[|.FlushAsync()|]; }
            public void F() { [|own.PutAsync("a")|]; }
            public void G() { [|LaterAsync()|].ConfigureAwait(false); }
            public void H() { _ = LaterAsync(); _ = store.PutAsync("a"); }
            private static async Task LaterAsync() { await Task.Delay(100); Console.WriteLine("late"); }
        }
        """);

    [Fact]
    public Task Silent_where_the_call_is_only_described_or_handles_itself() => Silent("""
        interface IStore { Task PutAsync(string key); }
        class Jobs { public void Enqueue(System.Linq.Expressions.Expression<Action<IStore>> job) { } }
        class C(Jobs jobs)
        {
            public void A() => jobs.Enqueue(store => store.PutAsync("a"));
            public void B() { SafeAsync(); Done(); }
            private static async Task SafeAsync() { try { await Task.Delay(100); File.Delete("a"); } catch (Exception e) { Console.WriteLine(e); } }
            private static Task Done() => Task.CompletedTask;
        }
        """);

    private static string In(string members) => $$"""
        class C
        {
            static void Work() => File.Delete("a");
            static async Task WorkAsync() { await Task.Yield(); File.Delete("a"); }
            {{members}}
        }
        static class Tasks { public static void Forget(this Task task) { } public static Task Observe(this Task task) { _ = task.Exception; return task; } }
        """;

    [Fact]
    public Task Reports_what_is_dropped_on_purpose_and_known_to_fail() => Reports(Dropped("_ = [|_failing.SaveAsync()|];"));

    [Theory]
    [InlineData("_ = _careful.SaveAsync();")]
    [InlineData("_ = _unseen.SaveAsync();")]
    public Task Silent_where_it_may_handle_its_failures(string statement) => Silent(Dropped(statement));

    private static string Dropped(string statement) => $$"""
        interface IFailing { Task SaveAsync(); }
        interface ICareful { Task SaveAsync(); }
        interface IUnseen { Task SaveAsync(); }
        class Failing : IFailing { public async Task SaveAsync() { await Task.Delay(1); System.IO.File.Delete("x"); } }
        class Careful : ICareful { public async Task SaveAsync() { try { await Task.Delay(1); } catch (Exception e) { Console.WriteLine(e); } } }

        class C
        {
            private IFailing _failing;
            private ICareful _careful;
            private IUnseen _unseen;

            public async Task RunAsync() { {{statement}} await Task.Yield(); }
        }
        """;

    [Fact]
    public Task Silent_where_the_work_answers_who_waits() => Silent("""
        class C
        {
            private readonly TaskCompletionSource<int> _answer = new();
            void Answer(int value) { Task.Run(() => _answer.TrySetResult(value)); }
            void Fail(Exception e) { Task.Run(() => { _answer.TrySetException(e); }); }
        }
        """);

    [Fact]
    public Task Silent_where_a_catch_takes_whatever_the_work_waits_for() => Silent("""
        class C(IStore store, Action<Exception> log)
        {
            private readonly SemaphoreSlim _gate = new(1);
            void Start() { _ = Task.Run(async () => { await SaveAsync(); }); _ = LoadAsync(); Task.Run(() => Save()); _ = OpenAsync(); }
            void Save() { foreach (var item in new[] { 1, 2 }) { try { store.Close(null); } catch (Exception e) { log(e); } } }
            async Task OpenAsync() { await _gate.WaitAsync(); try { await store.SaveAsync(); } catch (Exception e) { log(e); } finally { _gate.Release(); } }
            async Task SaveAsync()
            {
                if (store.IsClosed()) { return; }
                try { await store.SaveAsync(); }
                catch (OperationCanceledException) { }
                catch (Exception e) when (e is not OperationCanceledException) { log(e); }
                finally { _gate.Release(); }
            }
            async Task LoadAsync()
            {
                Exception? error = null;
                try { await store.SaveAsync(); }
                catch (Exception e) { error = e; throw; }
                finally { store.Close(error); }
            }
        }
        interface IStore { bool IsClosed(); Task SaveAsync(); void Close(Exception? error); }
        """);

    [Fact]
    public Task Reports_what_a_catch_does_not_take() => Reports("""
        class C(IStore store)
        {
            void Start() { _ = [|SaveAsync()|]; _ = [|LoadAsync()|]; }
            async Task SaveAsync() { await store.OpenAsync(); try { await store.SaveAsync(); } catch (Exception e) { Console.WriteLine(e); } }
            async Task LoadAsync() { try { await store.SaveAsync(); } catch (Exception) { throw; } }
        }
        interface IStore { Task OpenAsync(); Task SaveAsync(); }
        """);

    [Fact]
    public Task Silent_where_it_is_no_work_of_its_own_or_said_to_be_dropped() => Silent("""
        class C(IStore store)
        {
            void Run(Task[] all)
            {
                Task.Factory.ContinueWhenAll(all, tasks => Console.WriteLine(tasks.Length));
                store.SendFireAndForgetAsync();
        #pragma warning disable CS4014 // Nobody is to wait.
                store.SaveAsync();
        #pragma warning restore CS4014
            }
            Pair Begin() { var work = store.SaveAsync(); if (work.IsCompleted) { return null; } return new Pair(1, work); }
        }
        record Pair(int Number, Task Work);
        interface IStore { Task SaveAsync(); Task SendFireAndForgetAsync(); }
        """);

    [Theory]
    [InlineData("void M() { _store.SaveAsync(); }")]
    [InlineData("async Task M() { _ = SaveAsync(); await Task.Yield(); }")]
    public async Task Silent_in_a_project_of_tests(string member) => Assert.Empty(await InTests(member));

    [Fact]
    public async Task Reports_a_forgotten_await_in_a_project_of_tests() => Assert.Single(await InTests("async Task M() { SaveAsync(); await Task.Yield(); }"));

    private static async Task<System.Collections.Generic.IEnumerable<Microsoft.CodeAnalysis.Diagnostic>> InTests(string member) =>
        (await UnderTest.Analyze(UnderTest.Compilation($"class C {{ private IStore _store; async Task SaveAsync() {{ await _store.SaveAsync(); }} {member} }} interface IStore {{ Task SaveAsync(); }}").WithAssemblyName("Shop.Tests"))).Where(found => found.Id == "SLC5001");

    private static string Pump(string members, string? others = null) => $$"""
        using System.ComponentModel;

        sealed class Pump : IDisposable
        {
            private Task _running = Task.CompletedTask;
            {{members}}
            public void Dispose() { }
            private async Task LoopAsync() { await Task.Yield(); File.Delete("a"); }
            private void Work() => File.Delete("a");
        }
        class User { void M(Pump pump) { using (pump) { pump.Start(); } } }
        {{others}}
        """;

    private const string Begin = "public void Start() => _running = [|Task.Run(LoopAsync)|]; ";
    private const string Begins = "public void Start() => _running = Task.Run(LoopAsync); ";

    [Theory]
    [InlineData(Begin + "public Task WaitAsync() => _running;")]
    [InlineData(Begin + "public Task WaitAsync() { return _running; }")]
    [InlineData(Begin + "public Task Done => _running;")]
    [InlineData(Begin + "public Task Done { get { return _running; } }")]
    [InlineData(Begin + "internal Task WaitAsync(CancellationToken token) => _running.WaitAsync(token);", "class Other { async Task M(Task task) { await task.WaitAsync(default(CancellationToken)); } Task WaitAsync() => Task.CompletedTask; Task N() => WaitAsync(); }")]
    [InlineData(Begin + "public async Task StopAsync() { await _running.ConfigureAwait(false); }")]
    [InlineData(Begin + "public Task WaitAsync() => _running;", "// See WaitAsync: \nclass Other { private readonly Func<Task> _wait; /* WaitAsync */ }")]
    [InlineData("private Task? _all; public void Start() { _all = Task.WhenAll([|new[] { 1, 2 }.Select(n => LoopAsync())|]); } public Task WaitAsync() => _all ?? Task.CompletedTask;")]
    [InlineData("private readonly Task _all; public Pump(string[] names) { _all = Task.WhenAll([|names.Select(n => Task.Run(() => LoopAsync()))|]); } public void Start() { } public Task WaitAsync() => _all;")]
    public Task Reports_work_that_only_a_member_gives_which_nobody_names(string members, string? others = null) => Reports(Pump(members, others));

    [Fact]
    public Task Says_which_member_nobody_names() => Says(
        Pump("public void Start() => _running = Task.Run(LoopAsync); public Task WaitAsync() => _running;"),
        "Nobody waits for 'Task.Run' ('_running' is read only in 'WaitAsync', which nobody uses): when it fails, nobody learns of it, and it may still run when what it uses is gone; await it, or handle its failures in it");

    [Theory]
    [InlineData(Begins + "public Task WaitAsync() => _running;", "class Other { async Task M(Pump pump) { await pump.WaitAsync(); } }")]
    [InlineData(Begins + "public Task WaitAsync() => _running;", "class Other { Func<Task> M(Pump pump) => pump.WaitAsync; }")]
    [InlineData(Begins + "public Task WaitAsync() => _running;", "class Other { Task M(Pump? pump) => pump?.WaitAsync() ?? Task.CompletedTask; }")]
    [InlineData(Begins + "public Task WaitAsync() => _running;", "class Other { async Task M(dynamic pump) { await pump.WaitAsync(); } }")]
    [InlineData(Begins + "public Task WaitAsync() => _running;", "class Other { object M(Pump pump) => typeof(Pump).GetMethod(\"WaitAsync\"); }")]
    [InlineData(Begins + "public Task WaitAsync() => _running;", "class Other { string M(Pump pump) => nameof(Pump.WaitAsync); }")]
    [InlineData(Begins + "public Task Done => _running;", "class Other { bool M(Pump pump) => pump is { Done: { IsCompleted: true } }; }")]
    [InlineData(Begins + "public Task Done => _running;", "class Other { Task M(Pump pump) { var (all, done) = (1, pump.Done); return done; } }")]
    [InlineData(Begins + "public async Task StopAsync() { await _running; } public void End() => StopAsync().Wait();")]
    [InlineData(Begins + "public bool IsUp => !_running.IsCompleted; public Task WaitAsync() => _running;", "class Other { bool M(Pump pump) => pump.IsUp; }")]
    [InlineData("public void Start() { if (_running.IsCompleted) { _running = Task.Run(LoopAsync); } } public Task WaitAsync() => _running;")]
    [InlineData(Begins + "[EditorBrowsable] public Task WaitAsync() => _running;")]
    [InlineData("public void Start() => _running = Task.Run(async () => { try { await LoopAsync(); } catch (Exception e) { Console.WriteLine(e); } }); public Task WaitAsync() => _running;")]
    [InlineData("public void Start() { } public void Unused() => _running = Task.Run(LoopAsync); public Task WaitAsync() => _running;")]
    public Task Silent_where_somebody_names_the_member(string members, string? others = null) => Silent(Pump(members, others));

    [Theory]
    [InlineData("public sealed class Pump { @ }")]
    [InlineData("sealed class Pump : IPump { @ }")]
    [InlineData("class Pump { @ } class Derived : Pump, IPump { }")]
    [InlineData("class Pump : Base { # }")]
    [InlineData("[Serializable] class Pump { @ }")]
    [InlineData("class Pump : INotifyPropertyChanged { @ public event PropertyChangedEventHandler? PropertyChanged; }")]
    [InlineData("public class Outer { public class Pump { @ } } class Pump { public void Start() { } }")]
    [InlineData("sealed class Pump { @ }", "[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"Shop.Tests\")]")]
    public Task Silent_where_others_may_name_it(string code, string? attribute = null) => Silent($$"""
        using System.ComponentModel;
        {{attribute}}
        {{code.Replace("@", Waited).Replace("#", Waited.Replace("Task Wait", "override Task Wait"))}}
        class User { void M(Pump pump) => pump.Start(); }
        interface IPump { Task WaitAsync(); }
        abstract class Base { public abstract Task WaitAsync(); }
        """);

    private const string Waited = """private Task _running = Task.CompletedTask; public void Start() => _running = Task.Run(() => File.Delete("a")); public Task WaitAsync() => _running; """;
}
