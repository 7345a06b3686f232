import { assertEquals } from "@std/assert";
import { CallPace } from "../../../src/reconcile/api/call_pace.ts";

const { signal } = new AbortController();

/** A pace whose waits take `lateMs` more than they are told. */
function openPace({ rate = 20, lateMs = 0 } = {}) {
  let nowMs = 0;
  const pace = new CallPace({
    rate,
    now: () => nowMs,
    sleep: (ms) => {
      nowMs += ms + lateMs;
      return Promise.resolve();
    },
  });
  /** When each of so many calls may be made. */
  const turns = async (count: number, everyMs = 0): Promise<number[]> => {
    const times: number[] = [];
    for (let call = 0; call < count; call++) {
      await pace.turn({ kind: "k", everyMs }, signal);
      times.push(nowMs);
    }
    return times;
  };
  return { pace, turns };
}

Deno.test("CallPace spreads calls over a second", async () => {
  assertEquals(await openPace().turns(4), [0, 50, 100, 150]);
});

Deno.test("CallPace keeps the distance of a kind, also when it wakes late", async () => {
  assertEquals(await openPace({ lateMs: 400 }).turns(3, 1_300), [
    0,
    1_700,
    3_400,
  ]);
});

Deno.test("CallPace goes half as fast when told, and recovers", async () => {
  const { pace, turns } = openPace();
  pace.slowDown();
  assertEquals(await turns(3), [0, 100, 200]);
  for (let good = 0; good < 50; good++) pace.noteGood();
  assertEquals(await turns(2), [300, 350]);
});
