import { assert, assertEquals } from "@std/assert";
import * as v from "valibot";
import type { Attempt } from "../../src/delivery/endpoint/attempts.ts";
import { createEndpoint } from "../../src/delivery/endpoint/endpoints.ts";
import { commitProgress } from "../../src/delivery/endpoint/progress.ts";
import type { Operation, Route } from "../../src/http/edge/route.ts";
import { ProblemSchema } from "../../src/http/edge/schemas.ts";
import { backupRoute } from "../../src/http/journal/backup.ts";
import { endpointOf } from "../support/delivery/delivery_fixture.ts";
import { type AllRoutes, openAll } from "../support/http/all_routes.ts";
import { type Api, API_TOKEN } from "../support/http/api_fixture.ts";
import { project } from "../support/directory/projection_fixture.ts";
import { writtenOperations } from "../support/http/written_operations.ts";
import {
  APP,
  bytesOf,
  CREATED_BODY,
  NOW_MS,
} from "../support/ingest/callback_fixture.ts";

/** Any JSON object. */
type Json = Readonly<Record<string, unknown>>;

const GROUP_PATH = `/v1/groups/${APP.id}/${
  encodeURIComponent(CREATED_BODY.GroupId)
}`;

/** Two events, an item that stays in quarantine, and a consumer. */
async function openFilled(): Promise<AllRoutes> {
  const api = await openAll();
  const MemberList = [{ Member_Account: "u" }];
  await api.post({ ...CREATED_BODY, Type: "Community", Name: 5, MemberList });
  await api.post({ Info: {}, EventTime: NOW_MS }, {
    CallbackCommand: "State.StateChange",
    ClientIP: undefined,
    OptPlatform: undefined,
  });
  await api.post({ GroupId: 5 });
  await api.store.writer.append({
    sequence: "quarantine",
    item: {
      app: 1,
      receivedAtMs: NOW_MS,
      digest: new Uint8Array(16),
      isRecognisable: false,
      meta: '{"code":42202,"reason":"old","query":"CallbackCommand=X.Y"}',
      body: bytesOf("{}"),
    },
  });
  await project(api.store);
  await api.get("/v1/consumers/a", { method: "PUT", body: "{}" });
  const retry = { seq: 2, failures: 3, nextAttemptAtMs: NOW_MS, cause: "tls" };
  await createEndpoint(
    api.store.side,
    endpointOf({ main: { after: 1, retry }, failures: 3 }),
  );
  await commitProgress(api.store.side, {
    id: "e1",
    epoch: 0,
    progress: {
      change: (endpoint) => ({ endpoint }),
      attempts: () => [DELIVERED],
    },
    nowMs: NOW_MS,
  });
  return api;
}

const DELIVERED: Attempt = {
  outcome: "delivered",
  seq: 1,
  through: 1,
  count: 1,
  atMs: Date.now(),
  durationMs: 2,
  status: 200,
};

function operationsOf(routes: readonly Route[]): Map<string, Operation> {
  const operations = new Map<string, Operation>();
  for (const { operation, pattern } of routes) {
    assert(operation !== undefined, `${pattern} is not described`);
    assert(!operations.has(operation.id), `${operation.id} is there twice`);
    operations.set(operation.id, operation);
  }
  return operations;
}

async function documentOf(api: Api): Promise<Json> {
  const response = await api.fetch(new Request("http://h/openapi.json"));
  assertEquals(response.status, 200);
  return await response.json();
}

function objectAt(value: unknown, ...path: readonly string[]): Json {
  const [name, ...rest] = path;
  assert(typeof value === "object" && value !== null && !Array.isArray(value));
  const json = value as Json;
  return name === undefined ? json : objectAt(json[name], ...rest);
}

/** What a value says, or what it refers to. */
function resolved(value: unknown, document: Json): Json {
  const { $ref } = objectAt(value);
  if (typeof $ref !== "string") return objectAt(value);
  return objectAt(document, ...$ref.split("/").slice(1));
}

/** Every operation of a document as `METHOD /path`, with what it says. */
function describedIn(document: Json): Map<string, Json> {
  const described = new Map<string, Json>();
  for (const [path, methods] of Object.entries(objectAt(document, "paths"))) {
    for (const [method, operation] of Object.entries(objectAt(methods))) {
      described.set(`${method.toUpperCase()} ${path}`, objectAt(operation));
    }
  }
  return described;
}

const braced = (pattern: string) => pattern.replace(/:(\w+)/g, "{$1}");

Deno.test("GET /openapi.json describes each route of the app, and nothing else", async () => {
  await using api = await openAll();
  const described = [...describedIn(await documentOf(api))]
    .map(([path, { operationId }]) => `${operationId}: ${path}`);
  const routes = api.routes.map(({ method, pattern, operation }) =>
    `${operation?.id}: ${method} ${braced(pattern)}`
  );

  assertEquals(described.toSorted(), routes.toSorted());
});

Deno.test("GET /openapi.json knows every operation in src/http", async () => {
  await using api = await openAll();
  const known = [...operationsOf(api.routes).keys()];

  assertEquals(await writtenOperations(), known.toSorted());
});

/** Every object in a JSON value. */
function* objectsIn(value: unknown): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Json;
  for (const inner of Object.values(value)) yield* objectsIn(inner);
}

Deno.test("GET /openapi.json has only references that lead somewhere", async () => {
  await using api = await openAll();
  const document = await documentOf(api);
  const references = [...objectsIn(document)].map(({ $ref }) => $ref)
    .filter((reference) => typeof reference === "string");

  assert(references.length > 0);
  for (const reference of new Set(references)) {
    const [root, ...path] = reference.split("/");
    assertEquals(root, "#", reference);
    objectAt(document, ...path);
  }
});

Deno.test("GET /openapi.json declares each parameter of a path, and each once", async () => {
  await using api = await openAll();
  for (const [name, operation] of describedIn(await documentOf(api))) {
    const parameters = operation.parameters as readonly Json[];
    const inPath = parameters.filter((one) => one.in === "path");
    const names = Array.from(name.matchAll(/\{(\w+)\}/g), ([, one]) => one);
    assertEquals(inPath.map((one) => one.name), names, name);
    assert(inPath.every(({ required }) => required === true), name);
    const places = parameters.map((one) => `${one.in} ${one.name}`);
    assertEquals(new Set(places).size, places.length, name);
    for (const parameter of parameters) {
      assert(Object.keys(objectAt(parameter, "schema")).length > 0, name);
      const place = String(parameter.in);
      assert(["path", "query", "header"].includes(place), name);
    }
  }
});

Deno.test("GET /openapi.json is an OpenAPI 3.1 document in its form", async () => {
  await using api = await openAll();
  const document = await documentOf(api);
  assertEquals(document.openapi, "3.1.0");
  const { title, version } = objectAt(document, "info");
  assertEquals([typeof title, typeof version], ["string", "string"]);
  const schemes = objectAt(document, "components", "securitySchemes");
  for (const [name, operation] of describedIn(document)) {
    assertEquals(typeof operation.summary, "string", name);
    for (const one of operation.security as readonly Json[]) {
      assert(Object.keys(one).every((scheme) => scheme in schemes), name);
    }
    const responses = Object.entries(objectAt(operation, "responses"));
    assert(responses.some(([status]) => status.startsWith("2")), name);
    for (const [status, response] of responses) {
      assert(/^[1-5]\d\d$/.test(status), name);
      const { description } = resolved(response, document);
      assertEquals(typeof description, "string", name);
    }
  }
});

Deno.test("GET /openapi.json says what is open, and what a reader's token may not do", async () => {
  await using api = await openAll();
  const open: string[] = [];
  for (const [name, operation] of describedIn(await documentOf(api))) {
    const isOpen = (operation.security as readonly Json[]).length === 0;
    if (isOpen) open.push(name);
    const responses = objectAt(operation, "responses");
    const isSecret = name === "GET /v1/backup";
    const mayRefuse = !isOpen && (isSecret || !name.startsWith("GET "));
    assertEquals("401" in responses, !isOpen, name);
    assertEquals("403" in responses, mayRefuse, `${name}: 403`);
  }

  assertEquals(open.toSorted(), [
    "GET /healthz",
    "GET /openapi.json",
    "GET /readyz",
  ]);
});

Deno.test("GET /openapi.json declares the headers that are read", async () => {
  await using api = await openAll();
  const read: string[] = [];
  for (const [name, operation] of describedIn(await documentOf(api))) {
    for (const { in: place, ...one } of operation.parameters as Json[]) {
      if (place === "header") read.push(`${name}: ${one.name}`);
    }
  }

  assertEquals(read.toSorted(), [
    "GET /readyz: Accept-Language",
    "GET /v1/alerts: Accept-Language",
    "GET /v1/events/stream: Last-Event-ID",
    "GET /v1/groups/{sdkAppId}/{groupId}: If-None-Match",
    "GET /v1/stats: Accept-Language",
    "POST /v1/checks: Accept-Language",
  ]);
});

Deno.test("GET /openapi.json says that a body must be sent where one must be", async () => {
  await using api = await openAll();
  const described = describedIn(await documentOf(api));
  const names = [
    "POST /v1/consumers/{name}/ack",
    "POST /v1/consumers/{name}/seek",
    "POST /v1/purge",
  ];

  for (const name of names) {
    const { required } = objectAt(described.get(name), "requestBody");
    assertEquals(required, true, name);
  }
  const put = objectAt(described.get("PUT /v1/consumers/{name}"));
  assertEquals(objectAt(put, "requestBody").required ?? false, false);
});

Deno.test("GET /openapi.json gives bounds of parameters as numbers", async () => {
  await using api = await openAll();
  const list = describedIn(await documentOf(api)).get("GET /v1/events");
  const parameters = list?.parameters as readonly Json[];
  const limit = parameters.find(({ name }) => name === "limit");

  assertEquals(limit, {
    name: "limit",
    in: "query",
    required: false,
    description: "Items on a page, 100 by default",
    schema: {
      type: "integer",
      minimum: 1,
      maximum: 1000,
      format: "int32",
    },
  });
});

/** One request of each kind: operation, status, method, path, body. */
const CALLS: readonly (readonly [string, number, string, string, string?])[] = [
  ["getHealth", 200, "GET", "/healthz"],
  ["getReadiness", 200, "GET", "/readyz"],
  ["getDescription", 200, "GET", "/openapi.json"],
  ["getMetrics", 200, "GET", "/metrics"],
  ["listEvents", 200, "GET", "/v1/events"],
  ["listEvents", 200, "GET", "/v1/events?after=2"],
  ["listEvents", 400, "GET", "/v1/events?limit=0"],
  ["listEvents", 409, "GET", "/v1/events?after=3"],
  ["streamEvents", 200, "GET", "/v1/events/stream"],
  ["streamEvents", 400, "GET", "/v1/events/stream?after=x"],
  ["streamEvents", 409, "GET", "/v1/events/stream?after=9"],
  ["getEvent", 200, "GET", "/v1/events/1"],
  ["getEvent", 200, "GET", "/v1/events/2"],
  ["getEvent", 400, "GET", "/v1/events/x"],
  ["getEvent", 404, "GET", "/v1/events/9"],
  ["getRawEvent", 200, "GET", "/v1/events/1/raw"],
  ["getRawEvent", 404, "GET", "/v1/events/9/raw"],
  ["listConsumers", 200, "GET", "/v1/consumers"],
  ["createConsumer", 200, "PUT", "/v1/consumers/a", "{}"],
  ["createConsumer", 201, "PUT", "/v1/consumers/b", '{"start":1}'],
  ["createConsumer", 400, "PUT", "/v1/consumers/b", '{"start":true}'],
  ["createConsumer", 400, "PUT", "/v1/consumers/b", "{"],
  ["createConsumer", 409, "PUT", "/v1/consumers/c", '{"start":9}'],
  ["createConsumer", 413, "PUT", "/v1/consumers/b", " ".repeat(70_000)],
  ["getConsumer", 200, "GET", "/v1/consumers/a"],
  ["getConsumer", 400, "GET", "/v1/consumers/%20"],
  ["getConsumer", 404, "GET", "/v1/consumers/c"],
  ["listConsumerEvents", 200, "GET", "/v1/consumers/b/events"],
  ["listConsumerEvents", 404, "GET", "/v1/consumers/c/events"],
  ["ackConsumer", 200, "POST", "/v1/consumers/a/ack", '{"through":2}'],
  ["ackConsumer", 404, "POST", "/v1/consumers/c/ack", '{"through":2}'],
  ["ackConsumer", 409, "POST", "/v1/consumers/a/ack", '{"through":3}'],
  ["seekConsumer", 200, "POST", "/v1/consumers/a/seek", '{"start":"first"}'],
  ["seekConsumer", 404, "POST", "/v1/consumers/c/seek", '{"start":1}'],
  ["seekConsumer", 409, "POST", "/v1/consumers/a/seek", '{"start":9}'],
  ["listQuarantine", 200, "GET", "/v1/quarantine"],
  ["listQuarantine", 400, "GET", "/v1/quarantine?code=1"],
  ["listQuarantineReasons", 200, "GET", "/v1/quarantine/reasons"],
  ["getQuarantined", 200, "GET", "/v1/quarantine/1"],
  ["getQuarantined", 404, "GET", "/v1/quarantine/9"],
  ["getRawQuarantined", 200, "GET", "/v1/quarantine/1/raw"],
  ["getRawQuarantined", 404, "GET", "/v1/quarantine/9/raw"],
  ["revalidateQuarantined", 200, "POST", "/v1/quarantine/1/revalidate"],
  ["revalidateQuarantined", 200, "POST", "/v1/quarantine/2/revalidate"],
  ["revalidateQuarantined", 404, "POST", "/v1/quarantine/2/revalidate"],
  ["revalidateQuarantine", 200, "POST", "/v1/quarantine/revalidate", "{}"],
  ["revalidateQuarantine", 400, "POST", "/v1/quarantine/revalidate", "5"],
  ["deleteQuarantined", 204, "DELETE", "/v1/quarantine/1"],
  ["deleteQuarantined", 404, "DELETE", "/v1/quarantine/1"],
  ["deleteQuarantine", 200, "DELETE", "/v1/quarantine?reason=42200"],
  ["deleteQuarantine", 400, "DELETE", "/v1/quarantine"],
  ["getJournal", 200, "GET", "/v1/journal"],
  ["exportEvents", 200, "GET", "/v1/export"],
  ["exportEvents", 409, "GET", "/v1/export?after=9"],
  ["importEvents", 200, "POST", "/v1/import", ""],
  ["importEvents", 400, "POST", "/v1/import", "x\n"],
  ["getBackup", 200, "GET", "/v1/backup"],
  ["listGroups", 200, "GET", "/v1/groups"],
  ["listGroups", 400, "GET", "/v1/groups?state=x"],
  ["getGroup", 200, "GET", GROUP_PATH],
  ["getGroup", 404, "GET", "/v1/groups/1/g"],
  ["listMembers", 200, "GET", `${GROUP_PATH}/members`],
  ["listMembers", 404, "GET", "/v1/groups/1/g/members"],
  ["listTopics", 200, "GET", `${GROUP_PATH}/topics`],
  ["listTopics", 404, "GET", "/v1/groups/1/g/topics"],
  ["listGroupEvents", 200, "GET", `${GROUP_PATH}/events`],
  ["listGroupEvents", 404, "GET", "/v1/groups/1/g/events"],
  ["listUserGroups", 200, "GET", `/v1/users/${APP.id}/u/groups`],
  ["listUserGroups", 400, "GET", "/v1/users/x/u/groups"],
  ["getDirectory", 200, "GET", "/v1/directory"],
  ["rebuildDirectory", 202, "POST", "/v1/directory/rebuild", "{}"],
  ["rebuildDirectory", 400, "POST", "/v1/directory/rebuild", "5"],
  [
    "ignoreSender",
    201,
    "POST",
    "/v1/directory/ignored-senders",
    '{"sender":"203.0.113.7","from":"5"}',
  ],
  ["ignoreSender", 400, "POST", "/v1/directory/ignored-senders", "{}"],
  ["listIgnoredSenders", 200, "GET", "/v1/directory/ignored-senders"],
  ["unignoreSender", 204, "DELETE", "/v1/directory/ignored-senders/1"],
  ["unignoreSender", 404, "DELETE", "/v1/directory/ignored-senders/9"],
  ["getStats", 200, "GET", "/v1/stats"],
  ["runChecks", 200, "POST", "/v1/checks", "{}"],
  ["runChecks", 400, "POST", "/v1/checks", '{"sdkAppId":1}'],
  [
    "startReconciliation",
    202,
    "POST",
    "/v1/reconciliations",
    '{"sdkAppId":1400000000}',
  ],
  ["startReconciliation", 400, "POST", "/v1/reconciliations", '{"a":1}'],
  ["startReconciliation", 409, "POST", "/v1/reconciliations", "{}"],
  ["listReconciliations", 200, "GET", "/v1/reconciliations"],
  ["getReconciliation", 200, "GET", "/v1/reconciliations/r1"],
  ["getReconciliation", 404, "GET", "/v1/reconciliations/r2"],
  ["listEndpoints", 200, "GET", "/v1/endpoints"],
  [
    "createEndpoint",
    201,
    "POST",
    "/v1/endpoints",
    '{"url":"https://a.example"}',
  ],
  ["createEndpoint", 400, "POST", "/v1/endpoints", '{"url":"ftp://a.example"}'],
  [
    "createEndpoint",
    400,
    "POST",
    "/v1/endpoints",
    '{"url":"https://10.0.0.1"}',
  ],
  [
    "createEndpoint",
    409,
    "POST",
    "/v1/endpoints",
    '{"url":"https://a.example","start":99}',
  ],
  ["getEndpoint", 200, "GET", "/v1/endpoints/e1"],
  ["getEndpoint", 404, "GET", "/v1/endpoints/e9"],
  ["changeEndpoint", 200, "PATCH", "/v1/endpoints/e1", '{"description":"x"}'],
  ["changeEndpoint", 400, "PATCH", "/v1/endpoints/e1", '{"description":5}'],
  ["changeEndpoint", 404, "PATCH", "/v1/endpoints/e9", "{}"],
  ["pauseEndpoint", 200, "POST", "/v1/endpoints/e1/pause"],
  ["pauseEndpoint", 404, "POST", "/v1/endpoints/e9/pause"],
  ["skipEvent", 409, "POST", "/v1/endpoints/e1/skip", '{"seq":1}'],
  ["skipEvent", 200, "POST", "/v1/endpoints/e1/skip", '{"seq":2}'],
  ["skipEvent", 409, "POST", "/v1/endpoints/e1/skip"],
  ["skipEvent", 404, "POST", "/v1/endpoints/e9/skip"],
  ["resumeEndpoint", 200, "POST", "/v1/endpoints/e1/resume"],
  ["resumeEndpoint", 404, "POST", "/v1/endpoints/e9/resume"],
  ["redeliverEvent", 202, "POST", "/v1/endpoints/e1/redeliver", '{"seq":"2"}'],
  ["redeliverEvent", 400, "POST", "/v1/endpoints/e1/redeliver", "{}"],
  ["redeliverEvent", 404, "POST", "/v1/endpoints/e9/redeliver", '{"seq":2}'],
  ["redeliverEvent", 409, "POST", "/v1/endpoints/e1/redeliver", '{"seq":99}'],
  ["replayEvents", 202, "POST", "/v1/endpoints/e1/replay", '{"from":1}'],
  ["replayEvents", 400, "POST", "/v1/endpoints/e1/replay", "{}"],
  ["replayEvents", 404, "POST", "/v1/endpoints/e9/replay", '{"from":1}'],
  ["replayEvents", 409, "POST", "/v1/endpoints/e1/replay", '{"from":99}'],
  ["testEndpoint", 200, "POST", "/v1/endpoints/e1/test"],
  ["testEndpoint", 404, "POST", "/v1/endpoints/e9/test"],
  ["rotateSecret", 200, "POST", "/v1/endpoints/e1/secret"],
  ["rotateSecret", 200, "POST", "/v1/endpoints/e1/secret"],
  ["rotateSecret", 429, "POST", "/v1/endpoints/e1/secret"],
  ["rotateSecret", 404, "POST", "/v1/endpoints/e9/secret"],
  ["listEndpointRates", 200, "GET", "/v1/endpoints/e1/rates"],
  ["listEndpointRates", 404, "GET", "/v1/endpoints/e9/rates"],
  ["listAttempts", 200, "GET", "/v1/endpoints/e1/attempts"],
  ["listAttempts", 404, "GET", "/v1/endpoints/e9/attempts"],
  ["listDeadLetters", 200, "GET", "/v1/endpoints/e1/dead-letters"],
  ["listDeadLetters", 404, "GET", "/v1/endpoints/e9/dead-letters"],
  ["deleteDeadLetter", 204, "DELETE", "/v1/endpoints/e1/dead-letters/2"],
  ["deleteDeadLetter", 404, "DELETE", "/v1/endpoints/e1/dead-letters/2"],
  ["deleteDeadLetter", 400, "DELETE", "/v1/endpoints/e1/dead-letters/x"],
  ["deleteDeadLetters", 200, "DELETE", "/v1/endpoints/e1/dead-letters"],
  ["deleteDeadLetters", 404, "DELETE", "/v1/endpoints/e9/dead-letters"],
  [
    "createDecider",
    201,
    "POST",
    "/v1/deciders",
    '{"name":"d1","url":"https://app.example/tencent","onFailure":"refuse"}',
  ],
  [
    "createDecider",
    409,
    "POST",
    "/v1/deciders",
    '{"name":"d2","url":"https://app.example/other"}',
  ],
  ["createDecider", 400, "POST", "/v1/deciders", '{"name":"d3"}'],
  ["listDeciders", 200, "GET", "/v1/deciders"],
  ["getDecider", 200, "GET", "/v1/deciders/d1"],
  ["getDecider", 404, "GET", "/v1/deciders/d9"],
  ["changeDecider", 200, "PATCH", "/v1/deciders/d1", '{"timeoutMs":500}'],
  ["changeDecider", 400, "PATCH", "/v1/deciders/d1", '{"timeoutMs":5}'],
  ["changeDecider", 404, "PATCH", "/v1/deciders/d9", "{}"],
  [
    "testDecider",
    200,
    "POST",
    "/v1/deciders/d1/test",
    '{"command":"Group.CallbackBeforeCreateGroup"}',
  ],
  ["testDecider", 400, "POST", "/v1/deciders/d1/test", '{"command":"X.Y"}'],
  ["pauseDecider", 200, "POST", "/v1/deciders/d1/pause"],
  ["pauseDecider", 404, "POST", "/v1/deciders/d9/pause"],
  ["resumeDecider", 200, "POST", "/v1/deciders/d1/resume"],
  ["resumeDecider", 404, "POST", "/v1/deciders/d9/resume"],
  ["deleteDecider", 204, "DELETE", "/v1/deciders/d1"],
  ["deleteDecider", 404, "DELETE", "/v1/deciders/d1"],
  ["deleteConsumer", 204, "DELETE", "/v1/consumers/a"],
  ["deleteConsumer", 404, "DELETE", "/v1/consumers/a"],
  ["purgeEvents", 400, "POST", "/v1/purge", "{}"],
  ["purgeEvents", 409, "POST", "/v1/purge", '{"before":9}'],
  ["listEventDeliveries", 200, "GET", "/v1/events/2/deliveries"],
  ["listAlerts", 200, "GET", "/v1/alerts"],
  ["listEventDeliveries", 404, "GET", "/v1/events/9/deliveries"],
  ["purgeEvents", 200, "POST", "/v1/purge", '{"before":3}'],
  ["redeliverEvent", 410, "POST", "/v1/endpoints/e1/redeliver", '{"seq":1}'],
  ["replayEvents", 410, "POST", "/v1/endpoints/e1/replay", '{"from":1}'],
  ["deleteEndpoint", 204, "DELETE", "/v1/endpoints/e1"],
  ["deleteEndpoint", 404, "DELETE", "/v1/endpoints/e1"],
  ["getEvent", 410, "GET", "/v1/events/1"],
  ["getRawEvent", 410, "GET", "/v1/events/1/raw"],
  ["listEventDeliveries", 410, "GET", "/v1/events/2/deliveries"],
  ["listEvents", 410, "GET", "/v1/events?after=0"],
  ["streamEvents", 410, "GET", "/v1/events/stream?after=0"],
  ["exportEvents", 410, "GET", "/v1/export?after=0"],
  ["listConsumerEvents", 410, "GET", "/v1/consumers/b/events"],
];

/** How an answer is sent, not what it says. */
const PLAIN_HEADERS = new Set([
  "content-type",
  "content-length",
  "cache-control",
  "x-accel-buffering",
  "x-content-type-options",
]);

/** Asserts that an answer is one of those that its operation declares, and reads as it says. */
async function assertDeclared(
  response: Response,
  operation: Operation,
  { described, document }: {
    readonly described: Json;
    readonly document: Json;
  },
): Promise<void> {
  const { status } = response;
  const declared = objectAt(described, "responses");
  assert(String(status) in declared, `${status} is not declared`);
  const { content, headers = {} } = resolved(declared[status], document);
  const names = Object.keys(objectAt(headers)).map((name) =>
    name.toLowerCase()
  );
  for (const name of response.headers.keys()) {
    assert(PLAIN_HEADERS.has(name) || names.includes(name), name);
  }
  const contentType = response.headers.get("content-type");
  const types = content === undefined ? [] : Object.keys(objectAt(content));
  assertEquals(types, contentType === null ? [] : [contentType]);
  const answer = operation.answers.find((one) => one.status === status);
  const schema = answer === undefined ? ProblemSchema : answer.schema;
  if (schema === undefined) return await response.body?.cancel();
  const json = await response.json();
  v.parse(schema, json);
  if (answer === undefined) assertEquals(json.status, status);
}

Deno.test("every route answers as it is described", async (t) => {
  await using api = await openFilled();
  const operations = operationsOf(api.routes);
  const document = await documentOf(api);
  const described = new Map(
    Array.from(describedIn(document).values(), (one) => {
      return [String(one.operationId), one] as const;
    }),
  );
  for (const [id, status, method, path, body] of CALLS) {
    await t.step(`${id}: ${method} ${path} is a ${status}`, async () => {
      const init = body === undefined ? { method } : { method, body };
      const response = await api.get(path, init);
      assertEquals(response.status, status);
      const [operation, says] = [operations.get(id), described.get(id)];
      assert(operation !== undefined && says !== undefined);
      await assertDeclared(response, operation, { described: says, document });
    });
  }
});

Deno.test("every operation's own answers are called here", async () => {
  await using api = await openAll();
  const called = new Set(CALLS.map(([id, status]) => `${id} ${status}`));
  const answers = [...operationsOf(api.routes)].flatMap(([id, operation]) =>
    operation.answers.map(({ status }) => `${id} ${status}`)
  );
  const isElsewhere = (name: string) =>
    ["getReadiness 503", "getGroup 304"].includes(name);

  const missing = answers.filter((name) => !called.has(name));
  assertEquals(missing.filter((name) => !isElsewhere(name)), []);
});

/** Asks each route of the application in a way of its own; what is answered is as described. */
async function askEach(
  request: (path: string, method: string) => Request,
  expectedOf: (operation: Operation) => number,
): Promise<void> {
  await using api = await openAll();
  const document = await documentOf(api);
  const described = describedIn(document);
  for (const { method, pattern, operation } of api.routes) {
    const name = `${method} ${braced(pattern)}`;
    const says = described.get(name);
    assert(operation !== undefined && says !== undefined);
    const path = pattern.replace(/:\w+/g, "1");
    const response = await api.fetch(request(`http://h${path}`, method));
    assertEquals(response.status, expectedOf(operation), name);
    await assertDeclared(response, operation, { described: says, document });
  }
}

Deno.test("every guarded route answers 401 as it is described", () =>
  askEach(
    (url, method) => new Request(url, { method }),
    ({ isOpen }) => isOpen ? 200 : 401,
  ));

Deno.test("every route answers 405 to another method as it is described", () =>
  askEach((url) => {
    const headers = { authorization: `Bearer ${API_TOKEN}` };
    return new Request(url, { method: "OPTIONS", headers });
  }, () => 405));

Deno.test("every operation declares what a sandbox answers to other names", async () => {
  await using api = await openAll();
  for (const [name, operation] of describedIn(await documentOf(api))) {
    assert("421" in objectAt(operation, "responses"), name);
  }
});

Deno.test("backupRoute() declares each of its refusals", async () => {
  const results = [
    { kind: "busy" },
    { kind: "remote" },
    { kind: "no room", freeBytes: 1, neededBytes: 2 },
  ] as const;
  for (const result of results) {
    const backup = () => Promise.resolve(result);
    const { handle, operation } = backupRoute({ backup });
    const request = new Request("http://h/");
    const query = new URLSearchParams();
    const status = await Promise.resolve(handle({ request, params: {}, query }))
      .then(() => 0, (error) => error.status);
    assert(operation?.problems?.includes(status), result.kind);
  }
});

Deno.test("GET /openapi.json names its schemas, and refers to them", async () => {
  await using api = await openAll();
  const document = await documentOf(api);
  const schemas = objectAt(document, "components", "schemas");
  for (
    const name of [
      ...["Event", "EventPage", "Group", "GroupPage", "Member", "Topic"],
      ...["Endpoint", "EndpointPage", "Attempt", "DeadLetter", "Consumer"],
      ...["QuarantineItem", "Problem", "EventDelivery", "Stats"],
    ]
  ) assert(name in schemas, name);
  const page = objectAt(schemas, "EventPage", "properties", "items");
  assertEquals(page.items, { $ref: "#/components/schemas/Event" });
  assertEquals(JSON.stringify(document).includes("x-schema-name"), false);
});

Deno.test("GET /openapi.json gives each operation a tag, a description and valid examples", async () => {
  await using api = await openAll();
  const document = await documentOf(api);
  const known = new Set((document.tags as Json[]).map(({ name }) => name));
  const described = describedIn(document);
  const byId = operationsOf(api.routes);
  for (const [name, says] of described) {
    assert((says.tags as string[]).every((tag) => known.has(tag)), name);
    assert(String(says.description).length > 5, name);
    for (const answer of byId.get(String(says.operationId))?.answers ?? []) {
      const { content } = objectAt(says, "responses", String(answer.status));
      if (answer.schema === undefined || content === undefined) continue;
      const [media] = Object.values(objectAt(content));
      const { example } = objectAt(media);
      assert(
        v.is(answer.schema, example),
        `${name}: ${JSON.stringify(example)}`,
      );
    }
  }
});
