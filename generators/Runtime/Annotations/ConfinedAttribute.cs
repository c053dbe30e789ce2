namespace Sluice
{
    /// <summary>
    /// The object, or what the field holds, stays with the code that made it: that it crosses into concurrent code is reported.
    /// </summary>
#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK)
    [global::Microsoft.CodeAnalysis.Embedded]
#endif
    [global::System.AttributeUsage(global::System.AttributeTargets.Class | global::System.AttributeTargets.Struct | global::System.AttributeTargets.Field | global::System.AttributeTargets.Property, Inherited = false)]
    internal sealed class ConfinedAttribute : global::System.Attribute
    {
    }
}
