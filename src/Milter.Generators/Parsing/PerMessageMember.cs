using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Milter.Generators.Infrastructure;
using Milter.Generators.Model;

namespace Milter.Generators.Parsing;

/// <summary>What matters about a [PerMessage] member when it is to be made new.</summary>
internal sealed class PerMessageMember
{
    private const string Disposable = "System.IDisposable";
    private const string AsyncDisposable = "System.IAsyncDisposable";

    private readonly ParseContext _context;
    private readonly ISymbol _member;
    private readonly ITypeSymbol _type;
    private readonly Initializer _initializer;

    private PerMessageMember(ParseContext context, ISymbol member, ITypeSymbol type)
    {
        (_context, _member, _type) = (context, member, type);
        _initializer = InitializerOf(member, context.Cancellation);
        Access = Receivers.Of(context, member, out ISymbol? hider) is { } receiver ? $"{receiver}.{CSharpText.Identifier(member.Name)}" : "";
        Hider = hider;
    }

    private enum Initializer
    {
        None,

        /// <summary>One that says no more than <see langword="default"/>.</summary>
        Default,

        Value,
    }

    /// <summary>Gets what generated code calls it; empty where <see cref="Hider"/> is in the way.</summary>
    private string Access { get; }

    private ISymbol? Hider { get; }

    private bool CanSet => _member is IFieldSymbol { IsReadOnly: false } or IPropertySymbol { SetMethod.IsInitOnly: false }
        && (_member is not IPropertySymbol { SetMethod: { } setter } || _context.CanUse(setter));

    private bool CanGet => _member is IFieldSymbol || (_member is IPropertySymbol { GetMethod: { } getter } && _context.CanUse(getter));

    /// <summary>Gets a value indicating whether its users count on its not being null.</summary>
    private bool IsNeverNull => _type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.NotAnnotated }
        || (_type is { IsReferenceType: true, NullableAnnotation: NullableAnnotation.None } && _initializer == Initializer.Value);

    private string IfThere => IsNeverNull ? "" : "?";

    public static PerMessageMember? Read(ParseContext context, ISymbol member)
    {
        ITypeSymbol? type = (member as IFieldSymbol)?.Type ?? (member as IPropertySymbol)?.Type;
        if (type is null or { TypeKind: TypeKind.Error })
        {
            context.Fail();
            return null;
        }

        return new PerMessageMember(context, member, type);
    }

    /// <summary>Writes the statement that makes it new, or says why there is none.</summary>
    public string? Plan(out ResetModel? reset)
    {
        reset = null;
        if (WhyOutOfReach() is { } obstacle)
        {
            return obstacle;
        }

        string? reason = Statement(out string statement, out ResetForm form);
        reset = reason is null ? new ResetModel(_member.Name, statement, form) : null;
        return reason;
    }

    private string? Statement(out string statement, out ResetForm form)
    {
        form = ResetForm.Guarded;
        statement = "";
        if (_type.IsReferenceType && CanGet && _type.Implements(RuntimeNames.Resettable))
        {
            statement = $"((global::{RuntimeNames.Resettable}{IfThere}){Access}){IfThere}.Reset();";
            return null;
        }

        if (_type.IsReferenceType && CanGet && (!CanSet || IsNeverNull) && HasMethod("Clear"))
        {
            statement = $"{Access}{IfThere}.Clear();";
            return null;
        }

        if (_member is IFieldSymbol { IsReadOnly: false } && _type.IsValueType && _type.Implements(RuntimeNames.Resettable) && HasMethod("Reset"))
        {
            statement = $"{Access}.Reset();";
            return null;
        }

        if (WhyNoDefault() is { } obstacle)
        {
            return obstacle;
        }

        // First the member, then the old value: what throws when it is disposed of must not stay.
        string assignment = $"{Access} = default{(IsNeverNull ? "!" : "")};";
        if (CanGet && Underlying().Implements(Disposable))
        {
            statement = $"var old = (global::{Disposable}?){Access}; {assignment} old?.Dispose();";
        }
        else if (CanGet && Underlying().Implements(AsyncDisposable))
        {
            form = ResetForm.Awaited;
            statement = $"var old = (global::{AsyncDisposable}?){Access}; {assignment} if (old is not null) await old.DisposeAsync().ConfigureAwait(false);";
        }
        else
        {
            form = _member is IFieldSymbol ? ResetForm.Plain : ResetForm.Guarded;
            statement = assignment;
        }

        return null;
    }

    private string? WhyOutOfReach() => _member switch
    {
        { IsStatic: true } => "it is static, and so belongs to all sessions",
        IPropertySymbol { IsIndexer: true } => "an indexer has no value of its own",
        IPropertySymbol { ReturnsByRef: true } or IPropertySymbol { ReturnsByRefReadonly: true } => "it returns a reference",
        IFieldSymbol { IsFixedSizeBuffer: true } => "it is a fixed buffer",
        not (IFieldSymbol or IPropertySymbol) => "it is neither a field nor a property",
        _ when _type.TypeKind is TypeKind.Pointer or TypeKind.FunctionPointer => "it is a pointer",
        _ when !_context.CanUse(_member) => $"'{_context.Milter.Name}' can't use it; make it protected",
        _ when Hider is { } hider => $"'{hider.ContainingType.Name}.{hider.Name}' hides it; rename one of them",
        _ => null,
    };

    private string? WhyNoDefault()
    {
        string type = CSharpText.Short(_type);
        if (!CanSet)
        {
            return $"it can't be set, and '{type}' has neither a Clear() without parameters nor IResettable";
        }

        if (IsNeverNull && _initializer != Initializer.Default)
        {
            return $"it would become null, and '{type}' does not allow that; write '{type}?', or give it a type with a Clear() without parameters or with IResettable";
        }

        return _initializer == Initializer.Value
            ? "it has an initializer, which would count for the first message only"
            : null;
    }

    private ITypeSymbol Underlying() => _type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable
        ? nullable.TypeArguments[0]
        : _type;

    private bool HasMethod(string name)
    {
        IEnumerable<ITypeSymbol> types = _type.TypeKind == TypeKind.Interface ? [_type, .. _type.AllInterfaces] : Bases(_type);
        return types
            .SelectMany(type => type.GetMembers(name))
            .OfType<IMethodSymbol>()
            .Any(method => method is { IsStatic: false, Arity: 0, Parameters.Length: 0, MethodKind: MethodKind.Ordinary }
                && _context.Compilation.IsSymbolAccessibleWithin(method, _context.Milter, _type));

        static IEnumerable<ITypeSymbol> Bases(ITypeSymbol type)
        {
            for (ITypeSymbol? at = type; at is not null; at = at.BaseType)
            {
                yield return at;
            }
        }
    }

    private static Initializer InitializerOf(ISymbol member, CancellationToken ct)
    {
        ExpressionSyntax? value = member.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(ct) switch
        {
            VariableDeclaratorSyntax field => field.Initializer?.Value,
            PropertyDeclarationSyntax property => property.Initializer?.Value,
            _ => null,
        };
        while (value is PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } suppressed)
        {
            value = suppressed.Operand;
        }

        return value switch
        {
            null => Initializer.None,
            DefaultExpressionSyntax => Initializer.Default,
            LiteralExpressionSyntax literal when literal.Token.ValueText is "null" or "default" or "false" or "0" && !literal.IsKind(SyntaxKind.StringLiteralExpression) => Initializer.Default,
            _ => Initializer.Value,
        };
    }
}
