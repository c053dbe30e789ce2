using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Properties.</content>
internal sealed partial class Translator
{
    private Operand ReadProperty(IPropertyReferenceOperation reference)
    {
        var property = reference.Property;
        // A select class is its author's: what he wrote in it is code as any.
        if (Kinds.Of(property.ContainingType) is var kind && kind != Kind.None && !IsSelect(property.ContainingType))
        {
            return LibraryProperty(reference, kind);
        }

        if (property.ContainingType.IsAnonymousType)
        {
            var anonymous = Value(reference.Instance);
            return New(to => new Load(to, anonymous, property.Name, IsStable: true));
        }

        if (property.ContainingType is { Name: "KeyValuePair" })
        {
            var pair = Value(reference.Instance);
            return New(to => new Load(to, pair, property.Name, IsStable: true));
        }

        var owner = property.IsStatic ? default(Operand?) : Value(reference.Instance);
        var indices = Arguments(reference.Arguments);
        if (!_code.Compilation.Owns(property))
        {
            return Operand.Unknown;
        }

        if (Members.IsAutomatic(property) && !(property.GetMethod is { } automatic && Members.IsVirtual(automatic)))
        {
            // Of a static property nobody knows who writes it.
            return owner is { } instance ? New(to => new Load(to, instance, Members.NameOf(property), Members.IsStable(property)))
                : Operand.Unknown;
        }

        if (property.GetMethod is not { } getter)
        {
            return Operand.Unknown;
        }

        var arguments = ImmutableArray.CreateRange(owner is { } self ? indices.Prepend(self) : indices);
        return New(to => new Call(to, getter.OriginalDefinition, arguments, CallMode.Plain, Members.IsVirtual(getter) && !IsBase(reference.Instance)));
    }

    private Operand LibraryProperty(IPropertyReferenceOperation reference, Kind kind)
    {
        var property = reference.Property;
        var owner = property.IsStatic ? Operand.Unknown : Value(reference.Instance);
        switch (kind, property.Name)
        {
            case (Kind.Channel or Kind.Chan, "Reader" or "Writer"):
            case (Kind.Completion, "Task") or (Kind.Source, "Token") or (Kind.Nullable, "Value"):
            case (Kind.List, "Span" or "Memory"):
                return owner;
            case (Kind.Channel, "Completion"):
                return Perform(Act.Completion, owner);
            case (Kind.Chan, "Nil"):
                return Perform(Act.NewChannel, Operand.Of(0));
            case (Kind.Task, "Result"):
                return reference.Instance is { } task && task.Bare().ThroughTaskAdapters() is IInvocationOperation call
                    ? Invoke(call, awaited: true)
                    : Join(owner, reference, Short(reference.Syntax));
            case (Kind.Task, "IsCompleted" or "IsCompletedSuccessfully"):
                return Perform(Act.IsOver, owner);
            case (Kind.Task, "CompletedTask"):
                return Perform(Act.CompletedTask, Operand.Null);
            case (Kind.Semaphore or Kind.Countdown, "CurrentCount"):
            case (Kind.Event, "IsSet"):
                return Perform(Act.HowMany, owner);
            case (Kind.Countdown, "IsSet"):
                return Is(Perform(Act.HowMany, owner), Relation.Equal, Operand.Of(0));
            case (Kind.Task, "Factory"):
                return Operand.Unknown;
            case (Kind.Token, "None"):
                return Operand.Null;
            case (Kind.Source or Kind.Token, "IsCancellationRequested"):
                return Perform(Act.IsCancelled, owner);
            case (Kind.Token, "CanBeCanceled"):
                return IsNotNull(owner);
            case (Kind.Group, "CancellationToken"):
                return New(to => new Load(to, owner, "source", IsStable: true));
            case (Kind.Lazy, "Value"):
                return New(to => new Call(to, Wrappers.LazyValue, ImmutableArray.Create(owner)));
            case (Kind.Nullable, "HasValue"):
                return IsNotNull(owner);
            case (Kind.Map or Kind.List or Kind.Queue, "Count" or "Length"):
            case (Kind.Enumerable, "Length"):
                return Perform(Act.Count, owner);
            case (Kind.List or Kind.Queue, "IsEmpty" or "IsDefaultOrEmpty"):
            case (Kind.Map, "IsEmpty"):
                return property.IsStatic ? Perform(Act.NewList) : Is(Perform(Act.Count, owner), Relation.Equal, Operand.Of(0));
            case (Kind.Map, "Keys"):
                return Perform(Act.Keys, owner);
            case (Kind.Map, "Values"):
                return Perform(Act.Values, owner);
            case (Kind.Map, _) when property.IsIndexer && reference.Arguments.Length == 1:
                return Perform(Act.Get, owner, Value(reference.Arguments[0].Value));
            case (Kind.List, _) when property.IsIndexer && reference.Arguments.Length == 1:
                return Perform(Act.ElementAt, owner, Value(reference.Arguments[0].Value));
            default:
                return Operand.Unknown;
        }
    }

    private Operand IsNotNull(Operand value)
    {
        var result = Kept(Operand.False);
        int yes = _emitter.NewMark(), end = _emitter.NewMark();
        Test(value, Relation.Equal, Operand.Null, end, yes);
        _emitter.Place(yes);
        SetTo(result, Operand.True);
        _emitter.Place(end);
        return result;
    }

    private Operand Is(Operand left, Relation relation, Operand right)
    {
        var result = Kept(Operand.False);
        int yes = _emitter.NewMark(), end = _emitter.NewMark();
        Test(left, relation, right, yes, end);
        _emitter.Place(yes);
        SetTo(result, Operand.True);
        _emitter.Place(end);
        return result;
    }
}
