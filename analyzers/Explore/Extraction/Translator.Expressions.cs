using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Expressions.</content>
internal sealed partial class Translator
{
    private readonly Stack<Operand> _accessed = new();
    private readonly Stack<Operand> _initialized = new();

    private void Effect(IOperation expression) => Value(expression);

    /// <summary>Runs an expression and gives its value.</summary>
    private Operand Value(IOperation? expression)
    {
        if (expression is null || _gaveUp || _emitter.IsTooLarge)
        {
            return Operand.Unknown;
        }

        if (++_depth > MostDepth)
        {
            _gaveUp = true;
            _depth--;
            return Operand.Unknown;
        }

        var value = ValueOf(expression);
        _depth--;
        return value;
    }

    private Operand ValueOf(IOperation expression)
    {
        if (expression.ConstantValue is { HasValue: true, Value: var constant })
        {
            return Constant(constant, expression.Type);
        }

        switch (expression)
        {
            case IParenthesizedOperation parenthesized:
                return Value(parenthesized.Operand);
            case IConversionOperation conversion:
                return Convert(conversion);
            case IDefaultValueOperation:
                return DefaultOf(expression.Type);
            case ILocalReferenceOperation reference:
                return ReadLocal(reference.Local);
            case IParameterReferenceOperation reference:
                return Variables.IsOfPrimaryConstructor(reference.Parameter)
                    ? New(to => new Load(to, Self, NameOfCaptured(reference.Parameter), Members.IsStable(reference.Parameter)))
                    : ReadLocal(reference.Parameter);
            case IInstanceReferenceOperation { ReferenceKind: InstanceReferenceKind.ImplicitReceiver or InstanceReferenceKind.PatternInput }:
                return _initialized.Count > 0 ? _initialized.Peek() : Self;
            case IInstanceReferenceOperation:
                return Self;
            case IFieldReferenceOperation field:
                return ReadField(field);
            case IPropertyReferenceOperation property:
                return ReadProperty(property);
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return Perform(Act.ElementAt, Value(element.ArrayReference), Value(element.Indices[0]));
            case IEventReferenceOperation declared:
                return New(to => new Load(to, declared.Instance is null ? null : Value(declared.Instance), Members.NameOf(declared.Event)));
            case IInvocationOperation call:
                return Invoke(call, awaited: false);
            case IAwaitOperation awaiting:
                return AwaitOf(awaiting.Operation, awaiting);
            case IObjectCreationOperation creation:
                return Create(creation);
            case ITypeParameterObjectCreationOperation or IDynamicObjectCreationOperation:
                return Operand.Unknown;
            case IAnonymousFunctionOperation lambda:
                return Function(_variables.FunctionAt(lambda.Syntax));
            case IDelegateCreationOperation creation:
                return Value(creation.Target);
            case IMethodReferenceOperation reference:
                return Method(reference);
            case ISimpleAssignmentOperation assignment:
                return Assign(assignment);
            case ICompoundAssignmentOperation compound:
                return Assign(compound);
            case ICoalesceAssignmentOperation coalesce:
                return Assign(coalesce);
            case IIncrementOrDecrementOperation step:
                return Increment(step);
            case IDeconstructionAssignmentOperation deconstruction:
                var parts = Value(deconstruction.Value);
                Deconstruct(deconstruction.Target, parts);
                return parts;
            case IDeclarationExpressionOperation declaration:
                return Value(declaration.Expression);
            case IEventAssignmentOperation subscription:
                if (subscription.EventReference is IEventReferenceOperation { Instance: { } raiser })
                {
                    Effect(raiser);
                }

                Escape(Value(subscription.HandlerValue));
                return Operand.Null;
            case IConditionalOperation { WhenFalse: not null } conditional:
                return Branch(conditional);
            case ICoalesceOperation coalesce:
                return Coalesce(coalesce);
            case IConditionalAccessOperation access:
                return Access(access);
            case IConditionalAccessInstanceOperation:
                return _accessed.Count > 0 ? _accessed.Peek() : Operand.Unknown;
            case IBinaryOperation binary when Arithmetic(binary) is { } result:
                return result;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, Type.SpecialType: SpecialType.System_Boolean }:
            case IBinaryOperation { Type.SpecialType: SpecialType.System_Boolean }:
            case IIsPatternOperation:
            case IIsTypeOperation:
                return Truth(expression);
            case ISwitchExpressionOperation choice:
                return Choice(choice);
            case ITupleOperation tuple:
                return Tuple(tuple);
            case IArrayCreationOperation array:
                return NewArray(array);
            case IArrayInitializerOperation elements:
                return List(elements.ElementValues);
            case IAnonymousObjectCreationOperation anonymous:
                return Anonymous(anonymous);
            case IWithOperation copy:
                return With(copy);
            case IThrowOperation thrown:
                RunThrow(thrown);
                return Operand.Unknown;
            case INameOfOperation or ITypeOfOperation or ISizeOfOperation:
                return Operand.Unknown;
            case var list when list.IsCollectionExpression():
                return Collection(expression);
            default:
                return Other(expression);
        }
    }

    // Runs what is in it; what that gives is lost in something of which nothing is known.
    private Operand Other(IOperation expression)
    {
        foreach (var child in expression.ChildOperations)
        {
            var value = Value(child);
            if (expression is not (IBinaryOperation or IUnaryOperation or IInterpolatedStringOperation or IInterpolationOperation or IInterpolatedStringTextOperation or IRangeOperation))
            {
                EscapeUnlessHarmless(value, child.Type);
            }
        }

        return expression is IInterpolatedStringOperation or IBinaryOperation { Type.SpecialType: SpecialType.System_String } ? Perform(Act.Something) : Operand.Unknown;
    }

    private static Operand Constant(object? value, ITypeSymbol? type) => value switch
    {
        null => Operand.Null,
        bool truth => truth ? Operand.True : Operand.False,
        string text => Operand.Of(text),
        char character => Operand.Of(character),
        ulong and > int.MaxValue => Operand.Unknown,
        int or long or short or byte or sbyte or ushort or uint or ulong => System.Convert.ToInt64(value, CultureInfo.InvariantCulture) is >= int.MinValue / 4 and <= int.MaxValue / 4 and var number
            ? (type?.TypeKind == TypeKind.Enum ? Operand.Of((int)number) : Operand.Size((int)number)) : Operand.Unknown,
        _ => Operand.Unknown,
    };

    internal static Operand DefaultOf(ITypeSymbol? type) => type switch
    {
        { SpecialType: SpecialType.System_Boolean or SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_UInt32 or SpecialType.System_UInt64 } or { TypeKind: TypeKind.Enum } => Operand.Of(0),
        { IsReferenceType: true } or { Name: "CancellationToken" or "Nullable" } => Operand.Null,
        { Name: "ValueTask" } => Operand.Null,
        _ => Operand.Unknown,
    };

    private Operand Convert(IConversionOperation conversion)
    {
        var value = Value(conversion.Operand);

        // A conversion of the program's own makes something new, but those of channels to their ends.
        if (conversion.OperatorMethod is not { } method || Kinds.Of(method.ContainingType) is Kind.Chan or Kind.List)
        {
            return value;
        }

        return Kinds.Of(method.ContainingType) == Kind.Channel ? value
            : _code.Compilation.Owns(method) ? CallSource(method, null, [value], conversion, awaited: false) : Operand.Unknown;
    }

    private Operand ReadLocal(ISymbol variable)
    {
        var register = Operand.Register(RegisterOf(variable));
        return _variables.IsBoxed(variable) ? New(to => new Load(to, register, Box)) : register;
    }

    private Operand ReadField(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (field.ContainingType.IsTupleType)
        {
            var tuple = Value(reference.Instance);
            return New(to => new Load(to, tuple, (field.CorrespondingTupleField ?? field).Name, IsStable: true));
        }

        if (field.IsStatic)
        {
            // Others may have written it, or hold what is in it, but for what nobody can change, and what all that touch it are known of.
            return !_code.Compilation.Owns(field) ? Operand.Unknown
                : field.IsReadOnly && IsMadeAlike(field.Type) ? New(to => new Call(to, field.OriginalDefinition, ImmutableArray<Operand>.Empty))
                : New(to => new Load(to, null, _code.NameOfStatic(field), field.IsReadOnly, IfKnown: true));
        }

        var owner = Value(reference.Instance);
        return _code.Compilation.Owns(field) ? New(to => new Load(to, owner, Members.NameOf(field), Members.IsStable(field))) : Operand.Unknown;
    }

    // What a static field of the type holds may as well be made anew each time.
    private bool IsMadeAlike(ITypeSymbol type) =>
        type.TypeKind == TypeKind.Delegate || type.SpecialType == SpecialType.System_String || (type.IsValueType && type.SpecialType != SpecialType.None) || type.TypeKind == TypeKind.Enum || (type.IsRecord && _code.Compilation.Owns(type));

    private Operand Function(Variables.Inner? function)
    {
        if (function is null)
        {
            return Operand.Unknown;
        }

        var captured = _variables.CapturedBy(function).Select(Captured).ToImmutableArray();
        return New(to => new MakeDelegate(to, function, captured));
    }

    // What a function takes along: the box of a variable that is written again, else its value.
    private Operand Captured(object item) => item is ISymbol symbol ? Operand.Register(RegisterOf(symbol)) : Self;

    private Operand Method(IMethodReferenceOperation reference)
    {
        var method = reference.Method;
        if (method.MethodKind == MethodKind.LocalFunction)
        {
            return Function(_variables.LocalFunction(method));
        }

        if (method.IsExtensionMethod || method.ReducedFrom is not null || !_code.Compilation.Owns(method))
        {
            return Library(reference);
        }

        var key = method.OriginalDefinition;
        if (method.IsStatic)
        {
            return New(to => new MakeDelegate(to, key, ImmutableArray<Operand>.Empty));
        }

        var receiver = Value(reference.Instance);
        return New(to => new MakeDelegate(to, key, ImmutableArray.Create(receiver), reference.IsVirtual && Members.IsVirtual(method)));
    }

    private Operand Assign(ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is IDiscardOperation)
        {
            return Value(assignment.Value);
        }

        // The parts of the target run before the value.
        var store = Target(assignment.Target);
        var value = Value(assignment.Value);
        store(value);
        return value;
    }

    private Operand Assign(ICompoundAssignmentOperation compound)
    {
        if (compound.Target is IEventReferenceOperation || compound.Type?.TypeKind == TypeKind.Delegate)
        {
            Escape(Value(compound.Value));
            Target(compound.Target)(Operand.Unknown);
            return Operand.Unknown;
        }

        var old = Value(compound.Target);
        var by = Value(compound.Value);
        var value = IsNumber(compound.Type) ? New(to => new Compute(to, old, by, CalculationOf(compound.OperatorKind))) : Operand.Unknown;
        Target(compound.Target)(value);
        return value;
    }

    private Operand Assign(ICoalesceAssignmentOperation coalesce) => OrElse(coalesce.Target, () =>
    {
        var value = Value(coalesce.Value);
        Target(coalesce.Target)(value);
        return value;
    });

    private Operand Increment(IIncrementOrDecrementOperation step)
    {
        var old = Kept(Value(step.Target));
        var value = New(to => new Compute(to, old, Operand.Of(1), step.Kind == OperationKind.Decrement ? Calculation.Subtract : Calculation.Add));
        Target(step.Target)(value);
        return step.IsPostfix ? old : value;
    }

    private void Assign(IOperation target, Operand value) => Target(target)(value);

    /// <summary>Runs the parts of what is assigned to, and gives what then stores a value there.</summary>
    private Action<Operand> Target(IOperation target)
    {
        switch (target)
        {
            case IVariableDeclaratorOperation declarator:
                return value => DeclareLocal(declarator.Symbol, value);
            case ILocalReferenceOperation { IsDeclaration: true } reference:
                return value => DeclareLocal(reference.Local, value);
            case ILocalReferenceOperation { Local.RefKind: RefKind.None } reference:
                return value => WriteLocal(reference.Local, value);
            case IParameterReferenceOperation reference when Variables.IsOfPrimaryConstructor(reference.Parameter):
                return value => _emitter.Emit(new Store(Self, NameOfCaptured(reference.Parameter), value));
            case IParameterReferenceOperation reference:
                return value => WriteLocal(reference.Parameter, value);
            case IFieldReferenceOperation { Field.IsStatic: false } reference:
                var owner = Value(reference.Instance);
                return value => _emitter.Emit(new Store(owner, reference.Field.ContainingType.IsTupleType ? (reference.Field.CorrespondingTupleField ?? reference.Field).Name : Members.NameOf(reference.Field), value));
            case IFieldReferenceOperation { Field: var shared } when _code.Compilation.Owns(shared):
                return value => _emitter.Emit(new Store(null, _code.NameOfStatic(shared), value, IfKnown: true));
            case IPropertyReferenceOperation { Arguments.IsEmpty: true, Property: { IsStatic: false } property } reference when _code.Compilation.Owns(property):
                var receiver = Value(reference.Instance);
                return value => WriteProperty(reference, property, receiver, value);
            case IPropertyReferenceOperation { Arguments.Length: 1, Instance: { } indexed } reference:
                var collection = Value(indexed);
                var key = Value(reference.Arguments[0].Value);
                return Kinds.Of(indexed.Type) switch
                {
                    Kind.Map => value => _emitter.Emit(new Do(-1, Act.Put, ImmutableArray.Create(collection, key, value))),
                    Kind.List => value => _emitter.Emit(new Do(-1, Act.SetElement, ImmutableArray.Create(collection, key, value))),
                    _ => value => Escape(collection, key, value),
                };
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                var array = Value(element.ArrayReference);
                var index = Value(element.Indices[0]);
                return value => _emitter.Emit(new Do(-1, Act.SetElement, ImmutableArray.Create(array, index, value)));
            case IDeclarationExpressionOperation declaration:
                return Target(declaration.Expression);
            case ITupleOperation:
                return value => Deconstruct(target, value);
            case IDiscardOperation:
                return _ => { };
            case IConversionOperation conversion:
                return Target(conversion.Operand);
            default:
                return value =>
                {
                    Effect(target);
                    Escape(value);
                };
        }
    }

    private void WriteLocal(ISymbol local, Operand value)
    {
        var register = RegisterOf(local);
        _emitter.Emit(_variables.IsBoxed(local) ? new Store(Operand.Register(register), Box, value) : new Set(register, value));
    }

    private void WriteProperty(IPropertyReferenceOperation reference, IPropertySymbol property, Operand receiver, Operand value)
    {
        if (Members.IsAutomatic(property) && !(property.SetMethod is { } automatic && Members.IsVirtual(automatic)))
        {
            _emitter.Emit(new Store(receiver, Members.NameOf(property), value));
        }
        else if (property.SetMethod is { } setter)
        {
            _emitter.Emit(new Call(-1, setter.OriginalDefinition, ImmutableArray.Create(receiver, value), CallMode.Plain, Members.IsVirtual(setter) && !IsBase(reference.Instance)));
        }
        else
        {
            Escape(receiver, value);
        }
    }

    private void Deconstruct(IOperation target, Operand value)
    {
        target = target is IDeclarationExpressionOperation declaration ? declaration.Expression : target;
        if (target is not ITupleOperation tuple)
        {
            Assign(target, value);
            return;
        }

        for (var i = 0; i < tuple.Elements.Length; i++)
        {
            var name = TupleField(tuple, i);
            var part = New(to => new Load(to, value, name, IsStable: true));
            Assign(tuple.Elements[i], part);
        }
    }

    // A record or a pair of a dictionary is taken apart by the names of its parts.
    private static string TupleField(ITupleOperation tuple, int at)
    {
        var source = tuple.Parent switch
        {
            IDeconstructionAssignmentOperation deconstruction => deconstruction.Value.Type,
            IDeclarationExpressionOperation { Parent: IDeconstructionAssignmentOperation deconstruction } => deconstruction.Value.Type,
            IForEachLoopOperation loop => ElementOf(loop.Collection.Bare().Type),
            IDeclarationExpressionOperation { Parent: IForEachLoopOperation loop } => ElementOf(loop.Collection.Bare().Type),
            _ => null,
        };
        if (source is INamedTypeSymbol { Name: "KeyValuePair" })
        {
            return at == 0 ? "Key" : "Value";
        }

        return source is INamedTypeSymbol { IsRecord: true } record && record.InstanceConstructors.FirstOrDefault(Variables.IsPrimary) is { } primary && at < primary.Parameters.Length
            ? $"{record.Name}.{primary.Parameters[at].Name}"
            : $"Item{at + 1}";
    }

    private static ITypeSymbol? ElementOf(ITypeSymbol? collection) => collection switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments.Length: 1 } named => named.TypeArguments[0],
        INamedTypeSymbol named when Kinds.Of(named) == Kind.Map => named.AllInterfaces.Where(each => each.Name == "IEnumerable" && each.TypeArguments.Length == 1).Select(each => each.TypeArguments[0]).FirstOrDefault(),
        _ => null,
    };

    private Operand Branch(IConditionalOperation conditional) => Either(conditional.Condition, () => Value(conditional.WhenTrue), () => Value(conditional.WhenFalse));

    private Operand Truth(IOperation condition) => Either(condition, () => Operand.True, () => Operand.False);

    private Operand Either(IOperation condition, Func<Operand> whenTrue, Func<Operand> whenFalse)
    {
        int yes = _emitter.NewMark(), no = _emitter.NewMark(), end = _emitter.NewMark();
        var result = Fresh();
        Condition(condition, yes, no);
        _emitter.Place(yes);
        SetTo(result, whenTrue());
        _emitter.GoTo(end);
        _emitter.Place(no);
        SetTo(result, whenFalse());
        _emitter.Place(end);
        return result;
    }

    private Operand Coalesce(ICoalesceOperation coalesce) => OrElse(coalesce.Value, () => Value(coalesce.WhenNull));

    private Operand OrElse(IOperation first, Func<Operand> whenNull)
    {
        var result = Kept(Value(first));
        int absent = _emitter.NewMark(), end = _emitter.NewMark();
        Test(result, Relation.Equal, Operand.Null, absent, end);
        _emitter.Place(absent);
        SetTo(result, whenNull());
        _emitter.Place(end);
        return result;
    }

    private Operand Access(IConditionalAccessOperation access)
    {
        var value = Kept(Value(access.Operation));
        var result = Kept(Operand.Null);
        int absent = _emitter.NewMark(), present = _emitter.NewMark();
        Test(value, Relation.Equal, Operand.Null, absent, present);
        _emitter.Place(present);
        _accessed.Push(value);
        SetTo(result, Value(access.WhenNotNull));
        _accessed.Pop();
        _emitter.Place(absent);
        return result;
    }

    private Operand? Arithmetic(IBinaryOperation binary)
    {
        if (binary.OperatorMethod is not null || !IsNumber(binary.Type))
        {
            return null;
        }

        var left = Kept(Value(binary.LeftOperand));
        var right = Value(binary.RightOperand);
        return New(to => new Compute(to, left, right, CalculationOf(binary.OperatorKind)));
    }

    private static Calculation CalculationOf(BinaryOperatorKind kind) => kind switch
    {
        BinaryOperatorKind.Add => Calculation.Add,
        BinaryOperatorKind.Subtract => Calculation.Subtract,
        BinaryOperatorKind.Multiply => Calculation.Multiply,
        BinaryOperatorKind.Divide => Calculation.Divide,
        BinaryOperatorKind.Remainder => Calculation.Remainder,
        _ => Calculation.Other,
    };

    private static bool IsNumber(ITypeSymbol? type) => type?.SpecialType is SpecialType.System_Int32 or SpecialType.System_Int64 or SpecialType.System_Int16 or SpecialType.System_Byte or SpecialType.System_UInt32 or SpecialType.System_UInt64;

    private Operand Choice(ISwitchExpressionOperation choice)
    {
        var value = Kept(Value(choice.Value));
        var result = Fresh();
        var end = _emitter.NewMark();
        foreach (var arm in choice.Arms)
        {
            int matched = _emitter.NewMark(), next = _emitter.NewMark();
            Match(arm.Pattern, value, matched, next);
            _emitter.Place(matched);
            if (arm.Guard is { } guard)
            {
                var taken = _emitter.NewMark();
                Condition(guard, taken, next);
                _emitter.Place(taken);
            }

            SetTo(result, Value(arm.Value));
            _emitter.GoTo(end);
            _emitter.Place(next);
        }

        _emitter.Emit(new Throw(Failures.Other));
        _emitter.Place(end);
        return result;
    }

    private Operand Tuple(ITupleOperation tuple)
    {
        var values = tuple.Elements.Select(element => Kept(Value(element))).ToArray();
        var made = New(to => new Make(to, "tuple"));
        for (var i = 0; i < values.Length; i++)
        {
            _emitter.Emit(new Store(made, $"Item{i + 1}", values[i]));
        }

        return made;
    }

    private Operand List(IEnumerable<IOperation> elements)
    {
        var values = elements.Select(element => Value(element)).ToArray();
        return Perform(Act.NewList, values);
    }

    private Operand NewArray(IArrayCreationOperation array)
    {
        if (array.Initializer is { } initializer)
        {
            return List(initializer.ElementValues);
        }

        if (array.DimensionSizes.Length != 1)
        {
            return Operand.Unknown;
        }

        var size = Kept(Value(array.DimensionSizes[0]));
        var list = Perform(Act.NewList);
        var empty = DefaultOf(((IArrayTypeSymbol)array.Type!).ElementType);
        var index = Kept(Operand.Of(0));
        int test = _emitter.Here(), yes = _emitter.NewMark(), end = _emitter.NewMark();
        Test(index, Relation.Less, size, yes, end);
        _emitter.Place(yes);
        _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(list, empty)));
        _emitter.Emit(new Compute(index.Number, index, Operand.Of(1)));
        _emitter.GoTo(test);
        _emitter.Place(end);
        return list;
    }

    private Operand Collection(IOperation expression)
    {
        var elements = expression.ChildOperations.ToArray();
        var type = _code.Compilation.SemanticModel(expression.Syntax.SyntaxTree).GetTypeInfo(expression.Syntax, _cancellation).ConvertedType;
        if (Kinds.Of(type) == Kind.Map)
        {
            return Perform(Act.NewMap);
        }

        if (elements.All(element => !element.IsSpread()))
        {
            return List(elements);
        }

        var list = Perform(Act.NewList);
        foreach (var element in elements)
        {
            if (element.IsSpread())
            {
                AddAll(list, element.ChildOperations.First());
            }
            else
            {
                _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(list, Value(element))));
            }
        }

        return list;
    }

    private void AddAll(Operand list, IOperation collection)
    {
        var end = _emitter.NewMark();
        Each(collection, element => _emitter.Emit(new Do(-1, Act.Add, ImmutableArray.Create(list, element))), end);
        _emitter.Place(end);
    }

    private Operand Anonymous(IAnonymousObjectCreationOperation anonymous)
    {
        var made = New(to => new Make(to, "anonymous"));
        foreach (var initializer in anonymous.Initializers)
        {
            if (initializer is ISimpleAssignmentOperation { Target: IPropertyReferenceOperation property } assignment)
            {
                _emitter.Emit(new Store(made, property.Property.Name, Value(assignment.Value)));
            }
        }

        return made;
    }

    private Operand With(IWithOperation copy)
    {
        var original = Value(copy.Operand);
        if (copy.Type is not INamedTypeSymbol type || !_code.Compilation.Owns(type))
        {
            return Operand.Unknown;
        }

        var made = New(to => new Make(to, type.OriginalDefinition));
        foreach (var field in Members.FieldsOf(type.OriginalDefinition))
        {
            _emitter.Emit(new Store(made, field, New(to => new Load(to, original, field))));
        }

        Initialize(made, copy.Initializer);
        return made;
    }

    private void Initialize(Operand made, IObjectOrCollectionInitializerOperation? initializer)
    {
        foreach (var step in initializer?.Initializers ?? ImmutableArray<IOperation>.Empty)
        {
            _initialized.Push(made);
            if (step is IMemberInitializerOperation member)
            {
                Initialize(Value(member.InitializedMember), member.Initializer);
            }
            else
            {
                Effect(step);
            }

            _initialized.Pop();
        }
    }

    private static Label At(IOperation operation, string text) => new(text, operation.Syntax);

    /// <summary>How a message names an expression: without what is of no interest, and short.</summary>
    private static string Short(SyntaxNode syntax)
    {
        var text = string.Concat(syntax.ToString().Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        text = text.Replace(".Writer", string.Empty).Replace(".Reader", string.Empty).Replace("this.", string.Empty).Replace("?", string.Empty).Replace("!", string.Empty);
        return text.Length <= 40 ? text : syntax is MemberAccessExpressionSyntax member ? "…." + member.Name : text.Substring(0, 37) + "...";
    }

    private static string Short(IInvocationOperation call) => call.Syntax is InvocationExpressionSyntax { Expression: { } called } ? Short(called) : call.TargetMethod.Name;
}
