import type { Registry } from "prom-client";
import { getAppRuns, type Run } from "../../reconcile/phases/run.ts";
import type { Store } from "../../store/open.ts";
import { addGauge, type GaugeSample, shared } from "./gauge.ts";

/** Sources of the gauges. */
export interface ReconcileGaugeSources {
  readonly registry: Registry;
  readonly store: Pick<Store, "reader">;
  /** SDKAppIDs of the apps that are compared. */
  readonly apps: readonly number[];
}

/** Adds what each app's last comparison with Tencent's list found, and when it ended. */
export function addReconcileGauges(
  { registry, store, apps }: ReconcileGaugeSources,
): void {
  const last = shared(async () =>
    (await Promise.all(apps.map((app) => getAppRuns(store.reader, app))))
      .flatMap(({ last }) => last ?? [])
  );
  const samplesOf = (make: (run: Run) => readonly GaugeSample[]) => async () =>
    (await last()).flatMap(make);
  addGauge(registry, "imhook_reconcile_groups", {
    help: "Groups that the last reconciliation of an app found, by kind",
    labels: ["app", "kind"],
    read: samplesOf(({ app, found: { isHeldBack: _, ...counts } }) =>
      Object.entries(counts).map(([kind, value]) => ({
        labels: { app: String(app), kind },
        value,
      }))
    ),
  });
  addGauge(registry, "imhook_reconcile_failing", {
    help: "1 where the last reconciliation of an app failed",
    labels: ["app"],
    read: samplesOf(({ app, state }) => [{
      labels: { app: String(app) },
      value: state === "failed" ? 1 : 0,
    }]),
  });
  addGauge(registry, "imhook_reconcile_last_timestamp_seconds", {
    help: "When the last reconciliation of an app ended",
    labels: ["app"],
    read: samplesOf(({ app, endedAtMs = 0 }) => [{
      labels: { app: String(app) },
      value: endedAtMs / 1_000,
    }]),
  });
}
