import { assert, assertEquals } from "@std/assert";
import {
  ackOf,
  type Controller,
  startController,
} from "../support/delivery/controller.ts";
import { type Server, startServer } from "../support/server/server.ts";
import { until } from "../support/until.ts";

const CREATE = "Group.CallbackBeforeCreateGroup";
const AFTER = "Group.CallbackAfterCreateGroup";
const PRIVATE = ["--allow-private-endpoints"];
/** Callbacks of one life of the server; it is killed in their middle. */
const CALLBACKS = 60;

function bodyOf(name: string): string {
  return JSON.stringify({
    CallbackCommand: CREATE,
    Name: name,
    EventTime: Date.now(),
  });
}

/** A controller that never answers the same twice: a second question is seen. */
async function startFickle(): Promise<Controller> {
  const controller = startController();
  let asked = 0;
  controller.answer = async () => {
    const code = 10_100 + asked++ % 100;
    await new Promise((resolve) => setTimeout(resolve, 2));
    return ackOf(code);
  };
  return await Promise.resolve(controller);
}

async function addDecider(
  server: Server,
  body: Readonly<Record<string, unknown>>,
): Promise<void> {
  const response = await server.post("/v1/deciders", body);
  assertEquals(response.status, 201, await response.text());
}

/** The code that a callback was answered with; undefined when no answer came. */
async function sendOnce(
  server: Server,
  body: string,
): Promise<number | undefined> {
  try {
    const response = await server.send({ command: CREATE, body });
    return (await response.json()).ErrorCode;
  } catch {
    // The server was killed.
    return undefined;
  }
}

/** The decisions in the journal, by the Name in the body. */
async function keptDecisions(server: Server): Promise<Map<string, number>> {
  const response = await server.get("/v1/events?after=0&limit=1000");
  const { items } = await response.json();
  return new Map(
    items.map((event: {
      readonly decisioncode: number;
      readonly data: { readonly Name: string };
    }) => [event.data.Name, event.decisioncode]),
  );
}

Deno.test("what deciders decided is kept as it was answered, though serve is killed", async () => {
  const folder = await Deno.makeTempDir({ prefix: "imhook-scenario-" });
  await using controller = await startFickle();
  const answered = new Map<string, number>();
  const bodies = new Map<string, string>();
  for (const life of [1, 2, 3]) {
    await using server = await startServer({ folder, flags: PRIVATE });
    if (life === 1) {
      await addDecider(server, { name: "gate", url: controller.url });
    }
    let done = 0;
    const send = async (name: string) => {
      const body = bodyOf(name);
      bodies.set(name, body);
      const code = await sendOnce(server, body);
      if (code !== undefined) answered.set(name, code);
      if (++done === CALLBACKS / 2) server.child.kill("SIGKILL");
    };
    const names = Array.from({ length: CALLBACKS }, (_, n) => `${life}-${n}`);
    await Promise.all(names.map(send));
    await server.child.ended();
  }
  await using server = await startServer({ folder, flags: PRIVATE });
  const kept = await keptDecisions(server);

  assert(answered.size >= CALLBACKS);
  for (const [name, code] of answered) assertEquals(kept.get(name), code, name);
  const asked = controller.seen.length;
  for (const [name, code] of kept) {
    // A copy whose original cannot be read in 100 ms is answered as onFailure says.
    await until(`${name} is answered with ${code}`, async () => {
      return await sendOnce(server, bodies.get(name) ?? "") === code ||
        undefined;
    });
  }
  assertEquals(controller.seen.length, asked, "a copy asks nobody");
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a dead decider is answered as onFailure says, in time, and does not slow the rest", async () => {
  await using controller = startController();
  controller.answer = () => Promise.withResolvers<never>().promise;
  await using server = await startServer({ flags: PRIVATE });
  await addDecider(server, {
    name: "dead",
    commands: [CREATE],
    url: controller.url,
    timeoutMs: 100,
    onFailure: "refuse",
  });
  const codes = [];
  for (let n = 0; n < 7; n++) {
    codes.push(await sendOnce(server, bodyOf(`${n}`)));
  }
  const other = await server.send({
    command: AFTER,
    body: '{"GroupId":"g","EventTime":1795334400000}',
  });

  assertEquals(codes, Array(7).fill(1));
  assertEquals(other.status, 200);
  await other.body?.cancel();
  // Five in a row: from then on it is asked once a second.
  assertEquals(controller.seen.length <= 6, true);
  const events = await server.get("/v1/events?decision=refused");
  assertEquals((await events.json()).items.length, 7);
});

Deno.test("a controller gets Tencent's own requests, in order, and what came while it was stopped", async () => {
  const received: string[] = [];
  const startAt = (port: number) => {
    const options = { hostname: "127.0.0.1", port, onListen() {} };
    return Deno.serve(options, async (request) => {
      const { searchParams } = new URL(request.url);
      assertEquals(searchParams.get("CallbackCommand"), AFTER);
      assert(searchParams.has("Sign") && searchParams.has("RequestTime"));
      received.push((await request.json()).GroupId);
      return ackOf(0);
    });
  };
  const first = startAt(0);
  const { port } = first.addr;
  await using server = await startServer({ flags: PRIVATE });
  const made = await server.post("/v1/endpoints", {
    url: `http://127.0.0.1:${port}/tencent?mine=1`,
    format: "tencent",
    token: "a-token-of-its-own",
    concurrency: 8,
    retrySeconds: Array(20).fill(0.2),
  });
  assertEquals(made.status, 201, await made.text());
  const groups = Array.from({ length: 20 }, (_, n) => `g${n}`);
  const send = async (GroupId: string) => {
    const body = JSON.stringify({ GroupId, EventTime: Date.now() });
    await (await server.send({ command: AFTER, body })).body?.cancel();
  };
  for (const group of groups.slice(0, 10)) await send(group);
  await until("ten arrive", () => received.length >= 10 ? true : undefined);
  await first.shutdown();
  for (const group of groups.slice(10)) await send(group);
  await using _second = startAt(port);
  await until(
    "all arrive",
    () => new Set(received).size === 20 ? true : undefined,
  );

  assertEquals([...new Set(received)].toSorted(), groups.toSorted());
});
