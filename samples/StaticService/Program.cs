using System.Runtime.InteropServices;
using Sluice;

// A service as a container runs it: numbers come in on standard input, one a line; a pool of workers counts the primes up to each; answers go out as they are
// ready. It ends with its input, or when it is told to: what was taken on is still answered. go/main.go is the same in Go.
const int Workers = 4;
using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

var questions = new Chan<int>();
var answers = new Chan<(int Limit, int Primes)>(Workers);
var crew = new WaitGroup();

for (int i = 0; i < Workers; i++)
{
    _ = crew.Go(Work);
}

// Nobody waits for the reader, which may sit in a read for ever, nor for the close, which the end of the answers tells.
#pragma warning disable SLC5001
_ = Task.Run(Read);
_ = Task.Run(CloseAfterWork);
#pragma warning restore SLC5001
await foreach (var (limit, primes) in answers)
{
    Console.WriteLine($"{limit} {primes}");
}

async Task Read()
{
    while (Console.ReadLine() is { } line)
    {
        if (int.TryParse(line, out int limit))
        {
            await questions.SendAsync(limit);
        }
    }

    questions.Close();
}

async Task Work()
{
    using var select = new WorkerSelect();
    select.Questions.From(questions);
    select.Stopping.On(stop.Token);
    while (await select is WorkerSelect.Case.Questions && select.Questions.Take(out int limit))
    {
        await answers.SendAsync((limit, PrimesUpTo(limit)));
    }
}

async Task CloseAfterWork()
{
    await crew.WaitAsync();
    answers.Close();
}

static int PrimesUpTo(int limit)
{
    int count = 0;
    for (int candidate = 2; candidate <= limit; candidate++)
    {
        bool isPrime = true;
        for (int divisor = 2; divisor * divisor <= candidate && isPrime; divisor++)
        {
            isPrime = candidate % divisor != 0;
        }

        count += isPrime ? 1 : 0;
    }

    return count;
}

[Select]
internal sealed partial class WorkerSelect
{
    public readonly Receive<int> Questions = new();
    public readonly Done Stopping = new();
}
