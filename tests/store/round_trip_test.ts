import { assertEquals } from "@std/assert";
import { RoundTrip } from "../../src/store/round_trip.ts";

Deno.test("RoundTrip.measure() passes on what the store gave", async () => {
  assertEquals(
    await new RoundTrip().measure(Promise.resolve("given")),
    "given",
  );
});

Deno.test("RoundTrip.leaveTurn() ends at once with its signal", async () => {
  const roundTrip = new RoundTrip();
  const signal = AbortSignal.abort();

  // Never measured, a turn would take its longest.
  assertEquals(await roundTrip.leaveTurn(signal), undefined);
});
