import { assert, assertEquals } from "@std/assert";
import { askDecider, type Asked } from "../../../src/delivery/decider/ask.ts";
import type { Decider } from "../../../src/delivery/decider/decider.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import {
  ackOf,
  type Controller,
  startController,
} from "../../support/delivery/controller.ts";
import {
  type Script,
  startRawReceiver,
} from "../../support/delivery/raw_receiver.ts";

const COMMAND = "Group.CallbackBeforeCreateGroup";
const BODY = { CallbackCommand: COMMAND, Name: "é" };
const CALLBACK = {
  parameters: { app: 1, command: COMMAND, clientIp: "10.0.0.1" },
  body: BODY,
  bytes: new TextEncoder().encode(JSON.stringify(BODY)),
  path: "j0,j1",
  id: "j1-x",
};

async function ask(
  url: string,
  changes: Partial<Decider> = {},
): Promise<Asked> {
  using outbound = openOutbound({ reach: "loopback" });
  return await askDecider(
    {
      name: "gate",
      createdAtMs: 0,
      commands: [],
      families: [],
      apps: [],
      url,
      timeoutMs: 1_000,
      onFailure: "refuse",
      headers: { "x-key": "k" },
      ...changes,
    },
    CALLBACK,
    {
      post: outbound.post,
      appToken: () => "the-apps-token",
      now: () => 1_669_872_112_000,
    },
  );
}

Deno.test("askDecider() asks as Tencent would, and hands the answer on", async () => {
  await using controller = startController();
  controller.answer = () => ackOf(10_101, { ErrorInfo: "No" });
  const { decision, failure } = await ask(controller.url);
  const [seen] = controller.seen;

  assertEquals(failure, undefined);
  assertEquals([decision.decision, decision.decidedBy, decision.decisionCode], [
    "refused",
    "gate",
    10_101,
  ]);
  assertEquals(
    seen?.url.search,
    `?SdkAppid=1&CallbackCommand=${COMMAND}&contenttype=json&ClientIP=10.0.0.1&RequestTime=1669872112`,
  );
  assertEquals(seen?.body, CALLBACK.bytes);
  assertEquals(seen?.headers.get("imhook-path"), "j0,j1");
  assertEquals(seen?.headers.get("x-key"), "k");
});

Deno.test("askDecider() takes a fixed answer without asking", async () => {
  const answer = '{"ActionStatus":"OK","ErrorInfo":"closed","ErrorCode":1}';
  const { decision, request } = await ask("", { url: undefined, answer });

  assertEquals(request, undefined);
  assertEquals(decision.decision, "refused");
  assertEquals(decision.decisionAnswer, answer);
});

Deno.test.each<[string, Controller["answer"], string]>([
  ["200 and HTML", () => new Response("<html>"), "invalid answer"],
  ["an empty 200", () => new Response(), "invalid answer"],
  ["a list", () => Response.json([]), "invalid answer"],
  ["a code outside its range", () => ackOf(5), "invalid answer"],
  [
    "a field of another command",
    () => ackOf(0, { RspData: "" }),
    "invalid answer",
  ],
  [
    "FAIL",
    () => Response.json({ ActionStatus: "FAIL", ErrorInfo: "", ErrorCode: 1 }),
    "invalid answer",
  ],
  ["204", () => new Response(null, { status: 204 }), "invalid answer"],
  ["302", () => Response.redirect("http://127.0.0.1:1/"), "status"],
  ["500", () => new Response("{}", { status: 500 }), "status"],
])(
  "askDecider() answered %s decides by onFailure",
  async (_, answer, reason) => {
    await using controller = startController();
    controller.answer = answer;
    const { decision, failure } = await ask(controller.url);

    assertEquals(failure, reason);
    assertEquals(decision.decidedBy, `failure: ${reason}`);
    assertEquals(decision.decision, "refused");
    assertEquals(controller.seen.length, 1);
  },
);

Deno.test.each<[string, Script, string]>([
  ["never answers", async ({ gone }) => await gone(), "timeout"],
  ["closes at once", () => Promise.resolve(), "unreachable"],
  ["answers half", async ({ request, send, gone }) => {
    await request();
    await send('HTTP/1.1 200 OK\r\ncontent-length: 60\r\n\r\n{"ActionStatus":');
    await gone();
  }, "timeout"],
  ["speaks no HTTP", async ({ request, send, gone }) => {
    await request();
    await send("hello\r\n\r\n");
    await gone();
  }, "unreachable"],
])(
  "askDecider() of a decider that %s decides by onFailure",
  async (_, script, reason) => {
    await using receiver = startRawReceiver(script);
    const url = `http://127.0.0.1:${receiver.port}/`;
    const { decision, failure } = await ask(url, { timeoutMs: 100 });

    assertEquals(failure, reason);
    assertEquals(decision.decidedBy, `failure: ${reason}`);
  },
);

Deno.test("askDecider() reaches no refused address", async () => {
  const { failure, error } = await ask("http://10.0.0.1/");

  assertEquals(failure, "unreachable");
  assert(error !== undefined);
});
