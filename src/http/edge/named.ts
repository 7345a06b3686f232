import * as v from "valibot";

/** Key of a schema's name among its metadata. */
export const SCHEMA_NAME = "x-schema-name";

/** A schema with a name in the API's description, where others refer to it. */
export function named<Schema extends v.GenericSchema>(
  name: string,
  schema: Schema,
): v.SchemaWithPipe<
  readonly [Schema, v.MetadataAction<v.InferOutput<Schema>, Named>]
> {
  return v.pipe(schema, v.metadata({ [SCHEMA_NAME]: name })) as never;
}

type Named = { readonly [SCHEMA_NAME]: string };
