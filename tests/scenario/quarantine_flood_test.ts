import { assertEquals } from "@std/assert";
import { QUARANTINE_MAX_PER_APP } from "../../src/store/kv/limits.ts";
import { startServer } from "../support/server/server.ts";

const JUNK = 19_000;
const SENDERS = 32;
/** Set aside for another reason than the junk. */
const GENUINE = ['{"GroupId":5}', '{"GroupId":6}', '{"GroupId":""}'];

Deno.test("a flood of junk bodies pushes out none that was set aside for another reason", async () => {
  await using server = await startServer();
  for (const body of GENUINE) await setAside(body);
  let sent = 0;
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      while (sent < JUNK) await setAside(`junk ${sent++}`);
    }),
  );

  const genuine = await read("/v1/quarantine?order=oldest&reason=42202");
  const bodies = genuine.items.map(({ raw }: { raw: string }) => atob(raw));
  assertEquals(bodies, GENUINE);
  const newest = await read("/v1/quarantine?limit=1");
  assertEquals(newest.items[0].code, 42200);
  const metrics = await (await server.get("/metrics")).text();
  assertEquals(
    /imhook_quarantine_evicted_total\{reason="42200"\} (\d+)/.exec(metrics)
      ?.[1],
    String(GENUINE.length + JUNK - QUARANTINE_MAX_PER_APP),
  );
  assertEquals(
    server.logged("Quarantine is full: the oldest items leave").length > 0,
    true,
  );

  async function setAside(body: string): Promise<void> {
    await (await server.send({ body })).body?.cancel();
  }

  async function read(path: string) {
    return await (await server.get(path)).json();
  }
});
