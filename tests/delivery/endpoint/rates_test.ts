import { assertEquals } from "@std/assert";
import { DeliveryRates } from "../../../src/delivery/endpoint/rates.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const OK = { endpointId: "e1", isDelivered: true, durationMs: 10 };

Deno.test("DeliveryRates.add() counts by endpoint and minute", () => {
  const rates = new DeliveryRates();
  rates.add(OK, 1);
  rates.add({ ...OK, isDelivered: false, durationMs: 30 }, MINUTE_MS - 1);
  rates.add(OK, MINUTE_MS);
  rates.add({ ...OK, endpointId: "e2" }, 1);

  assertEquals(rates.list("e1", MINUTE_MS), [
    { atMs: 0, delivered: 1, failed: 1, durationMs: 40 },
    { atMs: MINUTE_MS, delivered: 1, failed: 0, durationMs: 10 },
  ]);
});

Deno.test("DeliveryRates.list() holds one day, whatever the clock does", () => {
  const rates = new DeliveryRates();
  for (let minute = 0; minute < 3_000; minute++) {
    rates.add(OK, minute * MINUTE_MS);
  }
  rates.add(OK, 0);
  const nowMs = 2_999 * MINUTE_MS;

  assertEquals(rates.list("e1", nowMs).length <= 1_440, true);
  assertEquals(rates.list("e1", nowMs + 2 * DAY_MS), []);
});

Deno.test("DeliveryRates.forget() leaves nothing", () => {
  const rates = new DeliveryRates();
  rates.add(OK, 1);
  rates.forget("e1");

  assertEquals(rates.list("e1", 1), []);
});
