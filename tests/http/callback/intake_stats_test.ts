import { assertEquals } from "@std/assert";
import { IntakeStats } from "../../../src/http/callback/intake_stats.ts";
import { ANSWERS } from "../../../src/protocol/ack.ts";

const KEPT = {
  code: 0,
  app: 1,
  durationMs: 1,
  clientIp: () => "203.0.113.1",
} as const;
const WRONG_SIGN = { ...KEPT, code: 40101, app: undefined } as const;

/** Statistics with a clock that is set by hand. */
function openStats() {
  const clock = { nowMs: 1_000_000 };
  const stats = new IntakeStats({ now: () => clock.nowMs });
  return { clock, stats };
}

Deno.test("IntakeStats tells what is accepted a second, from the start on", () => {
  const { clock, stats } = openStats();
  for (let n = 0; n < 30; n++) stats.add(KEPT);

  clock.nowMs += 10_000;
  assertEquals(stats.summary().perSecond, 3);
  clock.nowMs += 40_000;
  assertEquals(stats.summary().perSecond, 0.6);
  clock.nowMs += 60_000;
  assertEquals(stats.summary().perSecond, 0);
});

Deno.test("IntakeStats counts what is refused by code, with the last sender", () => {
  const { clock, stats } = openStats();
  stats.add({ ...WRONG_SIGN, code: 40300 });
  stats.add(WRONG_SIGN);
  clock.nowMs += 120_000;
  stats.add({ ...WRONG_SIGN, clientIp: () => "198.51.100.7" });

  const { rejects, perSecond } = stats.summary();
  assertEquals(perSecond, 0);
  assertEquals(rejects.map(({ code }) => code), [40101, 40300]);
  assertEquals(rejects[0], {
    code: 40101,
    reason: ANSWERS[40101].info,
    count: 2,
    lastMinute: 1,
    lastHour: 2,
    lastAddress: "198.51.100.7",
    lastAtMs: clock.nowMs,
  });
});

Deno.test("IntakeStats counts what is set aside as a reject and as intake", () => {
  const { clock, stats } = openStats();
  stats.add({ ...KEPT, code: 42202 });
  clock.nowMs += 1_000;

  const { rejects, perSecond } = stats.summary();
  assertEquals([rejects.length, perSecond], [1, 1]);
});

Deno.test("IntakeStats does not ask who sent what it accepts", () => {
  const { stats } = openStats();
  const clientIp = () => {
    throw new Error("asked");
  };
  stats.add({ ...KEPT, clientIp });

  assertEquals(stats.summary().rejects, []);
});
