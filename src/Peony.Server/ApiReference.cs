using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Peony.Book;
using Peony.Edge;
using Peony.Ledger;
using Scalar.AspNetCore;

namespace Peony.Server;

/// <summary>The API's document (OpenAPI 3.1) and its reference. What holds for every route, key, dry run, token and problem, is said once here.</summary>
internal static class ApiReference
{
    private const string Bearer = "bearer";

    public static void Add(IServiceCollection services) => services.AddOpenApi("v1", api =>
    {
        api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Peony API",
                Version = "v1",
                Description = """
                    Amounts are integer minor units with a currency. Ids are prefixed. Every write carries an `Idempotency-Key` of 1 to 128 characters, made before the first try:
                    the same key with the same body answers the same, with another body 409. `?dry_run=true` answers with what a write would do, postings included, and keeps nothing.
                    Errors are problems (RFC 9457) with `code`, `money` (`not moved`, `moved`, `unknown`), `request_id` and `doc_url`; titles and details come in zh-CN or en by `Accept-Language`.
                    """,
            };
            document.Servers = [];   // wherever it is read from
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = Bearer,
                Description = "The token that `POST /api/v1/sessions` or the end of a sign-up gives.",
            };
            return Task.CompletedTask;
        });
        api.AddSchemaTransformer((schema, context, _) =>
        {
            Describe(schema, context.JsonTypeInfo);
            return Task.CompletedTask;
        });
        api.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    });

    public static void Map(WebApplication app)
    {
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        app.MapScalarApiReference("/docs", scalar => scalar.WithTitle("Peony").WithOpenApiRoutePattern("/openapi/{documentName}.json")
            .DisableDefaultFonts().DisableAgent().DisableMcp().DisableTelemetry().HideDeveloperTools().HideClientButton()).AllowAnonymous();
    }

    /// <summary>What our own converters write: ids as text with their prefix, money as amount and currency; and members that may be missing.</summary>
    private static void Describe(OpenApiSchema schema, JsonTypeInfo type)
    {
        var id = type.Type.GetInterfaces().FirstOrDefault(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IId<>));
        if (id is not null)
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = $"^{type.Type.GetProperty("Prefix")!.GetValue(null)}_[0-9a-z]{{26}}$";
            schema.Description = null;
        }
        else if (type.Type == typeof(Money))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Description = "Minor units of a currency: 12345 in CNY is ¥123.45.";
            schema.Required = new HashSet<string> { "amount", "currency" };
            schema.Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["amount"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
                ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = "^[A-Z]{3}$" },
            };
        }
        else if (type.Type == typeof(Currency))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = "^[A-Z]{3}$";
        }

        foreach (var member in type.Properties.Where(member => !member.IsRequired))
        {
            schema.Required?.Remove(member.Name);
        }
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isWrite = context.Description.HttpMethod is not ("GET" or "HEAD") && !metadata.Any(item => item is KeepsNothing);
        if (isWrite)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "Idempotency-Key",
                In = ParameterLocation.Header,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 128 },
            });
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = "dry_run",
                In = ParameterLocation.Query,
                Description = "Try it and keep nothing. Every write of money takes it; some others answer request.no_dry_run.",
                Schema = new OpenApiSchema { Type = JsonSchemaType.Boolean },
            });
        }

        if (!metadata.Any(item => item is IAllowAnonymous))
        {
            operation.Security ??= [];
            operation.Security.Add(new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, context.Document)] = [] });
        }

        operation.Responses ??= [];
        operation.Responses.TryAdd("default", new OpenApiResponse
        {
            Description = "A problem: see its `code`.",
            Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() },
        });
    }
}
