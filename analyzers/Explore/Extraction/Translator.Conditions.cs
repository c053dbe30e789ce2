using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using Sluice.Model;

namespace Sluice.Explore;

/// <content>Conditions and patterns.</content>
internal sealed partial class Translator
{
    /// <summary>Runs a condition and goes one way or the other.</summary>
    private void Condition(IOperation condition, int yes, int no)
    {
        if (++_depth > MostDepth)
        {
            _gaveUp = true;
        }
        else
        {
            Decide(condition, yes, no);
        }

        _depth--;
    }

    private void Decide(IOperation condition, int yes, int no)
    {
        switch (condition)
        {
            case { ConstantValue: { HasValue: true, Value: bool truth } }:
                _emitter.GoTo(truth ? yes : no);
                break;
            case IParenthesizedOperation parenthesized:
                Condition(parenthesized.Operand, yes, no);
                break;
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Not, OperatorMethod: null } not:
                Condition(not.Operand, no, yes);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalAnd } and:
                var both = _emitter.NewMark();
                Condition(and.LeftOperand, both, no);
                _emitter.Place(both);
                Condition(and.RightOperand, yes, no);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.ConditionalOr } or:
                var other = _emitter.NewMark();
                Condition(or.LeftOperand, yes, other);
                _emitter.Place(other);
                Condition(or.RightOperand, yes, no);
                break;
            case IBinaryOperation { OperatorMethod: null } binary when Compare(binary, yes, no):
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } binary:
                CompareByOperator(binary, yes, no);
                break;
            case IIsPatternOperation match:
                Match(match.Pattern, Kept(Value(match.Value)), yes, no);
                break;
            case IIsTypeOperation test:
                IsOfType(Value(test.ValueOperand), test.ValueOperand.Type, test.TypeOperand, yes, no);
                break;
            case IBinaryOperation or IUnaryOperation:
                // An operator of the type's own, as of times.
                Other(condition);
                Choose(yes, no);
                break;
            default:
                Test(Value(condition), Relation.Equal, Operand.True, yes, no);
                break;
        }
    }

    private bool Compare(IBinaryOperation binary, int yes, int no)
    {
        var (relation, swap, negate) = binary.OperatorKind switch
        {
            BinaryOperatorKind.Equals => (Relation.Equal, false, false),
            BinaryOperatorKind.NotEquals => (Relation.Equal, false, true),
            BinaryOperatorKind.LessThan => (Relation.Less, false, false),
            BinaryOperatorKind.LessThanOrEqual => (Relation.LessOrEqual, false, false),
            BinaryOperatorKind.GreaterThan => (Relation.Less, true, false),
            BinaryOperatorKind.GreaterThanOrEqual => (Relation.LessOrEqual, true, false),
            _ => (default(Relation?), false, false),
        };
        if (binary.OperatorKind is BinaryOperatorKind.And or BinaryOperatorKind.Or && binary.Type?.SpecialType == SpecialType.System_Boolean)
        {
            var first = Kept(Value(binary.LeftOperand));
            var second = Value(binary.RightOperand);
            var next = _emitter.NewMark();
            Test(first, Relation.Equal, Operand.True, binary.OperatorKind == BinaryOperatorKind.And ? next : yes, binary.OperatorKind == BinaryOperatorKind.And ? no : next);
            _emitter.Place(next);
            Test(second, Relation.Equal, Operand.True, yes, no);
            return true;
        }

        if (relation is not { } compared)
        {
            return false;
        }

        var left = Value(binary.LeftOperand);
        left = left.Kind == OperandKind.Register && binary.RightOperand.ConstantValue.HasValue ? left : Kept(left);
        var right = Value(binary.RightOperand);
        Test(swap ? right : left, compared, swap ? left : right, negate ? no : yes, negate ? yes : no);
        return true;
    }

    // Texts are compared as they are; what a program compares itself, against null only.
    private void CompareByOperator(IBinaryOperation binary, int yes, int no)
    {
        var left = Kept(Value(binary.LeftOperand));
        var right = Value(binary.RightOperand);
        var negate = binary.OperatorKind == BinaryOperatorKind.NotEquals;
        var isTold = binary.OperatorMethod?.ContainingType is { SpecialType: SpecialType.System_String } or { TypeKind: TypeKind.Delegate }
            || binary.OperatorMethod?.ContainingType.Name is "CancellationToken" or "Type"
            || binary.LeftOperand.Bare().ConstantValue is { HasValue: true, Value: null } || binary.RightOperand.Bare().ConstantValue is { HasValue: true, Value: null };
        Test(isTold ? left : Operand.Unknown, Relation.Equal, right, negate ? no : yes, negate ? yes : no);
    }

    private void Match(IPatternOperation pattern, Operand value, int yes, int no)
    {
        switch (pattern)
        {
            case IDiscardPatternOperation:
                _emitter.GoTo(yes);
                break;
            case IConstantPatternOperation constant:
                Test(value, Relation.Equal, Value(constant.Value), yes, no);
                break;
            case INegatedPatternOperation negated:
                Match(negated.Pattern, value, no, yes);
                break;
            case IBinaryPatternOperation { OperatorKind: BinaryOperatorKind.And } and:
                var both = _emitter.NewMark();
                Match(and.LeftPattern, value, both, no);
                _emitter.Place(both);
                Match(and.RightPattern, value, yes, no);
                break;
            case IBinaryPatternOperation or:
                var other = _emitter.NewMark();
                Match(or.LeftPattern, value, yes, other);
                _emitter.Place(other);
                Match(or.RightPattern, value, yes, no);
                break;
            case IRelationalPatternOperation relational:
                MatchRelation(relational, value, yes, no);
                break;
            case IDeclarationPatternOperation declaration:
                MatchDeclared(declaration, value, yes, no);
                break;
            case ITypePatternOperation type:
                IsOfType(value, type.InputType, type.MatchedType, yes, no);
                break;
            case IRecursivePatternOperation recursive:
                MatchParts(recursive, value, yes, no);
                break;
            default:
                Choose(yes, no);
                break;
        }
    }

    private void MatchRelation(IRelationalPatternOperation relational, Operand value, int yes, int no)
    {
        var bound = Value(relational.Value);
        switch (relational.OperatorKind)
        {
            case BinaryOperatorKind.LessThan:
                Test(value, Relation.Less, bound, yes, no);
                break;
            case BinaryOperatorKind.LessThanOrEqual:
                Test(value, Relation.LessOrEqual, bound, yes, no);
                break;
            case BinaryOperatorKind.GreaterThan:
                Test(bound, Relation.Less, value, yes, no);
                break;
            default:
                Test(bound, Relation.LessOrEqual, value, yes, no);
                break;
        }
    }

    private void MatchDeclared(IDeclarationPatternOperation declaration, Operand value, int yes, int no)
    {
        var matched = _emitter.NewMark();
        if (declaration.MatchesNull)
        {
            _emitter.GoTo(matched);
        }
        else
        {
            IsOfType(value, declaration.InputType, declaration.MatchedType, matched, no);
        }

        _emitter.Place(matched);
        if (declaration.DeclaredSymbol is { } declared)
        {
            DeclareLocal(declared, value);
        }

        _emitter.GoTo(yes);
    }

    private void MatchParts(IRecursivePatternOperation recursive, Operand value, int yes, int no)
    {
        var next = _emitter.NewMark();
        IsOfType(value, recursive.InputType, recursive.MatchedType, next, no);
        _emitter.Place(next);
        foreach (var (part, name) in recursive.DeconstructionSubpatterns.Select((part, i) => (part, Name: PartOf(recursive, i))))
        {
            next = _emitter.NewMark();
            Match(part, New(to => new Load(to, value, name, IsStable: true)), next, no);
            _emitter.Place(next);
        }

        foreach (var property in recursive.PropertySubpatterns)
        {
            next = _emitter.NewMark();
            Match(property.Pattern, PartValue(property.Member, value), next, no);
            _emitter.Place(next);
        }

        if (recursive.DeclaredSymbol is { } declared)
        {
            DeclareLocal(declared, value);
        }

        _emitter.GoTo(yes);
    }

    private Operand PartValue(IOperation? member, Operand value)
    {
        _initialized.Push(value);
        var part = Value(member);
        _initialized.Pop();
        return part;
    }

    private static string PartOf(IRecursivePatternOperation recursive, int at) =>
        recursive.MatchedType is INamedTypeSymbol { IsRecord: true } record && record.InstanceConstructors.FirstOrDefault(Variables.IsPrimary) is { } primary && at < primary.Parameters.Length
            ? $"{record.Name}.{primary.Parameters[at].Name}"
            : $"Item{at + 1}";

    // A type test against what the value is anyway is a test for null; every other may go either way.
    private void IsOfType(Operand value, ITypeSymbol? from, ITypeSymbol? to, int yes, int no)
    {
        if (from is not null && to is not null && (SymbolEqualityComparer.Default.Equals(from, to) || (from.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T && SymbolEqualityComparer.Default.Equals(((INamedTypeSymbol)from).TypeArguments[0], to))))
        {
            Test(value, Relation.Equal, Operand.Null, no, yes);
        }
        else
        {
            var present = _emitter.NewMark();
            Test(value, Relation.Equal, Operand.Null, no, present);
            _emitter.Place(present);
            if (to is INamedTypeSymbol named && _code.Compilation.Owns(named) && !named.IsGenericType)
            {
                Test(New(result => new Call(result, new TypeTest(named), ImmutableArray.Create(value), CallMode.Plain, IsVirtual: true)), Relation.Equal, Operand.True, yes, no);
            }
            else
            {
                Choose(yes, no);
            }
        }
    }
}
