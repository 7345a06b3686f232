// Alerts in the store: what has begun, and who has been told.
import type { KvKey, ReadableKv, WritableKv } from "../../../store/kv/kv.ts";
import type { RaisedAlert } from "./alert.ts";

/** An alert as it is remembered. */
export interface KeptAlert {
  readonly alert: RaisedAlert;
  /** True when its begin has been told. */
  isTold: boolean;
  /** End of the alert that is still to be told, Unix ms. */
  endedAtMs?: number | undefined;
  /** True when the store has it. */
  isKept: boolean;
}

const PREFIX: KvKey = ["alerts"];

/** Lists the alerts that have begun and whose end has not been told. */
export async function listAlerts(kv: ReadableKv): Promise<KeptAlert[]> {
  const alerts: KeptAlert[] = [];
  for await (const { value } of kv.list<KeptAlert>({ prefix: PREFIX })) {
    alerts.push(value);
  }
  return alerts;
}

/** Remembers an alert. */
export async function putAlert(kv: WritableKv, kept: KeptAlert): Promise<void> {
  await kv.atomic().set([...PREFIX, kept.alert.id], kept).commit();
}

/** Forgets an alert whose end has been told. */
export async function deleteAlert(kv: WritableKv, id: string): Promise<void> {
  await kv.atomic().delete([...PREFIX, id]).commit();
}
