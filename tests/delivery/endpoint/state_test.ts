import { assertEquals } from "@std/assert";
import {
  paused,
  reconfigured,
  skipped,
} from "../../../src/delivery/endpoint/changes.ts";
import { failingTrack } from "../../../src/delivery/endpoint/track.ts";
import {
  endpointStateOf,
  nextAttemptAtMs,
  stopReasonOf,
} from "../../../src/delivery/endpoint/state.ts";
import {
  BREAKER_FAILURES,
  failed,
} from "../../../src/delivery/endpoint/transition.ts";
import type {
  Endpoint,
  Replay,
} from "../../../src/delivery/endpoint/endpoint.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";

const nowMs = START_MS;
const RETRY = {
  seq: 3,
  failures: 2,
  nextAttemptAtMs: nowMs + 10,
  cause: "timeout",
};
const FAILING = endpointOf({ main: { after: 2, retry: RETRY }, failures: 2 });
const REDELIVERY: Replay = {
  id: "r",
  kind: "redelivery",
  after: 0,
  to: 1,
};

Deno.test.each<[string, Partial<Endpoint>, string, number | undefined]>([
  ["has nothing in its way", {}, "active", undefined],
  ["waits for its retry", { main: FAILING.main }, "retrying", nowMs + 10],
  ["is only probed", { restUntilMs: nowMs + 7 }, "retrying", nowMs + 7],
  ["has rested", { restUntilMs: nowMs }, "active", undefined],
  ["has failed and owes nothing", { failures: 1 }, "active", undefined],
  ["is paused", { ...FAILING, mode: "paused" }, "paused", undefined],
  ["is held", { ...FAILING, mode: "held" }, "held", undefined],
])(
  "endpointStateOf() and nextAttemptAtMs() of an endpoint that %s",
  (...row) => {
    const [_, changes, state, nextMs] = row;
    const endpoint = endpointOf(changes);

    assertEquals(endpointStateOf(endpoint, nowMs), state);
    assertEquals(nextAttemptAtMs(endpoint, nowMs), nextMs);
  },
);

Deno.test("an endpoint whose redelivery failed is active again", () => {
  const endpoint = endpointOf({ main: { after: 9 }, replays: [REDELIVERY] });
  const failure = { seq: 1, cause: "timeout", isGone: false };
  const track = { replay: "r" };
  const after = failed(endpoint, { track, failure, delayMs: 10, nowMs });

  assertEquals(endpointStateOf(after.endpoint, nowMs), "active");
});

Deno.test("an endpoint whose events are set aside is retrying while it is only probed", () => {
  let endpoint = endpointOf({ onExhausted: "dead-letter" });
  for (let seq = 1; seq <= BREAKER_FAILURES; seq++) {
    const failure = { seq, cause: "timeout", isGone: false };
    const what = { track: "main", failure, delayMs: undefined, nowMs } as const;
    endpoint = failed(endpoint, what).endpoint;
  }

  assertEquals(endpointStateOf(endpoint, nowMs), "retrying");
  assertEquals(nextAttemptAtMs(endpoint, nowMs), nowMs + 1_000);
});

Deno.test("failingLine() is not hidden by what waits to be sent again", () => {
  const endpoint = { ...FAILING, replays: [REDELIVERY] };
  const failing = failingTrack(endpoint);
  const change = skipped(endpoint, { seq: 3, nowMs });

  assertEquals(failing, FAILING.main);
  assertEquals(change.setsAside?.seq, 3);
  assertEquals(change.endpoint.main.after, 3);
  assertEquals(change.endpoint.replays, [REDELIVERY]);
});

Deno.test("failed() of an event that is dealt with changes nothing", () => {
  const endpoint = endpointOf({ main: { after: 7 } });
  const failure = { seq: 7, cause: "timeout", isGone: true };
  const result = failed(endpoint, {
    track: "main",
    failure,
    delayMs: 1,
    nowMs,
  });

  assertEquals(result, { endpoint, verdict: "ignored" });
});

Deno.test("reconfigured() lets what waits be tried now, not in 1970", () => {
  const changes = { timeoutMs: 2_000 };
  const { main } = reconfigured(FAILING, { changes, nowMs });

  assertEquals(main.retry, { ...RETRY, nextAttemptAtMs: nowMs });
});

Deno.test("paused() of what a restore has paused makes it a person's own", () => {
  const endpoint = endpointOf({ mode: "paused", stop: "restored" });

  assertEquals(stopReasonOf(paused(endpoint)), undefined);
});

Deno.test.each<[Partial<Endpoint>, string | undefined]>([
  [{}, undefined],
  [{ mode: "paused" }, undefined],
  [
    { mode: "paused", stop: "restored" },
    "It came with a backup: what was delivered after that would be sent again",
  ],
  [{ mode: "disabled", stop: "gone" }, "It answered 410 Gone"],
  [{ mode: "held", stop: "exhausted" }, "Event 3 failed 2 times: timeout"],
  [
    { mode: "held", stop: "ahead", main: { after: 9 } },
    "Its position, 9, lies beyond the journal's end",
  ],
  [
    { mode: "held", stop: "exhausted", main: { after: 3 } },
    "The last retry failed; the event has been skipped since",
  ],
])("reasonOf() of %j is %j", (changes, reason) => {
  assertEquals(stopReasonOf({ ...FAILING, ...changes }), reason);
});
