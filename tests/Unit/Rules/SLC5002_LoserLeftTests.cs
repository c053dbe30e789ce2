using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC5002_LoserLeftTests() : RuleTest("SLC5002")
{
    [Theory]
    [InlineData("var work = FetchAsync(); if (await [|Task.WhenAny(work, Task.Delay(10))|] != work) { throw new TimeoutException(); } return await work;")]
    [InlineData("var work = FetchAsync(); if (await [|Task.WhenAny(work, Task.Delay(10))|] == work) { return await work; } return 0;")]
    [InlineData("var work = Task.Run(() => 1); var done = await [|Task.WhenAny(work, Task.Delay(10))|]; return done == work ? work.Result : 0;")]
    [InlineData("return await await [|Task.WhenAny(FetchAsync(), FetchAsync(token))|];")]
    [InlineData("var a = FetchAsync(); var b = FetchAsync(); var first = await [|Task.WhenAny(a, b)|]; return await first;")]
    [InlineData("var all = new[] { FetchAsync(), FetchAsync() }; return await await [|Task.WhenAny(all)|];")]
    [InlineData("var all = new Task<int>[3]; for (int i = 0; i < all.Length; i++) { all[i] = FetchAsync(); } return await await [|Task.WhenAny(all)|];")]
    [InlineData("var all = new List<Task<int>>(); for (int i = 0; i < 3; i++) { all.Add(FetchAsync()); } var first = await [|Task.WhenAny(all)|]; return await first;")]
    [InlineData("var all = Enumerable.Range(0, 3).Select(i => FetchAsync()).ToList(); return await await [|Task.WhenAny(all)|];")]
    public Task Reports_a_loser_that_goes_on(string code) => Reports(In(code));

    [Theory]
    [InlineData("using var stop = new CancellationTokenSource(); var work = FetchAsync(stop.Token); if (await Task.WhenAny(work, Task.Delay(10)) != work) { stop.Cancel(); throw new TimeoutException(); } return await work;")]
    [InlineData("using var stop = CancellationTokenSource.CreateLinkedTokenSource(token); var a = FetchAsync(stop.Token); var b = FetchAsync(stop.Token); var first = await Task.WhenAny(a, b); await stop.CancelAsync(); return await first;")]
    [InlineData("var a = FetchAsync(); var b = FetchAsync(); await Task.WhenAny(a, b); await Task.WhenAll(a, b); return 0;")]
    [InlineData("var all = new List<Task<int>> { }; all.Add(FetchAsync()); while (all.Count > 0) { var done = await Task.WhenAny(all); all.Remove(done); } return 0;")]
    [InlineData("var work = FetchAsync(); await Task.WhenAny(work, Task.Delay(10)); return await work;")]
    [InlineData("var work = FetchAsync(); if (await Task.WhenAny(work, Task.Delay(10)) != work) { _ = work.ContinueWith(t => Console.WriteLine(t.Exception)); return 0; } return await work;")]
    [InlineData("await Task.WhenAny(other, Task.Delay(10)); return 0;")]
    [InlineData("await Task.WhenAny(Task.Delay(10), Task.Delay(20, token)); return 0;")]
    [InlineData("var done = new TaskCompletionSource(); await Task.WhenAny(done.Task, Task.Delay(10)); return 0;")]
    [InlineData("return await FetchAsync();")]
    [InlineData("await Task.WhenAll(FetchAsync(), FetchAsync()); return 0;")]
    public Task Silent_where_losers_are_seen_to(string code) => Silent(In(code));

    [Fact]
    public Task Says_who_goes_on() => Says(
        In("var a = FetchAsync(); var b = FetchAsync(CancellationToken.None); return await await Task.WhenAny(a, b);"),
        "When something else is first here, 'FetchAsync()' or 'FetchAsync(CancellationToken.None)' goes on: nobody cancels it, and nobody learns that it failed; give it a token and cancel that, or await it too");

    [Fact]
    public Task Fixes_a_limit_of_time() => FixesAndLeavesNothing(Wrap("""
                // ask
                var work = FetchAsync();
                if (await [|Task.WhenAny(work, Task.Delay(10))|] != work) // not too long
                {
                    throw new TimeoutException();
                }

                return await work;
        """), Wrap("""
                using var losers = new CancellationTokenSource();
                // ask
                var work = FetchAsync(losers.Token);
                var first = await Task.WhenAny(work, Task.Delay(10, losers.Token));
                losers.Cancel();
                if (first != work) // not too long
                {
                    throw new TimeoutException();
                }

                return await work;
        """));

    [Fact]
    public Task Fixes_a_race_with_the_token_of_the_caller() => FixesAndLeavesNothing(Wrap("""
                var slow = FetchAsync(token);
                var limit = Task.Delay(10, token);
                var done = await [|Task.WhenAny(slow, limit, FetchAsync())|].ConfigureAwait(false);
                return done == slow ? slow.Result : 0;
        """, "CancellationToken token"), Wrap("""
                using var losers = CancellationTokenSource.CreateLinkedTokenSource(token);
                var slow = FetchAsync(losers.Token);
                var limit = Task.Delay(10, losers.Token);
                var done = await Task.WhenAny(slow, limit, FetchAsync(losers.Token)).ConfigureAwait(false);
                losers.Cancel();
                return done == slow ? slow.Result : 0;
        """, "CancellationToken token"));

    [Fact]
    public Task Fixes_works_that_are_made_in_the_race() => FixesAndLeavesNothing(Wrap("""
                int losers = 0;
                return await (await [|Task.WhenAny(FetchAsync(), FetchAsync(token))|]) + losers;
        """, "CancellationToken token"), Wrap("""
                int losers = 0;
                using var losers1 = CancellationTokenSource.CreateLinkedTokenSource(token);
                var first = await Task.WhenAny(FetchAsync(losers1.Token), FetchAsync(losers1.Token));
                losers1.Cancel();
                return await first + losers;
        """, "CancellationToken token"));

    [Fact]
    public Task Fixes_works_of_a_list_and_two_races() => FixesAndLeavesNothing(Wrap("""
                var all = Enumerable.Range(0, 3).Select(i => FetchAsync()).ToList();
                var best = await [|Task.WhenAny(all)|];
                var a = FetchAsync();
                var b = FetchAsync();
                return await await [|Task.WhenAny(a, b)|] + await best;
        """), Wrap("""
                using var losers = new CancellationTokenSource();
                var all = Enumerable.Range(0, 3).Select(i => FetchAsync(losers.Token)).ToList();
                var best = await Task.WhenAny(all);
                losers.Cancel();
                using var losers1 = new CancellationTokenSource();
                var a = FetchAsync(losers1.Token);
                var b = FetchAsync(losers1.Token);
                var first = await Task.WhenAny(a, b);
                losers1.Cancel();
                return await first + await best;
        """));

    [Fact]
    public Task Fixes_a_program() => Fixes("""
        var work = File.ReadAllTextAsync("a");
        var timeout = Task.Delay(10);
        if (await [|Task.WhenAny(work, timeout)|] == timeout) { return; }
        Console.WriteLine(await work);
        """, """
        using var losers = new CancellationTokenSource();
        var work = File.ReadAllTextAsync("a", losers.Token);
        var timeout = Task.Delay(10, losers.Token);
        var first = await Task.WhenAny(work, timeout);
        losers.Cancel();
        if (first == timeout) { return; }
        Console.WriteLine(await work);
        """);

    [Theory]
    [InlineData("var work = Task.Run(() => 1); var done = await [|Task.WhenAny(work, Task.Delay(10))|]; return done == work ? work.Result : 0;")]
    [InlineData("var a = FetchAsync(); var b = FetchAsync(); await [|Task.WhenAny(a, b)|]; if (other.IsCompleted) { await Task.WhenAll(a, b); } return 0;")]
    [InlineData("var work = FetchAsync(); await [|Task.WhenAny(work, Task.Delay(10))|]; return work.IsCompleted ? await work : 0;")]
    [InlineData("var work = PlainAsync(); if (await [|Task.WhenAny(work, Task.Delay(10))|] != work) { return 0; } return await work;")]
    [InlineData("if (other.IsCompleted && await [|Task.WhenAny(other, FetchAsync())|] == other) { return 1; } return 0;")]
    [InlineData("var work = FetchAsync(); if (other.IsCompleted) { if (await [|Task.WhenAny(work, Task.Delay(10))|] != work) { return 0; } } return await work;")]
    [InlineData("return await await [|Task.WhenAny(FetchAsync(token), FetchAsync(CancellationToken.None))|];")]
    [InlineData("using var http = new System.Net.Http.HttpClient(); var a = http.GetStreamAsync(\"a\"); var b = http.GetStreamAsync(\"b\"); await using var first = await await [|Task.WhenAny(a, b)|]; return first.ReadByte();")]
    [InlineData("return await await [|Task.WhenAny(FetchAsync(token), FetchAsync(new CancellationToken(true)))|];")]
    public Task Reports_without_a_fix_where_a_token_would_not_end_the_loser_alone(string code) => NotFixed(In(code).Replace("static async", "static async Task<int> PlainAsync() { await Task.Yield(); return 1; } static async", System.StringComparison.Ordinal));

    private static string Wrap(string body, string parameters = "") => $$"""
        class C
        {
            public async Task<int> M({{parameters}})
            {
        {{body}}
            }

            static async Task<int> FetchAsync(CancellationToken token = default) { await Task.Delay(1, token); return 1; }
        }
        """;

    private static string In(string code) => $$"""
        class C
        {
            async Task<int> M(Task other, CancellationToken token)
            {
                await Task.Yield();
                {{code}}
            }

            static async Task<int> FetchAsync(CancellationToken token = default) { await Task.Delay(1, token); return 1; }
        }
        """;

    [Fact]
    public async Task Silent_in_a_project_of_tests()
    {
        const string Code = "class C { async Task M(Task<int> other) { var work = Task.Run(() => Thread.Sleep(1)); await Task.WhenAny(work, Task.Delay(1)); } }";
        var compilation = UnderTest.Compilation(Code);

        Assert.Contains(await UnderTest.Analyze(compilation), found => found.Id == "SLC5002");
        Assert.DoesNotContain(await UnderTest.Analyze(compilation.WithAssemblyName("Shop.Tests")), found => found.Id == "SLC5002");
    }
}
