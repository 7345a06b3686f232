import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { RecentLatency } from "../../src/base/recent_latency.ts";

Deno.test("RecentLatency has zeros before anything came", () => {
  assertEquals(new RecentLatency().summary(5), {
    count: 0,
    p50Ms: 0,
    p99Ms: 0,
  });
});

Deno.test("RecentLatency tells half and ninety-nine of a hundred apart", () => {
  const latency = new RecentLatency();
  for (let n = 0; n < 98; n++) latency.add(1, 0);
  latency.add(1_000, 0);
  latency.add(1_000, 0);
  const { count, p50Ms, p99Ms } = latency.summary(0);

  assertEquals(count, 100);
  assert(p50Ms >= 1 && p50Ms < 1.2, String(p50Ms));
  assert(p99Ms >= 1_000 && p99Ms <= 1_200, String(p99Ms));
});

Deno.test("RecentLatency forgets what is more than a minute old", () => {
  const latency = new RecentLatency();
  latency.add(1_000, 0);
  latency.add(1, 61_000);

  assertEquals(latency.summary(61_000).count, 1);
});

Deno.test("RecentLatency takes any duration", () => {
  const durations = [0, -1, NaN, Infinity, 1e-9, 1e9];
  fc.assert(fc.property(fc.constantFrom(...durations), (durationMs) => {
    const latency = new RecentLatency();
    latency.add(durationMs, 0);

    assert(latency.summary(0).count <= 1);
  }));
});

Deno.test("RecentLatency is right within a fifth", () => {
  const duration = fc.double({ min: 0.1, max: 2_500, noNaN: true });
  fc.assert(fc.property(duration, (durationMs) => {
    const latency = new RecentLatency();
    latency.add(durationMs, 0);
    const { p50Ms } = latency.summary(0);

    assert(p50Ms > durationMs * 0.94 && p50Ms < durationMs * 1.27);
  }));
});
