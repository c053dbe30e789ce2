using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class SLC2004_ClosedOnlyOnSuccessTests() : RuleTest("SLC2004")
{
    [Fact]
    public Task Reports_a_producer_whose_reader_is_handed_out() => Body("""
        var pages = Channel.CreateBounded<string>(10);
        _ = Task.Run(async () =>
        {
            foreach (var uri in uris)
            {
                await pages.Writer.WriteAsync(await Load(uri));
            }

            [|pages.Writer.Complete()|];
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Reports_TryComplete_as_well() => Body("""
        var pages = Channel.CreateBounded<string>(10);
        _ = Task.Run(async () =>
        {
            await pages.Writer.WriteAsync(await Load("a"));
            [|pages.Writer.TryComplete()|];
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Reports_a_failure_before_the_first_send() => Body("""
        var pages = Channel.CreateBounded<string>(10);
        _ = Task.Run(async () =>
        {
            var page = await Load("a");
            await pages.Writer.WriteAsync(page);
            [|pages.Writer.Complete()|];
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Reports_a_reader_beside_the_producer() => Body("""
        var pages = Channel.CreateUnbounded<string>();
        var producer = Task.Run(async () =>
        {
            foreach (var uri in uris)
            {
                pages.Writer.TryWrite(await Load(uri));
            }

            [|pages.Writer.Complete()|];
        });
        var consumer = Task.Run(async () =>
        {
            await foreach (var page in pages.Reader.ReadAllAsync())
            {
                Console.WriteLine(page);
            }
        });
        await Task.WhenAll(producer, consumer);
        return null;
        """);

    [Fact]
    public Task Reports_a_consumer_that_was_started_before() => Body("""
        var pages = Channel.CreateUnbounded<string>();
        var consumer = Task.Run(async () =>
        {
            while (await pages.Reader.WaitToReadAsync())
            {
                while (pages.Reader.TryRead(out var page))
                {
                    Console.WriteLine(page);
                }
            }
        });
        foreach (var uri in uris)
        {
            await pages.Writer.WriteAsync(await Load(uri));
        }

        [|pages.Writer.Complete()|];
        await consumer;
        return null;
        """);

    [Fact]
    public Task Reports_a_field_whose_reader_is_handed_out() => Reports("""
        class C
        {
            private readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            public ChannelReader<int> Jobs => _jobs.Reader;

            public async Task Produce(Func<Task<int>> next)
            {
                for (int i = 0; i < 10; i++)
                {
                    await _jobs.Writer.WriteAsync(await next());
                }

                [|_jobs.Writer.Complete()|];
            }
        }
        """);

    [Theory]
    [InlineData("var producers = new Task[4]; for (int i = 0; i < 4; i++) { int n = i; producers[i] = Task.Run(async () => await c.Writer.WriteAsync(n)); } await Task.WhenAll(producers);")]
    [InlineData("var producers = Enumerable.Range(0, 4).Select(n => Task.Run(async () => { await c.Writer.WriteAsync(n); })).ToList(); await Task.WhenAll(producers);")]
    [InlineData("var producer = Task.Run(async () => { for (int i = 0; i < 9; i++) { await c.Writer.WriteAsync(i); } }); await producer;")]
    public Task Silent_where_it_waits_for_work_that_only_sends(string send) => Silent(Joined(send, "c.Writer.Complete();"));

    [Theory]
    [InlineData("var producers = Enumerable.Range(0, 4).Select(n => Task.Run(async () => { await c.Writer.WriteAsync(await next()); })).ToList(); await Task.WhenAll(producers);")]
    [InlineData("var producer = Task.Run(async () => { for (int i = 0; i < 9; i++) { await c.Writer.WriteAsync(await next()); } }); await producer;")]
    public Task Reports_a_wait_for_work_that_may_fail(string send) => Reports(Joined(send + " await c.Writer.WriteAsync(0);", "[|c.Writer.Complete()|];"));

    private static string Joined(string send, string close) => $$"""
        class C
        {
            async Task M(Func<Task<int>> next)
            {
                var c = Channel.CreateBounded<int>(10);
                var consumer = Task.Run(async () => { await foreach (var x in c.Reader.ReadAllAsync()) { Console.WriteLine(x); } });
                {{send}}
                {{close}}
                await consumer;
            }
        }
        """;

    [Fact]
    public Task Reports_a_field_that_another_method_reads() => Reports("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<Task<int>> next)
            {
                for (int i = 0; i < 10; i++)
                {
                    await _jobs.Writer.WriteAsync(await next());
                }

                [|_jobs.Writer.Complete()|];
            }

            async Task Consume()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync())
                {
                    Console.WriteLine(job);
                }
            }
        }
        """);

    [Fact]
    public Task Reports_a_parameter_whose_reader_is_in_the_type() => Reports("""
        class C
        {
            static async Task Produce(ChannelWriter<int> output, Func<int> next)
            {
                await output.WriteAsync(next());
                [|output.Complete()|];
            }

            static async Task Consume(ChannelReader<int> input)
            {
                await foreach (var job in input.ReadAllAsync())
                {
                    Console.WriteLine(job);
                }
            }

            static Task Run()
            {
                var jobs = Channel.CreateUnbounded<int>();
                return Task.WhenAll(Produce(jobs.Writer, () => int.Parse("1")), Consume(jobs.Reader));
            }
        }
        """);

    [Fact]
    public Task Reports_who_waits_for_the_completion() => Reports("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(IAsyncEnumerable<int> source)
            {
                await foreach (var item in source)
                {
                    await _jobs.Writer.WriteAsync(item);
                }

                [|_jobs.Writer.Complete()|];
            }

            Task Done() => _jobs.Reader.Completion;
        }
        """);

    [Fact]
    public Task Reports_a_cancelled_send_when_the_reader_has_no_token() => Body("""
        var pages = Channel.CreateBounded<string>(1);
        _ = Task.Run(async () =>
        {
            await pages.Writer.WriteAsync("a", token);
            [|pages.Writer.Complete()|];
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Reports_a_swallowed_failure_of_another_kind() => Body("""
        var pages = Channel.CreateBounded<string>(1);
        _ = Task.Run(async () =>
        {
            try
            {
                await pages.Writer.WriteAsync(await Load("a"));
                [|pages.Writer.Complete()|];
            }
            catch (OperationCanceledException)
            {
                pages.Writer.Complete();
            }
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Says_what_can_throw() => Says("""
        class C
        {
            ChannelReader<int> Run(Func<int> next)
            {
                var jobs = Channel.CreateUnbounded<int>();
                _ = Task.Run(async () =>
                {
                    await jobs.Writer.WriteAsync(next());
                    jobs.Writer.Complete();
                });
                return jobs.Reader;
            }
        }
        """, "'jobs' is closed only when nothing throws: if 'next()' at line 8 throws, whoever reads 'jobs' waits for ever");

    [Fact]
    public Task Silent_when_closed_in_finally() => Quiet("""
        var pages = Channel.CreateBounded<string>(10);
        _ = Task.Run(async () =>
        {
            try
            {
                await pages.Writer.WriteAsync(await Load("a"));
            }
            finally
            {
                pages.Writer.Complete();
            }
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Silent_when_closed_in_catch() => Quiet("""
        var pages = Channel.CreateBounded<string>(10);
        _ = Task.Run(async () =>
        {
            try
            {
                await pages.Writer.WriteAsync(await Load("a"));
                pages.Writer.Complete();
            }
            catch (Exception e)
            {
                pages.Writer.TryComplete(e);
                throw;
            }
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Silent_when_the_failure_is_kept_for_the_close() => Quiet("""
        var pages = Channel.CreateBounded<string>(10);
        _ = Task.Run(async () =>
        {
            Exception? failure = null;
            try
            {
                await pages.Writer.WriteAsync(await Load("a"));
            }
            catch (Exception e)
            {
                failure = e;
            }

            pages.Writer.TryComplete(failure);
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Silent_when_nothing_throws() => Quiet("""
        var pages = Channel.CreateUnbounded<string>();
        _ = Task.Run(async () =>
        {
            for (int i = 0; i < 10; i++)
            {
                await pages.Writer.WriteAsync("a");
                await Task.Delay(10);
            }

            pages.Writer.Complete();
        });
        return pages.Reader;
        """);

    [Fact]
    public Task Silent_when_the_reader_runs_after_the_producer() => Quiet("""
        var pages = Channel.CreateUnbounded<string>();
        foreach (var uri in uris)
        {
            pages.Writer.TryWrite(await Load(uri));
        }

        pages.Writer.Complete();
        await foreach (var page in pages.Reader.ReadAllAsync())
        {
            Console.WriteLine(page);
        }

        return null;
        """);

    [Fact]
    public Task Silent_when_the_continuation_closes() => Quiet("""
        var pages = Channel.CreateUnbounded<string>();
        _ = Task.Run(async () =>
        {
            await pages.Writer.WriteAsync(await Load("a"));
            pages.Writer.Complete();
        }).ContinueWith(task => pages.Writer.TryComplete(task.Exception), TaskContinuationOptions.OnlyOnFaulted);
        return pages.Reader;
        """);

    [Fact]
    public Task Silent_when_somebody_else_closes_too() => Silent("""
        class C : IDisposable
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<int> next)
            {
                await _jobs.Writer.WriteAsync(next());
                _jobs.Writer.TryComplete();
            }

            async Task Consume()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync())
                {
                    Console.WriteLine(job);
                }
            }

            public void Dispose() => _jobs.Writer.TryComplete();
        }
        """);

    [Fact]
    public Task Silent_when_nobody_reads_to_the_end() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<int> next)
            {
                await _jobs.Writer.WriteAsync(next());
                _jobs.Writer.Complete();
            }

            async Task<int> First() => await _jobs.Reader.ReadAsync();
        }
        """);

    [Fact]
    public Task Silent_about_a_parameter_whose_reader_is_unknown() => Silent("""
        static class C
        {
            static async Task Produce(ChannelWriter<int> output, Func<int> next)
            {
                await output.WriteAsync(next());
                output.Complete();
            }
        }
        """);

    [Fact]
    public Task Silent_about_arguments_that_are_checked_first() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<int> next)
            {
                ArgumentNullException.ThrowIfNull(next);
                try
                {
                    await _jobs.Writer.WriteAsync(next());
                }
                finally
                {
                    _jobs.Writer.Complete();
                }
            }

            async Task Consume()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync())
                {
                    Console.WriteLine(job);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_close_on_some_ways_only() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<int> next, bool last)
            {
                await _jobs.Writer.WriteAsync(next());
                if (last)
                {
                    _jobs.Writer.Complete();
                }
            }

            async Task Consume()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync())
                {
                    Console.WriteLine(job);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_about_who_closes_and_sends_nothing() => Silent("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            void Add(int job) => _jobs.Writer.TryWrite(job);

            async Task Stop(Func<Task> flush)
            {
                await flush();
                _jobs.Writer.Complete();
            }

            async Task Consume()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync())
                {
                    Console.WriteLine(job);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_about_a_cancelled_send_when_the_reader_has_a_token() => Quiet("""
        var pages = Channel.CreateBounded<string>(1);
        var producer = Task.Run(async () =>
        {
            await pages.Writer.WriteAsync("a", token);
            pages.Writer.Complete();
        });
        var consumer = Task.Run(async () =>
        {
            await foreach (var page in pages.Reader.ReadAllAsync(token))
            {
                Console.WriteLine(page);
            }
        });
        await Task.WhenAll(producer, consumer);
        return null;
        """);

    [Fact]
    public Task Fixes_a_lambda() => Fixes(Wrap("""
                var pages = Channel.CreateBounded<string>(10);
                _ = Task.Run(async () =>
                {
                    // one by one
                    await pages.Writer.WriteAsync(await Load("a"));
                    [|pages.Writer.Complete()|]; // done
                });
                return pages.Reader;
        """), Wrap("""
                var pages = Channel.CreateBounded<string>(10);
                _ = Task.Run(async () =>
                {
                    try
                    {
                        // one by one
                        await pages.Writer.WriteAsync(await Load("a"));
                        pages.Writer.Complete(); // done
                    }
                    catch (Exception exception)
                    {
                        pages.Writer.TryComplete(exception);
                        throw;
                    }
                });
                return pages.Reader;
        """));

    [Fact]
    public Task Fixes_after_the_declaration_of_the_channel() => Fixes(Wrap("""
                var pages = Channel.CreateUnbounded<string>();
                var output = pages.Writer;
                var consumer = Task.Run(async () =>
                {
                    await foreach (var page in pages.Reader.ReadAllAsync())
                    {
                        Console.WriteLine(page);
                    }
                });
                output.TryWrite(await Load("a"));
                [|output.Complete()|];
                await consumer;
                return null;
        """), Wrap("""
                var pages = Channel.CreateUnbounded<string>();
                var output = pages.Writer;
                try
                {
                    var consumer = Task.Run(async () =>
                    {
                        await foreach (var page in pages.Reader.ReadAllAsync())
                        {
                            Console.WriteLine(page);
                        }
                    });
                    output.TryWrite(await Load("a"));
                    output.Complete();
                    await consumer;
                    return null;
                }
                catch (Exception exception)
                {
                    output.TryComplete(exception);
                    throw;
                }
        """));

    [Fact]
    public Task Fixes_a_method_where_the_name_is_taken() => Fixes("""
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<int> exception)
            {
                await _jobs.Writer.WriteAsync(exception());
                [|_jobs.Writer.Complete()|];
            }

            Task Done() => _jobs.Reader.Completion;
        }
        """, """
        class C
        {
            readonly Channel<int> _jobs = Channel.CreateUnbounded<int>();

            async Task Produce(Func<int> exception)
            {
                try
                {
                    await _jobs.Writer.WriteAsync(exception());
                    _jobs.Writer.Complete();
                }
                catch (Exception exception2)
                {
                    _jobs.Writer.TryComplete(exception2);
                    throw;
                }
            }

            Task Done() => _jobs.Reader.Completion;
        }
        """);

    private static string Wrap(string body) => $$"""
        class C
        {
            static async Task<string> Load(string uri)
            {
                await Task.Yield();
                return uri.Length > 5 ? uri : throw new InvalidOperationException();
            }

            async Task<ChannelReader<string>?> Run(string[] uris, CancellationToken token)
            {
                await Task.Yield();
        {{body}}
            }
        }
        """;

    private Task Body(string body) => Reports(Wrap(body));

    private Task Quiet(string body) => Silent(Wrap(body));
}
