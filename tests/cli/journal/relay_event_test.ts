import { assert, assertEquals, assertMatch } from "@std/assert";
import { openForwarder } from "../../../src/cli/journal/forward.ts";
import { relayedRequest } from "../../../src/cli/journal/relay_event.ts";
import { startController } from "../../support/delivery/controller.ts";

const { signal } = new AbortController();
const BYTES = new Uint8Array([0x7b, 0xff, 0x7d]);
const CREATE = "Group.CallbackAfterCreateGroup";
const BEFORE = "Group.CallbackBeforeCreateGroup";

/** A client that gives these bytes for every path. */
const CLIENT = {
  async *chunks() {
    yield await Promise.resolve(BYTES.slice(0, 1));
    yield BYTES.slice(1);
  },
};

function eventOf(type: string): string {
  return JSON.stringify({
    id: "7",
    type,
    journalid: "j",
    sdkappid: "1400000000",
    clientip: "10.0.0.1",
    query: "New=1",
    imhookpath: "i",
  });
}

function relayed(type: string, commands: readonly string[] = []) {
  return relayedRequest(eventOf(type), { client: CLIENT, commands, signal });
}

Deno.test("relayedRequest() repeats query, path and bytes", async () => {
  const request = await relayed(CREATE);
  assert(typeof request !== "string");

  assertEquals(request.body, BYTES);
  assertEquals([request.id, request.path], ["j-7", "i,j"]);
  assertEquals(request.parameters.others, "New=1");
});

Deno.test.each<[string, readonly string[], boolean]>([
  ["imhook.GroupReconciled", ["imhook.GroupReconciled"], false],
  [BEFORE, [], false],
  [BEFORE, [BEFORE], true],
])(
  "relayedRequest() of %s with %j makes a request: %s",
  async (type, commands, is) => {
    assertEquals(typeof await relayed(type, commands) !== "string", is);
  },
);

Deno.test("a forwarder in Tencent's format signs with its token", async () => {
  await using controller = startController();
  using forwarder = openForwarder(controller.url, {
    token: "a-token-of-mine",
    relayed: () => relayed(CREATE),
  });

  assertMatch(await forwarder.forward(eventOf(CREATE), signal), /^200 OK/);
  const [seen] = controller.seen;
  assertMatch(
    seen?.url.search ?? "",
    /^\?SdkAppid=1400000000&.*&Sign=[0-9a-f]{64}&/,
  );
  assertEquals(seen?.body, BYTES);
});
