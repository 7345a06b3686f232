// JSON Schemas of the API's description: made from valibot's, the named ones by reference.
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { SCHEMA_NAME } from "./edge/schemas.ts";

/** Any JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** A larger one needs 64 bits. */
const INT32_MAX = 2 ** 31 - 1;

/** Converts schemas, and gathers those that have a name. */
export class SchemaTable {
  readonly #named = new Map<string, Json>();

  /** The named schemas met so far, by name. */
  get named(): Json {
    const entries = [...this.#named].toSorted(([a], [b]) => a < b ? -1 : 1);
    return Object.fromEntries(entries);
  }

  /** A schema as JSON Schema; a named one, wherever it stands, is a reference. */
  schemaOf(schema: v.GenericSchema, typeMode: "input" | "output"): Json {
    const { $schema: _, ...json } = toJsonSchema(schema, {
      typeMode,
      target: "draft-2020-12",
      // Checks that no schema language can say; what they expect is in the description.
      ignoreActions: ["check", "transform"],
    });
    return this.#refer(json) as Json;
  }

  #refer(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((one) => this.#refer(one));
    if (typeof value !== "object" || value === null) return value;
    const { [SCHEMA_NAME]: name, ...rest } = value as Json;
    const json = withFormat(withoutUnionDefault(
      Object.fromEntries(
        Object.entries(rest).map(([key, one]) => [key, this.#refer(one)]),
      ),
    ));
    if (typeof name !== "string") return json;
    if (!this.#named.has(name)) this.#named.set(name, json);
    return { $ref: `#/components/schemas/${name}` };
  }
}

/** Generators of clients write the default of a union as a value that has none of its types. */
function withoutUnionDefault(json: Json): Json {
  if (json.anyOf === undefined) return json;
  const { default: _, ...rest } = json;
  return rest;
}

/** Says of whole numbers that they may be larger than 32 bits. */
function withFormat(json: Json): Json {
  const { type, maximum } = json;
  if (type !== "integer") return json;
  const isSmall = typeof maximum === "number" && maximum <= INT32_MAX;
  return isSmall ? { ...json, format: "int32" } : { ...json, format: "int64" };
}
