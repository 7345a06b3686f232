import { assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { RoundTrip } from "../../../src/store/kv/round_trip.ts";

/** What ends first: the longest turn there can be after these commits, or a wait of 50 ms. */
async function firstEnd(
  commitsMs: readonly number[],
  signal: AbortSignal = new AbortController().signal,
): Promise<string> {
  const roundTrip = new RoundTrip({ random: () => 1 });
  for (const ms of commitsMs) roundTrip.note(ms);
  const ends: string[] = [];
  const turn = roundTrip.leaveTurn(signal).then(() => ends.push("turn"));
  await Promise.all([turn, delay(50).then(() => ends.push("wait"))]);
  return ends[0] ?? "";
}

Deno.test("RoundTrip.leaveTurn() takes some round trips, by the shortest commit", async () => {
  assertEquals(await firstEnd([20]), "wait");
  assertEquals(await firstEnd([20, 0.1, 20]), "turn");
});

Deno.test("RoundTrip.leaveTurn() ends at once with its signal", async () => {
  assertEquals(await firstEnd([20], AbortSignal.abort()), "turn");
});
