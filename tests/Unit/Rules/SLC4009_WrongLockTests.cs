using System.Threading.Tasks;
using Microsoft.CodeAnalysis.CSharp;

namespace Sluice.Tests.Rules;

public sealed class SLC4009_WrongLockTests() : RuleTest("SLC4009")
{
    // Before `lock` knew System.Threading.Lock, so that the fixes look the same on every compiler.
    protected override Setup Setup { get; } = new() { Language = LanguageVersion.CSharp12 };

    [Fact]
    public Task Reports_this() => Reports("""
        public class C
        {
            void M() { lock ([|this|]) { } }

            void N() { lock (([|(this)|])) { } }
        }
        """.Replace("([|(this)|])", "[|(this)|]"));

    [Fact]
    public Task Reports_monitor_on_this() => Reports("""
        public class C
        {
            void M()
            {
                Monitor.Enter([|this|]);
                try { Monitor.Wait(this); }
                finally { Monitor.Exit(this); }
            }

            bool N() => Monitor.TryEnter([|this|], 10);

            void O()
            {
                bool taken = false;
                Monitor.Enter([|this|], ref taken);
            }
        }
        """);

    [Fact]
    public Task Reports_this_by_another_name() => Reports("""
        public class C
        {
            void M()
            {
                var self = this;
                lock ([|self|]) { }
            }
        }
        """);

    [Fact]
    public Task Reports_types() => Reports("""
        public class C
        {
            void M()
            {
                lock ([|typeof(C)|]) { }
                lock ([|typeof(List<int>)|]) { }
                lock ([|GetType()|]) { }
                lock ([|this.GetType()|]) { }
                var type = typeof(C);
                lock ([|type|]) { }
            }
        }
        """);

    [Fact]
    public Task Reports_strings() => Reports("""
        public class C
        {
            private const string Key = "key";
            private readonly string _name = "name";

            void M(string parameter)
            {
                lock ([|"literal"|]) { }
                lock ([|Key|]) { }
                lock ([|_name|]) { }
                lock ([|parameter|]) { }
                lock ([|string.Intern(parameter)|]) { }
                lock ([|$"a{parameter}"|]) { }
            }
        }
        """);

    [Fact]
    public Task Reports_boxed_values() => Reports("""
        public class C
        {
            private int _count;

            void M(DateTime time)
            {
                Monitor.Enter([|_count|]);
                Monitor.Enter([|(object)time|]);
                lock ([|(object)5|]) { }
            }
        }
        """);

    [Fact]
    public Task Reports_new_objects() => Reports("""
        public class C
        {
            void M()
            {
                lock ([|new object()|]) { }
                lock ([|new int[1]|]) { }
                Monitor.Enter([|new C()|]);
            }
        }
        """);

    [Fact]
    public Task Reports_local_that_nobody_else_sees() => Reports("""
        public class C
        {
            void M()
            {
                var gate = new object();
                lock ([|gate|]) { }
            }
        }
        """);

    [Fact]
    public Task Reports_field_that_is_replaced() => Reports("""
        public class C
        {
            private List<int> _list = new();

            void M() { lock ([|_list|]) _list.Add(1); }

            void N() { lock (_list) _list = new(); }
        }
        """);

    [Fact]
    public Task Reports_field_that_is_replaced_by_reference() => Reports("""
        public class C
        {
            private object _a = new(), _b = new(), _c = new(), _d = new(), _e = new();

            void M() { lock ([|_a|]) lock ([|_b|]) lock ([|this._c|]) lock ([|_d|]) lock ([|_e|]) { } }

            void N()
            {
                Interlocked.Exchange(ref _a, new());
                (_b, _) = (new(), 1);
                Fill(out _c);
                _d ??= new();
                ref object e = ref _e;
                e = new();
            }

            static void Fill(out object o) => o = new();
        }
        """);

    [Fact]
    public Task Reports_field_that_a_lambda_of_the_constructor_replaces() => Reports("""
        public class C
        {
            private object _gate = new();

            public C(out Action reset) => reset = () => _gate = new();

            void M() { lock ([|_gate|]) { } }
        }
        """);

    [Fact]
    public Task Reports_field_that_another_object_replaces() => Reports("""
        public class C
        {
            private object _gate = new();

            public C(C other) => other._gate = _gate;

            void M() { lock ([|_gate|]) { } }
        }
        """);

    [Fact]
    public Task Reports_field_that_could_be_replaced_once_per_type() => Reports("""
        public class C
        {
            private object _gate = new();
            private static object s_gate = new object();

            void M() { lock ([|_gate|]) { } }

            void N() { lock (_gate) { } lock ([|s_gate|]) { } }
        }
        """);

    [Fact]
    public Task Reports_field_that_others_reach() => Reports("""
        public class C
        {
            public object Gate = new();
            internal object Inner = new();
            protected object Mine = new();

            void M() { lock ([|Gate|]) lock ([|Inner|]) lock ([|Mine|]) { } }
        }

        class D
        {
            void M(C c) { lock ([|c.Gate|]) { } }
        }
        """);

    [Fact]
    public Task Reports_field_of_a_nested_type() => Reports("""
        public class C
        {
            private readonly Node _node = new();

            void M() { lock ([|_node.Gate|]) { } }

            private sealed class Node { public object Gate = new(); }
        }
        """);

    [Fact]
    public Task Reports_lock_object_that_is_not_readonly() => Reports("""
        public class C
        {
            private Lock _a = new();
            private Lock _b = new();

            void M() { lock ([|_a|]) { } using ([|_b|].EnterScope()) { } }
        }
        """, new Setup());

    [Fact]
    public Task Reports_synchronized_methods() => Reports("""
        using System.Runtime.CompilerServices;

        public class C
        {
            [[|MethodImpl(MethodImplOptions.Synchronized)|]]
            void M() { }

            [[|MethodImpl(MethodImplOptions.Synchronized | MethodImplOptions.NoInlining)|]]
            static void N() { }

            int P { [[|MethodImpl(MethodImplOptions.Synchronized)|]] get { return 1; } }
        }
        """);

    [Fact]
    public Task Reports_in_lambdas_local_functions_and_initializers() => Reports("""
        public class C
        {
            private readonly Action _a = () => { lock ([|typeof(C)|]) { } };

            void M()
            {
                Action b = () => { lock ([|this|]) { } };
                void F() { lock ([|this|]) { } }
                F();
                b();
            }

            int P { get { lock ([|this|]) return 1; } }
        }
        """);

    [Fact]
    public Task Reports_in_top_level_statements() => Reports("""
        lock ([|"x"|]) { }
        """);

    [Fact]
    public Task Reports_and_says_which_line_replaces_the_field() => Says(
        """
        class C
        {
            private object _gate = new();
            void M() { lock (_gate) { } }
            void N() => _gate = new();
        }
        """,
        "Lock on '_gate': line 5 replaces it, and then two threads can hold two different objects and run at the same time; lock a private readonly object instead");

    [Fact]
    public Task Reports_and_says_what_could_happen() => Says(
        """
        class C
        {
            private object _gate = new();
            internal object Gate = new();
            void M() { lock (this) lock (typeof(C)) lock ("a") lock (new object()) lock (_gate) lock (Gate) Monitor.Enter(5); }
        }
        """,
        "Lock on 'this': any code that has this object can lock it too, hold it for ever or take it in another order; lock a private readonly object instead",
        "Lock on 'typeof(C)': it is one object for the whole process, and any code can lock it too, hold it for ever or take it in another order; lock a private readonly object instead",
        "Lock on the string 'a': equal strings may be one object in the whole process, or two, so strangers wait for each other or nobody is kept out; lock a private readonly object instead",
        "Lock on a new object: each time is another object, so nobody is kept out; lock a private readonly object instead",
        "Lock on '_gate': it is not readonly: whoever replaces it lets two threads run at the same time; make it readonly",
        "Lock on 'Gate': it is not readonly and other code can reach it: whoever replaces it lets two threads run at the same time; make it readonly",
        "Lock on the boxed value of '5': each time is another object, so nobody is kept out; lock a private readonly object instead");

    [Fact]
    public Task Silent_for_readonly_fields() => Silent("""
        public class C
        {
            private readonly object _gate = new();
            private static readonly object Gate = new();
            public readonly object Open = new();

            void M() { lock (_gate) lock (this._gate) lock (Gate) lock (C.Gate) lock (Open) { } }
        }
        """);

    [Fact]
    public Task Silent_for_readonly_lock_objects() => Silent("""
        public class C
        {
            private readonly Lock _gate = new();

            void M() { lock (_gate) { } using (_gate.EnterScope()) { } _gate.Enter(); _gate.Exit(); }
        }
        """, new Setup());

    [Fact]
    public Task Silent_for_readonly_collections() => Silent("""
        public class C
        {
            private readonly List<int> _list = new();

            void M() { lock (_list) _list.Add(1); }
        }
        """);

    [Fact]
    public Task Silent_for_sync_root() => Silent("""
        public class C
        {
            private readonly List<int> _list = new();

            void M() { lock (((System.Collections.ICollection)_list).SyncRoot) { } }
        }
        """);

    [Fact]
    public Task Silent_for_parameters() => Silent("""
        public class C(object gate)
        {
            void M(object other, List<int> list) { lock (gate) lock (other) lock (list) { } }
        }
        """);

    [Fact]
    public Task Silent_for_properties() => Silent("""
        public class C
        {
            private object Gate { get; } = new();
            public object SyncRoot => Gate;
            public object Open { get; set; } = new();

            void M() { lock (Gate) lock (SyncRoot) lock (Open) { } }
        }
        """);

    [Fact]
    public Task Silent_for_locals_that_name_a_field() => Silent("""
        public class C
        {
            private readonly object _gate = new();
            private object _current = new();

            void M()
            {
                var gate = _gate;
                lock (gate) { }
                var current = _current;
                lock (current) _current = new();
            }
        }
        """);

    [Fact]
    public Task Silent_for_a_local_that_a_lambda_shares() => Silent("""
        public class C
        {
            void M()
            {
                var gate = new object();
                int sum = 0;
                Parallel.For(0, 10, i => { lock (gate) sum += i; });
            }

            void N()
            {
                var gate = new object();
                void Add() { lock (gate) { } }
                Task.Run(Add);
                lock (gate) { }
            }
        }
        """);

    [Fact]
    public Task Silent_for_a_local_that_is_passed_on() => Silent("""
        public class C
        {
            private object? _seen;

            void M()
            {
                var gate = new object();
                Use(gate);
                lock (gate) { }
                var list = new List<int>();
                _seen = list;
                lock (list) list.Add(1);
            }

            static void Use(object o) { }
        }
        """);

    [Fact]
    public Task Silent_for_a_lazy_field() => Silent("""
        public class C
        {
            private object? _a;
            private object? _b;
            private object? _c;

            object A
            {
                get
                {
                    if (_a == null) Interlocked.CompareExchange(ref _a, new object(), null);
                    return _a;
                }
            }

            void M()
            {
                lock (A) { }
                Interlocked.CompareExchange<object?>(ref _b, new object(), null);
                lock (_b!) { }
                lock (LazyInitializer.EnsureInitialized(ref _c)) { }
                lock (_c) { }
            }
        }
        """);

    [Fact]
    public Task Silent_for_a_field_that_the_serializer_sets() => Silent("""
        using System.Runtime.Serialization;

        [DataContract]
        public class C
        {
            private object _gate = new();

            [OnDeserializing]
            void Set(StreamingContext context) => _gate = new();

            void M() { lock (_gate) { } }
        }
        """);

    [Fact]
    public Task Silent_for_a_field_that_is_set_up_in_place_of_a_constructor() => Silent("""
        public class C
        {
            private CountdownEvent _running = null!;
            private object? _gate;

            public void Initialize() => _running = new(1);

            void M() { lock (_running) lock (Gate) { } }

            object Gate
            {
                get
                {
                    if (_gate == null)
                    {
                        lock (Setup)
                        {
                            if (_gate == null) _gate = new();
                        }
                    }

                    lock (_gate) return _gate;
                }
            }

            private static readonly object Setup = new();
        }
        """);

    [Fact]
    public Task Silent_for_an_object_whose_field_another_lock_guards() => Silent("""
        public class C
        {
            private readonly object _gate = new();
            private List<int> _current = new();

            void Rotate()
            {
                bool taken = false;
                try
                {
                    Monitor.Enter(_gate, ref taken);
                    lock (_current) _current.Clear();
                    _current = new();
                }
                finally
                {
                    if (taken) Monitor.Exit(_gate);
                }
            }

            void Add()
            {
                lock (_gate)
                {
                    lock (_current) _current.Add(1);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_for_a_private_setter_that_nothing_uses() => Silent("""
        public partial class C
        {
            private List<int> _list = new();

            public List<int> List { get => _list; private set => Set(ref _list, value); }

            static void Set<T>(ref T field, T value) => field = value;

            void M() { lock (_list) _list.Add(1); }
        }
        """);

    [Fact]
    public Task Reports_a_setter_that_is_used_or_public() => Reports("""
        public class C
        {
            private List<int> _list = new();
            private List<int> _open = new();

            public List<int> List { get => _list; private set => _list = value; }

            public List<int> Open { get => _open; set => _open = value; }

            void M() { lock ([|_list|]) lock ([|_open|]) _list.Add(1); }

            void Reset() => List = new();
        }
        """);

    [Fact]
    public Task Silent_for_a_field_that_is_cleared() => Silent("""
        public sealed class C : IDisposable
        {
            private List<int>? _list = new();

            void M() { lock (_list!) _list.Add(1); }

            public void Dispose() => _list = null;
        }
        """);

    [Fact]
    public Task Reports_field_that_is_made_when_it_is_null() => Reports("""
        public class C
        {
            private object? _gate;

            void M()
            {
                if (_gate == null) _gate = new();
                lock ([|_gate|]) { }
            }
        }
        """);

    [Fact]
    public Task Silent_for_elements() => Silent("""
        public class C
        {
            private readonly object[] _stripes = [new(), new()];
            private readonly Dictionary<string, object> _gates = new();

            void M(string key)
            {
                lock (_stripes[0]) { }
                lock (_gates[key]) { }
            }
        }
        """);

    [Fact]
    public Task Silent_for_results_of_calls() => Silent("""
        public class C
        {
            private readonly System.Collections.Concurrent.ConcurrentDictionary<string, object> _gates = new();

            object Gate() => _gates;

            void M(string key)
            {
                lock (Gate()) { }
                lock (_gates.GetOrAdd(key, _ => new object())) { }
            }
        }
        """);

    [Fact]
    public Task Silent_for_fields_of_libraries() => Silent("""
        public class C : Base
        {
            void M() { lock (Field) { } }
        }

        public class Base
        {
            protected static readonly object Field = string.Empty;
        }
        """);

    [Fact]
    public Task Silent_for_foreach_and_pattern_variables() => Silent("""
        public class C
        {
            void M(List<object> gates, object any)
            {
                foreach (var gate in gates) lock (gate) { }
                if (any is List<int> list) lock (list) { }
            }
        }
        """);

    [Fact]
    public Task Silent_for_release_alone() => Silent("""
        public class C
        {
            void M() { Monitor.Exit(this); Monitor.PulseAll(this); }
        }
        """);

    [Fact]
    public Task Silent_for_other_methods_of_these_names() => Silent("""
        public class C
        {
            private SpinLock _spin = new();
            private Room _room = new();

            void M()
            {
                bool taken = false;
                _spin.Enter(ref taken);
                _room.Enter(this);
                _room.Wait("x");
                Enter(this);
            }

            static void Enter(object o) { }

            class Room { public void Enter(object o) { } public void Wait(string s) { } }
        }
        """);

    [Fact]
    public Task Silent_for_other_method_options() => Silent("""
        using System.Runtime.CompilerServices;

        public class C
        {
            [MethodImpl(MethodImplOptions.NoInlining)]
            void Synchronized() { }
        }
        """);

    [Fact]
    public Task Silent_for_a_shadowed_name() => Silent("""
        public class C
        {
            private object _gate = new();

            void M(object _gate) { lock (_gate) { } }
        }
        """);

    [Fact]
    public Task Silent_for_a_field_that_only_constructors_set_and_is_readonly() => Silent("""
        public class C
        {
            private readonly object _gate;

            public C(object gate) => _gate = gate;

            void M() { lock (_gate) { } }

            class Inner { void M(C c) { lock (c._gate) { } } }
        }
        """);

    [Fact]
    public Task Silent_in_broken_code() => Silent(
        "public class C { void M() { lock () { } lock (this. { } Monitor.Enter(); } [MethodImpl(Synchronized)] void N(",
        new Setup { AllowErrors = true });

    [Fact]
    public Task Fixes_this_everywhere_in_the_type() => Fixes(
        """
        public sealed class C
        {
            // How many.
            private int _count;

            void M()
            {
                lock ([|this|]) // all of it
                {
                    _count++;
                }
            }

            void N() { lock ([|this|]) _count--; }
        }
        """,
        """
        public sealed class C
        {
            private readonly object _gate = new();
            // How many.
            private int _count;

            void M()
            {
                lock (_gate) // all of it
                {
                    _count++;
                }
            }

            void N() { lock (_gate) _count--; }
        }
        """);

    [Fact]
    public Task Fixes_monitor_use_with_an_object() => Fixes(
        """
        class C
        {
            void M()
            {
                Monitor.Enter([|this|]);
                try { Monitor.Wait(this); }
                finally { Monitor.Exit(this); }
            }

            void N() { lock ([|this|]) Monitor.PulseAll(this); }
        }
        """,
        """
        class C
        {
            private readonly object _gate = new();

            void M()
            {
                Monitor.Enter(_gate);
                try { Monitor.Wait(_gate); }
                finally { Monitor.Exit(_gate); }
            }

            void N() { lock (_gate) Monitor.PulseAll(_gate); }
        }
        """,
        Setup with { Language = LanguageVersion.Preview });

    [Fact]
    public Task Fixes_with_a_lock_object_where_the_language_knows_it() => Fixes(
        """
        class C
        {
            void M() { lock ([|this|]) { } }
        }
        """,
        """
        class C
        {
            private readonly Lock _gate = new();

            void M() { lock (_gate) { } }
        }
        """,
        Setup with { Language = LanguageVersion.Preview });

    [Fact]
    public Task Fixes_with_a_qualified_lock_object_and_an_object_across_a_yield() => Fixes(
        """
        class C
        {
            void M() { lock ([|this|]) { } }
        }

        class D
        {
            System.Collections.Generic.IEnumerable<int> M() { lock ([|this|]) { yield return 1; } }
        }
        """,
        """
        class C
        {
            private readonly System.Threading.Lock _gate = new();

            void M() { lock (_gate) { } }
        }

        class D
        {
            private readonly object _gate = new();

            System.Collections.Generic.IEnumerable<int> M() { lock (_gate) { yield return 1; } }
        }
        """,
        Setup with { Language = LanguageVersion.Preview, GlobalUsings = false });

    [Fact]
    public Task Fixes_type_with_a_static_object() => Fixes(
        """
        class C
        {
            static void M() { lock ([|typeof(C)|]) { } }

            void N() { lock ([|typeof(C)|]) { } lock ([|this|]) { } }
        }
        """,
        """
        class C
        {
            private static readonly object _gate = new();
            private readonly object _gate1 = new();

            static void M() { lock (_gate) { } }

            void N() { lock (_gate) { } lock (_gate1) { } }
        }
        """);

    [Fact]
    public Task Fixes_strings_values_and_new_objects() => Fixes(
        """
        class C
        {
            private int _count;

            void M() { lock ([|"a"|]) lock ([|new object()|]) { } }

            static void N() { lock ([|"a"|]) { } }

            void O()
            {
                Monitor.Enter([|_count|]);
                Monitor.Exit(_count);
            }
        }
        """,
        """
        class C
        {
            private static readonly object _gate = new();
            private readonly object _gate1 = new();
            private readonly object _gate2 = new();
            private int _count;

            void M() { lock (_gate) lock (_gate1) { } }

            static void N() { lock (_gate) { } }

            void O()
            {
                Monitor.Enter(_gate2);
                Monitor.Exit(_gate2);
            }
        }
        """);

    [Fact]
    public Task Fixes_with_a_free_name() => Fixes(
        """
        class B { protected int _gate1; }

        class C : B
        {
            public C()
            {
            }

            private readonly int _gate = 1;

            int M() { lock ([|this|]) return _gate; }
        }
        """,
        """
        class B { protected int _gate1; }

        class C : B
        {
            public C()
            {
            }

            private readonly object _gate2 = new();
            private readonly int _gate = 1;

            int M() { lock (_gate2) return _gate; }
        }
        """);

    [Fact]
    public Task Fixes_a_type_on_one_line_and_old_language() => Fixes(
        "class C { void M() { lock ([|this|]) { } } }",
        "class C { private readonly object _gate = new object(); void M() { lock (_gate) { } } }",
        new Setup { Language = LanguageVersion.CSharp7_3, GlobalUsings = false });

    [Fact]
    public Task Fixes_a_field_that_nothing_replaces() => Fixes(
        """
        class C
        {
            // Guards it all.
            private object _gate = new();
            object _other;
            private static object s_gate = new();

            public C() => _other = new();

            void M() { lock ([|_gate|]) lock ([|_other|]) lock ([|s_gate|]) { } }
        }
        """,
        """
        class C
        {
            // Guards it all.
            private readonly object _gate = new();
            readonly object _other;
            private static readonly object s_gate = new();

            public C() => _other = new();

            void M() { lock (_gate) lock (_other) lock (s_gate) { } }
        }
        """);

    [Fact]
    public Task Fixes_nested_types_each() => Fixes(
        """
        class C
        {
            void M() { lock ([|this|]) { } }

            class D
            {
                void M() { lock ([|this|]) { } }
            }
        }
        """,
        """
        class C
        {
            private readonly object _gate = new();

            void M() { lock (_gate) { } }

            class D
            {
                private readonly object _gate = new();

                void M() { lock (_gate) { } }
            }
        }
        """);

    [Fact]
    public Task Fixes_nothing_where_types_above_or_below_may_lock_this() => NotFixed("""
        class A { protected void M() { lock ([|this|]) { } } }

        class B : A { void N() { lock ([|this|]) { } } }
        """);

    [Fact]
    public Task Fixes_nothing_where_another_object_of_the_type_is_locked() => NotFixed("""
        class C
        {
            void M(C other) { lock ([|this|]) lock (other) { } }
        }
        """);

    [Fact]
    public Task Fixes_nothing_where_others_lock_the_object() => NotFixed("""
        sealed class C
        {
            void M() { lock ([|this|]) { } }
        }

        class D
        {
            private readonly C _c = new();

            void M() { lock (_c) { } }
        }
        """);

    [Fact]
    public Task Fixes_nothing_where_synchronized_methods_lock_this() => NotFixed("""
        using System.Runtime.CompilerServices;

        class C
        {
            [[|MethodImpl(MethodImplOptions.Synchronized)|]]
            void M() { }

            void N() { lock ([|this|]) { } }
        }
        """);

    [Fact]
    public Task Fixes_nothing_that_others_share_or_that_a_field_changes() => NotFixed("""
        record R
        {
            void M() { lock ([|this|]) { } }
        }

        class C
        {
            private object _replaced = new();
            private volatile object _volatile = new();
            private object _one = new(), _two = new();
            public object Open = new();

            void M(string key)
            {
                lock ([|typeof(string)|]) lock ([|key|]) lock ([|_replaced|]) lock ([|_volatile|]) lock ([|_one|]) lock ([|_two|]) lock ([|Open|]) { }
                _replaced = new();
                var gate = new object();
                lock ([|gate|]) { }
            }
        }
        """);

    [Theory]
    [InlineData("lock ([|_gate|]) { s_count++; }")]
    [InlineData("lock ([|_gate|]) { s_count = 1; }")]
    [InlineData("lock ([|_gate|]) { if (!s_all.Contains(1)) { s_all.Add(1); } }")]
    [InlineData("lock ([|_gate|]) { s_names[1] = \"x\"; }")]
    public Task Reports_the_lock_of_one_object_around_what_all_share(string code) => Reports($$"""
        class C
        {
            private static int s_count; private static readonly List<int> s_all = new(); private static readonly Dictionary<int, string> s_names = new();
            private readonly object _gate = new();
            void M() { {{code}} }
        }
        """);

    [Theory]
    [InlineData("var copy = (C)MemberwiseClone();")]
    [InlineData("var copy = this.MemberwiseClone() as C;")]
    [InlineData("C copy = new();")]
    public Task Silent_for_a_new_copy_that_gets_its_own(string made) => Silent($$"""
        class C
        {
            private List<int> _items = new();
            public void Add(int item) { lock (_items) { _items.Add(item); } }
            public C Copy() { {{made}} copy!._items = new List<int>(); return copy; }
        }
        """);

    [Theory]
    [InlineData("lock (Gate) { s_count++; }")]
    [InlineData("lock (Gate) { lock (_gate) { s_count++; } }")]
    [InlineData("lock (_gate) { lock (Gate) { s_count++; } _n++; }")]
    [InlineData("lock (_gate) { _n = s_count; }")]
    [InlineData("lock (_gate) { _n++; Interlocked.Increment(ref s_count); }")]
    [InlineData("lock (_gate) { s_own++; }")]
    [InlineData("lock (_gate) { s_queue.Enqueue(1); }")]
    public Task Silent_where_what_all_share_has_its_own_guard(string code) => Silent($$"""
        using System.Collections.Concurrent;
        class C
        {
            private static readonly object Gate = new(); private static int s_count; [ThreadStatic] private static int s_own; private static readonly ConcurrentQueue<int> s_queue = new();
            private readonly object _gate = new(); private int _n;
            void M() { {{code}} }
        }
        """);

    [Fact]
    public Task Silent_for_the_only_object() => Silent("""
        class C
        {
            public static readonly C Instance = new(); private static int s_count;
            private readonly object _gate = new();
            void M() { lock (_gate) { s_count++; } }
        }
        """);

    [Theory]
    [InlineData("object gate = _lock; lock ([|gate|]) { _n++; }")]
    [InlineData("lock ([|(object)_lock|]) { _n++; }")]
    [InlineData("Monitor.Enter([|_lock|]); try { _n++; } finally { Monitor.Exit(_lock); }")]
    [InlineData("lock ([|_plain|]) { _n++; }")]
    public Task Reports_a_lock_as_a_plain_object(string code) => Reports($$"""
        #pragma warning disable CS9216
        class C
        {
            private readonly Lock _lock = new(); private readonly object _plain = new Lock(); private int _n;
            void M() { {{code}} }
        }
        """);

    [Theory]
    [InlineData("lock (_lock) { _n++; }")]
    [InlineData("Lock gate = _lock; lock (gate) { _n++; }")]
    [InlineData("using (_lock.EnterScope()) { _n++; }")]
    public Task Silent_for_a_lock_as_a_lock(string code) => Silent(
        $$"""
        class C { private readonly Lock _lock = new(); private int _n; void M() { {{code}} } }
        """,
        Setup with { Language = LanguageVersion.Preview });

    [Theory]
    [InlineData("using var gate = [|new SemaphoreSlim(1, 1)|]; await gate.WaitAsync(); try { _n++; } finally { gate.Release(); }")]
    [InlineData("var gate = [|new SemaphoreSlim(1)|]; gate.Wait(); _n++; gate.Release();")]
    [InlineData("var gate = [|new Mutex()|]; gate.WaitOne(); _n++; gate.ReleaseMutex();")]
    [InlineData("var gate = [|new ReaderWriterLockSlim()|]; gate.EnterWriteLock(); _n++; gate.ExitWriteLock();")]
    public Task Reports_a_lock_that_each_call_makes(string code) => Reports($$"""
        class C { private int _n; async Task M() { await Task.Yield(); {{code}} } }
        """);

    [Theory]
    [InlineData("using var gate = new SemaphoreSlim(4); var all = new[] { 1, 2 }.Select(async i => { await gate.WaitAsync(); try { _n += i; } finally { gate.Release(); } }); await Task.WhenAll(all);")]
    [InlineData("using var gate = new SemaphoreSlim(1); var all = new List<Task>(); for (int i = 0; i < 9; i++) { await gate.WaitAsync(); all.Add(Task.Run(() => { _n++; gate.Release(); })); } await Task.WhenAll(all);")]
    [InlineData("using var gate = new SemaphoreSlim(0); gate.Release(); await gate.WaitAsync();")]
    [InlineData("using var gate = new SemaphoreSlim(1); await gate.WaitAsync(); await Use(gate); gate.Release();")]
    [InlineData("using var gate = new Mutex(false, \"one\"); gate.WaitOne(); _n++; gate.ReleaseMutex();")]
    public Task Silent_for_a_lock_that_others_get(string code) => Silent($$"""
        class C { private int _n; async Task M() { await Task.Yield(); {{code}} } Task Use(SemaphoreSlim gate) => gate.WaitAsync(); }
        """);
}
