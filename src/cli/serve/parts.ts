import type { Config } from "../../config/config.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { Store } from "../../store/open.ts";
import { type Alerting, openAlerting } from "./alerting.ts";
import { keepOfConfig, openUpkeep, type Upkeep } from "./background.ts";
import { type Deciding, openDeciding } from "./deciding.ts";
import { type Delivering, openDelivering } from "./deliveries.ts";
import { openReconciling, type Reconciling } from "./reconciling.ts";

/** Everything that runs beside intake while the server listens. */
export interface RunningParts extends AsyncDisposable {
  readonly delivering: Delivering;
  readonly deciding: Deciding;
  readonly upkeep: Upkeep;
  readonly reconciling: Reconciling;
  readonly alerting: Alerting;
}

/** Starts deliveries, deciders, directory, retention, reconcile and alerts; closed in reverse. */
export async function openParts(
  config: Config,
  { store, metrics }: { readonly store: Store; readonly metrics: Metrics },
): Promise<RunningParts> {
  await using stack = new AsyncDisposableStack();
  const base = { store, metrics };
  const delivering = stack.use(await openDelivering(config, base));
  const keepOf = keepOfConfig(config);
  const deciding = stack.use(
    await openDeciding(config, { ...base, keepOf }),
  );
  const { floor } = delivering;
  const upkeep = stack.use(openUpkeep(config, { ...base, floor }));
  const { directory } = upkeep;
  const reconciling = stack.use(
    openReconciling(config, { ...base, directory }),
  );
  const { deciders } = deciding;
  const alerting = stack.use(
    await openAlerting(config, { ...base, upkeep, deciders }),
  );
  const owned = stack.move();
  return {
    delivering,
    deciding,
    upkeep,
    reconciling,
    alerting,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
