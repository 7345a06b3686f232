import { STATUS_CODE } from "@std/http/status";
import { type JsonSchema, toJsonSchema } from "@valibot/to-json-schema";
import * as v from "valibot";
import { VERSION } from "../base/version.ts";
import { problemOf, problemsOf } from "./problems.ts";
import type { Answer, NamesSchema, Operation, Route } from "./edge/route.ts";
import { ProblemSchema } from "./edge/schemas.ts";

type Json = Readonly<Record<string, unknown>>;

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

/**
 * The OpenAPI 3.1 document of these routes (spec.openapis.org/oas/v3.1.0), made from the schemas
 * that check what they take.
 */
export function describeApi(routes: readonly Route[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const { method, pattern, operation } of routes) {
    if (operation === undefined) continue;
    const path = pattern.replace(PARAM_REGEXP, "{$1}");
    paths[path] ??= {};
    paths[path][method.toLowerCase()] = operationJson(
      method,
      operation,
    );
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "imhook",
      version: VERSION,
      description: "What a Tencent Cloud Chat app's callbacks told, kept.",
    },
    paths,
    components: {
      schemas: { Problem: schemaOf(ProblemSchema, "output") },
      responses: problemResponses(routes),
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
    },
  };
}

function operationJson(method: Route["method"], operation: Operation): Json {
  const { id, summary, isOpen = false, params, query, headers, body, bytes } =
    operation;
  return {
    operationId: id,
    summary,
    security: isOpen ? [] : [{ bearer: [] }],
    parameters: [
      ...parametersOf(params, "path"),
      ...parametersOf(query, "query"),
      ...parametersOf(headers, "header"),
    ],
    ...body && {
      requestBody: {
        // No body at all is read as {}.
        required: !v.is(body, {}),
        content: { "application/json": { schema: schemaOf(body, "input") } },
      },
    },
    ...bytes && {
      requestBody: {
        description: bytes.description,
        content: { [bytes.contentType]: {} },
      },
    },
    responses: responsesOf(method, operation),
  };
}

function parametersOf(
  schema: NamesSchema | undefined,
  place: "path" | "query" | "header",
): Json[] {
  if (schema === undefined) return [];
  return Object.entries(schema.entries).map(([name, entry]) => {
    const { description, ...rest } = schemaOf(entry, "output");
    return {
      name,
      in: place,
      required: place === "path",
      ...description !== undefined && { description },
      schema: rest,
    };
  });
}

function responsesOf(method: Route["method"], operation: Operation): Json {
  const responses: Record<string, Json> = {};
  for (const answer of operation.answers) {
    responses[answer.status] = answerJson(answer);
  }
  for (const status of problemsOf(method, operation)) {
    responses[status] ??= { $ref: `#/components/responses/${status}` };
  }
  return responses;
}

/** The problems of all these routes, by status. */
function problemResponses(routes: readonly Route[]): Json {
  const responses: Record<string, Json> = {};
  for (const { method, operation } of routes) {
    if (operation === undefined) continue;
    for (const status of problemsOf(method, operation)) {
      const { description, headers } = problemOf(status);
      responses[status] ??= {
        description,
        ...headersJson(headers),
        content: {
          "application/problem+json": {
            schema: { $ref: "#/components/schemas/Problem" },
          },
        },
      };
    }
  }
  return responses;
}

function answerJson(answer: Answer): Json {
  const { description, schema } = answer;
  const headers = headersJson(answer.headers);
  const contentType = answer.contentType ?? "application/json";
  if (schema === undefined && answer.contentType === undefined) {
    return { description, ...headers };
  }
  return {
    description,
    ...headers,
    content: {
      [contentType]: schema ? { schema: schemaOf(schema, "output") } : {},
    },
  };
}

function headersJson(headers: Answer["headers"]): Json {
  if (headers === undefined) return {};
  const described = Object.entries(headers).map(([name, description]) =>
    [name, { description, schema: { type: "string" } }] as const
  );
  return { headers: Object.fromEntries(described) };
}

function schemaOf(
  schema: v.GenericSchema,
  typeMode: "input" | "output",
): JsonSchema {
  const { $schema: _, ...json } = toJsonSchema(schema, {
    typeMode,
    target: "draft-2020-12",
    // Checks that no schema language can say; what they expect is in the description.
    ignoreActions: ["check", "transform"],
  });
  return json;
}
