import { assert, assertEquals } from "@std/assert";
import {
  ALERT_LANGS,
  type TroubledEndpoint,
  type Vitals,
} from "../../../../src/http/health/alerts/alert.ts";
import { findingsOf } from "../../../../src/http/health/alerts/judge.ts";
import { troubleOf } from "../../../../src/http/health/alerts/judge_endpoints.ts";
import { EN } from "../../../../src/http/health/alerts/texts_en.ts";
import { alertJson } from "../../../../src/http/health/alerts/words.ts";
import { endpointOf } from "../../../support/delivery/delivery_fixture.ts";
import {
  rejectsOf,
  VITALS_NOW_MS as NOW_MS,
  WELL,
} from "../../../support/http/vitals_fixture.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const RETRY = { seq: 7, failures: 9, nextAttemptAtMs: 0, cause: "status 500" };

const APP = {
  id: 1,
  lastCallbackMs: NOW_MS,
  watchedSinceMs: 0,
  isSigned: true,
};
const RUN = {
  app: 1,
  state: "done",
  missed: 0,
  isHeldBack: false,
  error: undefined,
  endedAtMs: NOW_MS,
};

function troubled(trouble: TroubledEndpoint["trouble"], retry = true) {
  return {
    endpoints: [{
      id: "ep_1",
      name: "ours",
      trouble,
      retry: retry ? RETRY : undefined,
      sinceMs: NOW_MS - 5 * MINUTE_MS,
    }],
  };
}

/** Facts that raise each kind of alert, and its severity. */
const CASES: readonly (readonly [string, string, Partial<Vitals>])[] = [
  ["storeFailing", "losing", { failure: "no answer" }],
  ["diskFull", "losing", { failure: "database or disk is full" }],
  ["diskLow", "soon", {
    disk: { freeBytes: 9e6, isScarce: true, walBytes: 0, isWalHeld: false },
  }],
  ["walHeld", "soon", {
    disk: {
      freeBytes: 2 ** 40,
      isScarce: false,
      walBytes: 9e8,
      isWalHeld: true,
    },
  }],
  ["silent", "failing", {
    apps: [{ ...APP, lastCallbackMs: NOW_MS - DAY_MS }],
  }],
  ["neverHeard", "failing", { apps: [{ ...APP, lastCallbackMs: undefined }] }],
  ["notDurable", "losing", { rejects: [rejectsOf(50300, 1)] }],
  ["queueFull", "losing", { rejects: [rejectsOf(50301, 1)] }],
  ["wrongSign", "losing", { rejects: [rejectsOf(40101, 3)] }],
  ["lateSign", "losing", { rejects: [rejectsOf(40102, 3)] }],
  ["noSign", "losing", { rejects: [rejectsOf(40100, 3)] }],
  ["senderRefused", "losing", { rejects: [rejectsOf(40301, 1)] }],
  ["senderHidden", "losing", { rejects: [rejectsOf(40301, 1, "127.0.0.1")] }],
  ["relayLoop", "failing", { rejects: [rejectsOf(40302, 1)] }],
  ["slowBody", "failing", { rejects: [rejectsOf(40800, 3)] }],
  ["largeBody", "note", { rejects: [rejectsOf(41300, 3)] }],
  ["unknownApp", "note", { rejects: [rejectsOf(40300, 20)] }],
  ["wrongMethod", "note", { rejects: [rejectsOf(40500, 20)] }],
  ["endpointFailing", "failing", troubled("failing")],
  ["endpointHeld", "failing", troubled("exhausted")],
  ["endpointWaits", "failing", troubled("exhausted", false)],
  ["endpointDisabled", "failing", troubled("gone")],
  ["endpointRestored", "failing", troubled("restored")],
  ["endpointAhead", "failing", troubled("ahead")],
  ["deadLetters", "note", troubled("deadLetters")],
  ["deciderFailing", "failing", {
    deciders: [{
      name: "d",
      failures: 9,
      failingSinceMs: NOW_MS - 5 * MINUTE_MS,
    }],
  }],
  ["directoryStuck", "failing", {
    directory: { failure: "why", events: 0, seconds: 0 },
  }],
  ["directoryBehind", "failing", { directory: { events: 900, seconds: 61 } }],
  ["laneBehind", "failing", { lane: { waiting: 4, oldestSec: 31 } }],
  ["retentionBehind", "soon", {
    retention: { days: 30, oldestMs: NOW_MS - 32 * DAY_MS },
  }],
  ["quarantine", "note", { quarantined: 2 }],
  ["evicted", "losing", { evicted: 3 }],
  ["insecureConsole", "note", { insecureConsole: true }],
  ["unsignedApp", "note", { apps: [{ ...APP, isSigned: false }] }],
  ["previousTokenUsed", "note", {
    apps: [{ ...APP, previousToken: { lastMs: NOW_MS - MINUTE_MS } }],
  }],
  ["previousTokenUnused", "note", {
    apps: [{ ...APP, previousToken: { lastMs: undefined } }],
  }],
  ["futureEvents", "failing", { future: { count: 1, address: "192.0.2.1" } }],
  ["guesses", "note", { guesses: { count: 20, address: "192.0.2.1" } }],
  ["missedGroups", "losing", { runs: [{ ...RUN, missed: 2 }] }],
  ["reconcileFailed", "failing", {
    runs: [{ ...RUN, state: "failed", error: "70009" }],
  }],
  ["reconcileHeldBack", "failing", { runs: [{ ...RUN, isHeldBack: true }] }],
];

Deno.test("findingsOf() says nothing when all is well", () => {
  assertEquals(findingsOf(WELL), []);
  const bare = { disk: undefined, retention: undefined, lane: undefined };
  assertEquals(findingsOf({ ...WELL, ...bare }), []);
});

Deno.test.each(CASES.map((one) => [...one] as const))(
  "findingsOf() raises %s as %s, and all languages say it whole",
  (kind, severity, changes) => {
    const findings = findingsOf({ ...WELL, ...changes });
    const [finding] = findings;

    assertEquals(findings.map((one) => [one.kind, one.severity]), [
      [kind, severity],
    ]);
    assert(finding !== undefined);
    for (const lang of ALERT_LANGS) {
      const raised = { ...finding, id: kind, sinceMs: NOW_MS };
      const { message, action, link } = alertJson(raised, lang);
      assert(message.length > 5 && action.length > 5, lang);
      assertEquals(/[{}]/.test(message + action), false, message + action);
      assert(link.startsWith("/console/"));
    }
  },
);

Deno.test("every kind of alert that has words is raised here", () => {
  const raised = new Set(CASES.map(([kind]) => kind));

  assertEquals(Object.keys(EN).filter((kind) => !raised.has(kind)), []);
});

Deno.test("troubleOf() tells of five minutes of failures, and not of a pause", () => {
  const failing = { failingSinceMs: NOW_MS - 5 * MINUTE_MS, failures: 3 };
  const trouble = troubleOf(endpointOf(failing), NOW_MS)?.trouble;
  const early = troubleOf(endpointOf(failing), NOW_MS - 1);
  const paused = troubleOf(endpointOf({ ...failing, mode: "paused" }), NOW_MS);

  assertEquals([trouble, early, paused], ["failing", undefined, undefined]);
});
