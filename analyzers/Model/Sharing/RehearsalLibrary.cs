using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>What library methods do, as far as it matters here.</content>
internal sealed partial class Rehearsal
{
    private ImmutableArray<Thing> Library(IInvocationOperation call, KnownType known, ImmutableArray<Thing> receiver, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, bool awaited)
    {
        var method = call.TargetMethod;
        if (receiver.IsEmpty && method.IsExtensionMethod && arguments.Count > 0)
        {
            receiver = arguments[0].Value;
            arguments = arguments.Skip(1).ToList();
        }

        var works = arguments.SelectMany(argument => argument.Value).SelectMany(Listed).Where(thing => thing.Closure is not null).Select(thing => thing.Closure!).ToList();
        switch (known, method.Name)
        {
            case (KnownType.TaskFactory or KnownType.TaskFactoryOfT, "StartNew") or (KnownType.Task or KnownType.TaskOfT, "Start") when HasScheduler(call) || receiver.Any(factory => factory.Content.Values.Any(IsScheduler)):
                return One(new Thing(call.Type));
            case (KnownType.Task, "Run") or (KnownType.TaskFactory or KnownType.TaskFactoryOfT, "StartNew") or (KnownType.ThreadPool, "QueueUserWorkItem" or "UnsafeQueueUserWorkItem"):
                return StartWork(call, works, arguments, awaited);
            case (KnownType.Task or KnownType.TaskOfT, "ContinueWith") when HasOptions(call):
                return One(new Thing(call.Type));
            case (KnownType.Task or KnownType.TaskOfT, "ContinueWith"):
                return works.Aggregate(ImmutableArray<Thing>.Empty, (all, work) => Cell.Union(all, Start(work, [], call.Syntax, after: receiver.SelectMany(thing => thing.Strands))));
            case (KnownType.Thread or KnownType.Task or KnownType.TaskOfT, "Start" or "UnsafeStart"):
                foreach (var thing in receiver.Where(thing => thing.Closure is not null && thing.Strands.Count == 0))
                {
                    thing.Strands.AddRange(Start(thing.Closure!, arguments, call.Syntax).SelectMany(task => task.Strands));
                }

                return receiver;
            case (_, "Change") when known == KnownType.ThreadingTimer || method.ContainingType.Name == "ITimer":
                foreach (var thing in receiver.Where(thing => thing.Closure is not null && thing.Strands.Count == 0))
                {
                    thing.Strands.AddRange(Start(thing.Closure!, StateFor(thing.Closure!, thing.State), call.Syntax).SelectMany(task => task.Strands));
                }

                return ImmutableArray<Thing>.Empty;
            case (_, "CreateTimer") when MakesTimer(method) && works.Count > 0:
                return DueOf(call.Arguments) == Due.Never ? One(new Thing(call.Type, isKnown: true) { Closure = works[0], State = StateIn(arguments) }) : StartWork(call, works, arguments, awaited: false);
            case (KnownType.Parallel, _):
                return InParallel(call, works, arguments, awaited);
            case (KnownType.ParallelEnumerable, not "AsParallel") when works.Count > 0:
                return Join(TwiceBeside(call, works, receiver), receiver);
            case (KnownType.Task, "WhenAll" or "WhenAny" or "WhenEach"):
            case (KnownType.Task, "WaitAll" or "WaitAny"):
                var all = new Thing(call.Type, isKnown: true);
                foreach (var task in arguments.SelectMany(argument => argument.Value).SelectMany(thing => thing.Content.Values.Add(thing)))
                {
                    all.Strands.AddRange(task.Strands);
                    all.Result = Cell.Union(all.Result, task.Result);
                    if (method.Name.EndsWith("All", StringComparison.Ordinal))
                    {
                        all.Content.Store(One(task));
                    }
                }

                if (method.Name.StartsWith("Wait", StringComparison.Ordinal))
                {
                    Join(One(all));
                }

                return One(all);
            case (KnownType.Monitor, _):
                return OnMonitor(method.Name, arguments);
        }

        if (method is { ContainingType.Name: "Channel" } && method.Name.StartsWith("Create", StringComparison.Ordinal))
        {
            return One(new Thing(call.Type, isKnown: true));
        }

        if (OnLock(call, known, receiver))
        {
            return method.Name.StartsWith("Wait", StringComparison.Ordinal) ? ImmutableArray<Thing>.Empty : receiver;
        }

        // `await AssertAllRan(tasks)` of another project.
        if (awaited && method.ContainingNamespace is { IsGlobalNamespace: false } space && !space.ToDisplayString().StartsWith("System", StringComparison.Ordinal))
        {
            Join(arguments.SelectMany(argument => argument.Value).Concat(receiver).SelectMany(thing => thing.Content.Values.Add(thing)).Where(thing => thing.Strands.Count > 0).ToImmutableArray());
        }

        Order(method.Name, receiver, call);
        return OnCollection(call, receiver, arguments, works, awaited);
    }

    /// <summary>Whether it is the timer of a clock that may be another one in a test.</summary>
    internal static bool MakesTimer(IMethodSymbol method) => method is { Name: "CreateTimer", ContainingType: { Name: "TimeProvider", ContainingNamespace.Name: "System" } };

    // Told to run where the task ends, or on a scheduler: which thread that is, is not known.
    private static bool HasOptions(IInvocationOperation call) => call.Arguments.Any(argument => argument.ArgumentKind == ArgumentKind.Explicit
        && (argument.Parameter?.Type.Name == "TaskScheduler" || argument.Value.DescendantsAndSelf().Any(part => part is IFieldReferenceOperation { Field.Name: "ExecuteSynchronously" })));

    private static bool HasScheduler(IInvocationOperation call) => call.Arguments.Any(argument => argument.Parameter?.Type.Name == "TaskScheduler" && argument.Value.Bare() is not IPropertyReferenceOperation { Property.Name: "Default" });

    // `new TaskFactory(scheduler)`: where that runs what it is given is its own business.
    private static bool IsScheduler(Thing thing)
    {
        for (var type = thing.Type; type is not null; type = type.BaseType)
        {
            if (type.Name == "TaskScheduler")
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Thing> Listed(Thing thing) => thing.Closure is not null ? One(thing) : thing.Content.Values;

    private ImmutableArray<Thing> StartWork(IInvocationOperation call, List<Closure> works, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, bool awaited)
    {
        var result = ImmutableArray<Thing>.Empty;
        foreach (var work in works.Take(1))
        {
            var given = StateFor(work, arguments);
            result = Cell.Union(result, awaited || Joins.InPlace(call) ? InPlace(work, given, call) : Start(work, given, call.Syntax));
        }

        return result;
    }

    private static List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> StateFor(Closure work, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments) => StateFor(work, StateIn(arguments));

    private static List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> StateFor(Closure work, ImmutableArray<Thing> state) => state.IsEmpty || work.Function.Parameters.IsEmpty ? [] : [(work.Function.Parameters[0], state)];

    private static ImmutableArray<Thing> StateIn(List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments) =>
        arguments.Where(argument => argument.Parameter.Name == "state").Select(argument => argument.Value).DefaultIfEmpty(ImmutableArray<Thing>.Empty).First();

    // Waited for where it is started: as good as a call, but that no lock goes with it.
    private ImmutableArray<Thing> InPlace(Closure work, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> given, IInvocationOperation call)
    {
        var locks = _locks;
        var result = RunHere(work, given, call.Syntax, awaited: true);
        _locks = locks;
        return result;
    }

    private ImmutableArray<Thing> InParallel(IInvocationOperation call, List<Closure> works, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, bool awaited)
    {
        var items = arguments.Where(argument => argument.Parameter.Ordinal == 0).SelectMany(argument => argument.Value).ToImmutableArray();
        foreach (var collection in items)
        {
            TouchContent(collection, null, isWrite: false, call.Syntax);
        }

        ImmutableArray<Thing> tasks;
        if (call.TargetMethod.Name == "Invoke")
        {
            tasks = works.SelectMany(work => Start(work, [], call.Syntax)).ToImmutableArray();
        }
        else
        {
            tasks = TwiceBeside(call, works.Where(work => !work.Function.ReturnsVoid || work.Function.Parameters.Length > 0).Take(call.TargetMethod.Parameters.Any(parameter => parameter.Name == "localInit") ? 2 : 1).ToList(), items);
        }

        if (call.TargetMethod.Name.EndsWith("Async", StringComparison.Ordinal) && !awaited && !Joins.InPlace(call))
        {
            var all = new Thing(call.Type, isKnown: true);
            all.Strands.AddRange(tasks.SelectMany(task => task.Strands));
            return One(all);
        }

        Join(tasks);
        return ImmutableArray<Thing>.Empty;
    }

    // The same code for two of many items.
    private ImmutableArray<Thing> TwiceBeside(IInvocationOperation call, List<Closure> works, ImmutableArray<Thing> collections)
    {
        var items = collections.SelectMany(collection => collection.Content.Load()).Take(2).ToList();
        var tasks = ImmutableArray<Thing>.Empty;
        foreach (var work in works)
        {
            for (int i = 0; i < 2; i++)
            {
                var given = new List<(IParameterSymbol, ImmutableArray<Thing>)>();
                if (!work.Function.Parameters.IsEmpty && i < items.Count)
                {
                    given.Add((work.Function.Parameters[0], One(items[i])));
                }

                tasks = tasks.AddRange(Start(work, given, call.Syntax));
            }
        }

        return tasks;
    }

    private ImmutableArray<Thing> OnCollection(IInvocationOperation call, ImmutableArray<Thing> receiver, List<(IParameterSymbol Parameter, ImmutableArray<Thing> Value)> arguments, List<Closure> works, bool awaited)
    {
        string name = call.TargetMethod.Name;
        bool isLinq = call.Instance is null;
        bool isFactory = name is "GetOrAdd" or "AddOrUpdate";
        var items = ImmutableArray<Thing>.Empty;
        foreach (var thing in receiver)
        {
            foreach (var (_, value) in arguments.Where(_ => Collections.IsAdding(name)))
            {
                Put(thing, name == "AddRange" ? value.SelectMany(other => other.Content.Values).ToImmutableArray() : value.Where(other => other.Closure is null || !isFactory).ToImmutableArray());
            }

            TouchContent(thing, call.Receiver()?.Bare().Type, isWrite: !isLinq && Collections.IsChange(name), call.Syntax);
            TouchTool(thing, call.Receiver()?.Bare().Type, Collections.IsStep(name), call.Syntax);
            items = Cell.Union(items, thing.Content.Values);
        }

        var result = ImmutableArray<Thing>.Empty;
        if ((works.Count > 0 && !Collections.IsAdding(name)) || isFactory)
        {
            result = Callback(call, works, items);
            if (isFactory && !IsOwnKey(call))
            {
                foreach (var thing in receiver)
                {
                    Store(thing.Content, result);
                }
            }
        }

        if (Collections.IsTaking(name) && call.Arguments.Length > (isLinq ? 1 : 0) && receiver.All(thing => thing.Content.Values.IsEmpty) && call.Arguments.FirstOrDefault(argument => argument.Parameter?.RefKind == RefKind.Out)?.Value.Type is { IsReferenceType: true } found)
        {
            // Asked for by a key: another one each time.
            result = Cell.Union(result, One(new Thing(found)));
        }
        else if (Collections.IsTaking(name))
        {
            result = Cell.Union(result, receiver.Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => Cell.Union(all, Take(thing))));
        }

        foreach (var argument in call.Arguments.Where(argument => argument.Parameter?.RefKind is RefKind.Out or RefKind.Ref))
        {
            bool isUnseen = argument.Value is IDeclarationExpressionOperation || call.TargetMethod.ContainingType.Name == "LazyInitializer";
            Write(argument.Value, result, isUnseen ? Writing.Unseen : call.TargetMethod.ContainingType.Name == "ImmutableInterlocked" ? Writing.Atomic : Writing.Plain);
        }

        if (Collections.IsTaking(name))
        {
            return result;
        }

        if (Collections.IsSame(name) || name is "Append" or "ReadAllAsync" or "GetConsumingEnumerable" or "WithCancellation")
        {
            return receiver;
        }

        bool isMapping = name is "Select" or "SelectMany" or "ConvertAll" or "Aggregate";
        if (isMapping || Collections.IsView(name))
        {
            var view = new Thing(call.Type, isKnown: true) { Sources = isLinq && call.Type is { Name: "IEnumerable" or "IOrderedEnumerable" } ? receiver : ImmutableArray<Thing>.Empty };
            view.Content.Store(isMapping ? result : items);
            return One(view);
        }

        return result.IsEmpty && call.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } ? One(new Thing(call.Type)) : result;
    }

    // What is kept by a key of the work's own is nobody else's: `stats.GetOrAdd(item.Id, …)` in a loop over items that runs in parallel.
    private bool IsOwnKey(IInvocationOperation call) => call.Arguments.FirstOrDefault(argument => argument.Parameter?.Ordinal == 0)?.Value.DescendantsAndSelf()
        .Any(part => part is ILocalReferenceOperation || (part is IParameterReferenceOperation && _frame.Site == _strand.Start)) != false;

    // LINQ and its like call what they are given, here and now; what is async is called for each of many.
    private ImmutableArray<Thing> Callback(IInvocationOperation call, List<Closure> works, ImmutableArray<Thing> items)
    {
        var result = ImmutableArray<Thing>.Empty;
        if (!RunsInPlace(call, _compilation.Known))
        {
            return result;
        }

        foreach (var work in works)
        {
            int before = _syncs;
            for (int i = 0; i < 2; i++)
            {
                var given = new List<(IParameterSymbol, ImmutableArray<Thing>)>();
                if (!work.Function.Parameters.IsEmpty && i < items.Length)
                {
                    given.Add((work.Function.Parameters[0], One(items[i])));
                }

                result = Cell.Union(result, Run(work, given, call.Syntax, awaited: false));
                // What is made for each of many is another one each time.
                if (_syncs == before && i + 1 >= items.Length && !(call.TargetMethod.Name == "Select" && result.Any(thing => thing.Maker is not null)))
                {
                    break;
                }
            }
        }

        return result;
    }

    /// <summary>Whether the library method calls what it is given before it returns.</summary>
    internal static bool RunsInPlace(IInvocationOperation call, KnownTypes known) => known[call.TargetMethod.ContainingType] is KnownType.Enumerable or KnownType.ListOfT or KnownType.Array or KnownType.ParallelEnumerable
        || call.TargetMethod.ContainingType.Name is "ConcurrentDictionary" or "Enumerable" or "ImmutableInterlocked" or "LazyInitializer" or "Dictionary" or "HashSet" or "AsyncEnumerable";
}
