using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace Sluice.Model.Sharing;

/// <summary>What is known of library collections.</summary>
internal static class Collections
{
    private static readonly HashSet<string> Unsafe = new(StringComparer.Ordinal)
    {
        "List", "Dictionary", "HashSet", "Queue", "Stack", "SortedDictionary", "SortedList", "SortedSet", "LinkedList", "PriorityQueue", "OrderedDictionary",
        "ArrayList", "Hashtable", "BitArray", "Collection", "ObservableCollection", "KeyedCollection", "StringBuilder", "NameValueCollection",
    };

    private static readonly HashSet<string> Changes = new(StringComparer.Ordinal)
    {
        "Add", "AddRange", "AddFirst", "AddLast", "AddBefore", "AddAfter", "Insert", "InsertRange", "Remove", "RemoveAt", "RemoveAll", "RemoveRange", "RemoveWhere", "RemoveFirst", "RemoveLast", "Clear", "Enqueue", "EnqueueRange",
        "Dequeue", "TryDequeue", "EnqueueDequeue", "DequeueEnqueue", "Push", "Pop", "TryPop", "TryAdd", "Sort", "Reverse", "UnionWith", "ExceptWith", "IntersectWith", "SymmetricExceptWith", "EnsureCapacity", "TrimExcess",
        "Append", "AppendLine", "AppendFormat", "AppendJoin", "Replace", "Set", "SetAll", "Move",
    };

    /// <summary>Whether one thread that changes a collection of this type breaks another that uses it.</summary>
    public static bool IsUnsafe(ITypeSymbol? type) => type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: true, TypeKind: TypeKind.Class } named && Unsafe.Contains(named.Name)
        && named.ContainingNamespace?.ToDisplayString() is "System.Collections.Generic" or "System.Collections" or "System.Collections.ObjectModel" or "System.Collections.Specialized" or "System.Text";

    /// <summary>Whether it is no collection, and as unsafe as one: a source of random numbers, a stream in memory, a reader, writer, hash or enumerator, which keeps where it is.</summary>
    public static bool IsUnsafeTool(ITypeSymbol? type) => type is INamedTypeSymbol { DeclaringSyntaxReferences.IsEmpty: true } named && named.ContainingNamespace?.ToDisplayString() switch
    {
        "System" => named.Name == "Random",
        "System.IO" => named.Name is "MemoryStream" or "BufferedStream" or "StringWriter" or "StreamWriter" or "StreamReader" or "StringReader" or "BinaryReader" or "BinaryWriter",
        "System.Security.Cryptography" => named.Name == "IncrementalHash" || named.Name == "HashAlgorithm" || named.BaseType is { Name: "HashAlgorithm" or "HMAC" or "KeyedHashAlgorithm" },
        "System.Text.Json" => named.Name == "Utf8JsonWriter",
        "System.Collections.Generic" or "System.Collections" => named.Name is "IEnumerator" or "IAsyncEnumerator",
        _ => false,
    };

    /// <summary>Whether one object of the type is as good as another that was made from the same: a delegate, what reflection tells, an object that is never changed.</summary>
    public static bool IsValue(ITypeSymbol? type) => type switch
    {
        { TypeKind: TypeKind.Delegate } or { Name: "Type" or "Regex" or "Tuple", ContainingNamespace.Name: "System" or "RegularExpressions" } => true,
        { ContainingNamespace: { Name: "Reflection" or "Expressions" } } => true,
        IArrayTypeSymbol array => IsValue(array.ElementType),
        INamedTypeSymbol { TypeKind: TypeKind.Class, DeclaringSyntaxReferences.IsEmpty: false } own => own.GetMembers().OfType<IFieldSymbol>().Where(field => !field.IsStatic).ToList() is { Count: > 0 } fields
            && fields.TrueForAll(field => field.IsReadOnly && field.Type is { IsValueType: true } or { SpecialType: SpecialType.System_String } or { TypeKind: TypeKind.Delegate or TypeKind.Array } or { ContainingNamespace.Name: "Reflection" } or { Name: "Type" or "IReadOnlyList" or "IReadOnlyCollection" }),
        _ => false,
    };

    /// <summary>Whether a method of this name changes the collection.</summary>
    public static bool IsChange(string method) => Changes.Contains(method);

    /// <summary>Whether a method of this name moves on what <see cref="IsUnsafeTool"/> says of: nearly each does.</summary>
    public static bool IsStep(string method) => method is not ("ToString" or "ToArray" or "GetBuffer" or "TryGetBuffer" or "GetStringBuilder" or "Equals" or "GetHashCode" or "GetType" or "Dispose" or "DisposeAsync" or "Close");

    /// <summary>Whether a method of this name puts its arguments in.</summary>
    public static bool IsAdding(string method) => method is "Add" or "AddRange" or "AddFirst" or "AddLast" or "Insert" or "Enqueue" or "Push" or "TryAdd" or "TryEnqueue" or "WriteAsync" or "TryWrite" or "SendAsync" or "TrySend" or "Post" or "GetOrAdd" or "AddOrUpdate" or "TryUpdate" or "Append";

    /// <summary>Whether a method of this name gives what is in.</summary>
    public static bool IsTaking(string method) => method is "ReadAsync" or "TryRead" or "ReceiveAsync" or "TryReceive" or "Receive" or "Take" or "TryTake" or "Dequeue" or "TryDequeue" or "Pop" or "TryPop" or "Peek" or "TryPeek" or "TryGetValue" or "GetValueOrDefault"
        or "GetOrAdd" or "AddOrUpdate" or "TryRemove" or "Remove" or "First" or "FirstOrDefault" or "Last" or "LastOrDefault" or "Single" or "SingleOrDefault" or "Find" or "ElementAt" or "ElementAtOrDefault" or "Max" or "Min" or "MinBy" or "MaxBy";

    /// <summary>Whether a method of this name gives a collection of what is in.</summary>
    public static bool IsView(string method) => method is "ToList" or "ToArray" or "ToHashSet" or "AsEnumerable" or "AsReadOnly" or "Where" or "OrderBy" or "OrderByDescending" or "Order" or "Skip" or "Reverse" or "Distinct" or "ReadAllAsync" or "GetConsumingEnumerable" or "Cast" or "OfType"
        or "Concat" or "Append" or "AsParallel" or "GetRange" or "FindAll" or "ToImmutableArray" or "ToImmutableList" or "ToDictionary" or "GetAsyncEnumerator" or "GetEnumerator" or "Chunk" or "DefaultIfEmpty" or "WithCancellation";

    /// <summary>Whether a method of this name gives its receiver on.</summary>
    public static bool IsSame(string method) => method is "ConfigureAwait" or "AsTask" or "GetAwaiter" or "Preserve" or "WaitAsync" or "AsReadOnlyList" or "AppendLine" or "AppendFormat";
}
