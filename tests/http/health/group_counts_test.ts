import { assertEquals } from "@std/assert";
import { groupCounts } from "../../../src/http/health/group_counts.ts";

const NOW_MS = Date.UTC(2026, 10, 22, 8, 30, 15);
const NO_UNITS = { minute: [], hour: [], day: [] };
const NOTHING = { totals: {}, units: NO_UNITS };
const ONE = { created: 1, joined: 2, left: 3, disbanded: 4 };

Deno.test("groupCounts() of nothing is all zeros, and as long as ever", () => {
  const { groups, minutes, hours, days } = groupCounts(NOTHING, NOW_MS);

  assertEquals(groups, {
    total: 0,
    byState: { partial: 0, active: 0, disbanded: 0 },
    byType: {},
  });
  assertEquals([minutes.length, hours.length, days.length], [60, 48, 30]);
  assertEquals([minutes[0]?.time, minutes[59]?.time], [
    "2026-11-22T07:31:00.000Z",
    "2026-11-22T08:30:00.000Z",
  ]);
  assertEquals([hours[0]?.time, hours[47]?.time], [
    "2026-11-20T09:00:00.000Z",
    "2026-11-22T08:00:00.000Z",
  ]);
  assertEquals([days[0]?.time, days[29]?.time], [
    "2026-10-24T00:00:00.000Z",
    "2026-11-22T00:00:00.000Z",
  ]);
});

Deno.test("groupCounts() puts each count at its time, and leaves out older ones", () => {
  const startMs = Date.UTC(2026, 10, 22, 8, 29);
  const old = { ...ONE, startMs: startMs - 3_600_000 };
  const units = { ...NO_UNITS, minute: [old, { ...ONE, startMs }] };
  const counts = groupCounts({ ...NOTHING, units }, NOW_MS).minutes;

  assertEquals(counts[58], { time: "2026-11-22T08:29:00.000Z", ...ONE });
  assertEquals(counts.filter(({ created }) => created > 0).length, 1);
});

Deno.test("groupCounts() adds up types and states", () => {
  const totals = Object.fromEntries([
    ["Public", { active: 3, disbanded: 1 }],
    ["Work", { active: 4 }],
    ["__proto__", { partial: 1 }],
  ]);
  const { groups } = groupCounts({ ...NOTHING, totals }, NOW_MS);

  assertEquals(groups.total, 9);
  assertEquals(groups.byState, { partial: 1, active: 7, disbanded: 1 });
  assertEquals(Object.entries(groups.byType), [
    ["Public", { partial: 0, active: 3, disbanded: 1 }],
    ["Work", { partial: 0, active: 4, disbanded: 0 }],
    ["__proto__", { partial: 1, active: 0, disbanded: 0 }],
  ]);
});
