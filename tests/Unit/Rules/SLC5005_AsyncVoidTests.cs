using System.Threading.Tasks;

namespace Sluice.Tests.Rules;

public sealed class AsyncVoidTests : RuleTest
{
    public AsyncVoidTests()
        : base("SLC5005")
    {
    }

    [Fact]
    public Task Reports_method() => Reports("""
        public sealed class Example
        {
            public async void [|Poll|]() => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Reports_private_static_method_with_a_block() => Reports("""
        public sealed class Example
        {
            private static async void [|Poll|](int times)
            {
                await Task.Delay(times);
            }
        }
        """);

    [Fact]
    public Task Reports_local_function() => Reports("""
        public sealed class Example
        {
            public void Run()
            {
                Poll();

                async void [|Poll|]() => await Task.Delay(1);
            }
        }
        """);

    [Fact]
    public Task Reports_parallel_for_each() => Reports("""
        public sealed class Example
        {
            public void Run(int[] items) => Parallel.ForEach(items, [|async|] item => await Task.Delay(item));
        }
        """);

    [Fact]
    public Task Reports_parallel_for_and_invoke() => Reports("""
        public sealed class Example
        {
            public void Run()
            {
                Parallel.For(0, 10, [|async|] i => await Task.Delay(i));
                Parallel.Invoke([|async|] () => await Task.Delay(1), [|async|] () => await Task.Delay(2));
            }
        }
        """);

    [Fact]
    public Task Reports_loop_although_all_is_caught() => Reports("""
        public sealed class Example
        {
            public void Run(List<int> items) => items.ForEach([|async|] item =>
            {
                try
                {
                    await Task.Delay(item);
                }
                catch (Exception)
                {
                }
            });
        }
        """);

    [Fact]
    public Task Reports_for_each_of_an_array() => Reports("""
        public sealed class Example
        {
            public void Run(int[] items) => Array.ForEach(items, [|async|] item => await Task.Delay(item));
        }
        """);

    [Fact]
    public Task Reports_timer() => Reports("""
        public sealed class Example
        {
            public Timer Start() => new Timer([|async|] _ => await Task.Delay(1), null, 0, 1000);
        }
        """);

    [Fact]
    public Task Reports_thread_and_pool() => Reports("""
        public sealed class Example
        {
            public void Run()
            {
                new Thread([|async|] () => await Task.Delay(1)).Start();
                ThreadPool.QueueUserWorkItem([|async|] _ => await Task.Delay(1));
            }
        }
        """);

    [Fact]
    public Task Reports_action_parameter() => Reports("""
        public sealed class Example
        {
            public void Run() => Invoke([|async|] () => await Task.Delay(1));

            private static void Invoke(Action action) => action();
        }
        """);

    [Fact]
    public Task Reports_action_local_and_property() => Reports("""
        public sealed class Example
        {
            public Action? Done { get; set; }

            public void Run()
            {
                Action action = [|async|] () => await Task.Delay(1);
                Done = [|async|] () => await Task.Delay(1);
                action();
            }
        }
        """);

    [Fact]
    public Task Reports_anonymous_method() => Reports("""
        public sealed class Example
        {
            public void Run(List<int> items) => items.ForEach([|async|] delegate(int item) { await Task.Delay(item); });
        }
        """);

    [Fact]
    public Task Reports_registration_of_a_token() => Reports("""
        public sealed class Example
        {
            public void Run(CancellationToken ct) => ct.Register([|async|] () => await Task.Delay(1));
        }
        """);

    [Fact]
    public Task Reports_try_whose_catch_rethrows_or_is_narrow() => Reports("""
        public sealed class Example
        {
            public async void [|Rethrows|]()
            {
                try
                {
                    await Task.Delay(1);
                }
                catch (Exception)
                {
                    throw;
                }
            }

            public async void [|Narrow|]()
            {
                try
                {
                    await Task.Delay(1);
                }
                catch (IOException)
                {
                }
            }

            public async void [|Filtered|](bool really)
            {
                try
                {
                    await Task.Delay(1);
                }
                catch (Exception) when (really)
                {
                }
            }
        }
        """);

    [Fact]
    public Task Reports_code_around_the_try() => Reports("""
        public sealed class Example
        {
            public async void [|Poll|](Stream stream)
            {
                stream.Flush();
                try
                {
                    await Task.Delay(1);
                }
                catch
                {
                }
            }
        }
        """);

    [Fact]
    public Task Reports_async_lambda_in_an_async_lambda() => Reports("""
        public sealed class Example
        {
            public Task Run(List<int> items) => Task.Run(async () =>
            {
                items.ForEach([|async|] item => await Task.Delay(item));
                await Task.Delay(1);
            });
        }
        """);

    [Fact]
    public Task Reports_test_method() => Reports("""
        [AttributeUsage(AttributeTargets.Method)]
        public sealed class FactAttribute : Attribute;

        public sealed class Tests
        {
            [Fact]
            public async void [|Waits|]() => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Reports_method_of_two_parameters_that_is_no_handler() => Reports("""
        public sealed class Example
        {
            public async void [|Poll|](object sender, int times) => await Task.Delay(times);
        }
        """);

    [Fact]
    public Task Reports_top_level_statements() => Reports("""
        var items = new List<int> { 1 };
        items.ForEach([|async|] item => await Task.Delay(item));
        """);

    [Fact]
    public Task Silent_handler() => Silent("""
        public sealed class Example
        {
            public async void OnChanged(object sender, EventArgs e) => await Task.Delay(1);

            private async void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_handler_of_arguments_that_only_are_named_so() => Silent("""
        public sealed class RoutedEventArgs;

        public sealed class Page
        {
            private async void OnLoaded(object sender, RoutedEventArgs e) => await Task.Delay(1);

            private async void OnLoaded(Page sender, RoutedEventArgs e) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_lambda_of_an_event() => Silent("""
        public sealed class Example
        {
            public event EventHandler? Changed;

            public event Action<int>? Counted;

            public void Run()
            {
                Changed += async (_, _) => await Task.Delay(1);
                Counted += async count => await Task.Delay(count);
            }
        }
        """);

    [Fact]
    public Task Silent_lambda_as_a_handler() => Silent("""
        public sealed class Example
        {
            public void Run()
            {
                EventHandler handler = async (sender, e) => await Task.Delay(1);
                Add(async (sender, e) => await Task.Delay(1));
                Add(new EventHandler(async delegate { await Task.Delay(1); }));
                handler(this, EventArgs.Empty);
            }

            private static void Add(EventHandler handler)
            {
            }
        }
        """);

    [Fact]
    public Task Silent_custom_delegate_of_the_form_of_a_handler() => Silent("""
        public sealed class MessageEventArgs : EventArgs;

        public delegate void MessageHandler(object sender, MessageEventArgs e);

        public sealed class Example
        {
            public void Run() => Add(async (_, e) => await Task.Delay(1));

            private static void Add(MessageHandler handler)
            {
            }
        }
        """);

    [Fact]
    public Task Silent_method_subscribed_in_the_type() => Silent("""
        public sealed partial class Example
        {
            public event Action<int>? Counted;

            private async void Count(int count) => await Task.Delay(count);

            private async void Again(int count) => await Task.Delay(count);

            private async void Third(int count) => await Task.Delay(count);
        }

        public sealed partial class Example
        {
            public void Run()
            {
                Counted += Count;
                Counted += this.Again;
                Counted += new Action<int>(Third);
            }
        }
        """);

    [Fact]
    public Task Silent_local_function_subscribed() => Silent("""
        public sealed class Example
        {
            public event Action? Changed;

            public void Run()
            {
                Changed += Poll;

                async void Poll() => await Task.Delay(1);
            }
        }
        """);

    [Fact]
    public Task Silent_override_and_implementation() => Silent("""
        public sealed class Example : StringWriter, IObserver<int>
        {
            public async void OnNext(int value) => await Task.Delay(value);

            public override async void Write(char value) => await Task.Delay(1);

            async void IObserver<int>.OnCompleted() => await Task.Delay(1);

            void IObserver<int>.OnError(Exception error) => Write('e');
        }
        """);

    [Fact]
    public Task Silent_partial_method() => Silent("""
        public sealed partial class Example
        {
            partial void OnChanged(int value);
        }

        public sealed partial class Example
        {
            async partial void OnChanged(int value) => await Task.Delay(value);
        }
        """);

    [Fact]
    public Task Silent_all_caught() => Silent("""
        public sealed class Example
        {
            public async void Poll()
            {
                try
                {
                    await Task.Delay(1);
                }
                catch (IOException)
                {
                }
                catch (Exception e)
                {
                    Console.WriteLine(e);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_all_caught_after_harmless_statements() => Silent("""
        public sealed class Example
        {
            private int _count;

            public async void Poll(int times)
            {
                if (times == 0)
                {
                    return;
                }

                _count = times;
                try
                {
                    await Task.Delay(times);
                }
                catch
                {
                }
                finally
                {
                    Console.WriteLine();
                }
            }
        }
        """);

    [Fact]
    public Task Silent_all_caught_after_a_word_to_the_log() => Silent("""
        public sealed class Example
        {
            public async void Poll()
            {
                Console.WriteLine("Polling");
                try
                {
                    await Task.Delay(1);
                }
                catch (Exception e)
                {
                    Console.WriteLine(e);
                    await Task.Delay(1);
                }
            }
        }
        """);

    [Fact]
    public Task Silent_all_caught_in_a_timer_and_on_the_pool() => Silent("""
        public sealed class Example
        {
            public Timer Start()
            {
                ThreadPool.QueueUserWorkItem(async _ =>
                {
                    try
                    {
                        await Task.Delay(1);
                    }
                    catch (Exception)
                    {
                    }
                });
                return new Timer(
                    async _ =>
                    {
                        try
                        {
                            await Task.Delay(1);
                        }
                        catch (Exception e)
                        {
                            Console.WriteLine(e);
                        }
                    },
                    null,
                    0,
                    1000);
            }
        }
        """);

    [Fact]
    public Task Silent_all_caught_in_a_local_function() => Silent("""
        public sealed class Example
        {
            public void Run()
            {
                Poll();

                async void Poll()
                {
                    try
                    {
                        await Task.Delay(1);
                    }
                    catch (Exception e)
                    {
                        Console.WriteLine(e);
                    }
                }
            }
        }
        """);

    [Fact]
    public Task Silent_task() => Silent("""
        public sealed class Example
        {
            public async Task Poll() => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_value_task_and_async_enumerable() => Silent("""
        public sealed class Example
        {
            public async ValueTask Poll() => await Task.Delay(1);

            public async IAsyncEnumerable<int> Values()
            {
                await Task.Delay(1);
                yield return 1;
            }
        }
        """);

    [Fact]
    public Task Silent_delegate_that_returns_a_task() => Silent("""
        public sealed class Example
        {
            public async Task Run(int[] items)
            {
                await Task.Run(async () => await Task.Delay(1));
                await Parallel.ForEachAsync(items, async (item, ct) => await Task.Delay(item, ct));
                Func<Task> later = async () => await Task.Delay(1);
                var natural = async () => await Task.Delay(1);
                await Task.WhenAll(items.Select(async item => await Task.Delay(item)));
            }
        }
        """);

    [Fact]
    public Task Silent_start_new() => Silent("""
        public sealed class Example
        {
            public Task Run() => Task.Factory.StartNew(async () => await Task.Delay(1));
        }
        """);

    [Fact]
    public Task Silent_overload_that_takes_a_task_wins() => Silent("""
        public sealed class Example
        {
            public void Run() => Invoke(async () => await Task.Delay(1));

            private static void Invoke(Action action) => action();

            private static Task Invoke(Func<Task> action) => action();
        }
        """);

    [Fact]
    public Task Silent_void_without_async() => Silent("""
        public sealed class Example
        {
            public void Run(List<int> items) => items.ForEach(item => Console.WriteLine(item));
        }
        """);

    [Fact]
    public Task Silent_method_group_of_a_handler() => Silent("""
        public sealed class Example
        {
            public void Run() => Add(OnChanged);

            private static void Add(EventHandler handler)
            {
            }

            private async void OnChanged(object? sender, EventArgs e) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_handlers_of_windows() => Silent("""
        public sealed class TextChangingArgs;

        public sealed class TextBox;

        public sealed class Page
        {
            public Action<TextBox, TextChangingArgs>? Changing { get; set; }

            public void Run() => Changing = async (box, args) => await Task.Delay(1);

            private async void OnOpening(object? sender, object e) => await Task.Delay(1);

            private async void OnChanging(TextBox box, TextChangingArgs args) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_implementation_of_an_interface_that_is_still_unknown() => Silent("""
        public sealed class Example : IStartup
        {
            public async void Start() => await Task.Delay(1);
        }
        """, new Setup { AllowErrors = true });

    [Fact]
    public Task Silent_generic_handler() => Silent("""
        public sealed class Example<TEventArgs>
        {
            private async void OnChanged(object? sender, TEventArgs e) => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Silent_lambda_added_to_a_delegate() => Silent("""
        public sealed class Example
        {
            private Action? _changed;

            public void Run()
            {
                _changed += async () => await Task.Delay(1);
                _changed?.Invoke();
            }
        }
        """);

    [Fact]
    public Task Fixes_method() => Fixes("""
        public sealed class Example
        {
            public async void [|Poll|]() => await Task.Delay(1);
        }
        """, """
        public sealed class Example
        {
            public async Task Poll() => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Fixes_method_with_a_using() => Fixes("""
        public sealed class Example
        {
            // Polls.
            public async void [|Poll|]()
            {
                await System.Threading.Tasks.Task.Delay(1);
            }
        }
        """, """
        using System.Threading.Tasks;

        public sealed class Example
        {
            // Polls.
            public async Task Poll()
            {
                await System.Threading.Tasks.Task.Delay(1);
            }
        }
        """, new Setup { GlobalUsings = false });

    [Fact]
    public Task Fixes_calls_in_async_code() => Fixes("""
        public sealed class Example
        {
            public async void [|Poll|]() => await Task.Delay(1);

            public async Task Run()
            {
                // At once.
                Poll(); // and go on
                this.Poll();
                Func<Task> later = async () => { Poll(); await Task.Yield(); };
                Console.WriteLine(nameof(Poll));
                await later();
            }
        }

        public sealed class Other
        {
            public async Task Run(Example example)
            {
                example.Poll();
                await Task.Yield();
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Poll() => await Task.Delay(1);

            public async Task Run()
            {
                // At once.
                await Poll(); // and go on
                await this.Poll();
                Func<Task> later = async () => { await Poll(); await Task.Yield(); };
                Console.WriteLine(nameof(Poll));
                await later();
            }
        }

        public sealed class Other
        {
            public async Task Run(Example example)
            {
                await example.Poll();
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_two_that_call_each_other() => Fixes("""
        public sealed class Example
        {
            public async void [|One|](int n)
            {
                Two(n);
                await Task.Yield();
            }

            public async void [|Two|](int n)
            {
                One(n);
                await Task.Yield();
            }
        }
        """, """
        public sealed class Example
        {
            public async Task One(int n)
            {
                await Two(n);
                await Task.Yield();
            }

            public async Task Two(int n)
            {
                await One(n);
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_local_function() => Fixes("""
        public sealed class Example
        {
            public async Task Run()
            {
                Poll();
                await Task.Yield();

                async void [|Poll|]() => await Task.Delay(1);
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run()
            {
                await Poll();
                await Task.Yield();

                async Task Poll() => await Task.Delay(1);
            }
        }
        """);

    [Fact]
    public Task Fixes_parallel_for_each() => Fixes("""
        public sealed class Example
        {
            public async Task Run(int[] items)
            {
                // All of them.
                Parallel.ForEach(items, [|async|] item => await Task.Delay(item));
                Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = 2 }, [|async|] (item) =>
                {
                    await Task.Delay(item);
                });
                await Task.Yield();
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run(int[] items)
            {
                // All of them.
                await Parallel.ForEachAsync(items, async (item, _) => await Task.Delay(item));
                await Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (item, _) =>
                {
                    await Task.Delay(item);
                });
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_parallel_for_with_a_discard_in_it() => Fixes("""
        public sealed class Example
        {
            public async Task Run()
            {
                Parallel.For(0, 10, [|async|] i =>
                {
                    _ = i.ToString();
                    await Task.Delay(i);
                });
                await Task.Yield();
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run()
            {
                await Parallel.ForAsync(0, 10, async (i, cancellationToken) =>
                {
                    _ = i.ToString();
                    await Task.Delay(i);
                });
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_list_for_each() => Fixes("""
        public sealed class Example
        {
            public async Task Run(List<int> items)
            {
                // One by one.
                items.ForEach([|async|] item => await Task.Delay(item));
                items.ForEach([|async|] (int number) =>
                {
                    // Slowly.
                    await Task.Delay(number);
                });
                await Task.Yield();
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run(List<int> items)
            {
                // One by one.
                foreach (var item in items)
                {
                    await Task.Delay(item);
                }
                foreach (int number in items)
                {
                    // Slowly.
                    await Task.Delay(number);
                }
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_array_for_each() => Fixes("""
        public sealed class Example
        {
            public async Task Run(int[] items)
            {
                Array.ForEach(items, [|async|] item => await Task.Delay(item));
                await Task.Yield();
            }
        }
        """, """
        public sealed class Example
        {
            public async Task Run(int[] items)
            {
                foreach (var item in items)
                {
                    await Task.Delay(item);
                }
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_test_method() => Fixes("""
        [AttributeUsage(AttributeTargets.Method)]
        public sealed class FactAttribute : Attribute;

        public sealed class Tests
        {
            [Fact]
            public async void [|Waits|]() => await Task.Delay(1);
        }
        """, """
        [AttributeUsage(AttributeTargets.Method)]
        public sealed class FactAttribute : Attribute;

        public sealed class Tests
        {
            [Fact]
            public async Task Waits() => await Task.Delay(1);
        }
        """);

    [Fact]
    public Task Fixes_not_when_a_caller_is_not_async() => NotFixed("""
        public sealed class Example
        {
            public async void [|Poll|]() => await Task.Delay(1);

            public void Run() => Poll();
        }
        """);

    [Fact]
    public Task Fixes_not_when_it_is_used_as_a_delegate() => NotFixed("""
        public sealed class Example
        {
            public async void [|Poll|](object? state) => await Task.Delay(1);

            public Timer Run() => new Timer(Poll);
        }
        """);

    [Fact]
    public Task Fixes_not_in_a_lock() => NotFixed("""
        public sealed class Example
        {
            private readonly object _gate = new();

            public async void [|Poll|]() => await Task.Delay(1);

            public async Task Run()
            {
                lock (_gate)
                {
                    Poll();
                }

                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_not_where_nothing_can_be_awaited() => NotFixed("""
        public sealed class Example
        {
            public void Run(List<int> items) => items.ForEach([|async|] item => await Task.Delay(item));
        }
        """);

    [Fact]
    public Task Fixes_not_where_the_body_returns() => NotFixed("""
        public sealed class Example
        {
            public async Task Run(List<int> items)
            {
                items.ForEach([|async|] item =>
                {
                    if (item == 0)
                    {
                        return;
                    }

                    await Task.Delay(item);
                });
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task Fixes_not_for_a_timer() => NotFixed("""
        public sealed class Example
        {
            public Timer Start() => new Timer([|async|] _ => await Task.Delay(1), null, 0, 1000);
        }
        """);

    [Fact]
    public Task Reports_an_implementation_of_what_the_project_can_change() => Reports("""
        interface IPlugin { void Load(string path); void Start(); }
        abstract class Page { public abstract void Show(); }
        class Json : Page, IPlugin
        {
            public async void [|Load|](string path) => await File.ReadAllTextAsync(path);
            async void IPlugin.[|Start|]() => await Task.Delay(1);
            public override async void [|Show|]() => await Task.Delay(1);
        }
        """);
}
