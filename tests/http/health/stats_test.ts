import { calm } from "../../support/http/alerts_fixture.ts";
import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { IntakeStats } from "../../../src/http/callback/intake_stats.ts";
import { statsRoute } from "../../../src/http/health/stats.ts";
import {
  type StatsJson,
  StatsSchema,
} from "../../../src/http/health/stats_schemas.ts";
import type { StatsSources } from "../../../src/http/health/stats_sources.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { createConsumer } from "../../../src/store/journal/consumers.ts";
import {
  APP,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  UNSIGNED_APP,
} from "../../support/ingest/callback_fixture.ts";
import { type Api, openApi } from "../../support/http/api_fixture.ts";
import { PROJECTOR } from "../../support/http/directory_fixture.ts";
import { project } from "../../support/directory/projection_fixture.ts";

const TIME = new Date(NOW_MS).toISOString();

/** An application whose clock stands at NOW_MS until it is set, and its statistics. */
async function openStats(changes: Partial<StatsSources> = {}) {
  const clock = { nowMs: NOW_MS };
  const now = () => clock.nowMs;
  const metrics = new Metrics({
    apps: [APP.id, UNSIGNED_APP.id],
    commands: [CREATED],
    codes: [],
    now,
  });
  const intake = new IntakeStats({ now });
  const api = await openApi({
    observe: (observation) => {
      metrics.countCallback(observation);
      intake.add(observation);
    },
    routes: ({ store }) => [statsRoute({
      store,
      projector: PROJECTOR,
      metrics,
      ...calm(metrics),
      intake,
      disk: undefined,
      apps: [APP],
      now,
      ...changes,
    })],
  });
  return { ...api, clock };
}

async function statsOf(api: Api): Promise<StatsJson> {
  return v.parse(StatsSchema, await (await api.get("/v1/stats")).json());
}

Deno.test("GET /v1/stats of a new server has zeros and no alert", async () => {
  await using api = await openStats();
  const stats = await statsOf(api);

  assertEquals([stats.time, stats.through], [TIME, "0"]);
  assertEquals(stats.lag, { events: 0, seconds: 0 });
  assertEquals(stats.groups.total, 0);
  assertEquals(stats.intake, {
    perSecond: 0,
    latencyMs: { p50: 0, p99: 0 },
    accepted: 0,
    copies: 0,
    rejects: [],
  });
  assertEquals(stats.apps, [{ sdkAppId: APP.id, isSigned: true }]);
  assertEquals([stats.consumers, stats.alerts], [[], []]);
  assertEquals("disk" in stats || "retentionDays" in stats, false);
});

Deno.test("GET /v1/stats counts groups by type and state", async () => {
  await using api = await openStats();
  await api.post({ ...CREATED_BODY, GroupId: "a", Type: "Public" });
  await api.post({ ...CREATED_BODY, GroupId: "b" });
  const CallbackCommand = "Group.CallbackAfterGroupDestroyed";
  const destroyed = { ...CREATED_BODY, GroupId: "b", CallbackCommand };
  await api.post(destroyed, { CallbackCommand });
  await project(api.store);
  const { groups } = await statsOf(api);

  assertEquals(groups.total, 2);
  assertEquals(groups.byState, { partial: 0, active: 1, disbanded: 1 });
  assertEquals(groups.byType.Public, { partial: 0, active: 1, disbanded: 0 });
});

Deno.test("GET /v1/stats tells what came in, and from whom what was refused", async () => {
  await using api = await openStats();
  await api.post(CREATED_BODY);
  await api.post(CREATED_BODY);
  for (let n = 0; n < 3; n++) await api.post(CREATED_BODY, { Sign: "0" });
  await api.post("no JSON");
  const { intake, quarantine, apps } = await statsOf(api);

  assertEquals([intake.accepted, intake.copies, intake.perSecond], [1, 1, 3]);
  assertEquals(intake.rejects.map(({ code, count }) => [code, count]), [
    [40101, 3],
    [42200, 1],
  ]);
  assertEquals(intake.rejects[0]?.lastAddress, "203.0.113.1");
  assertEquals(intake.rejects[0]?.lastAt, TIME);
  assertEquals(quarantine, { items: 1 });
  assertEquals(apps[0]?.lastCallbackAt, TIME);
});

Deno.test("GET /v1/stats tells of an app that is not signed", async () => {
  await using api = await openStats({ apps: [APP, UNSIGNED_APP] });
  const { apps } = await statsOf(api);

  assertEquals(apps.map(({ isSigned }) => isSigned), [true, false]);
});

Deno.test("GET /v1/stats tells how far each consumer is behind", async () => {
  await using api = await openStats();
  const options = { name: "a", start: "first", nowMs: NOW_MS } as const;
  await createConsumer(api.store.side, options);
  await api.post(CREATED_BODY);
  api.clock.nowMs += 5_000;

  assertEquals((await statsOf(api)).consumers, [
    { name: "a", events: 1, seconds: 5 },
  ]);
});

Deno.test("GET /v1/stats tells of the disk", async () => {
  const use = { freeBytes: 5, fileBytes: 30, walBytes: 4 };
  await using api = await openStats({ disk: { use, warning: "scarce" } });
  const { disk } = await statsOf(api);

  assertEquals(disk, { freeBytes: 5, storeBytes: 34 });
});

Deno.test("GET /v1/stats has the alerts of GET /v1/alerts, in the reader's language", async () => {
  const alert = {
    id: "quarantine",
    kind: "quarantine",
    severity: "note",
    params: { items: 2 },
    link: "/console/quarantine",
    sinceMs: NOW_MS,
  } as const;
  const alerts = { look: () => Promise.resolve([alert]) };
  await using api = await openStats({ alerts, retentionDays: 3 });
  const headers = { "accept-language": "ja-JP,ja;q=0.9" };
  const answer = await api.get("/v1/stats", { headers });
  const stats = v.parse(StatsSchema, await answer.json());

  assertEquals(stats.retentionDays, 3);
  assertEquals(stats.alerts.map(({ id, message }) => [id, message]), [
    ["quarantine", "2 件のコールバックが隔離されています。"],
  ]);
});
