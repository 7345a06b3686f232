import { assertEquals } from "@std/assert";
import { sendAll } from "../../../src/cli/trigger/send.ts";

const OK = {
  kind: "answered",
  isOk: true,
  status: 200,
  answer: "",
  elapsedMs: 1,
} as const;

/** Runs with a send that settles only when nothing else can start; returns what was seen. */
async function observe(
  options: { count: number; concurrency: number; copies: number },
): Promise<{ sent: string[]; most: number }> {
  const sent: string[] = [];
  let made = 0;
  let inFlight = 0;
  let most = 0;
  await sendAll({
    ...options,
    next: () => ({
      command: "x",
      query: `n=${made++}`,
      body: new Uint8Array(),
    }),
    send: async ({ query }) => {
      sent.push(query);
      most = Math.max(most, ++inFlight);
      await new Promise<void>((resolve) => queueMicrotask(resolve));
      inFlight--;
      return OK;
    },
    onOutcome: () => {},
  });
  return { sent, most };
}

Deno.test("sendAll() has at most `concurrency` requests in flight", async () => {
  const { sent, most } = await observe({
    count: 10,
    concurrency: 3,
    copies: 1,
  });
  assertEquals(most, 3);
  assertEquals(new Set(sent).size, 10);
});

Deno.test("sendAll() sends a copy only after the first was answered", async () => {
  const { sent, most } = await observe({ count: 2, concurrency: 1, copies: 2 });
  assertEquals(sent, ["n=0", "n=0", "n=1", "n=1"]);
  assertEquals(most, 1);
});

Deno.test("sendAll() sends no more than `count` with more concurrency", async () => {
  const { sent } = await observe({ count: 2, concurrency: 256, copies: 1 });
  assertEquals(sent, ["n=0", "n=1"]);
});
