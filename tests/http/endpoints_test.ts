import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Attempt } from "../../src/store/attempts.ts";
import { createEndpoint } from "../../src/store/endpoints.ts";
import { commitProgress } from "../../src/store/progress.ts";
import { endpointOf } from "../delivery/delivery_fixture.ts";
import { NOW_MS } from "../ingest/callback_fixture.ts";
import { assertProblem } from "./api_fixture.ts";
import { openEndpoints, URL_OF_RECEIVER } from "./endpoints_fixture.ts";

Deno.test("POST /v1/endpoints shows the secret once, and header values never", async () => {
  await using api = await openEndpoints();
  const headers = { authorization: "Bearer hush" };
  const made = await api.send("", { url: URL_OF_RECEIVER, headers });
  const { id, secret, state, cursor } = await made.json();
  const shown = await (await api.get(`/v1/endpoints/${id}`)).text();
  const listed = await (await api.get("/v1/endpoints")).text();

  assertEquals([made.status, state, cursor], [201, "active", "3"]);
  assert(secret.startsWith("whsec_"));
  for (const text of [shown, listed]) {
    assert(!text.includes(secret) && !text.includes("hush"), text);
    assertStringIncludes(text, '"headers":["authorization"]');
  }
  assertEquals(api.changed, [id]);
});

Deno.test.each([
  ["now", "3"],
  ["first", "0"],
  [2, "1"],
  [new Date(NOW_MS + 1).toISOString(), "3"],
])("POST /v1/endpoints starts at %s", async (start, cursor) => {
  await using api = await openEndpoints();
  const made = await api.send("", { url: URL_OF_RECEIVER, start });

  assertEquals((await made.json()).cursor, cursor);
});

Deno.test.each([
  ["url", {}],
  ["url", { url: "ftp://a.example" }],
  ["url", { url: "https://user:pass@a.example" }],
  ["url", { url: "https://169.254.169.254/" }],
  ["start", { url: URL_OF_RECEIVER, start: "soon" }],
  ["timeoutseconds", { url: URL_OF_RECEIVER, timeoutseconds: 0 }],
  ["onexhausted", { url: URL_OF_RECEIVER, onexhausted: "drop" }],
  ["filter.commands.0", { url: URL_OF_RECEIVER, filter: { commands: [""] } }],
  ["filter.apps.0", { url: URL_OF_RECEIVER, filter: { apps: ["x"] } }],
  ["headers.webhook-id", {
    url: URL_OF_RECEIVER,
    headers: { "webhook-id": "x" },
  }],
  ["retryseconds.0", { url: URL_OF_RECEIVER, retryseconds: [-1] }],
  ["colour", { url: URL_OF_RECEIVER, colour: "red" }],
])("POST /v1/endpoints names %s when it is wrong in %j", async (name, body) => {
  await using api = await openEndpoints();
  const problem = await assertProblem(await api.send("", body), 400);

  assertEquals(problem.parameter, name);
});

Deno.test("POST /v1/endpoints accepts an unknown command with a warning", async () => {
  await using api = await openEndpoints();
  const filter = {
    commands: ["Group.CallbackAfterCreateGroup", "Group.Tomorrow"],
    families: ["Group", "Nothing"],
  };
  const made = await api.send("", { url: URL_OF_RECEIVER, filter });
  const { warnings } = await made.json();

  assertEquals(made.status, 201);
  assertEquals(warnings, [
    'filter.commands: imhook knows no command "Group.Tomorrow"; it is wanted all the same',
    'filter.families: imhook knows no command "Nothing.*"; they are wanted all the same',
  ]);
});

Deno.test("PATCH /v1/endpoints/{id} changes what it is given and leaves the rest", async () => {
  await using api = await openEndpoints();
  const made = await api.send("", {
    url: URL_OF_RECEIVER,
    description: "before",
    retryseconds: [1],
  });
  const { id, secret: _, ...before } = await made.json();
  const changes = { description: "after", retryseconds: null };
  const { retryseconds: __, ...kept } = before;
  const after = await (await api.send(`/${id}`, changes, "PATCH")).json();

  assertEquals(after, { id, ...kept, description: "after" });
});

Deno.test("POST …/replay ends at the cursor, and takes a time", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 2 } }));
  const since = new Date(NOW_MS - 1000).toISOString();
  await (await api.send("/e1/replay", { from: 2, to: 99 })).body?.cancel();
  const answer = await api.send("/e1/replay", { since });

  assertEquals(answer.status, 202);
  assertEquals((await answer.json()).replays, [
    { kind: "replay", next: "2", to: "2" },
    { kind: "replay", next: "1", to: "2" },
  ]);
});

Deno.test("POST …/replay refuses what has not been delivered yet", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 2 } }));
  const problem = await assertProblem(
    await api.send("/e1/replay", { from: 3 }),
    409,
  );

  assertStringIncludes(String(problem.detail), "dealt with up to 2");
});

Deno.test("POST …/redeliver refuses more than may wait", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf({ main: { after: 2 } }));
  const statuses = [];
  for (let count = 0; count < 21; count++) {
    const answer = await api.send("/e1/redeliver", { seq: 1 });
    await answer.body?.cancel();
    statuses.push(answer.status);
  }

  assertEquals(statuses, [...Array(20).fill(202), 409]);
});

Deno.test("POST …/secret gives a new secret and says how long the previous one signs", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const rotation = await api.send("/e1/secret", { overlapseconds: 60 });
  const { secret, previousexpirestime } = await rotation.json();
  const { secrets } = await (await api.get("/v1/endpoints/e1")).json();

  const until = new Date(NOW_MS + 60_000).toISOString();
  assert(secret.startsWith("whsec_"));
  assertEquals(previousexpirestime, until);
  assertEquals(
    secrets.map(({ expirestime }: { expirestime?: string }) => expirestime),
    [undefined, until],
  );
});

Deno.test("POST …/test shows the request, and why nobody answered", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const shown = await (await api.send("/e1/test")).json();

  assertEquals(shown.delivered, false);
  assertEquals(shown.error, "receiver.example: connection refused");
  assertEquals(JSON.parse(shown.request.body).type, "imhook.Test");
  assert(shown.request.headers["webhook-signature"].startsWith("v1,"));
});

Deno.test("GET …/attempts gives pages, newest first", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const attempt: Attempt = {
    outcome: "failed",
    seq: 1,
    through: 1,
    count: 1,
    atMs: NOW_MS,
    durationMs: 3.6,
    status: 500,
    error: "It answered 500",
  };
  for (let count = 0; count < 3; count++) {
    await commitProgress(api.store.side, {
      id: "e1",
      epoch: 0,
      progress: {
        change: (endpoint) => ({ endpoint }),
        attempts: () => [attempt],
      },
      nowMs: NOW_MS,
    });
  }
  const path = "/v1/endpoints/e1/attempts?limit=2";
  const first = await (await api.get(path)).json();
  const rest = await (await api.get(`${path}&before=${first.next}`)).json();
  const ids = [...first.items, ...rest.items].map(({ id }) => id);

  assertEquals(ids, ["3", "2", "1"]);
  assertEquals([first.next, rest.next], ["2", undefined]);
  assertEquals(first.items[0].durationms, 4);
});
