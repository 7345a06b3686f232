// The API's description at /openapi.json, made from the schemas that check what routes take.
import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { VERSION } from "../base/version.ts";
import { exampleOf } from "./openapi_example.ts";
import { type Json, SchemaTable } from "./openapi_schema.ts";
import { problemOf, problemsOf } from "./problems.ts";
import type { Answer, NamesSchema, Operation, Route } from "./edge/route.ts";
import { ProblemSchema } from "./edge/schemas.ts";

const PARAM_REGEXP = /:(\w+)/g;

/** Serves the description of these routes, and of itself. */
export function openApiRoute(routes: readonly Route[]): Route {
  const self: Route = {
    method: "GET",
    pattern: "/openapi.json",
    operation: {
      id: "getDescription",
      summary: "Read this description",
      isOpen: true,
      answers: [{
        status: STATUS_CODE.OK,
        description: "OpenAPI 3.1",
        contentType: "application/json",
      }],
    },
    handle: () => Response.json(document),
  };
  const document = describeApi([...routes, self]);
  return self;
}

/** Every group of operations, by the first segment of its paths below /v1, and its description. */
const TAGS: Readonly<Record<string, string>> = {
  events: "The journal: every callback, in order",
  consumers: "Named positions in the journal that the server keeps",
  groups: "The directory of groups: who owns each, and who is in it",
  users: "The groups of a user",
  directory: "How far the directory is, and making it anew",
  endpoints: "Where events are delivered to",
  deciders: "Who answers *before* commands",
  quarantine: "Authentic callbacks that could not be made events",
  reconciliations: "Comparing the directory with Tencent's own lists",
  alerts: "What needs a person",
  journal: "The journal as a whole: export, import, backup, purge",
  server: "How the server is",
};

/** Paths whose first segment is not their tag. */
const TAG_OF_SEGMENT: Readonly<Record<string, string>> = {
  export: "journal",
  import: "journal",
  backup: "journal",
  purge: "journal",
};

/** The OpenAPI 3.1 document of these routes (spec.openapis.org/oas/v3.1.0). */
function describeApi(routes: readonly Route[]): Json {
  const table = new SchemaTable();
  const paths: Record<string, Record<string, Json>> = {};
  const tags = new Set<string>();
  for (const { method, pattern, operation } of routes) {
    if (operation === undefined) continue;
    const path = pattern.replace(PARAM_REGEXP, "{$1}");
    const tag = tagOf(pattern);
    tags.add(tag);
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = {
      tags: [tag],
      ...operationJson({ method, operation, table }),
    };
  }
  const problem = table.schemaOf(ProblemSchema, "output");
  return {
    openapi: "3.1.0",
    info: {
      title: "imhook",
      version: VERSION,
      summary: "The callbacks of a Tencent Cloud Chat app, kept and in order",
      description: DESCRIPTION,
      contact: { name: "The imhook authors" },
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "The server that gave this document" }],
    tags: [...tags].toSorted().map((name) => ({
      name,
      description: TAGS[name] ?? name,
    })),
    paths,
    components: {
      schemas: table.named,
      responses: problemResponses(routes, problem),
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          description: "IMHOOK_API_TOKEN, or to read IMHOOK_API_TOKEN_READ",
        },
      },
    },
  };
}

const DESCRIPTION =
  "JSON names are camelCase, but inside an event, which is a CloudEvent. A list is " +
  "`items` and `next`: events and the quarantine go on with `after`, all else with " +
  "`cursor`. Times are RFC 3339 in UTC; a time that is sent may have any offset. " +
  "What waiting does not mend is a 409, what it mends a 429 or 503 with Retry-After.";

function tagOf(pattern: string): string {
  const [, root = "", segment = ""] = pattern.split("/");
  if (root !== "v1") return "server";
  const tag = TAG_OF_SEGMENT[segment] ?? segment;
  return Object.hasOwn(TAGS, tag) ? tag : "server";
}

interface Described {
  readonly method: Route["method"];
  readonly operation: Operation;
  readonly table: SchemaTable;
}

/** Matches the end of a summary's first clause. */
const CLAUSE_REGEXP = /[;:.,] /;

function operationJson({ method, operation, table }: Described): Json {
  const { id, summary, isOpen = false, params, query, headers } = operation;
  return {
    operationId: id,
    summary: summary.split(CLAUSE_REGEXP)[0],
    description: `${summary}.`,
    security: isOpen ? [] : [{ bearer: [] }],
    parameters: [
      ...parametersOf(params, "path", table),
      ...parametersOf(query, "query", table),
      ...parametersOf(headers, "header", table),
    ],
    ...bodyJson(operation, table),
    responses: responsesOf({ method, operation, table }),
  };
}

function bodyJson({ body, bytes }: Operation, table: SchemaTable): Json {
  if (body !== undefined) {
    const schema = table.schemaOf(body, "input");
    // No body at all is read as {}.
    const required = !v.is(body, {});
    return {
      requestBody: { required, content: { "application/json": { schema } } },
    };
  }
  if (bytes === undefined) return {};
  const { description, contentType } = bytes;
  const content = { [contentType]: { schema: { type: "string" } } };
  return { requestBody: { description, required: true, content } };
}

function parametersOf(
  schema: NamesSchema | undefined,
  place: "path" | "query" | "header",
  table: SchemaTable,
): Json[] {
  return Object.entries(schema?.entries ?? {}).map(([name, entry]) => {
    const { description, ...rest } = table.schemaOf(entry, "output");
    return {
      name,
      in: place,
      required: place === "path",
      ...description !== undefined && { description },
      schema: rest,
    };
  });
}

function responsesOf({ method, operation, table }: Described): Json {
  const responses: Record<string, Json> = {};
  for (const answer of operation.answers) {
    responses[answer.status] = answerJson(answer, table);
  }
  for (const status of problemsOf(method, operation)) {
    responses[status] ??= { $ref: `#/components/responses/${status}` };
  }
  return responses;
}

/** The problems of all these routes, by status. */
function problemResponses(routes: readonly Route[], schema: Json): Json {
  const responses: Record<string, Json> = {};
  for (const { method, operation } of routes) {
    if (operation === undefined) continue;
    for (const status of problemsOf(method, operation)) {
      const { description, headers } = problemOf(status);
      responses[status] ??= {
        description,
        ...headersJson(headers),
        content: { "application/problem+json": { schema } },
      };
    }
  }
  return responses;
}

function answerJson(answer: Answer, table: SchemaTable): Json {
  const { description } = answer;
  const headers = headersJson(answer.headers);
  const contentType = answer.contentType ?? "application/json";
  if (answer.schema === undefined && answer.contentType === undefined) {
    return { description, ...headers };
  }
  const media = mediaJson(answer, contentType, table);
  return { description, ...headers, content: { [contentType]: media } };
}

function mediaJson(
  { schema, example }: Answer,
  contentType: string,
  table: SchemaTable,
): Json {
  if (schema !== undefined) {
    const json = table.schemaOf(schema, "output");
    return { schema: json, example: example ?? exampleOf(json, table.named) };
  }
  if (contentType.startsWith("application/json") && example === undefined) {
    return { schema: { type: "object" }, example: { openapi: "3.1.0" } };
  }
  const isText = example !== undefined;
  return isText
    ? { schema: { type: "string" }, example }
    : { schema: { type: "string", format: "binary" } };
}

function headersJson(headers: Answer["headers"]): Json {
  if (headers === undefined) return {};
  const described = Object.entries(headers).map(([name, description]) =>
    [name, { description, schema: { type: "string" } }] as const
  );
  return { headers: Object.fromEntries(described) };
}
