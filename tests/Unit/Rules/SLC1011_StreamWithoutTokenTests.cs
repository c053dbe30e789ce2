using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC1011_StreamWithoutTokenTests() : RuleTest("SLC1011")
{
    [Fact]
    public Task Reports_iterators_whose_token_is_not_marked() => Reports("""
        class C
        {
            async IAsyncEnumerable<int> Count(CancellationToken [|ct|]) { await Task.Delay(1, ct); yield return 1; }
            public static async IAsyncEnumerable<int> Default(int n, CancellationToken [|ct|] = default) { await Task.Delay(n, ct); yield return 1; }
            void M()
            {
                async IAsyncEnumerable<int> Local(CancellationToken [|ct|]) { await Task.Delay(1, ct); yield return 1; }
                Local(default);
            }
        }
        """);

    [Fact]
    public Task Reports_a_loop_over_an_iterator_that_takes_the_token_of_the_loop() => Reports("""
        using System.Runtime.CompilerServices;
        class C
        {
            async IAsyncEnumerable<int> Count([EnumeratorCancellation] CancellationToken ct = default) { await Task.Delay(1, ct); yield return 1; }
            async Task M(CancellationToken ct) { await foreach (int n in [|Count()|]) { } }
            async Task N(CancellationToken ct) { await foreach (int n in [|this.Count().ConfigureAwait(false)|]) { } }
            async Task Kept(CancellationToken ct) { var numbers = Count(); await foreach (int n in [|numbers|]) { } }
        }
        """);

    [Theory]
    [InlineData("await foreach (int n in [|stream|]) { }")]
    [InlineData("await foreach (int n in [|_stream|]) { }")]
    [InlineData("await foreach (var (a, b) in [|Pairs|]) { }")]
    [InlineData("var token = ct; await foreach (int n in [|stream|]) { await Task.Delay(n, token); }")]
    [InlineData("await foreach (int n in [|stream.Where(n => n > 1)|]) { }")]
    public Task Reports_a_loop_that_does_not_pass_the_token(string statements) => Reports(In(statements));

    [Theory]
    [InlineData("await foreach (int n in stream.WithCancellation(ct)) { }")]
    [InlineData("await foreach (int n in stream.WithCancellation(ct).ConfigureAwait(false)) { }")]
    [InlineData("await foreach (int n in stream.WithCancellation(CancellationToken.None)) { }")]
    [InlineData("await foreach (int n in channel.Reader.ReadAllAsync(ct)) { }")]
    [InlineData("try { } finally { await foreach (int n in stream) { } }")]
    [InlineData("if (ct.IsCancellationRequested) { await foreach (int n in stream) { } }")]
    public Task Silent_where_it_is_passed_or_not_meant(string statements) => Silent(In(statements));

    [Fact]
    public Task Silent_where_the_token_is_marked_or_there_is_none() => Silent("""
        using System.Runtime.CompilerServices;
        class C : IAsyncEnumerable<int>
        {
            async IAsyncEnumerable<int> Marked([EnumeratorCancellation] CancellationToken ct) { await Task.Delay(1, ct); yield return 1; }
            async IAsyncEnumerable<int> Both([EnumeratorCancellation] CancellationToken ct, CancellationToken other) { await Task.Delay(1, ct); await Task.Delay(1, other); yield return 1; }
            async IAsyncEnumerable<int> Without(int n) { await Task.Yield(); yield return n; }
            IAsyncEnumerable<int> NoIterator(CancellationToken ct) => Marked(ct);
            public async IAsyncEnumerator<int> GetAsyncEnumerator(CancellationToken ct) { await Task.Delay(1, ct); yield return 1; }
            async Task NoToken(IAsyncEnumerable<int> stream) { await foreach (int n in stream) { } }
        }
        """);

    [Fact]
    public Task Fixes_by_marking_the_parameter() => Fixes(
        """
        class C
        {
            async IAsyncEnumerable<int> Count(int to, CancellationToken [|ct|] = default) { await Task.Delay(to, ct); yield return 1; }
        }
        """,
        """
        class C
        {
            async IAsyncEnumerable<int> Count(int to, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct = default) { await Task.Delay(to, ct); yield return 1; }
        }
        """);

    [Fact]
    public Task Reports_stream_of_values() => Reports("""
        public sealed class Example
        {
            public async Task Run(IStore store, IAsyncEnumerable<int> values, CancellationToken ct)
            {
                await foreach (var value in [|values|])
                {
                }

                await foreach (var value in [|store.All()|])
                {
                }

                await foreach (var value in [|values.ConfigureAwait(false)|])
                {
                }
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_stream_that_listens_already() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, IAsyncEnumerable<int> values, CancellationToken ct)
            {
                await foreach (var value in values.WithCancellation(ct))
                {
                }

                await foreach (var value in values.WithCancellation(ct).ConfigureAwait(false))
                {
                }

                await foreach (var value in store.Some(ct))
                {
                }

                var some = store.Some(ct);
                await foreach (var value in some)
                {
                }
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Silent_iterator_that_could_not_listen() => Silent("""
        public sealed class Example
        {
            public async Task Run(CancellationToken ct)
            {
                await foreach (var value in Values())
                {
                }
            }

            private static async IAsyncEnumerable<int> Values()
            {
                await Task.Yield();
                yield return 1;
            }
        }
        """);

    [Fact]
    public Task Silent_stream_made_with_a_token_and_configured() => Silent("""
        public sealed class Example
        {
            public async Task Run(IStore store, CancellationToken ct)
            {
                var values = store.Some(ct);
                await foreach (var value in values.ConfigureAwait(false))
                {
                }
            }
        }

        public interface IStore
        {
            Task SaveAsync(int value, CancellationToken cancellationToken = default);

            Task<int> LoadAsync(string key);

            Task<int> LoadAsync(string key, CancellationToken cancellationToken);

            IAsyncEnumerable<int> All();

            IAsyncEnumerable<int> Some(CancellationToken cancellationToken = default);
        }
        """);

    [Fact]
    public Task Fixes_stream() => Fixes("""
        public sealed class Example
        {
            public async Task Run(IAsyncEnumerable<int>? values, CancellationToken ct)
            {
                await foreach (var value in [|values!|])
                {
                }

                await foreach (var value in [|values ?? throw new ArgumentNullException(nameof(values))|])
                {
                }
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run(IAsyncEnumerable<int>? values, CancellationToken ct)
            {
                await foreach (var value in (values!).WithCancellation(ct))
                {
                }

                await foreach (var value in (values ?? throw new ArgumentNullException(nameof(values))).WithCancellation(ct))
                {
                }
            }
        }
        """);

    [Fact]
    public Task Fixes_stream_with_configured_await() => Fixes("""
        public sealed class Example
        {
            public async Task Run(IAsyncEnumerable<int> values, CancellationToken ct)
            {
                await foreach (var value in [|values.ConfigureAwait(false)|])
                {
                }
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run(IAsyncEnumerable<int> values, CancellationToken ct)
            {
                await foreach (var value in values.ConfigureAwait(false).WithCancellation(ct))
                {
                }
            }
        }
        """);

    private static string In(string statements) => $$"""
        class C
        {
            private readonly IAsyncEnumerable<int> _stream = null!;
            private IAsyncEnumerable<(int A, int B)> Pairs => null!;
            async Task M(IAsyncEnumerable<int> stream, Channel<int> channel, CancellationToken ct) { {{statements}} }
        }
        """;
}
