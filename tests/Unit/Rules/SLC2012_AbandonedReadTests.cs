using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2012_AbandonedReadTests() : RuleTest("SLC2012")
{
    [Theory]
    [InlineData("while (true) { var read = [|r.ReadAsync()|].AsTask(); if (await Task.WhenAny(read, Task.Delay(10)) == read) { Handle(await read); } }")]
    [InlineData("var read = [|r.ReadAsync()|].AsTask(); var done = await Task.WhenAny(read, Task.Delay(10)); if (done != read) { throw new TimeoutException(); } Handle(await read);")]
    [InlineData("var read = [|r.ReadAsync()|].AsTask(); var done = await Task.WhenAny(read, Task.Delay(10)); if (done == read) { Handle(read.Result); }")]
    [InlineData("var read = [|r.ReadAsync()|].AsTask(); var done = await Task.WhenAny(read, Task.Delay(10)); if (done != read) { return; } Handle(await read);")]
    [InlineData("await Task.WhenAny([|r.ReadAsync()|].AsTask(), Task.Delay(10));")]
    [InlineData("var first = await await Task.WhenAny([|r.ReadAsync()|].AsTask(), [|other.ReadAsync()|].AsTask()); Handle(first);")]
    [InlineData("var a = [|r.ReadAsync()|].AsTask(); var b = [|other.ReadAsync()|].AsTask(); var done = await Task.WhenAny(a, b); if (done == a) { Handle(await a); } else { Handle(await b); }")]
    [InlineData("var reads = new[] { [|r.ReadAsync()|].AsTask(), [|other.ReadAsync()|].AsTask() }; var done = await Task.WhenAny(reads); Handle(await done);")]
    [InlineData("var read = [|r.ReadAsync(token)|].AsTask(); if (await Task.WhenAny(read, Task.Delay(10)) == read) { Handle(await read); }")]
    [InlineData("Handle(await [|r.ReadAsync()|].AsTask().WaitAsync(TimeSpan.FromSeconds(1)));")]
    [InlineData("var read = [|r.ReadAsync()|].AsTask(); try { Handle(await read.WaitAsync(TimeSpan.FromSeconds(1))); } catch (TimeoutException) { Idle(); }")]
    [InlineData("var read = [|r.ReadAsync()|].AsTask(); if (read.Wait(100)) { Handle(read.Result); }")]
    public Task Reports_a_read_that_is_left(string code) => Reports(In(code));

    [Theory]
    [InlineData("var wait = r.WaitToReadAsync().AsTask(); if (await Task.WhenAny(wait, Task.Delay(10)) == wait) { Handle(await r.ReadAsync()); }")]
    [InlineData("Task<int>? pending = null; while (true) { pending ??= r.ReadAsync().AsTask(); if (await Task.WhenAny(pending, Task.Delay(10)) == pending) { Handle(await pending); pending = null; } }")]
    [InlineData("var read = r.ReadAsync().AsTask(); while (await Task.WhenAny(read, Task.Delay(10)) != read) { Idle(); } Handle(await read);")]
    [InlineData("var read = r.ReadAsync().AsTask(); var done = await Task.WhenAny(read, Task.Delay(10)); if (done != read) { Idle(); } Handle(await read);")]
    [InlineData("using var stop = new CancellationTokenSource(); var read = r.ReadAsync(stop.Token).AsTask(); if (await Task.WhenAny(read, Task.Delay(10)) == read) { Handle(await read); } else { stop.Cancel(); }")]
    [InlineData("using var stop = new CancellationTokenSource(100); Handle(await r.ReadAsync(stop.Token));")]
    [InlineData("using var stop = CancellationTokenSource.CreateLinkedTokenSource(token); stop.CancelAfter(10); await Task.WhenAny(r.ReadAsync(stop.Token).AsTask(), Task.Delay(10));")]
    [InlineData("Handle(await r.ReadAsync().AsTask());")]
    [InlineData("var a = r.ReadAsync().AsTask(); var b = other.ReadAsync().AsTask(); await Task.WhenAny(a, b); Handle(await a); Handle(await b);")]
    [InlineData("var a = r.ReadAsync().AsTask(); var b = other.ReadAsync().AsTask(); var done = await Task.WhenAny(a, b); Handle(await done); await Task.WhenAll(a, b);")]
    [InlineData("var only = Channel.CreateBounded<int>(1); _ = Task.Run(async () => await only.Writer.WriteAsync(1)); var read = only.Reader.ReadAsync().AsTask(); if (await Task.WhenAny(read, Task.Delay(10)) == read) { Handle(await read); }")]
    [InlineData("using var file = File.OpenRead(\"a\"); var read = file.ReadAsync(new byte[1]).AsTask(); await Task.WhenAny(read, Task.Delay(10));")]
    [InlineData("await r.Completion.WaitAsync(TimeSpan.FromSeconds(1));")]
    [InlineData("await w.WriteAsync(1).AsTask().WaitAsync(TimeSpan.FromSeconds(1));")]
    public Task Silent_where_the_read_goes_on(string code) => Silent(In(code));

    [Fact]
    public Task Reports_a_Chan() => Reports("""
        using Sluice;
        class C
        {
            async Task M(Chan<int> c) { await Task.WhenAny([|c.ReceiveAsync()|].AsValueTask().AsTask(), Task.Delay(10)); }
        }
        """, Setup.WithPlumbing);

    [Fact]
    public Task Fixes_by_waiting_first() => Fixes(
        In("var read = [|r.ReadAsync(token)|].AsTask(); // next\n        if (await Task.WhenAny(read, Task.Delay(10)) == read) { Handle(await read); }"),
        In("var read = r.WaitToReadAsync(token).AsTask(); // next\n        if (await Task.WhenAny(read, Task.Delay(10)) == read) { Handle(await r.ReadAsync(token)); }"));

    [Fact]
    public Task Not_fixed_where_the_task_is_asked_for_more() => NotFixed(In("var read = [|r.ReadAsync()|].AsTask(); await Task.WhenAny(read, Task.Delay(10)); if (read.IsCompleted) { Handle(await read); }"));

    private static string In(string code) => $$"""
        class C
        {
            async Task M(ChannelReader<int> r, ChannelReader<int> other, ChannelWriter<int> w, CancellationToken token)
            {
                await Task.Yield();
                {{code}}
            }

            static void Handle(int n) { }
            static void Idle() { }
        }
        """;
}
