import type { StatusCode } from "@std/http/status";
import * as v from "valibot";
import type { BodyRoom } from "../../base/bounded_body.ts";
import { readBytes, readJson } from "./body.ts";
import { badInput, checkInput } from "./input.ts";

/** A request that met a route. */
export interface RouteContext {
  readonly request: Request;
  /** Values of the pattern's `:name` segments, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Asks for the sender's address. */
  readonly clientIp?: () => string;
  /** Memory for bodies under way. */
  readonly room?: BodyRoom | undefined;
}

/** One method on one path. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Literal segments and `:name` ones, which match any one segment. */
  readonly pattern: string;
  /** The route's part of the API's description; absent where it is not part of the API. */
  readonly operation?: Operation;
  readonly handle: (context: RouteContext) => Response | Promise<Response>;
}

/** Schema of named values, all of them strings as they arrive. */
export type NamesSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

/** Input and answers of a route; the same schemas check the input and describe it. */
export interface Operation {
  /** Unique, in camelCase. */
  readonly id: string;
  readonly summary: string;
  readonly isOpen?: boolean;
  /** True when its answer holds secrets, so that a token that may only read does not get it. */
  readonly isSecret?: boolean;
  readonly params?: NamesSchema;
  readonly query?: NamesSchema;
  /** Request headers that count, spelled as they are to be shown. */
  readonly headers?: NamesSchema;
  readonly body?: v.GenericSchema;
  /** A body that is no JSON value; never beside `body`. */
  readonly bytes?: BytesBody;
  readonly answers: readonly Answer[];
  /** Problems beside 401 and what wrong parameters give. */
  readonly problems?: readonly StatusCode[];
}

/** A body that its route reads by itself. */
export interface BytesBody {
  readonly contentType: string;
  readonly description: string;
  readonly maxBytes: number;
}

/** One way in which a route answers. */
export interface Answer {
  readonly status: StatusCode;
  readonly description: string;
  readonly contentType?: string;
  /** Of the JSON that is sent; undefined for other content. */
  readonly schema?: v.GenericSchema;
  /** Example of what is sent; made from the schema where there is one. */
  readonly example?: unknown;
  /** Response headers that say something, and what. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A route before its types are forgotten. */
export interface RouteSpec<
  Params extends NamesSchema,
  Query extends NamesSchema,
  Headers extends NamesSchema,
  Body extends v.GenericSchema,
> extends Operation {
  readonly method: Route["method"];
  readonly pattern: string;
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  readonly handle: (input: {
    readonly request: Request;
    readonly params: v.InferOutput<Params>;
    readonly query: v.InferOutput<Query>;
    readonly headers: v.InferOutput<Headers>;
    readonly body: v.InferOutput<Body>;
    /** Empty unless the route takes `bytes`. */
    readonly bytes: Uint8Array;
  }) => Response | Promise<Response>;
}

const NOTHING = v.strictObject({});
const NO_BYTES = new Uint8Array();

/**
 * A route whose input is checked by the schemas that describe it.
 *
 * @throws {HttpError} (its handler does) 400 naming the parameter or field and what was expected,
 *   413 for a body that is too large, 408 for one that does not come
 */
export function route<
  Params extends NamesSchema = typeof NOTHING,
  Query extends NamesSchema = typeof NOTHING,
  Headers extends NamesSchema = typeof NOTHING,
  Body extends v.GenericSchema = v.UndefinedSchema<undefined>,
>(spec: RouteSpec<Params, Query, Headers, Body>): Route {
  const { method, pattern, handle, ...operation } = spec;
  const paramsSchema: v.GenericSchema = spec.params ?? NOTHING;
  const querySchema: v.GenericSchema = spec.query ?? NOTHING;
  const headersSchema: NamesSchema = spec.headers ?? NOTHING;
  return {
    method,
    pattern,
    operation,
    handle: async ({ request, params, query, room }) => {
      const parsedParams = checkInput(paramsSchema, params);
      const parsedQuery = checkInput(querySchema, single(query));
      const headers = checkInput(headersSchema, known(request, headersSchema));
      const body = spec.body &&
        checkInput(spec.body, await readJson(request, { room }));
      const bytes = spec.bytes
        ? await readBytes(request, { ...spec.bytes, room })
        : NO_BYTES;
      const input = { params: parsedParams, query: parsedQuery, headers };
      // The schemas that made these are the ones that the types were inferred from.
      return await handle({ request, ...input, body, bytes } as never);
    },
  };
}

function single(query: URLSearchParams): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of query) {
    if (Object.hasOwn(values, name)) throw badInput(name, "it once");
    values[name] = value;
  }
  return values;
}

/** The headers of a request that a schema names; an empty one counts as absent. */
function known(
  { headers }: Request,
  { entries }: NamesSchema,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const name of Object.keys(entries)) {
    const value = headers.get(name) ?? "";
    if (value !== "") values[name] = value;
  }
  return values;
}
