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

    // The lock stands elsewhere, and who copies it mentions nothing concurrent.
    private static string Elsewhere(string code) => $$"""
        namespace Parts { using System.Threading; struct Slot { private SpinLock _lock; public int Players; public bool Join() { bool taken = false; _lock.Enter(ref taken); Players++; _lock.Exit(); return true; } public readonly bool IsFull => Players > 3; public readonly bool Has(int n) => Players > n; } }
        namespace Parts { struct Room { public Slot Slot; public string Name; public static Room Open() => default; } }
        namespace Game
        {
            using Parts;
            class Lobby
            {
                private Slot[] _slots = new Slot[4];
                private List<Slot> _list = new();
                private Dictionary<string, Slot> _byName = new();
                private System.Collections.Frozen.FrozenDictionary<string, Slot> _frozen;
                private Room[] _rooms = new Room[4];
                {{code}}
            }
        }
        """;

    [Theory]
    [InlineData("bool M(int i) { var slot = [|_slots[i]|]; return slot.Join(); }")]
    [InlineData("bool M(int i) { var slot = [|_list[i]|]; return slot.Join(); }")]
    [InlineData("bool M(string k) { var slot = [|_byName[k]|]; return slot.Join(); }")]
    [InlineData("bool M(string k) { var slot = [|_frozen[k]|]; return slot.Join(); }")]
    [InlineData("bool M(string k) => [|_frozen[k]|].Join();")]
    [InlineData("bool M(string k) => [|_byName[k]|].Join();")]
    [InlineData("bool M(string k) => _byName.TryGetValue(k, out [|var slot|]) && slot.Join();")]
    [InlineData("void M() { foreach (var slot in [|_slots|]) { slot.Join(); } }")]
    [InlineData("void M() { foreach (var pair in _byName) { [|pair.Value|].Join(); } }")]
    [InlineData("int M() => _frozen.Values.Count([|slot|] => slot.Join());")]
    [InlineData("bool M(int i) { var room = [|_rooms[i]|]; return room.Slot.Join(); }")]
    [InlineData("bool M(int i) { var slot = [|_rooms[i].Slot|]; return slot.Join(); }")]
    [InlineData("static bool M(Slot [|slot|]) => slot.Join();")]
    [InlineData("bool M(int i) { return Join(ref _slots[i]); static bool Join(ref Slot slot) { var mine = [|slot|]; return mine.Join(); } }")]
    [InlineData("bool M(int i) { ref readonly var slot = ref _slots[i]; return [|slot|].Join(); }")]
    [InlineData("bool M(Span<Slot> slots) { var slot = [|slots[0]|]; return slot.Join(); }")]
    public Task Reports_copy_of_a_lock_that_stands_elsewhere(string code) => Reports(Elsewhere(code));

    [Theory]
    [InlineData("bool M(int i) => _slots[i].Join();")]
    [InlineData("bool M(int i) { ref var slot = ref _slots[i]; return slot.Join(); }")]
    [InlineData("bool M(int i) { ref Slot At(int at) => ref _slots[at]; return At(i).Join(); }")]
    [InlineData("ref Slot At(int i) => ref _slots[i];")]
    [InlineData("void M() { for (int i = 0; i < _slots.Length; i++) { _slots[i].Join(); } }")]
    [InlineData("void M() { foreach (ref var slot in _slots.AsSpan()) { slot.Join(); } }")]
    [InlineData("void M(Span<Slot> slots) { slots[0].Join(); }")]
    [InlineData("void M() { var slot = new Slot(); slot.Players = 3; _list.Add(slot); _slots[0] = slot; }")]
    [InlineData("void M(string k) { _byName[k] = new Slot(); _rooms[0] = Room.Open(); var room = Room.Open(); _rooms[1] = room; }")]
    [InlineData("Slot M() { var slot = new Slot(); slot.Join(); return slot; }")]
    [InlineData("int M(int i) { var slot = _slots[i]; return slot.Players; }")]
    [InlineData("bool M(string k) { var slot = _byName[k]; return slot.IsFull || slot.Has(2) || _byName[k].Has(3); }")]
    [InlineData("int M() => _list.Count(slot => slot.IsFull) + _list.Sum(slot => slot.Players);")]
    [InlineData("int M() { int n = 0; foreach (var room in _rooms) { n += room.Name.Length; } return n; }")]
    [InlineData("void M() { var more = new Slot[8]; for (int i = 0; i < 4; i++) { more[i] = _slots[i]; } _slots = more; }")]
    [InlineData("bool M(string k) { ref var slot = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrNullRef(_byName, k); return slot.Join(); }")]
    [InlineData("void M() { var slots = _slots; slots[0].Join(); }")]
    public Task Silent_where_no_copy_is_taken(string code) => Silent(Elsewhere(code));

    [Fact]
    public Task Silent_struct_that_holds_a_lock_by_reference() => Silent("""
        struct Slot { private object _gate; public Slot() { _gate = new(); } public bool Join() { lock (_gate) { return true; } } }
        class Lobby { private List<Slot> _slots = new(); bool M(int i) { var slot = _slots[i]; return slot.Join() && _slots.All(other => other.Join()); } }
        """);
}
