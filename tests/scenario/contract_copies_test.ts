import { assertEquals } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import { APP, bodyOf, type QueryChanges } from "../support/server/callback.ts";
import { KeptReader } from "../support/server/kept.ts";
import { startServer } from "../support/server/server.ts";

const OTHER_APP = { id: 1_400_000_001, token: "other-callback-token" };
const SENT_AT_ONCE = 24;

const requestId = (id: string) => (query: URLSearchParams) =>
  query.set("RequestID", id);

/** Callbacks that share a body, and how many events they are. */
interface Series {
  readonly name: string;
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly queries: readonly QueryChanges[];
  readonly count: number;
}

const UNTIMED = { EventTime: undefined };

const SERIES: readonly Series[] = [
  { name: "the same again", queries: [{}, {}, {}], count: 1 },
  { name: "signed at another time", queries: [{}, { ageSec: 9 }], count: 1 },
  {
    name: "from another ClientIP",
    queries: [{}, { edit: (query) => query.set("ClientIP", "203.0.113.9") }],
    count: 1,
  },
  {
    name: "with another RequestID beside an EventTime",
    queries: [{ edit: requestId("a") }, { edit: requestId("b") }],
    count: 1,
  },
  {
    name: "under another command",
    queries: [{}, { command: "Group.CallbackAfterGroupFull" }],
    count: 2,
  },
  {
    name: "of another app",
    queries: [{}, { sdkAppId: OTHER_APP.id, token: OTHER_APP.token }],
    count: 2,
  },
  { name: "without EventTime", fields: UNTIMED, queries: [{}, {}], count: 2 },
  {
    name: "with EventTime null",
    fields: { EventTime: null },
    queries: [{}, {}],
    count: 2,
  },
  {
    name: "with an EventTime out of range",
    fields: { EventTime: 1 },
    queries: [{}, {}],
    count: 2,
  },
  {
    name: "without EventTime, one RequestID",
    fields: UNTIMED,
    queries: [{ edit: requestId("a") }, { edit: requestId("a") }],
    count: 1,
  },
  {
    name: "without EventTime, two RequestIDs",
    fields: UNTIMED,
    queries: [{ edit: requestId("a") }, { edit: requestId("b") }],
    count: 2,
  },
  {
    name: "without EventTime, one RequestID and none",
    fields: UNTIMED,
    queries: [{ edit: requestId("a") }, {}],
    count: 2,
  },
];

const BOTH_APPS = { [`IMHOOK_APP_${OTHER_APP.id}`]: OTHER_APP.token };

Deno.test("serve recognises copies, and only copies", async (t) => {
  await using server = await startServer({ env: BOTH_APPS });
  const kept = new KeptReader(server);
  for (const { name, fields, queries, count } of SERIES) {
    await t.step(name, async () => {
      const body = bodyOf(fields);
      for (const changes of queries) {
        await assertAck(await server.send({ ...changes, body }), { code: 0 });
      }
      assertEquals(await kept.count(), { journal: count, quarantine: 0 });
    });
  }
});

Deno.test("serve keeps offline, online, offline as three events", async () => {
  await using server = await startServer();
  for (const Event of ["Logout", "Login", "Logout"]) {
    const body = JSON.stringify({ Info: { Event, To_Account: "a" } });
    const sent = await server.send({ command: "State.StateChange", body });
    await assertAck(sent, { code: 0 });
  }
  assertEquals((await server.events()).length, 3);
});

Deno.test("serve keeps copies that arrive at once as one event", async () => {
  await using server = await startServer();
  const body = bodyOf();
  await Promise.all(Array.from({ length: SENT_AT_ONCE }, async () => {
    await assertAck(await server.send({ body }), { code: 0 });
  }));
  assertEquals((await server.events()).length, 1);
});

Deno.test("serve recognises a copy after a restart", async (t) => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  const body = bodyOf();
  for (const start of ["first", "second", "third"]) {
    await t.step(`${start} start`, async () => {
      await using server = await startServer({ folder });
      await assertAck(await server.send({ body }), { code: 0 });
      assertEquals((await server.events()).length, 1);
    });
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("serve forgets the oldest beyond IMHOOK_DEDUPE_MAX", async () => {
  await using server = await startServer({ env: { IMHOOK_DEDUPE_MAX: "2" } });
  const [first, ...others] = [bodyOf(), bodyOf(), bodyOf(), bodyOf()];
  for (const body of [first, ...others, others.at(-1), first]) {
    await assertAck(await server.send({ body: body ?? "" }), { code: 0 });
  }
  const groups = (await server.events()).map(({ subject }) => subject);
  const sent = [first, ...others, first].map((body) =>
    JSON.parse(body ?? "").GroupId
  );
  assertEquals(groups, sent);
});

Deno.test("serve takes the current token, then the previous one", async () => {
  const previous = "previous-callback-token";
  await using server = await startServer({
    env: { [`IMHOOK_APP_${APP.id}_PREVIOUS`]: previous },
  });
  for (const token of [APP.token, previous]) {
    const sent = await server.send({ token, body: bodyOf() });
    await assertAck(sent, { code: 0 });
  }
  const refused = await server.send({ token: "", body: bodyOf() });
  await assertAck(refused, { status: 401, code: 40101 });
});
