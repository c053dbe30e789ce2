using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Calls, and what is awaited.</content>
internal sealed partial class Translator
{
    /// <summary>Whether somebody around expects exceptions: then calls of which nothing is known may throw.</summary>
    private bool _expectsFailure;

    /// <summary>The result of what is awaited, or blocked for.</summary>
    private Operand AwaitOf(IOperation awaited, IOperation at)
    {
        var suppresses = false;
        var task = awaited.Bare();
        while (task is IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "AsTask" or "Preserve" or "Unwrap" or "GetAwaiter" or "AsValueTask" } adapter && adapter.Receiver() is { } inner)
        {
            // ConfigureAwaitOptions.SuppressThrowing
            suppresses |= adapter.TargetMethod.Name == "ConfigureAwait" && adapter.Arguments.Any(argument => argument.Value.ConstantValue is { HasValue: true, Value: int options } && (options & 2) != 0);
            task = inner.Bare();
        }

        if (!suppresses)
        {
            return AwaitTask(task, at);
        }

        var handlers = _emitter.Handlers;
        int end = _emitter.NewMark();
        _emitter.Handlers = ImmutableArray.Create(new Handler(Failures.All, end));
        AwaitTask(task, at);
        _emitter.Handlers = handlers;
        _emitter.Place(end);
        return Operand.Null;
    }

    private Operand AwaitTask(IOperation task, IOperation at)
    {
        if (task is IInvocationOperation call)
        {
            return Invoke(call, awaited: true);
        }

        if (Kinds.Of(task.Type) == Kind.Selector || IsSelect(task.Type))
        {
            return Select(Value(task), task, waits: true);
        }

        if (task is IPropertyReferenceOperation { Property.Name: "CompletedTask" })
        {
            return Operand.Null;
        }

        var awaited = Value(task);
        return New(to => new Await(to, awaited) { Label = At(at, $"await {Short(task.Syntax)}") });
    }

    /// <summary>Waits for a task that was made here: the end of a call that is awaited, or that blocks.</summary>
    private Operand Join(Operand task, IOperation at, string text) => New(to => new Await(to, task) { Label = At(at, text) });

    private List<Operand> Arguments(ImmutableArray<IArgumentOperation> arguments)
    {
        var values = new Operand[arguments.Length];
        foreach (var argument in arguments)
        {
            var at = argument.Parameter is { } parameter && parameter.Ordinal < values.Length ? parameter.Ordinal : System.Array.IndexOf(arguments.ToArray(), argument);
            var value = argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out ? Operand.Unknown : Value(argument.Value);

            // What a later argument changes, an earlier one has read before.
            values[at] = value.Kind == OperandKind.Register && arguments.Length > 1 && argument.Value is ILocalReferenceOperation ? Kept(value) : value;
        }

        return values.ToList();
    }

    private Operand Invoke(IInvocationOperation call, bool awaited)
    {
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke || (Kinds.Of(method.ContainingType) == Kind.Delegate && method.Name == "Invoke"))
        {
            var called = Kept(Value(call.Instance));
            var arguments = Arguments(call.Arguments).ToImmutableArray();
            return New(to => new Invoke(to, called, arguments, awaited ? CallMode.Awaited : CallMode.Plain, _expectsFailure));
        }

        if (Kinds.Of(method.ContainingType) != Kind.None || IsSelect(method.ContainingType))
        {
            return Library(call, awaited);
        }

        if (!_code.Compilation.Owns(method))
        {
            return CallUnknown(call, awaited);
        }

        var receiver = method.MethodKind == MethodKind.LocalFunction || method.IsStatic ? default(Operand?) : Value(call.Instance);
        var copies = new List<(IOperation Target, Operand Cell)>();
        var passed = Passed(call, copies);
        var result = CallSource(method, receiver, passed, call, awaited);
        foreach (var (target, cell) in copies)
        {
            Assign(target, New(to => new Load(to, cell, Box)));
        }

        return result;
    }

    // A ref or out argument goes in a box, and comes back from it.
    private List<Operand> Passed(IInvocationOperation call, List<(IOperation Target, Operand Cell)> copies)
    {
        var values = Arguments(call.Arguments);
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.Ref or RefKind.Out, Ordinal: var at } parameter)
            {
                var cell = New(to => new Make(to, Box));
                if (parameter.RefKind == RefKind.Ref)
                {
                    _emitter.Emit(new Store(cell, Box, Value(argument.Value)));
                }

                copies.Add((argument.Value, cell));
                values[at] = cell;
            }
        }

        return values;
    }

    private Operand CallSource(IMethodSymbol method, Operand? receiver, List<Operand> arguments, IOperation at, bool awaited)
    {
        var mode = awaited ? CallMode.Awaited : CallMode.Plain;
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            if (_variables.LocalFunction(method) is not { } local)
            {
                return Operand.Unknown;
            }

            var all = _variables.CapturedBy(local).Select(Captured).Concat(arguments).ToImmutableArray();
            return New(to => new Call(to, local, all, mode));
        }

        var key = (method.ReducedFrom ?? method).OriginalDefinition;
        key = key.PartialImplementationPart ?? key;
        var passed = ImmutableArray.CreateRange(receiver is { } self ? arguments.Prepend(self) : arguments);
        var isVirtual = Members.IsVirtual(method) && at is not IInvocationOperation { IsVirtual: false };
        var waiting = awaited && !method.IsAsync && at is IInvocationOperation call ? At(at, Short(call)) : null;
        return New(to => new Call(to, key, passed, mode, isVirtual) { Waiting = waiting });
    }

    private static bool IsBase(IOperation? receiver) => receiver?.Syntax is BaseExpressionSyntax;

    private Operand CallUnknown(IInvocationOperation call, bool awaited)
    {
        if (call.Instance is { } instance)
        {
            var receiver = Value(instance);
            if (!call.TargetMethod.ContainingType.IsValueType && call.TargetMethod.Name is not ("ToString" or "GetHashCode" or "GetType" or "Equals"))
            {
                EscapeUnlessHarmless(receiver, instance.Type);
            }
        }

        var arguments = Arguments(call.Arguments);
        if (!IsHarmless(call.TargetMethod))
        {
            foreach (var argument in call.Arguments)
            {
                EscapeUnlessHarmless(arguments[System.Math.Min(argument.Parameter?.Ordinal ?? 0, arguments.Count - 1)], argument.Value.Bare().Type);
            }
        }

        Outs(call);
        MayThrow();
        if (awaited)
        {
            foreach (var token in call.Arguments.Where(argument => Kinds.Of(argument.Parameter?.Type) == Kind.Token))
            {
                Perform(Act.ThrowIfCancelled, arguments[token.Parameter!.Ordinal]);
            }

            return New(to => new Await(to, Operand.Unknown));
        }

        return Operand.Unknown;
    }

    private void Outs(IInvocationOperation call)
    {
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out)
            {
                Assign(argument.Value, Operand.Unknown);
            }
        }
    }

    private void MayThrow()
    {
        if (_expectsFailure)
        {
            int fails = _emitter.NewMark(), goes = _emitter.NewMark();
            Choose(goes, fails);
            _emitter.Place(fails);
            _emitter.Emit(new Throw(Failures.Other));
            _emitter.Place(goes);
        }
    }

    // What nobody can do anything to an object with: texts and numbers, tasks (nobody can end the task of another) and tokens.
    private void EscapeUnlessHarmless(Operand value, ITypeSymbol? type)
    {
        var isPlain = type is { SpecialType: not (SpecialType.None or SpecialType.System_Object) } or { TypeKind: TypeKind.Enum };
        if (value.Kind == OperandKind.Register && !isPlain && (type?.SpecialType == SpecialType.System_Object || Kinds.Of(type) is not (Kind.Task or Kind.Token or Kind.Harmless)))
        {
            Escape(value);
        }
    }

    private static bool IsHarmless(IMethodSymbol method) =>
        method.Name.StartsWith("Log", System.StringComparison.Ordinal) || method.Name is "ReferenceEquals" or "Equals" or "GetHashCode" or "ToString" or "ThrowIfNull" or "SuppressFinalize" or "KeepAlive";

    private Operand Create(IObjectCreationOperation creation)
    {
        if (creation.Type is not INamedTypeSymbol type || creation.Constructor is not { } constructor)
        {
            return Operand.Unknown;
        }

        Operand made;
        if (Kinds.Of(type) is var kind && kind != Kind.None && Kinds.IsLibrary(type))
        {
            made = CreateLibrary(creation, kind);
        }
        else if (_code.Compilation.Owns(type))
        {
            made = New(to => new Make(to, type.OriginalDefinition));
            var arguments = Arguments(creation.Arguments);
            var isDefault = constructor.IsImplicitlyDeclared && type.IsValueType && arguments.Count == 0;
            if (arguments.Count == 1 && type.IsRecord && constructor.IsImplicitlyDeclared)
            {
                Escape(arguments.ToArray());
            }
            else if (!isDefault)
            {
                _emitter.Emit(new Call(-1, constructor.OriginalDefinition, ImmutableArray.CreateRange(arguments.Prepend(made))));
            }
        }
        else
        {
            var arguments = Arguments(creation.Arguments);
            foreach (var argument in creation.Arguments)
            {
                EscapeUnlessHarmless(arguments[System.Math.Min(argument.Parameter?.Ordinal ?? 0, arguments.Count - 1)], argument.Value.Bare().Type);
            }

            made = Perform(Act.Something);
        }

        Initialize(made, creation.Initializer);
        return made;
    }

    private void Dispose(Operand value, ITypeSymbol? type, IOperation at, bool isAsynchronous)
    {
        switch (Kinds.Of(type))
        {
            case Kind.Registration:
                _emitter.Emit(new Do(-1, Act.Unregister, ImmutableArray.Create(value)));
                return;
            case Kind.Group:
                DisposeGroup(value, at);
                return;
            case Kind.Alarm:
                _emitter.Emit(new Do(-1, Act.Cancel, ImmutableArray.Create(New(to => new Load(to, value, "stop", IsStable: true)))));
                return;
            case not Kind.None:
                return;
        }

        if (type is { Name: "Scope", ContainingType.Name: "Lock" })
        {
            _emitter.Emit(new Do(-1, Act.Release, ImmutableArray.Create(value)));
            return;
        }

        if (type is null || DisposerOf(type, isAsynchronous ? "DisposeAsync" : "Dispose") is not { } disposer)
        {
            return;
        }

        int absent = _emitter.NewMark(), present = _emitter.NewMark();
        Test(value, Relation.Equal, Operand.Null, absent, present);
        _emitter.Place(present);
        _emitter.Emit(new Call(-1, disposer.OriginalDefinition, ImmutableArray.Create(value), isAsynchronous ? CallMode.Awaited : CallMode.Plain, disposer.ContainingType.TypeKind == TypeKind.Interface || Members.IsVirtual(disposer)));
        _emitter.Place(absent);
    }

    private IMethodSymbol? DisposerOf(ITypeSymbol type, string name)
    {
        for (var owner = type; owner is not null; owner = owner.BaseType)
        {
            if (owner.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(method => method.Parameters.IsEmpty) is { } own)
            {
                return _code.Compilation.Owns(own) ? own : null;
            }
        }

        var contract = type.AllInterfaces.FirstOrDefault(each => each.Name == (name == "Dispose" ? "IDisposable" : "IAsyncDisposable"));
        return contract?.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault();
    }
}
