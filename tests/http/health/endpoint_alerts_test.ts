import { assert, assertEquals } from "@std/assert";
import {
  endpointAlerts,
  stoppedOf,
} from "../../../src/http/health/endpoint_alerts.ts";
import type { Alert } from "../../../src/http/health/alert.ts";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";

const RETRY = {
  seq: 3,
  failures: 10,
  nextAttemptAtMs: 0,
  cause: "status 500",
};
const FAILING = { main: { after: 2, retry: RETRY } };
const HELD = { ...FAILING, mode: "held", stop: "exhausted" } as const;

function alertsOf(...all: readonly Partial<Endpoint>[]): readonly Alert[] {
  const endpoints = all.map((changes) => endpointOf(changes));
  return endpointAlerts(stoppedOf(endpoints));
}

Deno.test.each<[string, Partial<Endpoint>]>([
  ["active", {}],
  ["retrying", FAILING],
  ["paused by a person", { ...FAILING, mode: "paused" }],
])("endpointAlerts() says nothing of an endpoint that is %s", (_, changes) => {
  assertEquals(alertsOf(changes), []);
});

Deno.test("endpointAlerts() tells of a held endpoint by its description", () => {
  const [alert, ...rest] = alertsOf({ ...HELD, description: "Our backend" });

  assertEquals(rest, []);
  assertEquals(alert, {
    kind: "endpointHeld",
    text:
      'Nothing is sent to the endpoint "Our backend": event 3 has failed 10 times (status 500). Mend the receiver, then resume it; everything is kept for it.',
    params: {
      endpoint: "Our backend",
      event: 3,
      attempts: 10,
      cause: "status 500",
    },
  });
});

Deno.test.each<[string, Partial<Endpoint>]>([
  ["endpointDisabled", { ...FAILING, mode: "disabled", stop: "gone" }],
  ["endpointRestored", { mode: "paused", stop: "restored" }],
  ["endpointAhead", { mode: "held", stop: "ahead" }],
  ["endpointWaits", { mode: "held", stop: "exhausted" }],
])("endpointAlerts() gives %s, and no more of a URL than its host", (
  kind,
  changes,
) => {
  const url = "https://receiver.example/hook?key=hidden";
  const [alert, ...rest] = alertsOf({ ...changes, url });
  assert(alert !== undefined);

  assertEquals([alert.kind, rest], [kind, []]);
  assert(alert.text.includes('"receiver.example"'), alert.text);
  assert(!JSON.stringify(alert).includes("hidden"));
});

Deno.test("endpointAlerts() tells of many in one sentence", () => {
  const alerts = alertsOf(HELD, HELD, {}, HELD, HELD);

  assertEquals(alerts.map(({ kind }) => kind), ["endpointsStopped"]);
  assertEquals(alerts[0]?.params, { count: 4 });
});
