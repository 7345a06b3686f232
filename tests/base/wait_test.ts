import { assertEquals, assertRejects } from "@std/assert";
import { pause, TaskQueue, within } from "../../src/base/wait.ts";

const never = () => Promise.withResolvers<never>().promise;
const atOnce = () => Promise.resolve();

Deno.test("pause() ends with its signal, and does not reject", async () => {
  await pause(60_000, { signal: AbortSignal.abort() });
});

Deno.test("within() gives the outcome of what ends in time", async () => {
  const result = await within(Promise.resolve(1), { ms: 60_000, late: "late" });

  assertEquals(result, 1);
});

Deno.test("within() gives `late` for what does not end in time", async () => {
  const result = await within(never(), { ms: 1, late: "late", sleep: atOnce });

  assertEquals(result, "late");
});

Deno.test("within() rejects as what it waits for does", async () => {
  const failing = Promise.reject(new Error("broken"));

  await assertRejects(() => within(failing, { ms: 60_000, late: undefined }));
});

Deno.test("TaskQueue runs one task after the other, whatever becomes of one", async () => {
  const queue = new TaskQueue();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const running = [
    queue.run(async () => {
      seen.push("first begins");
      await first.promise;
      seen.push("first ends");
      throw new Error("broken");
    }),
    queue.run(() => {
      seen.push("second");
      return Promise.resolve();
    }),
  ];
  assertEquals(seen, ["first begins"]);
  first.resolve();
  const results = await Promise.allSettled(running);

  assertEquals(seen, ["first begins", "first ends", "second"]);
  assertEquals(results.map(({ status }) => status), ["rejected", "fulfilled"]);
});
