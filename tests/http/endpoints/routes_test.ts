import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { endpointKey } from "../../../src/delivery/endpoint/keys.ts";
import { ENDPOINTS_MAX } from "../../../src/delivery/endpoint/limits.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import {
  openEndpoints,
  URL_OF_RECEIVER,
} from "../../support/http/endpoints_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";

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
  [new Date(NOW_MS).toISOString(), "0"],
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
  ["url", { url: "https://inside.example/" }],
  ["url", { url: "http://receiver.example/" }],
  ["url", { url: `https://receiver.example/${"x".repeat(2_048)}` }],
  ["start", { url: URL_OF_RECEIVER, start: "soon" }],
  ["start", {
    url: URL_OF_RECEIVER,
    start: new Date(NOW_MS + 1).toISOString(),
  }],
  ["timeoutSeconds", { url: URL_OF_RECEIVER, timeoutSeconds: 0 }],
  ["signWithAppToken", { url: URL_OF_RECEIVER, signWithAppToken: true }],
  ["onExhausted", { url: URL_OF_RECEIVER, onExhausted: "drop" }],
  ["filter.commands.0", { url: URL_OF_RECEIVER, filter: { commands: [""] } }],
  ["filter.sdkAppIds.0", {
    url: URL_OF_RECEIVER,
    filter: { sdkAppIds: ["x"] },
  }],
  ["filter.groupIds.0", {
    url: URL_OF_RECEIVER,
    filter: { groupIds: ["x".repeat(1_025)] },
  }],
  ["filter.groupIds", {
    url: URL_OF_RECEIVER,
    filter: { groupIds: Array(9).fill("x".repeat(1_024)) },
  }],
  ["headers.webhook-id", {
    url: URL_OF_RECEIVER,
    headers: { "webhook-id": "x" },
  }],
  ["retrySeconds.0", { url: URL_OF_RECEIVER, retrySeconds: [-1] }],
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

Deno.test.each([
  [" https://Receiver.Example:443/a\tb ", "https://receiver.example/ab"],
  [
    "https://1.1.1.1\\@receiver.example/x",
    "https://1.1.1.1/@receiver.example/x",
  ],
  ["https://receiver.example/a\u0000b", "https://receiver.example/a%00b"],
])("POST and PATCH keep the URL %j as it is requested", async (typed, url) => {
  await using api = await openEndpoints();
  const made = await (await api.send("", { url: typed })).json();
  const other = await (await api.send("", { url: URL_OF_RECEIVER })).json();
  const path = `/${other.id}`;
  const changed = await (await api.send(path, { url: typed }, "PATCH")).json();

  assertEquals([made.url, changed.url], [url, url]);
});

Deno.test("POST and PATCH warn of a name that has no address, and keep it", async () => {
  await using api = await openEndpoints();
  const url = "https://soon.example/";
  const made = await api.send("", { url });
  const { id, warnings } = await made.json();
  const changed = await api.send(`/${id}`, { url }, "PATCH");
  const shown = await (await api.get(`/v1/endpoints/${id}`)).json();

  const told = [
    "url: soon.example: no such host; check its name and this machine's DNS. It is tried all the same",
  ];
  assertEquals([made.status, warnings], [201, told]);
  assertEquals((await changed.json()).warnings, told);
  assertEquals(shown.warnings, undefined);
});

Deno.test("PATCH refuses a URL inside the network, and changes nothing", async () => {
  await using api = await openEndpoints();
  await createEndpoint(api.store.side, endpointOf());
  const changes = { url: "https://inside.example/", description: "new" };
  const problem = await assertProblem(
    await api.send("/e1", changes, "PATCH"),
    400,
  );

  assertEquals(problem.parameter, "url");
  assertStringIncludes(String(problem.detail), "leads to an address inside");
  const { url, description } = await (await api.get("/v1/endpoints/e1")).json();
  assertEquals([url, description], [endpointOf().url, ""]);
});

Deno.test("POST /v1/endpoints keeps the largest endpoint there can be", async () => {
  await using api = await openEndpoints();
  const words = Array(100).fill("w".repeat(128));
  const names = Array.from({ length: 20 }, (_, n) => `${n}`.padStart(64, "h"));
  const made = await api.send("", {
    url: `https://receiver.example/${"x".repeat(2_000)}`,
    description: "説".repeat(500),
    filter: {
      commands: words,
      families: words,
      sdkAppIds: Array(100).fill(2 ** 32 - 1),
      groupIds: Array(8).fill("群".repeat(1_024)),
    },
  });
  const { id } = await made.json();
  const changed = await api.send(`/${id}`, {
    headers: Object.fromEntries(names.map((name) => [name, "v".repeat(512)])),
    retrySeconds: Array(30).fill(604_799.5),
  }, "PATCH");

  assertEquals([made.status, changed.status], [201, 200]);
  await changed.body?.cancel();
});

Deno.test("POST /v1/endpoints at once make no more than there may be", async () => {
  await using api = await openEndpoints();
  for (let made = 0; made < ENDPOINTS_MAX - 2; made++) {
    const id = `e${made}`;
    await api.store.side.atomic().set(endpointKey(id), endpointOf()).commit();
  }
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => api.send("", { url: URL_OF_RECEIVER })),
  );
  for (const answer of answers) await answer.body?.cancel();
  const { items } = await (await api.get(`/v1/endpoints?limit=1000`)).json();

  const statuses = answers.map(({ status }) => status).toSorted();
  assertEquals(statuses, [201, 201, 409, 409, 409, 409]);
  assertEquals(items.length, ENDPOINTS_MAX);
});

Deno.test("PATCH /v1/endpoints/{id} changes what it is given and leaves the rest", async () => {
  await using api = await openEndpoints();
  const made = await api.send("", {
    url: URL_OF_RECEIVER,
    description: "before",
    retrySeconds: [1],
  });
  const { id, secret: _, ...before } = await made.json();
  const changes = { description: "after", retrySeconds: null };
  const { retrySeconds: __, ...kept } = before;
  const after = await (await api.send(`/${id}`, changes, "PATCH")).json();

  assertEquals(after, { id, ...kept, description: "after" });
});

Deno.test("GET /v1/endpoints gives pages until there is no next, oldest first", async () => {
  await using api = await openEndpoints();
  for (const [id, createdAtMs] of [["b", 9], ["c", 9], ["a", 10]] as const) {
    const endpoint = { ...endpointOf(), id, createdAtMs };
    await createEndpoint(api.store.side, endpoint);
  }
  const ids: string[] = [];
  for (let cursor = ""; cursor !== "&cursor=undefined";) {
    const path = `/v1/endpoints?limit=1${cursor}`;
    const { items, next } = await (await api.get(path)).json();
    ids.push(...items.map(({ id }: { id: string }) => id));
    cursor = `&cursor=${next}`;
  }

  assertEquals(ids, ["b", "c", "a"]);
});

Deno.test("PATCH /v1/endpoints/{id} signs with the app's token in Tencent's format alone", async () => {
  await using api = await openEndpoints();
  const made = await api.send("", {
    url: URL_OF_RECEIVER,
    format: "tencent",
    signWithAppToken: true,
  });
  const { id } = await made.json();
  const change = (body: unknown) =>
    api.get(`/v1/endpoints/${id}`, {
      method: "PATCH",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });

  const plain = await (await change({ format: "cloudevents" })).json();
  assertEquals(plain.signWithAppToken, false);
  const refused = await change({ signWithAppToken: true });
  const { parameter } = await assertProblem(refused, 400);
  assertEquals(parameter, "signWithAppToken");
  const back = await (await change({ format: "tencent" })).json();
  assertEquals(back.signWithAppToken, false);
});
