using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC4001_LockOrderTests() : RuleTest("SLC4001")
{
    private const string TwoLocks = "private readonly object _a = new(), _b = new(); private int _n;";

    [Fact]
    public Task Reports_two_lock_statements_in_both_orders() => Reports($$"""
        class C
        {
            {{TwoLocks}}
            void M() { lock (_a) { [|lock (_b)|] { _n++; } } }
            void N() { lock (_b) { lock (_a) { _n--; } } }
        }
        """);

    [Fact]
    public Task Reports_the_order_that_fewer_take() => Reports($$"""
        class C
        {
            {{TwoLocks}}
            void M() { lock (_a) { lock (_b) { _n++; } } }
            void N() { lock (_a) { lock (_b) { _n--; } } }
            void O() { lock (_b) { [|lock (_a)|] { _n--; } } }
        }
        """);

    [Fact]
    public Task Reports_through_private_methods() => Reports($$"""
        class C
        {
            {{TwoLocks}}
            void M() { lock (_a) { [|Count()|]; } }
            void N() { lock (_b) { Reset(); } }
            void Count() { lock (_b) { _n++; } }
            void Reset() { lock (_a) { _n = 0; } }
        }
        """);

    [Theory]
    [InlineData("private readonly Lock _a = new(), _b = new();", "lock (_a) { [|lock (_b)|] { } }", "lock (_b) { lock (_a) { } }")]
    [InlineData("private readonly Lock _a = new(), _b = new();", "using (_a.EnterScope()) { using ([|_b.EnterScope()|]) { } }", "using var b = _b.EnterScope(); using var a = _a.EnterScope();")]
    [InlineData("private readonly object _a = new(), _b = new();", "Monitor.Enter(_a); try { [|Monitor.Enter(_b)|]; Monitor.Exit(_b); } finally { Monitor.Exit(_a); }", "lock (_b) { lock (_a) { } }")]
    [InlineData("private readonly object _a = new(), _b = new();", "if (Monitor.TryEnter(_a)) { try { [|lock (_b)|] { } } finally { Monitor.Exit(_a); } }", "lock (_b) { lock (_a) { } }")]
    [InlineData("private readonly SemaphoreSlim _a = new(1), _b = new(1, 1);", "_a.Wait(); try { [|_b.Wait()|]; _b.Release(); } finally { _a.Release(); }", "_b.Wait(); _a.Wait(); _a.Release(); _b.Release();")]
    [InlineData("private readonly Mutex _a = new(), _b = new();", "_a.WaitOne(); [|_b.WaitOne()|]; _b.ReleaseMutex(); _a.ReleaseMutex();", "_b.WaitOne(); _a.WaitOne(); _a.ReleaseMutex(); _b.ReleaseMutex();")]
    [InlineData("private readonly ReaderWriterLockSlim _a = new(), _b = new();", "_a.EnterReadLock(); [|_b.EnterWriteLock()|]; _b.ExitWriteLock(); _a.ExitReadLock();", "_b.EnterReadLock(); _a.EnterWriteLock(); _a.ExitWriteLock(); _b.ExitReadLock();")]
    [InlineData("private SpinLock _a, _b;", "bool t = false, u = false; _a.Enter(ref t); [|_b.Enter(ref u)|]; _b.Exit(); _a.Exit();", "bool t = false, u = false; _b.Enter(ref t); _a.Enter(ref u); _a.Exit(); _b.Exit();")]
    public Task Reports_every_sort_of_lock(string fields, string one, string other) => Reports($$"""
        class C
        {
            {{fields}}
            void M() { {{one}} }
            void N() { {{other}} }
        }
        """);

    [Fact]
    public Task Reports_semaphores_in_async_code() => Reports("""
        class C
        {
            private readonly SemaphoreSlim _a = new(1, 1), _b = new(1, 1);
            async Task M() { await _a.WaitAsync(); try { await [|Inner()|]; } finally { _a.Release(); } }
            async Task Inner() { await _b.WaitAsync().ConfigureAwait(false); try { await Task.Yield(); } finally { _b.Release(); } }
            async Task N() { await _b.WaitAsync(); try { await _a.WaitAsync(); _a.Release(); } finally { _b.Release(); } }
        }
        """);

    [Fact]
    public Task Reports_across_types() => Reports("""
        class Account
        {
            private readonly object _gate = new(); private readonly Bank _bank; private int _balance;
            public Account(Bank bank) => _bank = bank;
            public void Deposit(int amount) { lock (_gate) { _balance += amount; [|_bank.Audit(amount)|]; } }
            public int Balance() { lock (_gate) { return _balance; } }
        }
        class Bank
        {
            private readonly object _books = new(); private readonly List<Account> _accounts = new(); private int _sum;
            public void Audit(int amount) { lock (_books) { _sum += amount; } }
            public int Total() { lock (_books) { int sum = 0; foreach (var account in _accounts) { sum += account.Balance(); } return sum; } }
        }
        """);

    [Fact]
    public Task Reports_through_an_interface_with_one_implementation() => Reports("""
        interface IStore { void Save(); }
        class Store(Cache cache) : IStore
        {
            private readonly object _disk = new();
            public void Save() { lock (_disk) { } }
            public void Load() { lock (_disk) { [|cache.Put()|]; } }
        }
        class Cache
        {
            private readonly object _map = new(); private readonly IStore _store;
            public Cache(IStore store) => _store = store;
            public void Put() { lock (_map) { } }
            public void Flush() { lock (_map) { _store.Save(); } }
        }
        """);

    [Fact]
    public Task Reports_a_callback_in_a_field() => Reports("""
        class Watch
        {
            private readonly object _gate = new(); public Action? OnChange;
            public void Change() { lock (_gate) { OnChange?[|.Invoke()|]; } }
            public int Read() { lock (_gate) { return 1; } }
        }
        class Cacher
        {
            private readonly object _state = new(); private readonly Watch _watch = new();
            public Cacher() { _watch.OnChange = Handle; }
            void Handle() { lock (_state) { } }
            public int List() { lock (_state) { return _watch.Read(); } }
        }
        """);

    [Fact]
    public Task Reports_an_event_handler() => Reports("""
        class Watch
        {
            private readonly object _gate = new(); public event Action? Changed;
            public void Change() { lock (_gate) { Changed?[|.Invoke()|]; } }
            public int Read() { lock (_gate) { return 1; } }
        }
        class Cacher
        {
            private readonly object _state = new(); private readonly Watch _watch = new();
            public Cacher() { _watch.Changed += () => { lock (_state) { } }; }
            public int List() { lock (_state) { return _watch.Read(); } }
        }
        """);

    [Fact]
    public Task Reports_a_lambda_that_a_helper_runs_under_its_lock() => Reports("""
        class Queue
        {
            private readonly ReaderWriterLockSlim _lock = new();
            public void Pop(Action<int> process) { _lock.EnterWriteLock(); try { process(1); } finally { _lock.ExitWriteLock(); } }
            public int Count() { _lock.EnterReadLock(); try { return 1; } finally { _lock.ExitReadLock(); } }
        }
        class Informer
        {
            private readonly Lock _mu = new(); private readonly Queue _queue = new();
            public void Run() => [|_queue.Pop(item => { lock (_mu) { } })|];
            public int Synced() { lock (_mu) { return _queue.Count(); } }
        }
        """);

    [Fact]
    public Task Reports_a_virtual_method_that_a_derived_type_overrides() => Reports("""
        abstract class Base
        {
            protected readonly object Gate = new();
            public void Run() { lock (Gate) { [|OnRun()|]; } }
            protected abstract void OnRun();
        }
        class Derived : Base
        {
            private readonly object _own = new();
            protected override void OnRun() { lock (_own) { } }
            public void Stop() { lock (_own) { lock (Gate) { } } }
        }
        """);

    [Fact]
    public Task Reports_a_lock_given_back_and_taken_again_inside() => Reports("""
        class Device { public Lock Gate { get; } = new(); }
        class Devices
        {
            private readonly object _gate = new();
            public void Delete(Device device) { lock (_gate) { [|lock (device.Gate)|] { Wait(); } } }
            void Wait() { Monitor.Exit(_gate); try { Thread.Sleep(1); } finally { Monitor.Enter(_gate); } }
        }
        """);

    [Fact]
    public Task Reports_a_circle_of_three() => Reports("""
        class C
        {
            private readonly object _a = new(), _b = new(), _c = new();
            void M() { lock (_a) { [|lock (_b)|] { } } }
            void N() { lock (_b) { lock (_c) { } } }
            void O() { lock (_c) { lock (_a) { } } }
        }
        """);

    [Fact]
    public Task Reports_a_semaphore_behind_a_scope() => Reports("""
        sealed class AsyncLock
        {
            private readonly SemaphoreSlim _semaphore = new(1, 1);
            public async Task<Releaser> LockAsync() { await _semaphore.WaitAsync(); return new Releaser(_semaphore); }
            public readonly struct Releaser(SemaphoreSlim semaphore) : IDisposable { public void Dispose() => semaphore.Release(); }
        }
        class C
        {
            private readonly AsyncLock _a = new(), _b = new();
            async Task M() { using var a = await _a.LockAsync(); using var b = [|await _b.LockAsync()|]; await Task.Yield(); }
            async Task N() { using (await _b.LockAsync()) { using (await _a.LockAsync()) { await Task.Yield(); } } }
        }
        """);

    [Theory]
    [InlineData("void Transfer(Account to) { lock (_gate) { [|lock (to._gate)|] { } } }")]
    [InlineData("static void Transfer(Account from, Account to) { lock (from._gate) { [|lock (to._gate)|] { } } }")]
    [InlineData("void Transfer(Account to) { lock (_gate) { [|to.Deposit()|]; } }")]
    [InlineData("static void Transfer(Account from, Account to) { lock (from) { [|lock (to)|] { } } }")]
    public Task Reports_two_objects_of_one_type(string method) => Reports($$"""
        class Account { private readonly object _gate = new(); void Deposit() { lock (_gate) { } } {{method}} }
        """);

    [Fact]
    public Task Reports_a_helper_that_locks_what_it_is_given() => Reports("""
        class C
        {
            private static readonly object A = new(), B = new();
            static void Both(object x, object y) { lock (x) { lock (y) { } } }
            void M() => [|Both(A, B)|];
            void N() => Both(B, A);
        }
        """);

    [Fact]
    public Task Reports_a_lock_that_another_method_gives_back() => Reports("""
        class UrlLocks
        {
            private readonly ReaderWriterLockSlim _rw = new(); private readonly Dictionary<string, SemaphoreSlim> _urls = new();
            public void Lock(string url) { _rw.EnterReadLock(); try { [|_urls[url].Wait()|]; } finally { _rw.ExitReadLock(); } }
            public void Unlock(string url) { _rw.EnterWriteLock(); try { _urls[url].Release(); } finally { _rw.ExitWriteLock(); } }
            public void Add(string url) { _urls[url] = new SemaphoreSlim(1); }
        }
        """);

    [Fact]
    public Task Reports_locals_that_lambdas_share() => Reports("""
        class C
        {
            static async Task M()
            {
                var a = new SemaphoreSlim(1); var b = new SemaphoreSlim(1);
                var one = Task.Run(async () => { await a.WaitAsync(); await Task.Yield(); [|await b.WaitAsync()|]; b.Release(); a.Release(); });
                var two = Task.Run(async () => { await b.WaitAsync(); await Task.Yield(); await a.WaitAsync(); a.Release(); b.Release(); });
                await Task.WhenAll(one, two);
            }
        }
        """);

    [Fact]
    public Task Reports_two_locks_of_one_keyed_collection() => Reports("""
        class Keyed
        {
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, SemaphoreSlim> _locks = new();
            SemaphoreSlim For(string key) => _locks.GetOrAdd(key, _ => new SemaphoreSlim(1, 1));
            public async Task Move(string from, string to) { await For(from).WaitAsync(); try { await [|Inner(to)|]; } finally { For(from).Release(); } }
            private async Task Inner(string to) { await For(to).WaitAsync(); For(to).Release(); }
        }
        """);

    [Fact]
    public Task Reports_two_elements_of_one_array() => Reports("""
        class Table
        {
            private readonly object[] _forks = new object[5];
            void Eat(int i) { lock (_forks[i]) { [|lock (_forks[(i + 1) % 5])|] { } } }
        }
        """);

    [Fact]
    public Task Reports_two_objects_found_in_one_dictionary() => Reports("""
        class Account { public object Gate { get; } = new(); public int Balance { get; set; } }
        class Bank
        {
            private readonly Dictionary<int, Account> _accounts = new();
            void Transfer(int from, int to) { var a = _accounts[from]; var b = _accounts[to]; lock (a.Gate) { [|lock (b.Gate)|] { a.Balance--; b.Balance++; } } }
        }
        """);

    [Theory]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { lock (_a) { lock (_b) { } } }")]
    [InlineData("void M() { lock (_g) { lock (_a) { lock (_b) { } } } } void N() { lock (_g) { lock (_b) { lock (_a) { } } } }")]
    [InlineData("public void M() { lock (_g) { M2(); } } public void N() { lock (_g) { N2(); } } private void M2() { lock (_a) { lock (_b) { } } } private void N2() { lock (_b) { lock (_a) { } } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { lock (_b) { if (Monitor.TryEnter(_a, 100)) { Monitor.Exit(_a); } } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { lock (_b) { } lock (_a) { } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { lock (_a) { lock (_b) { lock (_a) { } } } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } C() { lock (_b) { lock (_a) { } } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { lock (_b) { Task.Run(() => { lock (_a) { } }); } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { lock (_b) { Action f = () => { lock (_a) { } }; _later = f; } } private Action? _later;")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } void N() { Monitor.Enter(_b); if (_g == null) { Monitor.Exit(_b); return; } Monitor.Exit(_b); lock (_a) { } }")]
    [InlineData("void M() { lock (_a) { lock (_b) { } } } async Task N() { while (true) { Monitor.Enter(_b); try { if (_g != null) break; } finally { Monitor.Exit(_b); } } lock (_a) { } await Task.Yield(); }")]
    public Task Silent_where_no_two_threads_can_wait_for_each_other(string methods) => Silent($$"""
        class C { private readonly object _a = new(), _b = new(), _g = new(); {{methods}} }
        """);

    [Theory]
    [InlineData("private readonly SemaphoreSlim _a = new(2), _b = new(1);")]
    [InlineData("private readonly SemaphoreSlim _a = new(0), _b = new(1);")]
    public Task Silent_where_a_semaphore_is_no_lock(string fields) => Silent($$"""
        class C
        {
            {{fields}}
            void M() { _a.Wait(); _b.Wait(); _b.Release(); _a.Release(); }
            void N() { _b.Wait(); _a.Wait(); _a.Release(); _b.Release(); }
        }
        """);

    [Theory]
    [InlineData("static void Transfer(Account from, Account to) { var (a, b) = from.Id < to.Id ? (from, to) : (to, from); lock (a._gate) { lock (b._gate) { } } }")]
    [InlineData("static void Transfer(Account from, Account to) { if (from.Id < to.Id) { lock (from._gate) { lock (to._gate) { } } } else { lock (to._gate) { lock (from._gate) { } } } }")]
    [InlineData("void Move() { lock (_gate) { _parent?.Touch(); } } void Touch() { lock (_gate) { } } private Account? _parent;")]
    [InlineData("void Close() { lock (_gate) { foreach (var child in _children) { child.Close(); } } } private readonly List<Account> _children = new();")]
    [InlineData("Account Copy() { lock (_gate) { var copy = new Account(); copy.Touch(); return copy; } } void Touch() { lock (_gate) { } }")]
    public Task Silent_where_objects_have_an_order(string method) => Silent($$"""
        class Account { public int Id; private readonly object _gate = new(); {{method}} }
        """);

    [Fact]
    public Task Silent_where_readers_meet_and_nobody_writes() => Silent("""
        class C
        {
            private readonly ReaderWriterLockSlim _a = new(); private readonly object _b = new();
            void M() { _a.EnterReadLock(); lock (_b) { } _a.ExitReadLock(); }
            void N() { lock (_b) { _a.EnterReadLock(); _a.ExitReadLock(); } }
        }
        """);

    [Fact]
    public Task Silent_where_the_lock_is_held_already() => Silent("""
        class Scene
        {
            private readonly object _update = new(), _objects = new();
            void Step() { lock (_update) { lock (_objects) { Post(); } } }
            void Post() { lock (_update) { } }
        }
        """);

    [Fact]
    public Task Silent_where_a_part_comes_back_to_the_lock_that_is_held() => Silent("""
        class Scene
        {
            public readonly object Update = new(); private readonly List<Body> _bodies = new();
            void Step() { lock (Update) { lock (_bodies) { foreach (var body in _bodies) { body.Move(); } } } }
        }
        class Body(Scene scene) { public void Move() { lock (scene.Update) { } } }
        """);

    [Fact]
    public Task Reports_a_lambda_that_is_passed_on() => Reports("""
        class Queue
        {
            private readonly object _lock = new(); private int _n;
            public void Pop(Action<int> process) => Each(process);
            private void Each(Action<int> each) { lock (_lock) { for (int i = 0; i < _n; i++) { each(i); } } }
            public int Count() { lock (_lock) { return _n; } }
        }
        class Informer
        {
            private readonly object _mu = new(); private readonly Queue _queue = new();
            public void Run() { [|_queue.Pop(Handle)|]; }
            private void Handle(int item) { lock (_mu) { } }
            public int Synced() { lock (_mu) { return _queue.Count(); } }
        }
        """);

    [Fact]
    public Task Silent_where_only_other_code_is_passed() => Silent("""
        class Guard { private readonly object _g = new(); public void Run(Action work) { lock (_g) { work(); } } }
        class User
        {
            private readonly Guard _guard = new(), _other = new(); private readonly object _mine = new(); private int _n;
            public void A() { _guard.Run(() => _n++); lock (_mine) { _n++; } }
            public void B() { lock (_mine) { _guard.Run(() => _n--); } }
        }
        class Else { private readonly object _own = new(); private readonly Guard _guard = new(); public void A() { _guard.Run(() => { lock (_own) { } }); } }
        """);

    [Fact]
    public Task Reports_one_lock_under_two_names() => Reports("""
        class Part
        {
            private readonly object _gate; private readonly object _own = new(); private int _n;
            public Part(object gate) { _gate = gate; }
            public void A() { lock (_own) { [|lock (_gate)|] { _n++; } } }
            public void Touch() { lock (_own) { _n++; } }
        }
        class Whole
        {
            private readonly object _root = new(); private readonly Part _part;
            public Whole() { _part = new Part(_root); }
            public void Do() { lock (_root) { _part.Touch(); } }
        }
        """);

    [Fact]
    public Task Reports_one_lock_under_two_names_with_primary_constructors() => Reports("""
        class Part(Lock gate)
        {
            private readonly Lock _own = new(); private int _n;
            public void A() { lock (_own) { [|lock (gate)|] { _n++; } } }
            public void Touch() { lock (_own) { _n++; } }
        }
        class Whole
        {
            private readonly Lock _root = new(); private readonly Part _part;
            public Whole() => _part = new(_root);
            public void Do() { lock (_root) { _part.Touch(); } }
        }
        """);

    [Fact]
    public Task Reports_a_given_lock_in_both_orders() => Reports("""
        class Part(object gate)
        {
            private readonly object _own = new(); private int _n;
            public void A() { lock (_own) { [|lock (gate)|] { _n++; } } }
            public void B() { lock (gate) { lock (_own) { _n--; } } }
        }
        """);

    [Fact]
    public Task Silent_where_each_part_gets_another_lock() => Silent("""
        class Part
        {
            private readonly object _gate; private readonly object _own = new(); private int _n;
            public Part(object gate) { _gate = gate; }
            public void A() { lock (_own) { lock (_gate) { _n++; } } }
            public void Touch() { lock (_own) { _n++; } }
        }
        class Whole
        {
            private readonly object _root = new(), _parts = new(); private readonly Part _part, _other;
            public Whole() { _part = new Part(_parts); _other = new Part(new object()); }
            public void Do() { lock (_root) { _part.Touch(); } lock (_parts) { _other.Touch(); } }
        }
        """);

    [Fact]
    public Task Silent_where_a_part_comes_back_to_a_lock_it_was_given() => Silent("""
        class Part(object gate) { private int _n; public void Touch() { lock (gate) { _n++; } } }
        class Whole
        {
            private readonly object _root = new(); private readonly Part _part;
            public Whole() { _part = new Part(_root); }
            public void Do() { lock (_root) { _part.Touch(); } }
        }
        """);

    [Fact]
    public Task Reports_a_lazy_whose_factory_takes_a_lock_that_a_reader_holds() => Reports("""
        class C
        {
            private readonly object _gate = new(); private readonly Lazy<string> _name;
            public C() { _name = new Lazy<string>(() => Load()); }
            private string Load() { lock (_gate) { return "x"; } }
            public string Name() { lock (_gate) { return [|_name.Value|]; } }
            public string Other => _name.Value;
        }
        """);

    [Theory]
    [InlineData("new(() => { lock (Gate) { return 1; } }, LazyThreadSafetyMode.PublicationOnly)", "lock (Gate) { return Value.Value; }")]
    [InlineData("new(() => { lock (Gate) { return 1; } }, isThreadSafe: false)", "lock (Gate) { return Value.Value; }")]
    [InlineData("new(() => 1)", "lock (Gate) { return Value.Value; }")]
    [InlineData("new(() => { lock (Gate) { return 1; } })", "var value = Value.Value; lock (Gate) { return value; }")]
    public Task Silent_where_a_lazy_waits_for_nobody(string made, string use) => Silent($$"""
        class C
        {
            private static readonly object Gate = new();
            private static readonly Lazy<int> Value = {{made}};
            public int M() { {{use}} }
            public int N() => Value.Value;
        }
        """);

    [Fact]
    public Task Reports_this_and_its_type() => Reports("""
        class C
        {
            private static int _total; private int _n;
            public void Add() { lock (this) { _n++; [|lock (typeof(C))|] { _total++; } } }
            public void Reset() { lock (typeof(C)) { _total = 0; lock (this) { _n = 0; } } }
        }
        """);

    [Fact]
    public Task Reports_synchronized_methods() => Reports("""
        using System.Runtime.CompilerServices;
        class A(B other)
        {
            private int _n;
            [MethodImpl(MethodImplOptions.Synchronized)] public void Add() { _n++; [|other.Count()|]; }
            [MethodImpl(MethodImplOptions.Synchronized)] public void Touch() { _n++; }
        }
        class B
        {
            public A? Peer; private int _n;
            [MethodImpl(MethodImplOptions.Synchronized)] public void Count() { _n++; }
            [MethodImpl(MethodImplOptions.Synchronized)] public void Reset() { _n = 0; Peer!.Touch(); }
        }
        """);

    [Fact]
    public Task Silent_where_static_and_instance_are_taken_in_one_order() => Silent("""
        using System.Runtime.CompilerServices;
        class C
        {
            private static int _total; private int _n;
            [MethodImpl(MethodImplOptions.Synchronized)] public void Add() { _n++; Count(); }
            [MethodImpl(MethodImplOptions.Synchronized)] private static void Count() { _total++; }
            public void Reset() { lock (this) { lock (typeof(C)) { _total = _n = 0; } } }
        }
        """);

    [Fact]
    public Task Reports_forks_around_a_table() => Reports("""
        class Fork { }
        class Philosopher
        {
            private readonly Fork _left, _right;
            public Philosopher(Fork left, Fork right) { _left = left; _right = right; }
            public void Eat() { lock (_left) { [|lock (_right)|] { } } }
        }
        class Table
        {
            public void Run()
            {
                var forks = Enumerable.Range(0, 5).Select(_ => new Fork()).ToArray();
                for (int i = 0; i < 5; i++) { var one = new Philosopher(forks[i], forks[(i + 1) % 5]); new Thread(one.Eat).Start(); }
            }
        }
        """);

    [Theory]
    [InlineData("new Philosopher(forks[Math.Min(i, (i + 1) % 5)], forks[Math.Max(i, (i + 1) % 5)])")]
    [InlineData("i == 4 ? new Philosopher(forks[0], forks[4]) : new Philosopher(forks[i], forks[i + 1])")]
    public Task Silent_where_forks_have_an_order(string made) => Silent($$"""
        class Fork { }
        class Philosopher(Fork left, Fork right)
        {
            private readonly Fork _left = left, _right = right;
            public void Eat() { lock (_left) { lock (_right) { } } }
        }
        class Table
        {
            public void Run()
            {
                var forks = Enumerable.Range(0, 5).Select(_ => new Fork()).ToArray();
                for (int i = 0; i < 5; i++) { var one = {{made}}; new Thread(one.Eat).Start(); }
            }
        }
        """);

    [Fact]
    public Task Reports_a_circle_once_though_longer_ones_lead_through_it() => Reports("""
        class C
        {
            private readonly object _a = new(), _b = new(), _c = new(); private int _n;
            void M() { lock (_a) { lock (_c) { lock (_b) { _n++; } } } }
            void N() { lock (_b) { [|lock (_a)|] { _n--; } } }
            void O() { lock (_a) { lock (_b) { _n--; } } }
        }
        """);

    [Fact]
    public Task Reports_a_tree_that_is_locked_both_ways() => Reports("""
        class Folder(Folder? parent)
        {
            private readonly object _lock = new(); private readonly Folder? _parent = parent; private readonly List<Folder> _children = new(); private long _size;
            public void Grow(long by) { lock (_lock) { _size += by; _parent?[|.Grow(by)|]; } }
            public long Total() { lock (_lock) { long sum = _size; foreach (var child in _children) { sum += child.Total(); } return sum; } }
        }
        """);

    [Theory]
    [InlineData("lock (_lock) { _size += by; } _parent?.Grow(by);", "lock (_lock) { return _size + _children.Sum(one => one.Total()); }")]
    [InlineData("lock (_lock) { _size += by; _parent?.Grow(by); }", "Folder[] all; lock (_lock) { all = _children.ToArray(); } return all.Sum(one => one.Total());")]
    public Task Silent_where_a_tree_is_locked_one_way(string up, string down) => Silent($$"""
        class Folder(Folder? parent)
        {
            private readonly object _lock = new(); private readonly Folder? _parent = parent; private readonly List<Folder> _children = new(); private long _size;
            public void Grow(long by) { {{up}} }
            public long Total() { {{down}} }
        }
        """);

    [Fact]
    public Task Silent_where_the_semaphore_is_asked_whether_it_is_free() => Silent("""
        class AsyncLock
        {
            private readonly LinkedList<TaskCompletionSource<int>> _pending = new(); private readonly SemaphoreSlim _one = new(1, 1);
            public Task Lock() { lock (_pending) { if (_one.CurrentCount == 1) { _one.Wait(); return Task.CompletedTask; } return _pending.AddLast(new TaskCompletionSource<int>()).Value.Task; } }
            public void Release() { lock (_pending) { if (_pending.First is not null) { _pending.RemoveFirst(); } else if (_one.CurrentCount == 0) { _one.Release(); } } }
        }
        """);

    [Fact]
    public Task Silent_for_a_lambda_that_calls_what_the_lambda_around_it_is_given() => Silent("""
        class C
        {
            private readonly object _a = new(), _b = new();
            void Run()
            {
                lock (_a) { lock (_b) { } }
                Add(next => () => next());
            }
            void Add(Func<Action, Action> wrap) { lock (_a) { wrap(() => { lock (_b) { } })(); } }
        }
        """);

    [Fact]
    public Task Says_who_holds_what() => Says(
        """
        class C
        {
            private readonly object _a = new(), _b = new();
            void M() { lock (_a) { lock (_b) { } } }
            void N() { lock (_b) { Reset(); } }
            void Reset() { lock (_a) { } }
        }
        """,
        "'C._b' is taken here while 'C._a' is held, but 'N' at line 5 of Test.cs takes 'C._a' while it holds 'C._b' (through line 6): when they meet, each waits for the other for ever");

    [Fact]
    public Task Silent_where_a_caught_exception_is_replaced_by_what_is_in_it() => Silent("""
        class C
        {
            private readonly object _gate = new();
            void Run() { try { lock (_gate) { } } catch (Exception e) { while (e.InnerException != null) { e = e.InnerException; } Log(e.InnerException, e); } }
            void Log(object inner, Exception e) { lock (_gate) { } }
        }
        """);
}
