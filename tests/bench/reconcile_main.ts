// Reconciles with a stand-in that holds 100,000 groups, and prints memory and the share of Tencent's limits.
// Its task lets V8 collect early: what is measured is what a pass needs, not what V8 keeps for later.
import { parseArgs } from "node:util";
import { Projector } from "../../src/directory/projector/projector.ts";
import { SANDBOX_APP } from "../../src/config/config.ts";
import { Reconciler } from "../../src/reconcile/reconcile.ts";
import { getRun } from "../../src/reconcile/phases/run.ts";
import { openStore } from "../../src/store/open.ts";
import { Pace } from "../../src/store/pace.ts";

const { values } = parseArgs({
  options: {
    groups: { type: "string", default: "100000" },
    rate: { type: "string", default: "160" },
    port: { type: "string", default: "9761" },
  },
});

const MIB = 1_048_576;
const PORT = values.port;
const LIST = "group_open_http_svc/get_appid_group_list";
/** Calls a second that Tencent takes of one kind, and of the list. */
const LIMITS: Readonly<Record<string, number>> = { [LIST]: 1 };
const LIMIT = 200;

const main = new URL("../../main.ts", import.meta.url).pathname;
await using stack = new AsyncDisposableStack();
const tencent = new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    "-A",
    main,
    "trigger",
    `--serve-rest=${PORT}`,
    `--import=${values.groups}`,
    "--bare",
  ],
  stdout: "null",
  stderr: "piped",
}).spawn();
stack.defer(async () => {
  tencent.kill();
  await tencent.status;
});
// Its first words say that it listens.
const words = tencent.stderr.getReader();
await words.read();
words.releaseLock();
await tencent.stderr.cancel();

const folder = await Deno.makeTempDir({ prefix: "imhook-reconcile-" });
stack.defer(() => Deno.remove(folder, { recursive: true }));
const store = stack.use(
  await openStore({ path: `${folder}/a.kv`, dedupeMax: 1_000 }),
);
const pace = new Pace(store);
const directory = stack.use(new Projector({ store, pace }));
const reconciler = stack.use(
  new Reconciler({
    store,
    pace,
    directory,
    apps: [{
      id: SANDBOX_APP.id,
      tokens: [],
      rest: {
        key: SANDBOX_APP.key,
        admin: "administrator",
        origin: `http://127.0.0.1:${PORT}`,
      },
    }],
    everyHours: 0,
    rate: Number(values.rate),
  }),
);

await pass("everything is missing, nothing is appended", true);
await pass("everything is missing, and appended", false);
await pass("everything is known", false);

/** Runs a pass, and tells what it took. The groups have no members: those take a call each. */
async function pass(what: string, isDry: boolean): Promise<void> {
  const startMs = performance.now();
  const started = await reconciler.start({
    app: SANDBOX_APP.id,
    hasMembers: false,
    isDry,
    acceptsGone: false,
  });
  if (started.kind !== "started") throw new Error(started.kind);
  let peak = 0;
  let heap = 0;
  let run = started.run;
  while (run.state === "running") {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { rss, heapUsed } = Deno.memoryUsage();
    peak = Math.max(peak, rss);
    heap = Math.max(heap, heapUsed);
    run = await getRun(store.reader, run.id) ?? run;
  }
  const response = await fetch(`http://127.0.0.1:${PORT}/stand-in/peaks`, {
    method: "POST",
  });
  const { peaks } = await response.json() as { peaks: Record<string, number> };
  const shares = Object.entries(peaks).map(([path, calls]) =>
    `${path.split("/")[1]} ${calls.toFixed(2)}/s (${
      Math.round(100 * calls / (LIMITS[path] ?? LIMIT))
    } %)`
  );
  const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
  // deno-lint-ignore no-console -- what it is for
  console.log(
    `${what}: ${run.state}, ${run.found.groups} groups, ${run.found.missing} missing, ${run.calls} calls, ${seconds} s, ${
      Math.round(peak / MIB)
    } MiB at the peak (heap ${
      Math.round(heap / MIB)
    }); most calls within a second: ${shares.join(", ")}`,
  );
}
