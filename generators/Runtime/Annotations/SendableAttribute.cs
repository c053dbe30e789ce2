namespace Sluice
{
    /// <summary>
    /// Objects of the type may be used by several threads at once, as Swift's Sendable says. State of the type that can change and that nothing protects is reported.
    /// </summary>
#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK)
    [global::Microsoft.CodeAnalysis.Embedded]
#endif
    [global::System.AttributeUsage(global::System.AttributeTargets.Class | global::System.AttributeTargets.Struct | global::System.AttributeTargets.Interface, Inherited = false)]
    internal sealed class SendableAttribute : global::System.Attribute
    {
    }
}
