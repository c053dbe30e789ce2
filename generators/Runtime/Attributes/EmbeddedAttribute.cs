#if NET8_0_OR_GREATER || !(NET || NETCOREAPP || NETSTANDARD || NETFRAMEWORK) // on older frameworks older compilers make this type themselves and accept no other
namespace Microsoft.CodeAnalysis
{
    // What carries it is seen by no other assembly, InternalsVisibleTo or not. Partial, as other generators define it too.
    internal sealed partial class EmbeddedAttribute : global::System.Attribute
    {
    }
}
#endif
