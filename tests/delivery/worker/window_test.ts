import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { EventRecord } from "../../../src/base/event.ts";
import type { DeliveryOutcome } from "../../../src/delivery/outbound/outcome.ts";
import { sendWindow } from "../../../src/delivery/worker/window.ts";

const OK: DeliveryOutcome = { kind: "delivered", status: 200, durationMs: 1 };
const ERROR: DeliveryOutcome = {
  kind: "failed",
  cause: "status 500",
  error: "It answered 500",
  durationMs: 1,
};

function recordOf(seq: number, group?: string, body = "{}"): EventRecord {
  return {
    seq,
    app: 1,
    receivedAtMs: 0,
    digest: new Uint8Array(16),
    meta: { command: "X.Y", group },
    body: new TextEncoder().encode(body),
  };
}

/** Sends that end when they are told to. */
function openSends() {
  const begun: number[] = [];
  const ends = new Map<number, (outcome: DeliveryOutcome) => void>();
  return {
    begun,
    send: ({ seq }: EventRecord) => {
      begun.push(seq);
      const { promise, resolve } = Promise.withResolvers<DeliveryOutcome>();
      ends.set(seq, resolve);
      return promise;
    },
    end: async (seq: number, outcome: DeliveryOutcome = OK) => {
      ends.get(seq)?.(outcome);
      await new Promise((resolve) => setTimeout(resolve));
    },
  };
}

Deno.test("sendWindow() sends several groups at once, and each group in order", async () => {
  const { begun, send, end } = openSends();
  const records = ["a", "a", "b", "c"].map((group, at) =>
    recordOf(at + 1, group)
  );
  const known = new Map();
  const sending = sendWindow(records, { concurrency: 2, known, send });
  assertEquals(begun, [1, 3]);
  await end(1);
  assertEquals(begun, [1, 3, 2]);
  await end(3);
  assertEquals(begun, [1, 3, 2, 4]);
  await end(4);
  await end(2);

  assertEquals([...(await sending).keys()], [1, 3, 4, 2]);
});

Deno.test("sendWindow() begins nothing after a failure", async () => {
  const { begun, send, end } = openSends();
  const records = [1, 2, 3, 4].map((seq) => recordOf(seq, `g${seq}`));
  const known = new Map();
  const sending = sendWindow(records, { concurrency: 2, known, send });
  await end(1, ERROR);
  await end(2);

  assertEquals([...(await sending).keys()], [1, 2]);
  assertEquals(begun, [1, 2]);
});

Deno.test("sendWindow() keeps order per sender where there is no group", async () => {
  const { begun, send, end } = openSends();
  const records = [
    recordOf(1, undefined, '{"From_Account":"a"}'),
    recordOf(2, undefined, '{"From_Account":"a"}'),
    recordOf(3, undefined, '{"From_Account":"b"}'),
    recordOf(4, undefined, '{"Info":{"To_Account":"c"}}'),
  ];
  const sending = sendWindow(records, {
    concurrency: 8,
    known: new Map(),
    send,
  });
  assertEquals(begun, [1, 3, 4]);
  for (const seq of [1, 2, 3, 4]) await end(seq);
  await sending;
});

Deno.test("sendWindow() sends nothing again whose outcome is known", async () => {
  const sent: number[] = [];
  const outcomes = await sendWindow([recordOf(1, "a"), recordOf(2, "b")], {
    concurrency: 1,
    known: new Map([[2, OK]]),
    send: ({ seq }) => {
      sent.push(seq);
      return Promise.resolve(OK);
    },
  });

  assertEquals(sent, [1]);
  assertEquals(outcomes.size, 2);
});

Deno.test("sendWindow() never has two of one group under way, nor more than it may", async () => {
  const groups = fc.array(fc.constantFrom("a", "b", "c", undefined), {
    maxLength: 30,
  });
  await fc.assert(
    fc.asyncProperty(
      groups,
      fc.integer({ min: 1, max: 6 }),
      async (groups, concurrency) => {
        const under = new Set<string | undefined>();
        const order = new Map<string | undefined, number[]>();
        await sendWindow(groups.map((group, at) => recordOf(at, group)), {
          concurrency,
          known: new Map(),
          send: async ({ seq, meta: { group } }) => {
            assertEquals(under.has(group), false);
            under.add(group);
            assertEquals(under.size <= concurrency, true);
            order.set(group, [...order.get(group) ?? [], seq]);
            await Promise.resolve();
            under.delete(group);
            return OK;
          },
        });
        const sent = [...order.values()];
        assertEquals(sent.flat().length, groups.length);
        assertEquals(sent, sent.map((seqs) => seqs.toSorted((a, b) => a - b)));
      },
    ),
  );
});
