// deno-lint-ignore-file camelcase -- Tencent's spelling on the wire
import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { SANDBOX_APP } from "../../../src/config/config.ts";
import { observedAtMs } from "../../../src/reconcile/api/rest.ts";
import {
  fetchMembers,
  getGroupFacts,
  listEgressAddresses,
  listGroupIds,
} from "../../../src/reconcile/api/rest_calls.ts";
import { RestError } from "../../../src/reconcile/api/rest_error.ts";
import { openStandIn } from "../../support/reconcile/stand_in_fixture.ts";

const { signal } = new AbortController();
const LIST = "group_open_http_svc/get_appid_group_list";
const INFO = "group_open_http_svc/get_group_info";
const FIRST = { next: "0", limit: 2 };

const GROUP = { Type: "Public", Name: "Tea", Owner_Account: "leckie" };

/** A server that answers everything with one text. */
function serveText(text: string, init?: ResponseInit) {
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      await request.text();
      return new Response(text, init);
    },
  );
  return {
    origin: `http://127.0.0.1:${server.addr.port}`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

Deno.test("listGroupIds() pages by numbers that no double holds", async () => {
  await using rest = openStandIn();
  using client = rest.client();
  for (const GroupId of ["a", "b", "c"]) {
    await rest.make("import_group", { ...GROUP, GroupId });
  }

  const first = await listGroupIds(client, FIRST, signal);
  assertEquals(first.value.groupIds, ["a", "b"]);
  assertEquals(first.value.total, 3);
  assertEquals(first.value.next, "1152921504606846979");
  const { next } = first.value;
  const second = await listGroupIds(client, { ...FIRST, next }, signal);
  assertEquals(second.value, { total: 3, groupIds: ["c"], next: "0" });
});

Deno.test("listGroupIds() stays below 80 % of one call a second", async () => {
  await using rest = openStandIn();
  using client = rest.client();

  for (let call = 0; call < 5; call++) {
    await listGroupIds(client, FIRST, signal);
  }

  assert((rest.standIn.peaks.get(LIST) ?? 1) < 0.8);
  assertEquals(client.calls, 5);
  assertEquals(rest.clock.nowMs - Date.UTC(2026, 10, 30), 4 * 1_300);
});

Deno.test("getGroupFacts() tells facts, and which groups do not exist", async () => {
  await using rest = openStandIn();
  using client = rest.client();
  await rest.make("import_group", {
    ...GROUP,
    GroupId: "a",
    CreateTime: 1_600_000_000,
  });

  const { value } = await getGroupFacts(client, ["a", "none"], signal);

  assertEquals(value.map(({ groupId, code }) => [groupId, code]), [
    ["a", 0],
    ["none", 10010],
  ]);
  const [{ name, owner, createdAtSec, memberCount } = assertHas()] = value;
  assertEquals([name, owner, createdAtSec, memberCount], [
    "Tea",
    "leckie",
    1_600_000_000,
    1,
  ]);
});

function assertHas(): never {
  throw new Error("Expected an element");
}

Deno.test.each([["Public"], ["Community"]])(
  "listMembers() lists all members of a group of type %s",
  async (Type) => {
    await using rest = openStandIn();
    using client = rest.client();
    const ids = Array.from({ length: 250 }, (_, n) => `user${n}`);
    const MemberList = ids.map((Member_Account) => ({ Member_Account }));
    await rest.make("import_group", {
      ...GROUP,
      Type,
      GroupId: "a",
      MemberList,
    });

    const found: string[] = [];
    const asked = { groupId: "a", isCommunity: Type === "Community" };
    for await (const { value } of fetchMembers(client, asked, signal)) {
      found.push(
        ...value.members.map(({ userId, role }) => `${userId} ${role}`),
      );
    }

    assertEquals(found, ["leckie Owner", ...ids.map((id) => `${id} Member`)]);
  },
);

Deno.test("listEgressAddresses() joins both lists", async () => {
  await using rest = openStandIn();
  using client = rest.client();
  rest.standIn.model.addresses = ["198.51.100.7", "203.0.113.0/24"];

  assertEquals(await listEgressAddresses(client, signal), [
    "198.51.100.7",
    "203.0.113.0/24",
  ]);
});

Deno.test.each([[10002], [60008], [70500], [10006], [60018]])(
  "RestClient tries a call again after %s",
  async (code) => {
    await using rest = openStandIn();
    using client = rest.client();
    rest.standIn.plan(LIST, code, 3);

    await listGroupIds(client, FIRST, signal);

    assertEquals(client.calls, 4);
    assertGreater(rest.clock.nowMs - Date.UTC(2026, 10, 30), 3_000);
  },
);

Deno.test.each([
  [70009, "IMHOOK_APP_1400000000_KEY"],
  [70050, "IMHOOK_APP_1400000000_KEY"],
  [70013, "IMHOOK_APP_1400000000_ADMIN"],
  [60010, "IMHOOK_APP_1400000000_ADMIN"],
  [70016, "IMHOOK_APP_1400000000_REST"],
  [70020, "IMHOOK_APP_1400000000_REST"],
  [60020, "disabled, expired"],
  [60021, "this machine's address"],
  [10004, "no remedy"],
])("RestClient stops at %s and says what to do", async (code, advice) => {
  await using rest = openStandIn();
  using client = rest.client();
  rest.standIn.plan(LIST, code);

  const error = await assertRejects(
    () => listGroupIds(client, FIRST, signal),
    RestError,
    advice,
  );

  assertEquals(error.code, code);
  assertStringIncludes(error.message, `${code} (as planned)`);
  assertEquals(client.calls, 1);
});

Deno.test("RestClient makes a new UserSig when Tencent says that it is old", async () => {
  await using rest = openStandIn();
  using client = rest.client();
  await listGroupIds(client, FIRST, signal);
  rest.standIn.settings.skewMs = 30 * 3_600_000;

  await assertRejects(() => listGroupIds(client, FIRST, signal), RestError);
  assertEquals(client.calls, 3);
  rest.standIn.plan(LIST, 70001);
  rest.standIn.settings.skewMs = 0;
  await listGroupIds(client, FIRST, signal);
});

Deno.test.each([
  ["key", { key: "wrong" }, 70009, "_KEY"],
  ["administrator", { admin: "nobody" }, 60010, "_ADMIN"],
])(
  "RestClient names the wrong %s, never a secret",
  async (_, wrong, code, name) => {
    await using rest = openStandIn();
    const access = { ...rest.access, ...wrong };
    using client = rest.client({ access });

    const error = await assertRejects(
      () => listGroupIds(client, FIRST, signal),
      RestError,
      name,
    );

    assertEquals(error.code, code);
    assert(!error.message.includes(access.key));
    assert(!error.message.includes("eJ"));
  },
);

Deno.test("RestClient names the host of an app that is elsewhere", async () => {
  await using rest = openStandIn();
  using client = rest.client({ app: 1 });

  const error = await assertRejects(
    () => listGroupIds(client, FIRST, signal),
    RestError,
    "IMHOOK_APP_1_REST",
  );
  assertEquals(error.code, 70020);
});

Deno.test("getGroupFacts() asks for fewer groups when the answer is too large", async () => {
  await using rest = openStandIn();
  using client = rest.client();
  rest.standIn.plan(INFO, 10018);
  for (const GroupId of ["a", "b"]) {
    await rest.make("import_group", { ...GROUP, GroupId });
  }

  const { value } = await getGroupFacts(client, ["a", "b"], signal);

  assertEquals(value.map(({ groupId }) => groupId), ["a", "b"]);
  assertEquals(client.calls, 3);
});

const GOOD = '"ActionStatus":"OK","ErrorCode":0,"ErrorInfo":""';

Deno.test.each([
  ["no JSON", "<html>"],
  ["a list", "[]"],
  ["nesting without end", "[".repeat(300_000)],
  ["deep JSON", `{"a":${"[".repeat(100_000)}${"]".repeat(100_000)}}`],
  ["no list", `{${GOOD},"TotalCount":1,"GroupIdList":{}}`],
  [
    "IDs that are none",
    `{${GOOD},"TotalCount":1,"GroupIdList":[{"GroupId":1}]}`,
  ],
  ["a Next that is none", `{${GOOD},"TotalCount":1,"Next":-1}`],
  [
    "a Next with a trick in it",
    `{${GOOD},"TotalCount":1,"Next":"0,\\"x\\":1"}`,
  ],
  ["a count that is none", `{${GOOD},"TotalCount":"many"}`],
  ["a code that is none", `{"ErrorCode":"OK"}`],
  [
    "1,000,000 IDs",
    `{${GOOD},"TotalCount":1,"GroupIdList":[${
      '{"GroupId":"a"},'.repeat(1_000_000)
    }{}]}`,
  ],
])("RestClient refuses an answer that is %s", async (_, text) => {
  await using rest = openStandIn();
  await using server = serveText(text);
  const access = { ...rest.access, origin: server.origin };
  using client = rest.client({ access, maxTries: 2 });

  const error = await assertRejects(
    () => listGroupIds(client, FIRST, signal),
    RestError,
  );

  assert(error.message.length < 400);
});

Deno.test("RestClient shows no secret that Tencent's sentence repeats", async () => {
  await using rest = openStandIn();
  await using server = serveText(
    `{"ErrorCode":70009,"ErrorInfo":"key ${SANDBOX_APP.key} is\\u001b[31m bad"}`,
  );
  const access = { ...rest.access, origin: server.origin };
  using client = rest.client({ access });

  const error = await assertRejects(() => listGroupIds(client, FIRST, signal));
  assertStringIncludes(String(error), "key … is [31m bad");
});

Deno.test("RestClient follows no redirect", async () => {
  await using rest = openStandIn();
  await using server = serveText("", {
    status: 307,
    headers: { location: rest.origin },
  });
  const access = { ...rest.access, origin: server.origin };
  using client = rest.client({ access, maxTries: 1 });

  await assertRejects(
    () => listGroupIds(client, FIRST, signal),
    RestError,
    "HTTP status 307",
  );
});

Deno.test("RestClient gives up a host that says nothing, and one that is not there", async () => {
  await using rest = openStandIn();
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const origin = `http://127.0.0.1:${(server.addr as Deno.NetAddr).port}`;
  const access = { ...rest.access, origin };
  using client = rest.client({ access, maxTries: 1, timeoutMs: 50 });

  await assertRejects(
    () => listGroupIds(client, FIRST, signal),
    RestError,
    "no answer in time",
  );
  server.close();
  await assertRejects(() => listGroupIds(client, FIRST, signal), RestError);
});

Deno.test("RestClient ends when its caller does", async () => {
  await using rest = openStandIn();
  using client = rest.client();

  const { name } = await assertRejects(
    () => listGroupIds(client, FIRST, AbortSignal.abort()),
    DOMException,
  );
  assertEquals(name, "AbortError");
});

Deno.test("observedAtMs() takes the earlier clock, less a second", () => {
  assertEquals(observedAtMs({ askedAtMs: 10_000, serverMs: undefined }), 9_000);
  assertEquals(observedAtMs({ askedAtMs: 10_000, serverMs: 8_000 }), 7_000);
  assertEquals(observedAtMs({ askedAtMs: 10_000, serverMs: 12_000 }), 9_000);
});
