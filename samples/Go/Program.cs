using Stories;

// Runs the stories (all, or those named) and compares what each prints with the "Output" of its Go original beside it.
(string Name, Func<Task> RunAsync)[] stories =
[
    ("WorkerPool", WorkerPool.RunAsync),
    ("Pipeline", Pipeline.RunAsync),
    ("FanIn", FanIn.RunAsync),
    ("RateLimiter", RateLimiter.RunAsync),
    ("PrimeSieve", PrimeSieve.RunAsync),
    ("WatchLoop", WatchLoop.RunAsync),
];

var console = Console.Out;
var different = 0;
foreach (var (name, runAsync) in stories.Where(story => args.Length == 0 || args.Contains(story.Name)))
{
    using var printed = new StringWriter();
    Console.SetOut(printed);
    await runAsync();
    Console.SetOut(console);

    var actual = printed.ToString().ReplaceLineEndings("\n").Trim();
    var same = actual == Original.OutputOf(name);
    different += same ? 0 : 1;
    Console.WriteLine($"=== {name}: {(same ? "prints what Go prints" : $"differs from Go, which prints\n{Original.OutputOf(name)}\nbut here")}");
    Console.WriteLine(actual);
}

return different;
