import { calm } from "../../support/http/alerts_fixture.ts";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { directoryKeys } from "../../../src/directory/rows/keys.ts";
import { createAuthorizer } from "../../../src/http/edge/auth.ts";
import { createRouter } from "../../../src/http/edge/router.ts";
import { addGauges } from "../../../src/http/health/gauges.ts";
import { addProcess } from "../../../src/http/health/process_gauges.ts";
import { metricsRoute } from "../../../src/http/health/scrape.ts";
import { Metrics } from "../../../src/metrics/metrics.ts";
import { ANSWERS } from "../../../src/protocol/ack.ts";
import { COMMANDS } from "../../../src/protocol/commands.ts";
import { createConsumer } from "../../../src/store/journal/consumers.ts";
import { CONSUMERS_PREFIX } from "../../../src/store/kv/keys.ts";
import {
  type Api,
  API_TOKEN,
  assertProblem,
  openApi,
} from "../../support/http/api_fixture.ts";
import {
  APP,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  UNSIGNED_APP,
} from "../../support/ingest/callback_fixture.ts";
import {
  type ParsedMetrics,
  parseMetrics,
  samplesOf,
} from "../../support/metrics_fixture.ts";

const DISK = {
  use: { freeBytes: 1e9, fileBytes: 4_096, walBytes: 8_192 },
};

const promtool = await findPromtool();

async function findPromtool(): Promise<string | undefined> {
  try {
    await new Deno.Command("promtool", { args: ["--version"] }).output();
    return "promtool";
  } catch {
    // deno-lint-ignore no-console -- a skipped test says why
    console.log("promtool is not installed: its check of /metrics is skipped");
    return undefined;
  }
}

/** An application with metrics; the clock stands still at NOW_MS. */
function openMeasured({ isOpen = false } = {}): Promise<Api> {
  const metrics = new Metrics({
    apps: [APP.id, UNSIGNED_APP.id],
    commands: COMMANDS.keys(),
    codes: Object.keys(ANSWERS).map(Number).filter((code) => code !== 0),
    now: () => NOW_MS,
  });
  return openApi({
    observe: (observation) => metrics.countCallback(observation),
    observeCommit: (commit) => metrics.countCommit(commit),
    routes: ({ store, readers }) => {
      const now = () => NOW_MS + 3_000;
      addGauges({
        metrics,
        store,
        readers,
        disk: DISK,
        directory: { status: { through: 3, last: 5, failure: "why" } },
        now,
        ...calm(metrics),
        apps: [APP.id, UNSIGNED_APP.id],
      });
      return [metricsRoute({ registry: metrics.registry, isOpen })];
    },
  });
}

async function scrape(api: Api): Promise<ParsedMetrics> {
  return parseMetrics(await (await api.get("/metrics")).text());
}

function counts(metrics: ParsedMetrics): Record<string, number> {
  return samplesOf(metrics, "imhook_callbacks_total");
}

Deno.test("GET /metrics is refused without the token", async () => {
  await using api = await openMeasured();
  const answer = await api.fetch(new Request("http://h/metrics"));

  await assertProblem(answer, 401);
});

Deno.test("GET /metrics is open to everybody when it is told to be", async () => {
  await using api = await openMeasured({ isOpen: true });
  const answer = await api.fetch(new Request("http://h/metrics"));

  assertEquals(answer.status, 200);
  parseMetrics(await answer.text());
  const guarded = await api.fetch(new Request("http://h/v1/events"));
  await assertProblem(guarded, 401);
});

Deno.test("GET /metrics is answered in the text format", async () => {
  await using api = await openMeasured();
  const answer = await api.get("/metrics");

  assertEquals(
    answer.headers.get("content-type"),
    "text/plain; version=0.0.4; charset=utf-8",
  );
  const { types } = parseMetrics(await answer.text());
  for (const [name, type] of types) {
    assertMatch(name, /^(imhook|process)_/);
    assertEquals(name.endsWith("_total"), type === "counter", name);
  }
});

Deno.test("GET /metrics counts exactly what was sent", async () => {
  await using api = await openMeasured();
  await api.post(CREATED_BODY);
  await api.post(CREATED_BODY);
  await api.post({ ...CREATED_BODY, GroupId: 7 });
  await api.post(CREATED_BODY, { Sign: "0".repeat(64) });
  await api.post({ a: 1 }, { CallbackCommand: "New.Command" });
  await (await api.fetch(new Request("http://h/"))).body?.cancel();

  const metrics = await scrape(api);
  assertEquals(counts(metrics), {
    [`{command="${CREATED}",app="${APP.id}",outcome="kept"}`]: 1,
    [`{command="${CREATED}",app="${APP.id}",outcome="copy"}`]: 1,
    [`{command="${CREATED}",app="${APP.id}",outcome="quarantined"}`]: 1,
    [`{command="other",app="${APP.id}",outcome="kept"}`]: 1,
    [`{command="${CREATED}",app="none",outcome="refused"}`]: 1,
    '{command="none",app="none",outcome="probe"}': 1,
  });
  const refusals = samplesOf(metrics, "imhook_refusals_total");
  assertEquals(refusals['{code="40101"}'], 1);
  assertEquals(refusals['{code="42202"}'], 1);
  assertEquals(Object.values(refusals).reduce((sum, n) => sum + n), 2);
});

Deno.test("GET /metrics does not grow with the commands that are sent", async () => {
  await using api = await openMeasured();
  for (let number = 0; number < 50; number++) {
    const CallbackCommand = `Bad."${number}"\n\\.${"x".repeat(number)}`;
    await api.post({ number }, { CallbackCommand });
  }

  assertEquals(counts(await scrape(api)), {
    [`{command="other",app="${APP.id}",outcome="kept"}`]: 50,
  });
});

Deno.test("GET /metrics measures each commit", async () => {
  await using api = await openMeasured();
  await Promise.all(
    ["a", "b", "c"].map((GroupId) => api.post({ ...CREATED_BODY, GroupId })),
  );

  const { samples } = await scrape(api);
  assertEquals(samples.get("imhook_commit_items_sum"), 3);
  assertEquals(
    samples.get("imhook_commit_items_count"),
    samples.get("imhook_commit_duration_seconds_count"),
  );
});

Deno.test("GET /metrics tells how the store stands", async () => {
  await using api = await openMeasured();
  await api.post(CREATED_BODY);
  await api.post("no JSON");
  const { unfoldedTotal } = directoryKeys(1);
  await api.store.side.atomic().set(unfoldedTotal, 7).commit();

  const { samples } = await scrape(api);
  const now = NOW_MS / 1000;
  for (
    const [name, value] of [
      ["imhook_journal_head", 1],
      ["imhook_journal_first_kept", 1],
      ["imhook_quarantine_items", 1],
      ["imhook_queue_items", 0],
      ["imhook_queue_bytes", 0],
      ["imhook_store_failing", 0],
      ["imhook_readers", 0],
      ["imhook_directory_lag_events", 2],
      ["imhook_directory_failing", 1],
      ["imhook_directory_unfolded_events", 7],
      ["imhook_disk_free_bytes", 1e9],
      ['imhook_store_bytes{file="main"}', 4_096],
      ['imhook_store_bytes{file="wal"}', 8_192],
      [`imhook_last_callback_timestamp_seconds{app="${APP.id}"}`, now],
    ] as const
  ) assertEquals(samples.get(name), value, name);
});

Deno.test("GET /metrics tells how far each consumer is behind", async () => {
  await using api = await openMeasured();
  await api.post(CREATED_BODY);
  const start = { nowMs: NOW_MS } as const;
  const kv = api.store.side;
  await createConsumer(kv, { name: "behind", start: "first", ...start });
  await createConsumer(kv, { name: "up.to-date", start: "now", ...start });

  const metrics = await scrape(api);
  assertEquals(samplesOf(metrics, "imhook_consumer_lag_events"), {
    '{consumer="behind"}': 1,
    '{consumer="up.to-date"}': 0,
  });
  assertEquals(samplesOf(metrics, "imhook_consumer_lag_seconds"), {
    '{consumer="behind"}': 3,
    '{consumer="up.to-date"}': 0,
  });
});

Deno.test("GET /metrics looks at the consumers once a scrape", async () => {
  const metrics = new Metrics({ apps: [], commands: [], codes: [] });
  await using api = await openApi();
  const { writer, quarantineIndex, reader } = api.store;
  let lists = 0;
  const list: typeof reader.list = (selector, options) => {
    const { prefix } = selector as { readonly prefix?: Deno.KvKey };
    if (prefix === CONSUMERS_PREFIX) lists++;
    return reader.list(selector, options);
  };
  addGauges({
    directory: { status: { through: 0, last: 0 } },
    metrics,
    store: {
      writer,
      quarantineIndex,
      reader: Object.assign(Object.create(reader), { list }),
    },
    readers: { count: 0 },
    ...calm(metrics),
    apps: [],
    disk: undefined,
  });
  await metrics.registry.metrics();
  assertEquals(lists, 1);
  await metrics.registry.metrics();

  assertEquals(lists, 2);
});

Deno.test("GET /metrics leaves out what cannot be read, and tells the rest", async () => {
  const metrics = new Metrics({ apps: [], commands: [], codes: [] });
  await using api = await openApi();
  const list = () => {
    throw new TypeError("The disk is gone");
  };
  const { writer, quarantineIndex, reader } = api.store;
  const store = {
    writer,
    quarantineIndex,
    reader: Object.assign(Object.create(reader), { list }),
  };
  addGauges({
    directory: { status: { through: 0, last: 0 } },
    metrics,
    store,
    readers: { count: 0 },
    ...calm(metrics),
    apps: [],
    disk: { use: undefined },
  });
  const route = createRouter(
    [metricsRoute({ registry: metrics.registry, isOpen: false })],
    createAuthorizer({ apiTokens: [API_TOKEN], readTokens: [] }),
  );
  const headers = { authorization: `Bearer ${API_TOKEN}` };
  const request = new Request("http://h/metrics", { headers });
  const answer = await route(request, { path: "/metrics", search: "" });

  const { samples } = parseMetrics(await answer.text());
  assertEquals(samples.get("imhook_journal_head"), 0);
  assertEquals(samples.has("imhook_journal_first_kept"), false);
  assertEquals(samples.has("imhook_disk_free_bytes"), false);
});

Deno.test("GET /metrics satisfies promtool", {
  ignore: promtool === undefined,
}, async () => {
  await using api = await openMeasured();
  await api.post(CREATED_BODY);
  const body = await (await api.get("/metrics")).text();
  const child = new Deno.Command("promtool", {
    args: ["check", "metrics"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(body));
  await writer.close();
  const { code, stdout, stderr } = await child.output();

  const said = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);
  assertEquals([code, said], [0, ""]);
});

Deno.test("GET /metrics tells what the process takes by Prometheus' own names", async () => {
  const { registry } = new Metrics({ apps: [], commands: [], codes: [] });
  addProcess(registry);
  const text = await registry.metrics();
  const valueOf = (name: string) =>
    Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1]);

  assert(valueOf("process_cpu_seconds_total") > 0, text);
  assert(valueOf("process_open_fds") > 2, text);
  // Deno shows /proc only to who is granted everything.
  const isShown = await Deno.stat("/proc/self/limits").then(
    () => true,
    () => false,
  );
  assertEquals(valueOf("process_max_fds") > 2, isShown, text);
});
