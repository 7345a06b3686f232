import { assertEquals } from "@std/assert";
import {
  BREAKER_FAILURES,
  failed,
  passed,
  probePauseMs,
} from "../../../src/delivery/endpoint/transition.ts";
import { pauseOf } from "../../../src/delivery/endpoint/state.ts";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";

const nowMs = START_MS;
const failure = { seq: 1, cause: "timeout", isGone: false };

/** What `count` failures of event 1 in a row lead to. */
function failing(count: number, changes: Partial<Endpoint> = {}): Endpoint {
  let endpoint = endpointOf(changes);
  for (let done = 0; done < count; done++) {
    const what = { track: "main", failure, delayMs: 10, nowMs } as const;
    endpoint = failed(endpoint, what).endpoint;
  }
  return endpoint;
}

Deno.test("failed() counts the failures of an event, and leaves the cursor", () => {
  const { main, failures, failingSinceMs } = failing(2);

  assertEquals(main, {
    after: 0,
    retry: {
      seq: 1,
      failures: 2,
      nextAttemptAtMs: nowMs + 10,
      cause: "timeout",
    },
  });
  assertEquals([failures, failingSinceMs], [2, nowMs]);
});

Deno.test.each(
  [
    ["active", undefined, "hold", "held", "held"],
    ["active", undefined, "dead-letter", "dead-letter", "active"],
    ["active", 10, "hold", "retry", "active"],
    ["paused", undefined, "hold", "ignored", "paused"],
    ["disabled", undefined, "hold", "ignored", "disabled"],
  ] as const,
)(
  "failed() of a %s endpoint with %j ms left and %s gives %s, and it is %s",
  (mode, delayMs, onExhausted, verdict, after) => {
    const endpoint = endpointOf({ mode, onExhausted });
    const result = failed(endpoint, { track: "main", failure, delayMs, nowMs });

    assertEquals([result.verdict, result.endpoint.mode], [verdict, after]);
    assertEquals(
      result.setsAside?.seq,
      verdict === "dead-letter" ? 1 : undefined,
    );
    const cursor = verdict === "dead-letter" ? 1 : 0;
    assertEquals(result.endpoint.main.after, cursor);
  },
);

Deno.test("failed() on a replay that is over changes nothing", () => {
  const endpoint = endpointOf();
  const track = { replay: "gone" };
  const result = failed(endpoint, { track, failure, delayMs: 10, nowMs });

  assertEquals(result, { endpoint, verdict: "ignored" });
});

Deno.test("passed() with a delivery ends an outage", () => {
  const done = { track: "main", through: 1, delivered: 1, nowMs } as const;
  const endpoint = passed(failing(9), done);

  assertEquals(endpoint.main, { after: 1, retry: undefined });
  assertEquals([endpoint.failures, endpoint.failingSinceMs], [0, undefined]);
  assertEquals(pauseOf(endpoint, nowMs) <= 0, true);
});

Deno.test("passed() never moves a cursor back", () => {
  const endpoint = endpointOf({ main: { after: 7 } });
  const done = { track: "main", through: 3, delivered: 1, nowMs } as const;

  assertEquals(passed(endpoint, done).main.after, 7);
});

Deno.test.each([
  [0, 0],
  [BREAKER_FAILURES - 1, 0],
  [BREAKER_FAILURES, 1_000],
  [BREAKER_FAILURES + 3, 8_000],
  [BREAKER_FAILURES + 60, 300_000],
])("probePauseMs() after %d failures is %d", (failures, pauseMs) => {
  assertEquals(probePauseMs(failures), pauseMs);
});

Deno.test("an endpoint whose events are set aside one after the other is only probed", () => {
  let endpoint = endpointOf({ onExhausted: "dead-letter" });
  for (let seq = 1; seq <= BREAKER_FAILURES + 1; seq++) {
    const what = { track: "main", failure: { ...failure, seq } } as const;
    endpoint =
      failed(endpoint, { ...what, delayMs: undefined, nowMs }).endpoint;
  }

  assertEquals(endpoint.main.after, BREAKER_FAILURES + 1);
  assertEquals(pauseOf(endpoint, nowMs), 2_000);
});
