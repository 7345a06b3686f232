import { assertEquals } from "@std/assert";
import { Registry } from "prom-client";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import {
  createEndpoint,
  deleteEndpoint,
} from "../../../src/delivery/endpoint/endpoints.ts";
import { deadLetterKey } from "../../../src/delivery/endpoint/keys.ts";
import { addDeliveryMetrics } from "../../../src/http/health/delivery_gauges.ts";
import { metricsRoute } from "../../../src/http/health/scrape.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { openApi } from "../../support/http/api_fixture.ts";
import { appendGroups } from "../../support/http/endpoints_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { parseMetrics, samplesOf } from "../../support/metrics_fixture.ts";

const RETRY = {
  seq: 2,
  failures: 4,
  nextAttemptAtMs: NOW_MS + 9_000,
  cause: "timeout",
};
const FAILING = { main: { after: 1, retry: RETRY }, failures: 4 };

/** Metrics of these endpoints, three events and a clock that stands at NOW_MS. */
async function openMetrics(...all: readonly Partial<Endpoint>[]) {
  const registry = new Registry();
  let observe: ReturnType<typeof addDeliveryMetrics> = () => {};
  const api = await openApi({
    routes: ({ store }) => {
      observe = addDeliveryMetrics({ registry, store, now: () => NOW_MS });
      return [metricsRoute({ registry, isOpen: true })];
    },
  });
  await appendGroups(api, 3);
  for (const [index, changes] of all.entries()) {
    const endpoint = endpointOf({ id: `e${index}`, ...changes });
    await createEndpoint(api.store.side, endpoint);
  }
  const scrape = async (name: string) => {
    const text = await (await api.get("/metrics")).text();
    return samplesOf(parseMetrics(text), name);
  };
  return { ...api, scrape, observe };
}

Deno.test("GET /metrics tells which endpoints are held or disabled", async () => {
  await using api = await openMetrics(
    FAILING,
    { ...FAILING, mode: "held" },
    { ...FAILING, mode: "disabled" },
    { ...FAILING, mode: "paused" },
  );

  assertEquals(await api.scrape("imhook_endpoint_held"), {
    '{endpoint="e0"}': 0,
    '{endpoint="e1"}': 1,
    '{endpoint="e2"}': 1,
    '{endpoint="e3"}': 0,
  });
  assertEquals(
    (await api.scrape("imhook_endpoint_failures"))['{endpoint="e3"}'],
    4,
  );
});

Deno.test("GET /metrics tells each endpoint's state, also that it is paused", async () => {
  await using api = await openMetrics(
    {},
    FAILING,
    { mode: "paused" },
    { mode: "held" },
    { mode: "disabled" },
  );
  const samples = await api.scrape("imhook_endpoint_state");
  const states = Object.keys(samples).filter((labels) => samples[labels] === 1);

  assertEquals(Object.keys(samples).length, 25);
  assertEquals(states, [
    '{endpoint="e0",state="active"}',
    '{endpoint="e1",state="retrying"}',
    '{endpoint="e2",state="paused"}',
    '{endpoint="e3",state="held"}',
    '{endpoint="e4",state="disabled"}',
  ]);
});

Deno.test("GET /metrics tells when a failing endpoint is tried again", async () => {
  await using api = await openMetrics({}, FAILING, {
    ...FAILING,
    mode: "held",
  });

  assertEquals(
    await api.scrape("imhook_endpoint_next_attempt_timestamp_seconds"),
    { '{endpoint="e1"}': NOW_MS / 1000 + 9 },
  );
});

Deno.test("GET /metrics tells how far each endpoint is behind", async () => {
  await using api = await openMetrics({ main: { after: 3 } }, FAILING);

  assertEquals(await api.scrape("imhook_endpoint_lag_events"), {
    '{endpoint="e0"}': 0,
    '{endpoint="e1"}': 2,
  });
});

Deno.test("GET /metrics counts dead letters by cause", async () => {
  await using api = await openMetrics({});
  for (const [index, cause] of ["timeout", "dns", "timeout"].entries()) {
    const letter = { atMs: NOW_MS, cause, failures: 1 };
    await api.store.side.atomic().set(deadLetterKey("e0", index + 1), letter)
      .commit();
  }

  assertEquals(await api.scrape("imhook_endpoint_dead_letters"), {
    '{endpoint="e0",cause="timeout"}': 2,
    '{endpoint="e0",cause="dns"}': 1,
  });
});

Deno.test("GET /metrics counts deliveries, and forgets those of an endpoint that is gone", async () => {
  await using api = await openMetrics({}, {});
  for (const endpointId of ["e0", "e1", "e1"]) {
    api.observe({ endpointId, outcome: "delivered" });
  }
  const before = await api.scrape("imhook_deliveries_total");
  await deleteEndpoint(api.store.side, "e0");
  const after = await api.scrape("imhook_deliveries_total");

  assertEquals(before['{endpoint="e0",outcome="delivered"}'], 1);
  assertEquals(after, {
    '{endpoint="e1",outcome="delivered"}': 2,
    '{endpoint="e1",outcome="failed"}': 0,
    '{endpoint="e1",outcome="dead_letter"}': 0,
  });
});
