import type { Config } from "../../config/config.ts";
import { askDecider } from "../../delivery/decider/ask.ts";
import {
  type Deciders,
  openDeciders,
} from "../../delivery/decider/deciders.ts";
import {
  rememberedResolve,
  systemResolve,
} from "../../delivery/outbound/dns.ts";
import { openOutbound } from "../../delivery/outbound/outbound.ts";
import type { CallbackOptions } from "../../http/callback/intake.ts";
import { deciderRoutes } from "../../http/deciders/routes.ts";
import type { Route } from "../../http/edge/route.ts";
import { addDecisionMetrics } from "../../http/health/decision_metrics.ts";
import { openBudgets } from "../../ingest/budgets.ts";
import { createDecidedReceiver } from "../../ingest/decided.ts";
import type { ReceiverOptions } from "../../ingest/receive.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { Store } from "../../store/open.ts";
import { reachOf } from "./deliveries.ts";

/** The deciders of this process, and the routes that look after them. */
export interface Deciding extends AsyncDisposable {
  readonly routes: readonly Route[];
  readonly decidedReceiver: NonNullable<CallbackOptions["decidedReceiver"]>;
  readonly deciders: Pick<Deciders, "statuses">;
}

const PATIENCE = {
  /** Longest time to connect to one address of a decider: it answers within 1.2 s or not at all. */
  attemptTimeoutMs: 300,
  /** Time that idle connections to deciders are kept open. */
  idleMs: 60_000,
} as const;

/** Lets deciders answer callbacks until it is disposed. */
export async function openDeciding(
  config: Pick<Config, "isSandbox" | "allowPrivateEndpoints" | "apps">,
  { store, metrics: { registry }, keepOf }: {
    readonly store: Store;
    readonly metrics: Pick<Metrics, "registry">;
    readonly keepOf?: ReceiverOptions["keepOf"];
  },
): Promise<Deciding> {
  await using stack = new AsyncDisposableStack();
  const resolve = rememberedResolve(systemResolve);
  const reach = reachOf(config);
  const outbound = stack.use(openOutbound({ reach, resolve, ...PATIENCE }));
  const { apps } = config;
  const asking = {
    post: outbound.post,
    appToken: (app: number) => apps.get(String(app))?.tokens[0],
  };
  const { observeFailure, ...observers } = addDecisionMetrics(registry);
  // A name that has no address now is tried when it is asked.
  const prepare = (url: string) =>
    void resolve(new URL(url).hostname).catch(() => {});
  const deciders = stack.use(
    await openDeciders({ ...asking, store, prepare, observeFailure }),
  );
  const { after: budget } = stack.use(openBudgets());
  const receive = createDecidedReceiver({
    store,
    keepOf,
    budget,
    ...observers,
  });
  const owned = stack.move();
  return {
    deciders,
    decidedReceiver: (app, command) => {
      const decider = deciders.find(app, command);
      return decider &&
        ((callback, read) => receive(callback, { decider, read }));
    },
    routes: deciderRoutes({
      store,
      deciders,
      checkUrl: outbound.checkUrl,
      ask: (decider, callback) => askDecider(decider, callback, asking),
      appIds: Array.from(apps.values(), ({ id }) => id),
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
