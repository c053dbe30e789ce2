using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace Sluice.Model.Sharing;

/// <content>Variables: how they are read and written.</content>
internal sealed partial class Rehearsal
{
    private enum Writing
    {
        Plain,
        Atomic,

        /// <summary>Where nothing was yet.</summary>
        AtFirstUse,

        /// <summary>By somebody who is given the variable, who knows how.</summary>
        Unseen,
    }

    private ImmutableArray<Thing> Read(IOperation operation, bool isAtomic = false)
    {
        switch (operation)
        {
            case IArrayElementReferenceOperation element:
                EvalAll(element.Indices);
                return ElementOf(Eval(element.ArrayReference), element, element.Indices);
            case IPropertyReferenceOperation property when !IsAutomatic(property.Property, property.Property.GetMethod):
                return ReadProperty(property);
        }

        var values = ImmutableArray<Thing>.Empty;
        foreach (var (cell, owner) in CellsOf(operation))
        {
            bool isVolatile = isAtomic || IsVolatile(cell.Symbol);
            Touch(cell, isWrite: false, isVolatile, operation.Syntax, owner);
            if (isVolatile)
            {
                Wait(cell);
            }

            values = Cell.Union(values, PartOf(Load(cell), operation));
        }

        return values;
    }

    // `items[i]` is another one each time that it is asked for: that is what the index is for.
    private ImmutableArray<Thing> ElementOf(ImmutableArray<Thing> lists, IOperation element, IEnumerable<IOperation> indices)
    {
        var items = lists.Aggregate(ImmutableArray<Thing>.Empty, (all, list) => Cell.Union(all, Take(list)));
        if (indices.All(index => index.ConstantValue.HasValue))
        {
            return items;
        }

        _rounds.TryGetValue(element.Syntax, out int round);
        _rounds[element.Syntax] = round + 1;
        return round < items.Length ? One(items[round]) : element.Type is { IsReferenceType: true, SpecialType: not SpecialType.System_String } ? One(new Thing(element.Type)) : ImmutableArray<Thing>.Empty;
    }

    private static bool IsVolatile(ISymbol? symbol) => symbol is IFieldSymbol { IsVolatile: true };

    private ImmutableArray<Thing> Load(Cell cell)
    {
        if (cell.Values.IsEmpty && cell.Symbol is IFieldSymbol or IPropertySymbol)
        {
            Initialize(cell);
        }

        var values = cell.Load();
        if (cell.Owner is not null || cell.Symbol is { IsStatic: true })
        {
            Note(_loads, cell, values);
        }

        return values;
    }

    private void Store(Cell cell, ImmutableArray<Thing> values)
    {
        if (cell.Owner is not null || cell.Symbol is { IsStatic: true })
        {
            Note(_stores, cell, values);
            cell.Store(values);
        }
        else
        {
            cell.Replace(values);
        }
    }

    // First in each strand.
    private void Note(Dictionary<(Cell Cell, Thing Thing, Strand Strand), Moment> log, Cell cell, ImmutableArray<Thing> values)
    {
        foreach (var thing in values)
        {
            if (!_isMuted && !log.ContainsKey((cell, thing, _strand)))
            {
                log.Add((cell, thing, _strand), _strand.Next());
            }
        }
    }

    // The initializer of a field whose object was made elsewhere.
    private void Initialize(Cell cell)
    {
        // Once: an initializer may, by what it calls or by a mistake, come back to its own field.
        if (cell.Owner is { IsKnown: true } || cell.Symbol is not { } symbol || !_compilation.Owns(symbol) || !_initialized.Add(cell))
        {
            return;
        }

        var initializer = symbol.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(_cancellation) switch
        {
            VariableDeclaratorSyntax declarator => declarator.Initializer,
            PropertyDeclarationSyntax property => property.Initializer,
            _ => null,
        };
        if (initializer is null)
        {
            return;
        }

        bool isMuted = _isMuted;
        var frame = _frame;
        _isMuted = true;
        _frame = new(frame, initializer, null, cell.Owner is { } owner ? One(owner) : ImmutableArray<Thing>.Empty, initializer);
        cell.Store(Eval((_compilation.SemanticModel(initializer.SyntaxTree).GetOperation(initializer, _cancellation) as ISymbolInitializerOperation)?.Value));
        (_frame, _isMuted) = (frame, isMuted);
    }

    private ImmutableArray<Thing> EvalAssignment(ISimpleAssignmentOperation assignment)
    {
        var values = Eval(assignment.Value);
        Write(assignment.Target, values, IsMadeAtFirstUse(assignment) ? Writing.AtFirstUse : Writing.Plain);
        bool isTimer = assignment.Value.Bare() switch
        {
            IObjectCreationOperation timer => _compilation.Known[timer.Type] == KnownType.ThreadingTimer && DueOf(timer.Arguments) == Due.Later,
            IInvocationOperation call => MakesTimer(call.TargetMethod) && DueOf(call.Arguments) == Due.Later,
            _ => false,
        };
        if (isTimer)
        {
            // By the time that it is due, the variable that keeps it is set.
            _edges.AddRange(values.SelectMany(value => value.Strands).Select(strand => (_strand.Next(), strand.First)));
        }

        return values;
    }

    // `if (_x == null) _x = Make();`
    private static bool IsMadeAtFirstUse(ISimpleAssignmentOperation assignment)
    {
        if (assignment.Target is not IFieldReferenceOperation { Field: var field } || assignment.Type?.IsReferenceType != true)
        {
            return false;
        }

        for (var outer = assignment.Parent; outer is not null and not (IAnonymousFunctionOperation or IMethodBodyOperation); outer = outer.Parent)
        {
            if (outer is IConditionalOperation { Condition: var condition } && condition.DescendantsAndSelf().Any(part => part is IFieldReferenceOperation named && SymbolEqualityComparer.Default.Equals(named.Field, field))
                && condition.DescendantsAndSelf().Any(part => part.ConstantValue is { HasValue: true, Value: null }))
            {
                return true;
            }
        }

        return false;
    }

    private void EvalDeconstruction(IOperation target, IOperation value)
    {
        if (target is ITupleOperation targets && value.Bare() is ITupleOperation values && targets.Elements.Length == values.Elements.Length)
        {
            var all = values.Elements.Select(Eval).ToList();
            for (int i = 0; i < all.Count; i++)
            {
                Write(targets.Elements[i], all[i]);
            }

            return;
        }

        WriteParts(target, Eval(value));
    }

    private void Write(IOperation target, ImmutableArray<Thing> values, Writing how = Writing.Plain)
    {
        switch (target)
        {
            case IConversionOperation conversion:
                Write(conversion.Operand, values, how);
                return;
            case IParenthesizedOperation parenthesized:
                Write(parenthesized.Operand, values, how);
                return;
            case IDeclarationExpressionOperation declaration:
                foreach (var local in declaration.Expression.DescendantsAndSelf().OfType<ILocalReferenceOperation>())
                {
                    _frame.Declare(local.Local, local.Local.Type).Store(values);
                }

                return;
            case ITupleOperation tuple:
                foreach (var element in tuple.Elements)
                {
                    Write(element, ImmutableArray<Thing>.Empty);
                }

                return;
            case IArrayElementReferenceOperation element:
                EvalAll(element.Indices);
                foreach (var array in Eval(element.ArrayReference))
                {
                    Put(array, values);
                    Touch(array.Content, isWrite: true, isAtomic: how != Writing.Plain, element.Syntax);
                }

                return;
            case IPropertyReferenceOperation property when !IsAutomatic(property.Property, property.Property.SetMethod):
                WriteProperty(property, values);
                return;
        }

        foreach (var (cell, owner) in CellsOf(target))
        {
            bool isVolatile = how == Writing.Atomic || IsVolatile(cell.Symbol);
            if (!StorePart(target, cell, values))
            {
                Store(cell, values);
            }

            if (how != Writing.Unseen)
            {
                Touch(cell, isWrite: true, isVolatile, target.Syntax, owner, how == Writing.AtFirstUse);
            }

            if (isVolatile)
            {
                Signal(cell, isFirstOnly: true);
            }
        }
    }

    /// <summary>The variables that the operation may name; for a local the call that has it.</summary>
    private IEnumerable<(Cell Cell, Frame? Owner)> CellsOf(IOperation operation)
    {
        switch (operation)
        {
            case ILocalReferenceOperation { Local: var local }:
                var found = _frame.Find(local, out var owner);
                return [(found ?? (owner = _frame).Declare(local, local.Type), owner)];
            case IParameterReferenceOperation { Parameter: var parameter }:
                if (_frame.Find(parameter, out var caller) is { } passed)
                {
                    return [(passed, caller)];
                }

                return _frame.This.Select(self => (self.Field(parameter), (Frame?)null)).ToList();
            case IMemberReferenceOperation { Instance: null, Member: var member }:
                return [(Static(Variable(member)), null)];
            case IMemberReferenceOperation { Instance: { Type.IsValueType: true } instance } when instance is not IInstanceReferenceOperation:
                // A part of a struct is a part of the variable that holds it.
                return instance is ILocalReferenceOperation or IParameterReferenceOperation or IFieldReferenceOperation ? CellsOf(instance) : [];
            case IMemberReferenceOperation { Instance: { } instance, Member: var member }:
                return Eval(instance).Select(thing => (thing.Field(Variable(member)), (Frame?)null)).ToList();
            default:
                EvalAll(operation.ChildOperations);
                return [];
        }
    }

    // What code calls `field` is the property.
    private static ISymbol Variable(ISymbol member) => member is IFieldSymbol { AssociatedSymbol: IPropertySymbol property } ? property : member;

    private Cell Static(ISymbol member)
    {
        var key = member.OriginalDefinition;

        // Another one in each thread: what it holds is nobody else's.
        if (member is IFieldSymbol own && ThreadOwn.IsThreadStatic(own))
        {
            return new(null, key, own.Type);
        }

        if (!_statics.TryGetValue(key, out var cell))
        {
            _statics[key] = cell = new(null, key, (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type);
        }

        return cell;
    }

    private void Touch(Cell cell, bool isWrite, bool isAtomic, SyntaxNode syntax, Frame? owner = null, bool isFirstUse = false)
    {
        NoteDeclared(cell, isWrite, isAtomic, syntax);
        bool isFixed = cell.Owner?.Type is { IsValueType: true } || cell.Symbol switch
        {
            IFieldSymbol field => (field.IsReadOnly && !IsLate(cell, isWrite)) || field.IsConst || ThreadOwn.IsThreadStatic(field),
            IPropertySymbol property => property.SetMethod is null or { IsInitOnly: true } && !IsLate(cell, isWrite),
            ILocalSymbol or IParameterSymbol => owner is { SharesLocals: false },
            _ => false,
        };
        if (!_isMuted && !isFixed && !IsOver)
        {
            (isFirstUse ? _firstUses : _accesses).Add(new(_strand.Next(), cell, isWrite, isAtomic, _locks, _path, syntax, _frame));
        }
    }

    // What is set when the constructor, or the one of the base, has already started work: the work may come first.
    private bool IsLate(Cell cell, bool isWrite)
    {
        if (isWrite && cell.Owner is { } owner && _made.TryGetValue(owner, out int before) && _strands.Count > before)
        {
            _late.Add(cell);
        }

        return _late.Contains(cell);
    }

    private void TouchContent(Thing collection, ITypeSymbol? declared, bool isWrite, SyntaxNode syntax)
    {
        var type = collection.IsKnown ? collection.Type : collection.Type ?? declared;
        if (Collections.IsUnsafe(type) || type is IArrayTypeSymbol)
        {
            Touch(collection.Content, isWrite, isAtomic: false, syntax);
        }

        // A query runs when it is gone through.
        foreach (var source in collection.Sources)
        {
            TouchContent(source, null, isWrite: false, syntax);
        }
    }

    // Who was given a source of random numbers may have been given the one that all may use.
    private void TouchTool(Thing tool, ITypeSymbol? declared, bool isStep, SyntaxNode syntax)
    {
        var type = tool.Type ?? declared;
        if (Collections.IsUnsafeTool(type) && (tool.IsKnown || type!.Name != "Random"))
        {
            Touch(tool.Content, isStep, isAtomic: false, syntax);
        }
    }

    private void Put(Thing collection, ImmutableArray<Thing> values)
    {
        if (!values.IsEmpty)
        {
            _gathered += values.Any(value => value.Maker == _frame) ? 1 : 0;
            Store(collection.Content, values);
            _sent.UnionWith(values);
            _sent.UnionWith(values.SelectMany(value => value.Parts));
        }
    }

    private ImmutableArray<Thing> Take(Thing collection) => Load(collection.Content);

    private ImmutableArray<Thing> Contain(IOperation list, IEnumerable<IOperation> elements, IEnumerable<IOperation>? sizes = null)
    {
        EvalAll(sizes ?? []);
        var made = new Thing(list.Type, isKnown: true);
        foreach (var element in elements)
        {
            made.Content.Store(element.Kind.ToString() == "Spread" || element.Syntax is SpreadElementSyntax ? element.ChildOperations.SelectMany(spread => Eval(spread)).SelectMany(thing => Take(thing)).ToImmutableArray() : Eval(element));
        }

        return One(made);
    }

    // `{ get; set; }`. With `field` an accessor may have code of its own.
    private static bool IsAutomatic(IPropertySymbol property, IMethodSymbol? accessor) => property is { IsIndexer: false, DeclaringSyntaxReferences.IsEmpty: false }
        && property.OriginalDefinition.HasField()
        && accessor?.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax() is not (ArrowExpressionClauseSyntax or AccessorDeclarationSyntax { Body: not null } or AccessorDeclarationSyntax { ExpressionBody: not null });

    private ImmutableArray<Thing> ReadProperty(IPropertyReferenceOperation property)
    {
        EvalAll(property.Arguments);
        var receiver = Eval(property.Instance);
        if (property.Property.GetMethod is { } getter && _compilation.IsWrittenHere(getter))
        {
            var got = RunTargets(getter, receiver, [], property.Syntax, property.Instance, awaited: false);
            return got.IsEmpty && getter.IsAbstract ? receiver.Aggregate(got, (all, thing) => Cell.Union(all, thing.Field(property.Property).Load())) : got;
        }

        switch (property.Property.Name)
        {
            case "Value" when property.Property.ContainingType is { Name: "ThreadLocal" or "AsyncLocal" }:
            case "Shared" when property.Property.IsStatic:
            case "Length" or "LongLength" or "Rank" when property.Instance?.Type is IArrayTypeSymbol:
                return ImmutableArray<Thing>.Empty;
            case "Task" or "Reader" or "Writer" or "Completion":
            case "Value" when property.Property.ContainingType is { Name: "KeyValuePair" or "LinkedListNode" or "Nullable" }:
                return receiver;
            case "Result" when receiver.Any(thing => thing.Strands.Count > 0):
                Join(receiver);
                return receiver.Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => Cell.Union(all, thing.Result));
            case "Value" when receiver.FirstOrDefault(thing => thing.Closure is not null) is { } lazy:
                return Run(lazy.Closure!, [], property.Syntax, awaited: true);
            case "IsCompleted" or "IsCompletedSuccessfully":
                return ImmutableArray<Thing>.Empty;
        }

        foreach (var thing in receiver)
        {
            TouchContent(thing, property.Instance?.Type, isWrite: false, property.Syntax);
            TouchTool(thing, property.Instance?.Type, isStep: false, property.Syntax);
        }

        if (property.Property.IsIndexer && property.Arguments.All(argument => argument.Value.Type?.SpecialType == SpecialType.System_Int32))
        {
            return ElementOf(receiver, property, property.Arguments.Select(argument => argument.Value));
        }

        if (property.Property.IsIndexer || property.Property.Name is "Current" or "Values" or "First" or "Last")
        {
            return receiver.Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => Cell.Union(all, property.Property.Name == "Values" ? One(thing) : Take(thing)));
        }

        return property.Property.IsStatic ? Load(Static(property.Property)) : receiver.Aggregate(ImmutableArray<Thing>.Empty, (all, thing) => Cell.Union(all, thing.Field(property.Property).Load()));
    }

    private void WriteProperty(IPropertyReferenceOperation property, ImmutableArray<Thing> values)
    {
        EvalAll(property.Arguments);
        var receiver = Eval(property.Instance);
        if (property.Property.SetMethod is { } setter && _compilation.IsWrittenHere(setter))
        {
            RunTargets(setter, receiver, [(setter.Parameters[setter.Parameters.Length - 1], values)], property.Syntax, property.Instance, awaited: false);
            return;
        }

        foreach (var thing in receiver)
        {
            if (property.Property.IsIndexer)
            {
                Put(thing, values);
            }

            TouchContent(thing, property.Instance?.Type, isWrite: true, property.Syntax);
        }
    }
}
