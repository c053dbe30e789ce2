using Sluice;

namespace Stories;

[Select]
internal sealed partial class EitherSelect
{
    public readonly Receive<string> A = new();
    public readonly Receive<string> B = new();
}

internal static class FanIn
{
    public static async Task RunAsync()
    {
        var heard = new List<string>();
        await using var group = new Group();
        await foreach (var line in Merge(group, Talk(group, "Ann", 2), Talk(group, "Joe", 3)))
        {
            heard.Add(line);
        }

        heard.Sort(StringComparer.Ordinal);
        Console.WriteLine($"[{string.Join(' ', heard)}]");
    }

    // Two channels become one. A case whose channel is closed is switched off.
    private static ReceiveOnly<string> Merge(Group group, ReceiveOnly<string> a, ReceiveOnly<string> b)
    {
        var @out = new Chan<string>();
        group.Go(async stop =>
        {
            try
            {
                using var select = new EitherSelect();
                select.A.From(a);
                select.B.From(b);
                for (var open = 2; open > 0;)
                {
                    switch (await select)
                    {
                        case EitherSelect.Case.A when select.A.Take(out var line):
                            await @out.SendAsync(line, stop);
                            break;
                        case EitherSelect.Case.A:
                            select.A.Off();
                            open--;
                            break;
                        case EitherSelect.Case.B when select.B.Take(out var line):
                            await @out.SendAsync(line, stop);
                            break;
                        case EitherSelect.Case.B:
                            select.B.Off();
                            open--;
                            break;
                    }
                }
            }
            finally
            {
                @out.Close();
            }
        });
        return @out;
    }

    private static ReceiveOnly<string> Talk(Group group, string name, int lines)
    {
        var @out = new Chan<string>();
        group.Go(async stop =>
        {
            try
            {
                for (var i = 1; i <= lines; i++)
                {
                    await @out.SendAsync($"{name} {i}", stop);
                }
            }
            finally
            {
                @out.Close();
            }
        });
        return @out;
    }
}
