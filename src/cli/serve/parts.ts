import type { Config } from "../../config/config.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import type { Store } from "../../store/open.ts";
import { type Alerting, openAlerting } from "./alerting.ts";
import { type Background, keepOfConfig, openBackground } from "./background.ts";
import { type Deciding, openDeciding } from "./deciding.ts";
import { type DeliveryServices, openDeliveryServices } from "./deliveries.ts";
import { openReconciling, type Reconciling } from "./reconciling.ts";

/** Everything that runs beside intake while the server listens. */
export interface RunningParts extends AsyncDisposable {
  readonly deliveries: DeliveryServices;
  readonly deciding: Deciding;
  readonly background: Background;
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
  const deliveries = stack.use(await openDeliveryServices(config, base));
  const keepOf = keepOfConfig(config);
  const deciding = stack.use(
    await openDeciding(config, { ...base, keepOf }),
  );
  const { floor } = deliveries;
  const background = stack.use(openBackground(config, { ...base, floor }));
  const { directory } = background;
  const reconciling = stack.use(
    openReconciling(config, { ...base, directory }),
  );
  const { deciders } = deciding;
  const alerting = stack.use(
    await openAlerting(config, { ...base, background, deciders }),
  );
  const owned = stack.move();
  return {
    deliveries,
    deciding,
    background,
    reconciling,
    alerting,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
