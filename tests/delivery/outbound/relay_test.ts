import { assert, assertEquals } from "@std/assert";
import type { EventMeta, EventRecord } from "../../../src/base/event.ts";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import { wants } from "../../../src/delivery/endpoint/endpoint.ts";
import { createDeliver } from "../../../src/delivery/outbound/deliver.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { createTester } from "../../../src/delivery/outbound/trial_event.ts";
import { createVerifier } from "../../../src/ingest/verify.ts";
import {
  COMMAND,
  endpointOf,
} from "../../support/delivery/delivery_fixture.ts";

const APP = 1_400_000_000;
const NOW_MS = 1_669_872_112_345;
const BYTES = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);

interface Seen {
  readonly target: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** A controller that answers an Ack with this code. */
function openController(code: number) {
  const seen: Seen[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const { pathname, search } = new URL(request.url);
      seen.push({
        target: pathname + search,
        headers: request.headers,
        body: await request.bytes(),
      });
      const ack = { ActionStatus: "OK", ErrorInfo: "", ErrorCode: code };
      return Response.json(ack);
    },
  );
  return {
    seen,
    url: `http://127.0.0.1:${server.addr.port}/hook`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function recordOf(meta: Partial<EventMeta> = {}): EventRecord {
  return {
    seq: 7,
    app: APP,
    receivedAtMs: 0,
    digest: new Uint8Array(16),
    meta: {
      command: COMMAND,
      clientIp: "10.1.2.3",
      platform: "Web",
      ...meta,
    },
    body: BYTES,
  };
}

async function relay(
  changes: Partial<Endpoint> = {},
  { record = recordOf(), code = 0, path = "" } = {},
) {
  await using controller = openController(code);
  using outbound = openOutbound({ reach: "loopback" });
  const deliver = createDeliver({
    post: outbound.post,
    journalId: "j",
    appToken: (app) => app === APP ? "the-apps-own-token" : undefined,
    now: () => NOW_MS,
  });
  const endpoint = endpointOf({
    url: controller.url + path,
    format: "tencent",
    ...changes,
  });
  const { signal } = new AbortController();
  const outcome = await deliver({ endpoint, record, isReplay: false, signal });
  return { outcome, seen: controller.seen[0] };
}

Deno.test("a relay sends Tencent's query, and the bytes as they came", async () => {
  const { seen } = await relay();
  assert(seen !== undefined);

  assertEquals(
    seen.target,
    `/hook?SdkAppid=${APP}&CallbackCommand=${COMMAND}&contenttype=json` +
      "&ClientIP=10.1.2.3&OptPlatform=Web&RequestTime=1669872112",
  );
  assertEquals(seen.body, BYTES);
  assertEquals(seen.headers.get("content-type"), "application/json");
  assertEquals(seen.headers.get("webhook-id"), "j-7");
  assertEquals(seen.headers.get("imhook-path"), "j");
  assertEquals(seen.headers.get("webhook-signature"), null);
});

Deno.test("a relay puts its parameters behind those of the URL", async () => {
  const { seen } = await relay({}, { path: "?key=1" });

  assertEquals(seen?.target.startsWith("/hook?key=1&SdkAppid="), true);
});

Deno.test.each<[string, Partial<Endpoint>, string | undefined]>([
  ["its own token", { token: "own" }, "own"],
  ["the app's token where that is wanted", { signWithAppToken: true }, "app"],
  ["its own token first", { token: "own", signWithAppToken: true }, "own"],
  ["nothing else", {}, undefined],
])("a relay is signed with %s", async (_, changes, token) => {
  const { seen } = await relay(changes);
  const search = new URL(`http://x${seen?.target}`).search.slice(1);
  const tokens = { own: "own", app: "the-apps-own-token" };
  const verifiedBy = Object.entries(tokens).find(([, text]) => {
    const app = { id: APP, tokens: [text] };
    const verify = createVerifier({ apps: new Map([[String(APP), app]]) });
    const headers = new Headers();
    return verify({ search, headers, nowMs: NOW_MS, senderIp: () => "" }).ok;
  })?.[0];

  assertEquals(verifiedBy, token);
});

Deno.test.each([0, 10_101])(
  "a relay that is answered %s is taken",
  async (code) => {
    const { outcome } = await relay({}, { code });

    assertEquals(outcome.kind, "delivered");
    assertEquals(outcome.ackCode, code);
  },
);

Deno.test("an event of imhook's own is not relayed, even on demand", async () => {
  const record = recordOf({ command: "imhook.GroupReconciled" });
  const { outcome, seen } = await relay({}, { record });

  assertEquals(outcome.kind, "failed");
  assertEquals(seen, undefined);
});

const BEFORE = "Group.CallbackBeforeCreateGroup";

Deno.test.each<[string, string[], string[], boolean]>([
  [COMMAND, [], [], true],
  ["imhook.GroupReconciled", [], [], false],
  ["imhook.GroupReconciled", ["imhook.GroupReconciled"], [], false],
  [BEFORE, [], [], false],
  [BEFORE, [], ["Group"], false],
  [BEFORE, [BEFORE], [], true],
])(
  "a relay of %s wanted as %j, %j is %s",
  (command, commands, families, is) => {
    const filter = { ...endpointOf().filter, commands, families };
    const endpoint = { filter, format: "tencent" as const };

    assertEquals(wants(endpoint, recordOf({ command })), is);
  },
);

Deno.test("createTester() sends a test callback, and hides its Sign", async () => {
  await using controller = openController(0);
  using outbound = openOutbound({ reach: "loopback" });
  const test = createTester({
    post: outbound.post,
    journalId: "j",
    appIds: [APP],
    now: () => NOW_MS,
  });
  const { request, outcome } = await test(
    endpointOf({ url: controller.url, format: "tencent", token: "own" }),
  );
  const [seen] = controller.seen;

  assertEquals(outcome.ackCode, 0);
  assertEquals(
    request.url,
    `${controller.url}?SdkAppid=${APP}&CallbackCommand=imhook.Test` +
      "&contenttype=json&Sign=(hidden)&RequestTime=1669872112",
  );
  assertEquals(/&Sign=[0-9a-f]{64}&/.test(seen?.target ?? ""), true);
  assertEquals(request.body, new TextDecoder().decode(seen?.body));
});

Deno.test("a relay repeats the request's ID and unknown parameters, and lengthens its path", async () => {
  const meta = { requestId: "r-1", query: "New=1&x=%20", path: "a,b" };
  const { seen } = await relay({}, { record: recordOf(meta) });

  assertEquals(
    seen?.target.split("&").slice(4).join("&"),
    "OptPlatform=Web&RequestID=r-1&New=1&x=%20&RequestTime=1669872112",
  );
  assertEquals(seen?.headers.get("imhook-path"), "a,b,j");
});
