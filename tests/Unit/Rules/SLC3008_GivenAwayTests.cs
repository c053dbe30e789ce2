using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC3008_GivenAwayTests() : RuleTest("SLC3008")
{
    private static string In(string code) => $$"""
        class Order { public int Total { get; set; } public int N; public List<string> Lines { get; } = new(); public Order Copy() => new(); }

        class C
        {
            private readonly System.Collections.Concurrent.ConcurrentQueue<Order> _queue = new();
            static void Use(object value) { }
            {{code}}
        }
        """;

    [Fact]
    public Task Reports_property_after_write() => Reports(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w) { var o = new Order(); await w.WriteAsync(o); [|o.Total = 3|]; }"));

    [Fact]
    public Task Reports_after_try_write() => Reports(In("void M(System.Threading.Channels.Channel<Order> c) { var o = new Order(); if (c.Writer.TryWrite(o)) { [|o.N++|]; } }"));

    [Fact]
    public Task Reports_list_in_it() => Reports(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w) { var o = new Order(); await w.WriteAsync(o); [|o.Lines.Add(\"x\")|]; }"));

    [Fact]
    public Task Reports_list_that_is_sent() => Reports(In("async Task M(System.Threading.Channels.ChannelWriter<List<int>> w, int[] a) { var batch = new List<int>(); foreach (int i in a) { batch.Add(i); if (batch.Count == 9) { await w.WriteAsync(batch); [|batch.Clear()|]; } } }"));

    [Fact]
    public Task Reports_element_of_an_array() => Reports(In("async Task M(System.Threading.Channels.ChannelWriter<byte[]> w) { var b = new byte[9]; await w.WriteAsync(b); [|b[0] = 1|]; }"));

    [Fact]
    public Task Reports_buffer_filled_again() => Reports(In("async Task M(System.IO.Stream s, System.Threading.Channels.ChannelWriter<byte[]> w) { var b = new byte[9]; while (await [|s.ReadAsync(b)|] > 0) { await w.WriteAsync(b); } }"));

    [Fact]
    public Task Reports_memory_of_a_buffer() => Reports(In("async Task M(System.IO.Stream s, System.Threading.Channels.ChannelWriter<Memory<byte>> w) { var b = new byte[9]; int n = s.Read(b, 0, 9); await w.WriteAsync(b.AsMemory(0, n)); [|b[0] = 2|]; }"));

    [Fact]
    public Task Reports_queue() => Reports(In("void M() { var o = new Order(); _queue.Enqueue(o); [|o.Total += 2|]; }"));

    [Fact]
    public Task Reports_next_round() => Reports(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w, int[] a) { var o = new Order(); foreach (int i in a) { [|o.Total = i|]; await w.WriteAsync(o); } }"));

    [Fact]
    public Task Silent_before_it_is_sent() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w) { var o = new Order(); o.Total = 3; o.Lines.Add(\"x\"); await w.WriteAsync(o); }"));

    [Fact]
    public Task Silent_only_read_afterwards() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w) { var o = new Order(); await w.WriteAsync(o); Use(o.Total); Use(o.Lines.Count); }"));

    [Fact]
    public Task Silent_new_one_each_round() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w, int[] a) { foreach (int i in a) { var o = new Order(); o.Total = i; await w.WriteAsync(o); } }"));

    [Fact]
    public Task Silent_renewed() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<List<int>> w, int[] a) { var batch = new List<int>(); foreach (int i in a) { batch.Add(i); if (batch.Count == 9) { await w.WriteAsync(batch); batch = new List<int>(); } } }"));

    [Fact]
    public Task Silent_copy_is_sent() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w) { var o = new Order(); await w.WriteAsync(o.Copy()); o.Total = 3; }"));

    [Fact]
    public Task Silent_array_copy_is_sent() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<int[]> w) { var batch = new List<int>(); await w.WriteAsync(batch.ToArray()); batch.Clear(); }"));

    [Fact]
    public Task Silent_value_is_sent() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<int> w) { var o = new Order(); await w.WriteAsync(o.Total); o.Total = 3; }"));

    [Fact]
    public Task Silent_another_object() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w, Order p) { var o = new Order(); await w.WriteAsync(o); p.Total = 3; }"));

    [Fact]
    public Task Silent_plain_list() => Silent(In("void M(List<Order> all) { var o = new Order(); all.Add(o); o.Total = 3; }"));

    [Fact]
    public Task Silent_in_the_other_arm() => Silent(In("async Task M(System.Threading.Channels.ChannelWriter<Order> w, bool b) { var o = new Order(); if (b) { await w.WriteAsync(o); } else { o.Total = 3; } }"));

    [Fact]
    public Task Reports_parameter() => Reports("class M { public int Hops; } class F { async Task Go(M m, ChannelWriter<M> w) { await w.WriteAsync(m); [|m.Hops++|]; } }");

    [Fact]
    public Task Silent_under_a_lock() => Silent("class M { public bool Done; } class F { readonly SemaphoreSlim _one = new(1, 1); async Task Go(M m, ChannelWriter<M> w) { await w.WriteAsync(m); await _one.WaitAsync(); m.Done = true; _one.Release(); } }");

    [Fact]
    public Task Silent_where_each_round_takes_another() => Silent("""
        class Entry { public int Attempts; }
        class C
        {
            private readonly System.Collections.Concurrent.ConcurrentQueue<Entry> _queue = new(), _dead = new();
            void Run()
            {
                while (true)
                {
                    if (!_queue.TryDequeue(out var entry)) { return; }
                    entry.Attempts++;
                    if (entry.Attempts > 3) { _dead.Enqueue(entry); continue; }
                }
            }
        }
        """);

    private static string Wrapped(string code) => $$"""
        using System.Collections.Concurrent;

        record Chunk(int Number, ReadOnlyMemory<byte> Data);
        record Copied(byte[] Data) { public byte[] Data { get; } = (byte[])Data.Clone(); }
        class Kept { public Kept() { } public Kept(byte[] data) { Data = data; } public byte[] Data { get; set; } }
        class Own { private readonly byte[] _data; public Own(byte[] data) { _data = data.ToArray(); } }

        class C
        {
            private byte[] _buffer = new byte[64];
            private readonly List<int> _batch = new();
            private readonly SemaphoreSlim _acks = new(0);
            private int _state;
            static void Use(object value) { }
            void Swap() { _buffer = new byte[64]; }
            {{code}}
        }
        """;

    [Theory]
    [InlineData("async Task M(System.IO.Stream s, ChannelWriter<Chunk> w) { int n; while ((n = [|s.Read(_buffer)|]) > 0) { await w.WriteAsync(new Chunk(n, _buffer.AsMemory(0, n))); } }")]
    [InlineData("async Task M(System.IO.Stream s, ChannelWriter<Chunk> w) { var b = new byte[9]; int n; while ((n = await [|s.ReadAsync(b)|]) > 0) { await w.WriteAsync(new Chunk(n, b.AsMemory(0, n))); } }")]
    [InlineData("async Task M(ChannelWriter<(int, byte[])> w) { var b = new byte[9]; await w.WriteAsync((3, b)); [|b[0] = 1|]; }")]
    [InlineData("async Task M(ChannelWriter<Kept> w) { var b = new byte[9]; await w.WriteAsync(new Kept { Data = b }); [|b[0] = 1|]; }")]
    [InlineData("async Task M(ChannelWriter<Kept> w) { await w.WriteAsync(new Kept(_buffer)); [|_buffer[0] = 1|]; }")]
    [InlineData("async Task M(ChannelWriter<Kept> w) { var kept = new Kept(_buffer); await w.WriteAsync(kept); [|_buffer[0] = 1|]; }")]
    [InlineData("async Task M(ChannelWriter<List<int>> w, int x) { _batch.Add(x); await w.WriteAsync(_batch); [|_batch.Clear()|]; }")]
    [InlineData("async Task M(ChannelWriter<KeyValuePair<int, List<int>>> w, int x) { _batch.Add(x); await w.WriteAsync(new KeyValuePair<int, List<int>>(x, _batch)); [|_batch.Clear()|]; }")]
    [InlineData("async Task M(ChannelWriter<ArraySegment<byte>> w) { await w.WriteAsync(new ArraySegment<byte>(_buffer, 0, 3)); [|_buffer[0] = 1|]; }")]
    [InlineData("void M(ConcurrentQueue<(int, int[])> q) { var row = new int[3]; for (int i = 0; i < 9; i++) { [|row[0] = i|]; q.Enqueue((i, row)); } }")]
    public Task Reports_buffer_in_what_is_sent(string code) => Reports(Wrapped(code));

    [Theory]
    [InlineData("async Task M(System.IO.Stream s, ChannelWriter<Chunk> w) { int n; while ((n = s.Read(_buffer)) > 0) { await w.WriteAsync(new Chunk(n, _buffer.AsSpan(0, n).ToArray())); } }")]
    [InlineData("async Task M(System.IO.Stream s, ChannelWriter<Chunk> w) { int n; while ((n = s.Read(_buffer)) > 0) { await w.WriteAsync(new Chunk(n, _buffer[..n])); } }")]
    [InlineData("async Task M(ChannelWriter<Copied> w) { await w.WriteAsync(new Copied(_buffer)); _buffer[0] = 1; }")]
    [InlineData("async Task M(ChannelWriter<Own> w) { await w.WriteAsync(new Own(_buffer)); _buffer[0] = 1; }")]
    [InlineData("async Task M(ChannelWriter<List<int>> w, int x) { await w.WriteAsync(new List<int>(_batch)); _batch.Clear(); }")]
    [InlineData("async Task M(ChannelWriter<(int, int)> w, int x) { await w.WriteAsync((_batch.Count, x)); _batch.Clear(); }")]
    [InlineData("async Task M(ChannelWriter<(int, string)> w) { var text = new System.Text.StringBuilder(); text.Append(1); await w.WriteAsync((1, text.ToString())); text.Clear(); }")]
    [InlineData("async Task M(ChannelWriter<Kept> w) { await w.WriteAsync(new Kept(_buffer)); _buffer = new byte[64]; _buffer[0] = 1; }")]
    [InlineData("async Task M(ChannelWriter<Kept> w) { await w.WriteAsync(new Kept(_buffer)); Swap(); _buffer[0] = 1; }")]
    [InlineData("async Task M(ChannelWriter<Kept> w) { var old = Interlocked.Exchange(ref _buffer, new byte[64]); await w.WriteAsync(new Kept(old)); _buffer[0] = 1; }")]
    [InlineData("async Task M(System.IO.Stream s, ChannelWriter<Chunk> w) { int n; while ((n = s.Read(_buffer)) > 0) { await w.WriteAsync(new Chunk(n, _buffer.AsMemory(0, n))); await _acks.WaitAsync(); } }")]
    [InlineData("async Task M(System.IO.Stream s, ChannelWriter<Chunk> w, ChannelReader<int> done) { int n; while ((n = s.Read(_buffer)) > 0) { await w.WriteAsync(new Chunk(n, _buffer.AsMemory(0, n))); await done.ReadAsync(); } }")]
    [InlineData("async Task M(ChannelWriter<int> w) { await w.WriteAsync(_state); _state = 3; _state++; }")]
    [InlineData("async Task M(ChannelWriter<(int, byte[])> w) { var b = new byte[9]; b[0] = 1; await w.WriteAsync((3, b)); b = new byte[9]; b[0] = 2; }")]
    [InlineData("async Task M(C other, ChannelWriter<Kept> w) { await w.WriteAsync(new Kept(other._buffer)); _buffer[0] = 1; }")]
    public Task Silent_where_a_copy_or_a_new_one_is_sent(string code) => Silent(Wrapped(code));

    private const string Cached = "class Service { public string? Address; } class C { private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Service> _all = new(StringComparer.Ordinal); async Task M() { _all[\"a\"] = new Service(); var t = Task.Run(() => { if (_all.GetValueOrDefault(\"a\") is not { } found) { return; } CHANGE }); Console.Write(_all.GetValueOrDefault(\"a\")?.Address); await t; } }";

    [Fact]
    public Task Reports_a_change_of_what_others_find_in_the_same_map() => Reports(Cached.Replace("CHANGE", "[|found.Address|] = \"x\";", System.StringComparison.Ordinal));

    [Fact]
    public Task Silent_on_another_one_in_its_place() => Silent(Cached.Replace("CHANGE", "_all[\"a\"] = new Service { Address = \"x\" };", System.StringComparison.Ordinal));
}
