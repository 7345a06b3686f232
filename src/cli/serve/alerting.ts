// The alerts of this process: judged again and again, and posted where the configuration says.
import type { Config } from "../../config/config.ts";
import type { Deciders } from "../../delivery/decider/deciders.ts";
import { openOutbound } from "../../delivery/outbound/outbound.ts";
import { Guesses } from "../../http/edge/guesses.ts";
import { AlertBook } from "../../http/health/alerts/alert_book.ts";
import { FutureWatch } from "../../http/health/alerts/future_watch.ts";
import {
  type LastCallbacks,
  openLastCallbacks,
} from "../../http/health/alerts/last_callbacks.ts";
import { createNotifier } from "../../http/health/alerts/notify.ts";
import { createVitalsReader } from "../../http/health/alerts/read_vitals.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { Store } from "../../store/open.ts";
import type { Background } from "./background.ts";

/** The alerts, and what they are judged by beside the store. */
export interface Alerting extends AsyncDisposable {
  readonly alerts: Pick<AlertBook, "look" | "current">;
  readonly lastCallbacks: LastCallbacks;
  readonly guesses: Guesses;
}

const MINUTE_MS = 60_000;

/** Looks for alerts until it is disposed. */
export async function openAlerting(
  config: Config,
  { store, metrics, background, deciders }: {
    readonly store: Store;
    readonly metrics: Metrics;
    readonly background: Pick<Background, "directory" | "intake" | "disk">;
    readonly deciders: Pick<Deciders, "statuses">;
  },
): Promise<Alerting> {
  await using stack = new AsyncDisposableStack();
  const apps = [...config.apps.values()];
  const lastCallbacks = stack.use(
    await openLastCallbacks({ store, metrics, apps: apps.map(({ id }) => id) }),
  );
  const guesses = new Guesses({ onWrong: () => metrics.countUnauthorized() });
  const { directory, intake, disk } = background;
  const read = createVitalsReader({
    ...{ store, directory, deciders, intake, disk, guesses, lastCallbacks },
    future: new FutureWatch(store),
    apps,
    insecureConsole: config.insecureConsole,
    retentionDays: config.retentionDays,
    silenceMs: config.silenceMinutes * MINUTE_MS,
  });
  const tell = openNotifier(config, stack);
  const alerts = stack.use(new AlertBook({ store, read, tell }));
  alerts.start();
  const owned = stack.move();
  return {
    alerts,
    lastCallbacks,
    guesses,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function openNotifier(
  { alertUrl, alertLang: lang, listen: { hostname, port } }: Config,
  stack: AsyncDisposableStack,
) {
  if (alertUrl === undefined) return undefined;
  const { post } = stack.use(openOutbound({ reach: "private" }));
  const server = `${Deno.hostname()}, ${hostname}:${port}`;
  return createNotifier({ url: alertUrl, lang, post, server });
}
