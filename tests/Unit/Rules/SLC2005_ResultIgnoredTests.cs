using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2005_ResultIgnoredTests() : RuleTest("SLC2005")
{
    [Theory]
    [InlineData("void M(string s) { [|_lines.Writer.TryWrite(s)|]; }")]
    [InlineData("void M(string s) => [|_lines.Writer.TryWrite(s)|];")]
    [InlineData("private Action<string>? _on; void M() { _on = s => [|_lines.Writer.TryWrite(s)|]; }")]
    [InlineData("void M(string s) { var writer = _lines.Writer; [|writer.TryWrite(s)|]; }")]
    [InlineData("void M(string s) { var c = Channel.CreateBounded<string>(1); for (int i = 0; i < 3; i++) { [|c.Writer.TryWrite(s)|]; } }")]
    [InlineData("void M(string s) { var c = Channel.CreateBounded<string>(new BoundedChannelOptions(2) { SingleReader = true }); c.Writer.TryWrite(s); [|c.Writer.TryWrite(s)|]; }")]
    [InlineData("void M(string s) { var c = Channel.CreateBounded<string>(2); Add(c.Writer, s); } static void Add(ChannelWriter<string> writer, string s) { [|writer.TryWrite(s)|]; }")]
    [InlineData("void M(IEnumerable<string> all) { foreach (var s in all) { [|_lines.Writer.TryWrite(s)|]; } }")]
    [InlineData("void M(string s) { Task.Run(() => { [|_lines.Writer.TryWrite(s)|]; }); }")]
    [InlineData("string? M() { [|_lines.Reader.TryRead(out var line)|]; return line; }")]
    [InlineData("async Task<string?> M() { await _lines.Reader.WaitToReadAsync(); [|_lines.Reader.TryRead(out var line)|]; return line; }")]
    [InlineData("int M(ChannelReader<int> r) { int n; [|r.TryRead(out n)|]; return n; }")]
    public Task Reports_an_item_that_may_be_lost(string members) => Reports(In(members));

    [Theory]
    [InlineData("bool M(string s) => _lines.Writer.TryWrite(s);")]
    [InlineData("void M(string s) { _ = _lines.Writer.TryWrite(s); }")]
    [InlineData("void M(string s) { if (!_lines.Writer.TryWrite(s)) { Console.WriteLine(s); } }")]
    [InlineData("void M(string s) { var ok = _lines.Writer.TryWrite(s); Console.WriteLine(ok); }")]
    [InlineData("void M(string s) { _all.Writer.TryWrite(s); }")]
    [InlineData("void M(string s) { _newest.Writer.TryWrite(s); }")]
    [InlineData("void M(ChannelWriter<string> unknown, string s) { unknown.TryWrite(s); }")]
    [InlineData("private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(1); void M() { _wake.Writer.TryWrite(true); }")]
    [InlineData("void M(string s) { var c = Channel.CreateBounded<string>(1); c.Writer.TryWrite(s); }")]
    [InlineData("public C() { _lines.Writer.TryWrite(\"first\"); }")]
    [InlineData("void M() { _lines.Reader.TryRead(out _); }")]
    [InlineData("void M() { while (_lines.Reader.TryRead(out var line)) { Console.WriteLine(line); } }")]
    [InlineData("async Task M() { while (await _lines.Reader.WaitToReadAsync()) { _lines.Reader.TryRead(out var line); Console.WriteLine(line); } }")]
    [InlineData("string M() { _lines.Reader.TryRead(out var line); return line ?? \"none\"; }")]
    [InlineData("void M() { _lines.Reader.TryRead(out var line); if (line == null) { return; } Console.WriteLine(line); }")]
    [InlineData("async Task M(string s) { await _lines.Writer.WriteAsync(s); }")]
    [InlineData("bool TryWrite(string s) => true; void M(string s) { TryWrite(s); }")]
    public Task Silent_where_nothing_is_lost_unseen(string members) => Silent(In(members));

    [Fact]
    public Task Reports_a_Chan() => Reports("""
        using Sluice;
        class C
        {
            void M(Chan<int> c, int n) { [|c.TrySend(n)|]; _ = c.TrySend(n); if (c.TrySend(n)) { } }
        }
        """, Setup.WithPlumbing);

    [Fact]
    public Task Fixes_by_waiting() => Fixes(
        In("async Task<string?> M(string s)\n    {\n        [|_lines.Writer.TryWrite(s)|]; // now\n        [|_lines.Reader.TryRead(out var line)|];\n        return line;\n    }"),
        In("async Task<string?> M(string s)\n    {\n        await _lines.Writer.WriteAsync(s); // now\n        var line = await _lines.Reader.ReadAsync();\n        return line;\n    }"),
        new() { FixKey = "SLC2005" });

    [Fact]
    public Task Fixes_by_saying_so() => Fixes(In("void M(string s) { [|_lines.Writer.TryWrite(s)|]; }"), In("void M(string s) { _ = _lines.Writer.TryWrite(s); }"));

    private static string In(string members) => $$"""
        class C
        {
            private readonly Channel<string> _lines = Channel.CreateBounded<string>(100);
            private readonly Channel<string> _all = Channel.CreateUnbounded<string>();
            private readonly Channel<string> _newest = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
            {{members}}
        }
        """;
}
