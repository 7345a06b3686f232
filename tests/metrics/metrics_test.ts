import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { SeenCallback } from "../../src/metrics/callback_counts.ts";
import { Metrics } from "../../src/metrics/metrics.ts";
import {
  type ParsedMetrics,
  parseMetrics,
  samplesOf,
} from "../support/metrics_fixture.ts";

const CREATED = "Group.CallbackAfterCreateGroup";
const KEPT: SeenCallback = {
  code: 0,
  app: 1,
  command: CREATED,
  durationMs: 7,
};
const COMMANDS = [CREATED, "State.StateChange"];
const OUTCOMES = 6;

function createMetrics(nowMs = 0): Metrics {
  return new Metrics({
    apps: [1, 2],
    commands: COMMANDS,
    codes: [40101, 42202, 50300],
    now: () => nowMs,
  });
}

async function parsed({ registry }: Metrics): Promise<ParsedMetrics> {
  return parseMetrics(await registry.metrics());
}

Deno.test("Metrics has every code at 0 before anything came", async () => {
  const metrics = await parsed(createMetrics());

  assertEquals(samplesOf(metrics, "imhook_refusals_total"), {
    '{code="40101"}': 0,
    '{code="42202"}': 0,
    '{code="50300"}': 0,
  });
  assertEquals(samplesOf(metrics, "imhook_callbacks_total"), {});
});

Deno.test.each<[string, Partial<SeenCallback>, string]>([
  ["kept", {}, `command="${CREATED}",app="1",outcome="kept"`],
  ["a copy", { isCopy: true }, `command="${CREATED}",app="1",outcome="copy"`],
  [
    "a probe",
    { isProbe: true, app: undefined, command: undefined },
    'command="none",app="none",outcome="probe"',
  ],
  ["set aside", {
    code: 42202,
  }, `command="${CREATED}",app="1",outcome="quarantined"`],
  [
    "refused",
    { code: 40101, app: undefined, command: undefined },
    'command="none",app="none",outcome="refused"',
  ],
  [
    "too large",
    { code: 41300, command: undefined },
    'command="none",app="1",outcome="refused"',
  ],
  ["not durable", {
    code: 50300,
  }, `command="${CREATED}",app="1",outcome="failed"`],
  [
    "unknown",
    { command: "New.Word" },
    'command="other",app="1",outcome="kept"',
  ],
  [
    "of another app",
    { app: 3 },
    `command="${CREATED}",app="none",outcome="kept"`,
  ],
])("Metrics counts what is %s", async (_name, changes, labels) => {
  const metrics = createMetrics();
  metrics.countCallback({ ...KEPT, ...changes });
  metrics.countCallback({ ...KEPT, ...changes });

  const counts = samplesOf(await parsed(metrics), "imhook_callbacks_total");
  assertEquals(counts, { [`{${labels}}`]: 2 });
});

Deno.test("Metrics counts refusals by their code", async () => {
  const metrics = createMetrics();
  for (const code of [40101, 40101, 42202, 0]) {
    metrics.countCallback({ ...KEPT, code });
  }

  assertEquals(samplesOf(await parsed(metrics), "imhook_refusals_total"), {
    '{code="40101"}': 2,
    '{code="42202"}': 1,
    '{code="50300"}': 0,
  });
});

Deno.test("Metrics tells every outcome, also those that did not happen", () => {
  const metrics = createMetrics();
  metrics.countCallback(KEPT);
  metrics.countCallback({ ...KEPT, app: 2 });
  metrics.countCallback({ ...KEPT, isCopy: true });

  assertEquals(metrics.outcomes, {
    kept: 2,
    copy: 1,
    unkept: 0,
    quarantined: 0,
    refused: 0,
    failed: 0,
    probe: 0,
  });
});

Deno.test("Metrics stays bounded and well-formed whatever is sent", async () => {
  const metrics = createMetrics();
  const hostile = fc.record({
    code: fc.constantFrom(0, 40101, 41300, 42202, 50301),
    app: fc.option(fc.nat(), { nil: undefined }),
    command: fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
    isCopy: fc.boolean(),
    isProbe: fc.boolean(),
    durationMs: fc.nat(),
  });
  fc.assert(
    fc.property(hostile, (seen) => metrics.countCallback(seen)),
    { numRuns: 2_000 },
  );

  const { samples } = await parsed(metrics);
  const bound = 3 * (COMMANDS.length + 2) * OUTCOMES;
  const counted = [...samples.keys()].filter((key) =>
    key.startsWith("imhook_callbacks_total{")
  );
  assert(counted.length <= bound, `${counted.length} samples`);
});

Deno.test("Metrics measures the latency of authentic callbacks alone", async () => {
  const metrics = createMetrics();
  metrics.countCallback(KEPT);
  metrics.countCallback({ ...KEPT, app: undefined, code: 40101 });

  const { samples } = await parsed(metrics);
  const name = "imhook_callback_duration_seconds";
  assertEquals(samples.get(`${name}_count`), 1);
  assertEquals(samples.get(`${name}_sum`), 0.007);
  assertEquals(samples.get(`${name}_bucket{le="0.005"}`), 0);
  assertEquals(samples.get(`${name}_bucket{le="0.01"}`), 1);
  assertEquals(samples.get(`${name}_bucket{le="2.5"}`), 1);
});

Deno.test("Metrics measures commits by their items and their time", async () => {
  const metrics = createMetrics();
  metrics.countCommit({ items: 3, durationMs: 1.5 });

  const { samples } = await parsed(metrics);
  assertEquals(samples.get('imhook_commit_items_bucket{le="2"}'), 0);
  assertEquals(samples.get('imhook_commit_items_bucket{le="4"}'), 1);
  assertEquals(samples.get("imhook_commit_duration_seconds_sum"), 0.0015);
});

Deno.test("Metrics knows when an app's last callback came", () => {
  const metrics = createMetrics(5_000);
  metrics.countCallback({ ...KEPT, app: 2 });
  metrics.countCallback({ ...KEPT, app: undefined, code: 40101 });

  assertEquals(metrics.lastCallbacks, [{ app: "2", atMs: 5_000 }]);
});

Deno.test("Metrics counts removed events", async () => {
  const metrics = createMetrics();
  metrics.countPurged(4);
  metrics.countPurged(0);

  const { samples } = await parsed(metrics);
  assertEquals(samples.get("imhook_purged_events_total"), 4);
});
