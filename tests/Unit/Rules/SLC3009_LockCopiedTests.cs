using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3009_LockCopiedTests() : RuleTest("SLC3009")
{
    private static string In(string code) => $$"""
        struct Gate { private SpinLock _lock; public void Enter() { bool taken = false; _lock.Enter(ref taken); } public void Exit() => _lock.Exit(); }
        struct Own { private int _taken; public bool TryEnter() => Interlocked.CompareExchange(ref _taken, 1, 0) == 0; }

        class C
        {
            private SpinLock _spin = new(false);
            private Gate _gate;
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_readonly_field() => Reports(In("private readonly SpinLock [|_other|] = new();"));

    [Fact]
    public Task Reports_readonly_struct_with_a_lock() => Reports(In("private readonly Gate [|_other|];"));

    [Fact]
    public Task Reports_readonly_lock_of_ones_own() => Reports(In("private readonly Own [|_other|];"));

    [Fact]
    public Task Reports_local_copy() => Reports(In("void M() { var copy = [|_spin|]; bool taken = false; copy.Enter(ref taken); }"));

    [Fact]
    public Task Reports_parameter() => Reports(In("void M(SpinLock [|spin|]) { }"));

    [Fact]
    public Task Reports_in_parameter() => Reports(In("void M(in SpinLock [|spin|]) { }"));

    [Fact]
    public Task Reports_result() => Reports(In("Gate M() { return [|_gate|]; }"));

    [Fact]
    public Task Reports_arrow_result() => Reports(In("Gate M() => [|_gate|];"));

    [Fact]
    public Task Reports_property() => Reports(In("public SpinLock [|Lock|] { get; set; }"));

    [Fact]
    public Task Reports_loop() => Reports(In("private SpinLock[] _locks = new SpinLock[3]; void M() { foreach (var one in [|_locks|]) { } }"));

    [Fact]
    public Task Reports_item_of_a_list() => Reports(In("private List<Gate> _gates = new(); void M() { [|_gates[0]|].Enter(); }"));

    [Fact]
    public Task Reports_assignment() => Reports(In("private Gate _second; void M() { _second = [|_gate|]; }"));

    [Fact]
    public Task Reports_static_readonly() => Reports(In("private static readonly SpinLock [|s_spin|] = new();"));

    [Fact]
    public Task Silent_field() => Silent(In("void M() { bool taken = false; try { _spin.Enter(ref taken); } finally { if (taken) { _spin.Exit(); } } }"));

    [Fact]
    public Task Silent_ref_parameter() => Silent(In("void M(ref SpinLock spin) { bool taken = false; spin.Enter(ref taken); } void N() => M(ref _spin);"));

    [Fact]
    public Task Silent_ref_local() => Silent(In("void M() { ref var spin = ref _spin; bool taken = false; spin.Enter(ref taken); }"));

    [Fact]
    public Task Silent_ref_result() => Silent(In("ref SpinLock M() => ref _spin;"));

    [Fact]
    public Task Silent_new_value() => Silent(In("void M() { _spin = new SpinLock(); var mine = new SpinLock(false); bool taken = false; mine.Enter(ref taken); }"));

    [Fact]
    public Task Silent_array_element() => Silent(In("private readonly SpinLock[] _locks = new SpinLock[3]; void M(int i) { bool taken = false; _locks[i].Enter(ref taken); }"));

    [Fact]
    public Task Silent_class_with_a_lock() => Silent(In("private readonly C _c = new(); C M() => _c; void N(C c) { var d = c; }"));

    [Fact]
    public Task Silent_locks_that_are_classes() => Silent(In("private readonly object _o = new(); private readonly SemaphoreSlim _s = new(1); void M(SemaphoreSlim s) { var t = s; }"));

    [Fact]
    public Task Silent_other_structs() => Silent(In("private readonly DateTime _at; private readonly CancellationToken _ct; void M(CancellationToken ct) { var c = ct; }"));

    [Fact]
    public Task Silent_struct_with_a_reference() => Silent(In("struct Holder { public object Gate; } private readonly Holder _h; void M(Holder h) { var g = h; }"));

    [Fact]
    public Task Fixes_by_making_it_writable() => Fixes(In("private readonly SpinLock [|_other|] = new();"), In("private SpinLock _other = new();"));

    [Fact]
    public Task Silent_on_what_leads_to_the_same_object() => Silent("""
        struct Signal
        {
            private SemaphoreSlim _waiting;
            public void Set() => Interlocked.Exchange(ref _waiting, new SemaphoreSlim(0))?.Release(int.MaxValue);
            public void Wait() => _waiting.Wait();
        }
        class D { private Signal _signal; public Signal Current => _signal; void M() { var now = _signal; now.Wait(); } }
        """);

    [Fact]
    public Task Silent_on_bits_that_are_looked_at() => Silent("""
        struct Bits
        {
            private long _word;
            public bool IsValid => (_word & 1) != 0;
            public bool TrySeal() { var old = _word; return Interlocked.CompareExchange(ref _word, old | 2, old) == old; }
        }
        class D { private Bits _bits; public Bits Info => _bits; bool M(Bits bits) => bits.IsValid; }
        """);

    [Fact]
    public Task Silent_where_only_some_bits_are_a_lock() => Silent("""
        struct Header
        {
            private long _word;
            public bool IsValid => (_word & 1) != 0;
            public bool IsDirty => (_word & 2) != 0;
            public bool IsSealed => (_word & 4) != 0;
            public bool IsNew => (_word & 8) != 0;
            public long Previous => _word >> 16;
            public bool TryLock() => Interlocked.CompareExchange(ref _word, _word | 32, _word) == _word;
        }
        class C { Header _header; bool Look(Header header) => header.IsValid; bool Run() => Look(_header); }
        """);
}
