import { assert, assertEquals } from "@std/assert";
import { alertsOf } from "../../../src/http/health/alerts.ts";
import type { Rejects } from "../../../src/http/callback/intake_stats.ts";
import type { Alert, Vitals } from "../../../src/http/health/alert.ts";
import { type AnswerCode, ANSWERS } from "../../../src/protocol/ack.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = 1_000 * DAY_MS;

/** Nothing is wrong here. */
const WELL: Vitals = {
  nowMs: NOW_MS,
  startedAtMs: NOW_MS - 5 * DAY_MS,
  failure: undefined,
  disk: { freeBytes: 2 ** 40, isScarce: false },
  apps: [{ id: 1, lastCallbackMs: NOW_MS - HOUR_MS, isSigned: true }],
  rejects: [],
  stopped: [],
  lag: { events: 3, seconds: 1 },
  retention: { days: 30, oldestMs: NOW_MS - 30.5 * DAY_MS },
  quarantined: 0,
};

/** The one alert that these changes cause. */
function alertOf(changes: Partial<Vitals>): Alert {
  const alerts = alertsOf({ ...WELL, ...changes });
  assertEquals(alerts.length, 1);
  const [alert] = alerts;
  assert(alert !== undefined);
  return alert;
}

/** So many refusals with a code in the last hour. */
function rejectsOf(code: AnswerCode, lastHour: number): Rejects {
  return {
    code,
    reason: ANSWERS[code].info,
    count: 99,
    lastMinute: 0,
    lastHour,
    lastAddress: "203.0.113.9",
    lastAtMs: NOW_MS,
  };
}

Deno.test("alertsOf() says nothing when all is well", () => {
  assertEquals(alertsOf(WELL), []);
  assertEquals(
    alertsOf({ ...WELL, disk: undefined, retention: undefined }),
    [],
  );
});

Deno.test("alertsOf() tells why callbacks cannot be kept", () => {
  const { kind, text, params } = alertOf({ failure: "disk is full" });

  assertEquals(kind, "storeFailing");
  assert(text.startsWith("Callbacks cannot be kept: disk is full. "));
  assertEquals(params, { reason: "disk is full" });
});

Deno.test("alertsOf() tells how little disk is left", () => {
  const disk = { freeBytes: 300 * 2 ** 20, isScarce: true };
  const { kind, text } = alertOf({ disk });

  assertEquals(kind, "diskLow");
  assert(text.startsWith("Only 300 MiB are free "));
});

Deno.test.each([
  [25 * HOUR_MS, "No callback of app 1 has come for 25 hours."],
  [4 * DAY_MS, "No callback of app 1 has come for 4 days."],
])("alertsOf() tells that no callback came for %s ms", (silentMs, start) => {
  const [app] = WELL.apps;
  assert(app !== undefined);
  const apps = [{ ...app, lastCallbackMs: NOW_MS - silentMs }];
  const { kind, text } = alertOf({ apps });

  assertEquals(kind, "noCallbacks");
  assert(text.startsWith(start), text);
});

Deno.test("alertsOf() tells of an app that never sent one a day after the start", () => {
  const apps = [{ id: 7, lastCallbackMs: undefined, isSigned: true }];
  const { kind, text, params } = alertOf({ apps });

  assertEquals(kind, "noCallbacks");
  assert(text.includes("since imhook started 5 days ago"), text);
  assertEquals(params, { sdkAppId: 7, hours: 120 });
  const startedAtMs = NOW_MS - DAY_MS + 1;
  assertEquals(alertsOf({ ...WELL, apps, startedAtMs }), []);
});

Deno.test("alertsOf() tells who sends wrong Signs", () => {
  const { kind, text, params } = alertOf({ rejects: [rejectsOf(40101, 12)] });

  assertEquals(kind, "rejectsRising");
  assert(
    text.startsWith(
      "12 requests with a wrong Sign in the last hour, the last one from 203.0.113.9. ",
    ),
  );
  assertEquals(params, { code: 40101, count: 12, address: "203.0.113.9" });
});

Deno.test.each<[AnswerCode, number, number]>([
  [40100, 2, 0],
  [40101, 2, 0],
  [40101, 3, 1],
  [40102, 3, 1],
  [40300, 19, 0],
  [40300, 20, 1],
  [50300, 1, 1],
  [42202, 1_000, 0],
])("alertsOf() of code %s %s times an hour gives %s", (code, times, count) => {
  const rejects = [rejectsOf(code, times)];

  assertEquals(alertsOf({ ...WELL, rejects }).length, count);
});

Deno.test("alertsOf() tells how far the directory is behind", () => {
  const { kind, params } = alertOf({ lag: { events: 900, seconds: 61.4 } });

  assertEquals(kind, "directoryBehind");
  assertEquals(params, { events: 900, seconds: 61 });
});

Deno.test("alertsOf() tells what retention has left behind", () => {
  const retention = { days: 30, oldestMs: NOW_MS - 33.5 * DAY_MS };
  const { kind, params } = alertOf({ retention });

  assertEquals(kind, "retentionBehind");
  assertEquals(params, { days: 30, overdueDays: 3 });
});

Deno.test.each([[1, "1 callback is "], [2, "2 callbacks are "]])(
  "alertsOf() tells that %s are in quarantine",
  (quarantined, start) => {
    const { kind, text } = alertOf({ quarantined });

    assertEquals(kind, "quarantine");
    assert(text.startsWith(start));
  },
);

Deno.test("alertsOf() tells of each app without a token", () => {
  const app = { lastCallbackMs: NOW_MS, isSigned: false };
  const apps = [{ ...app, id: 1 }, { ...app, id: 2 }];
  const alerts = alertsOf({ ...WELL, apps });

  assertEquals(alerts.map(({ kind }) => kind), ["unsignedApp", "unsignedApp"]);
  assertEquals(alerts.map(({ params }) => params.sdkAppId), [1, 2]);
});

Deno.test("alertsOf() puts the most urgent first", () => {
  const alerts = alertsOf({ ...WELL, quarantined: 1, failure: "x" });

  assertEquals(alerts.map(({ kind }) => kind), ["storeFailing", "quarantine"]);
});
