import { assert, assertEquals } from "@std/assert";
import { verifySign } from "../../../src/protocol/sign.ts";
import { APP } from "./callback.ts";
import type { Driver } from "./driver.ts";
import { driveSockets, sendCallbacks } from "./sockets.ts";
import { driveSteadily, noAnswers } from "./steady_load.ts";
import { createWrkDriver, hasWrk } from "./wrk.ts";

const LOAD = { run: 7, connections: 4, seconds: 1 };
const { signal } = new AbortController();

async function assertDistinctSignedCallbacks(drive: Driver): Promise<void> {
  const [urls, bodies] = [new Set<string>(), new Set<string>()];
  let count = 0;
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    async (request) => {
      urls.add(request.url);
      bodies.add(await request.text());
      count++;
      return new Response("{}");
    },
  );
  const result = await drive({ ...LOAD, port: server.addr.port }, signal);
  assertEquals(result.failedCount, 0);
  assert(result.okCount > 0 && result.okCount <= count);
  assertEquals(bodies.size, count);
  assert([...urls].every(isSigned));
  assert([...bodies].every(isCreateGroup));
}

function isSigned(url: string): boolean {
  const { searchParams } = new URL(url);
  const candidate = searchParams.get("Sign") ?? "";
  const requestTime = searchParams.get("RequestTime") ?? "";
  return verifySign({ candidate, requestTime, tokens: [APP.token] });
}

function isCreateGroup(body: string): boolean {
  const { GroupId, EventTime } = JSON.parse(body);
  return body.length === 573 && /^@TGS#2\d{13}$/.test(GroupId) &&
    Math.abs(Number(EventTime) - Date.now()) < 2e8;
}

Deno.test("driveSockets() sends distinct signed callbacks", async () => {
  await assertDistinctSignedCallbacks(driveSockets);
});

Deno.test({
  name: "createWrkDriver() sends distinct signed callbacks on every thread",
  ignore: !await hasWrk(),
  fn: async () => {
    const folder = await Deno.makeTempDir();
    await assertDistinctSignedCallbacks(
      createWrkDriver({ folder, threads: 2 }),
    );
    await Deno.remove(folder, { recursive: true });
  },
});

Deno.test("sendCallbacks() sends as many as asked for", async () => {
  let count = 0;
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    async (request) => {
      await request.body?.cancel();
      const status = count++ % 10 === 0 ? 503 : 200;
      return new Response(null, { status });
    },
  );
  const load = { ...LOAD, port: server.addr.port, count: 100 };
  const { okCount, failedCount } = await sendCallbacks(load, signal);
  assertEquals({ count, okCount, failedCount }, {
    count: 100,
    okCount: 90,
    failedCount: 10,
  });
});

Deno.test("driveSteadily() sends each callback once and notes its answer", async () => {
  const bodies = new Set<string>();
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    async (request) => {
      bodies.add(await request.text());
      assert(isSigned(request.url));
      return new Response("{}");
    },
  );
  const answers = noAnswers();
  const load = { kind: "create", run: 7, rate: 1_000, seconds: 0.05 } as const;
  await driveSteadily({ ...load, port: server.addr.port }, { answers, signal });
  assertEquals([answers.ackedAtMs.size, answers.failedCount], [50, 0]);
  assertEquals(bodies.size, 50);
});
