import type { Config } from "../../config/config.ts";
import type { Projector } from "../../directory/projector/projector.ts";
import type { Route } from "../../http/edge/route.ts";
import { addReconcileGauges } from "../../http/health/reconcile_gauges.ts";
import { reconcileRoutes } from "../../http/reconcile/routes.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import { Reconciler } from "../../reconcile/reconcile.ts";
import type { Store } from "../../store/open.ts";
import { Pace } from "../../store/pace.ts";

/** Comparisons with Tencent's list of groups, and how they are asked for. */
export interface Reconciling extends AsyncDisposable {
  readonly routes: readonly Route[];
}

/** Compares the groups of each app that has a secret key, until it is disposed. */
export function openReconciling(
  { apps, reconcileHours: everyHours, reconcileRate: rate }: Pick<
    Config,
    "apps" | "reconcileHours" | "reconcileRate"
  >,
  { store, directory, metrics: { registry } }: {
    readonly store: Store;
    readonly directory: Pick<Projector, "status">;
    readonly metrics: Pick<Metrics, "registry">;
  },
): Reconciling {
  const all = [...apps.values()];
  const compared = all.filter(({ rest }) => rest !== undefined);
  const reconciler = new Reconciler({
    store,
    pace: new Pace(store),
    directory,
    apps: all,
    everyHours,
    rate,
  });
  addReconcileGauges({ registry, store, apps: compared.map(({ id }) => id) });
  return {
    routes: reconcileRoutes({ store, reconciler }),
    [Symbol.asyncDispose]: () => reconciler[Symbol.asyncDispose](),
  };
}
