import { assert, assertEquals, assertNotMatch } from "@std/assert";
import { HttpError } from "../../src/http/edge/errors.ts";
import { checkInput } from "../../src/http/edge/input.ts";
import type { Operation } from "../../src/http/edge/route.ts";
import { openAll } from "../support/http/all_routes.ts";
import { assertProblem, openApi } from "../support/http/api_fixture.ts";

/** What a schema language says, and no person. */
const SCHEMA_REGEXP =
  /[\^$\\]|[<>]=?\d|\b(another value|string|boolean|Object|Array|Invalid|undefined|NaN|null)\b/;

const GARBAGE: readonly unknown[] = [
  undefined,
  null,
  true,
  5,
  -1,
  0.5,
  1e30,
  "",
  "x",
  "1",
  "-1",
  "x".repeat(3_000),
  "2026-02-30T00:00:00Z",
  [],
  [5],
  [""],
  {},
  { x: 1 },
  { "": "\n", host: "h" },
];

/** The names that an object's schema has, of all its forms. */
function namesOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { entries, options, wrapped } = schema as Record<string, unknown>;
  if (Array.isArray(options)) return options.flatMap(namesOf);
  if (wrapped !== undefined) return namesOf(wrapped);
  return typeof entries === "object" && entries !== null
    ? Object.keys(entries)
    : [];
}

function entryOf(schema: unknown, name: string): unknown {
  const { entries = {} } = schema as Record<string, Record<string, unknown>>;
  return entries[name];
}

/** Wrong in one place each. */
function* wrongInputs(schema: unknown): Generator<unknown> {
  yield* [null, 5, "x", {}, { none: 1 }];
  for (const name of namesOf(schema)) {
    const base = name === "url" ? {} : { url: "https://a.example" };
    for (const value of GARBAGE) yield { ...base, [name]: value };
    for (const inner of namesOf(entryOf(schema, name))) {
      for (const value of GARBAGE) {
        yield { ...base, [name]: { [inner]: value } };
      }
    }
  }
}

function refusalOf(schema: unknown, value: unknown): HttpError | undefined {
  try {
    checkInput(schema as Parameters<typeof checkInput>[0], value);
    return undefined;
  } catch (error) {
    assert(error instanceof HttpError);
    return error;
  }
}

Deno.test("every refusal of every route names what is wrong, and says in words what is expected", async () => {
  await using api = await openAll();
  const operations = api.routes.flatMap(({ operation }) => operation ?? []);
  const schemasOf = ({ params, query, headers, body }: Operation) =>
    [params, query, headers, body].filter((schema) => schema !== undefined);
  let count = 0;
  for (const operation of operations) {
    for (const schema of schemasOf(operation)) {
      for (const value of wrongInputs(schema)) {
        const refusal = refusalOf(schema, value);
        if (refusal === undefined) continue;
        const { status, message, fields: { parameter, expected } } = refusal;
        assertEquals([status, typeof parameter], [400, "string"], message);
        assertNotMatch(
          String(expected),
          SCHEMA_REGEXP,
          `${operation.id}: ${message}`,
        );
        assert(message.startsWith(`${parameter}: `), message);
        count++;
      }
    }
  }
  assert(count > 500);
});

Deno.test.each([
  ["/v1/events", "?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z"],
  ["/v1/events/stream", "?from=2026-01-01T00:00:01Z&to=2026-01-01T00:00:00Z"],
  ["/v1/export", "?from=2026-01-01T00:00:00Z&to=2025-12-31T00:00:00Z"],
])("GET %s%s is refused: it can hold nothing", async (path, query) => {
  await using api = await openAll();
  const { detail, parameter } = await assertProblem(
    await api.get(`${path}${query}`),
    400,
  );

  assertEquals(
    [parameter, detail],
    ["from", "from: expected a time that is not later than `to`"],
  );
});

Deno.test("GET /v1/events from a time to the same is empty, as it says", async () => {
  await using api = await openApi();
  const time = "2026-01-01T00:00:00Z";
  const response = await api.get(`/v1/events?from=${time}&to=${time}`);

  assertEquals((await response.json()).items, []);
});

Deno.test.each([
  ["GET", "/v1/events?after=9", "after"],
  ["GET", "/v1/export?after=9", "after"],
  ["POST", "/v1/purge", "before"],
  ["PUT", "/v1/consumers/a", "start"],
  ["GET", "/v1/events/%zz", "Path"],
])("%s %s names the parameter %s", async (method, path, parameter) => {
  await using api = await openAll();
  const body = JSON.stringify({ [parameter]: 9 });
  const response = await api.get(path, {
    method,
    ...method !== "GET" && { body },
  });

  assertEquals((await response.json()).parameter, parameter);
});
