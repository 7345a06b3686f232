// Examples in the API's description: made from its schemas, so that each is valid.
import type { Json } from "./openapi_schema.ts";

const REFERENCE_PREFIX = "#/components/schemas/";

/** Values of strings by their format. */
const FORMATS: Readonly<Record<string, string>> = {
  "date-time": "2026-11-22T08:00:00.000Z",
  uuid: "b8e3f407-468d-4ced-9e5b-48a6409768c8",
  uri: "https://app.example/hooks",
};

/** An example of a schema; `named` holds those that it refers to. */
export function exampleOf(schema: Json, named: Json): unknown {
  const { $ref, examples, const: constant, enum: values } = schema;
  if (typeof $ref === "string") {
    const target = named[$ref.slice(REFERENCE_PREFIX.length)];
    return exampleOf(target as Json, named);
  }
  if (Array.isArray(examples)) return examples[0];
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0];
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) return exampleOf(choices[0], named);
  switch (schema.type) {
    case "object":
      return objectExample(schema, named);
    case "array":
      return arrayExample(schema, named);
    case "boolean":
      return false;
    case "integer":
    case "number":
      return schema.minimum ?? 1;
    default:
      return textExample(schema);
  }
}

function objectExample(schema: Json, named: Json): Json {
  const properties = Object.entries((schema.properties ?? {}) as Json);
  return Object.fromEntries(
    properties.map(([name, one]) => [name, exampleOf(one as Json, named)]),
  );
}

function arrayExample(schema: Json, named: Json): unknown[] {
  const length = typeof schema.minItems === "number" ? schema.minItems : 1;
  const one = exampleOf(schema.items as Json, named);
  return Array.from({ length }, () => one);
}

function textExample({ format, pattern }: Json): string {
  if (typeof format === "string") return FORMATS[format] ?? "text";
  if (typeof pattern !== "string") return "text";
  return pattern.includes("\\d") ? "42" : pattern.replace(/[\^$]/g, "");
}
