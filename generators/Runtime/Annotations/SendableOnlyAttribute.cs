namespace Sluice
{
    /// <summary>
    /// Written once, <c>[assembly: Sluice.SendableOnly]</c>, it asks for what Swift 6 asks for: what crosses into concurrent code is immutable, safe to share, marked
    /// <c>[Sendable]</c>, or handed over and not used again.
    /// </summary>
#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK)
    [global::Microsoft.CodeAnalysis.Embedded]
#endif
    [global::System.Diagnostics.Conditional("SLUICE_ANNOTATIONS")]
    [global::System.AttributeUsage(global::System.AttributeTargets.Assembly)]
    internal sealed class SendableOnlyAttribute : global::System.Attribute
    {
    }
}
