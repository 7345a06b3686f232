import { Budget } from "../base/budget.ts";
import { INTAKE_BUDGETS_MS } from "./budgets.ts";

/** How long whoever asks waits for the store to keep what it was given. */
export interface PatienceOptions {
  /** @default {1500}, as long as a callback waits */
  readonly patienceMs?: number;
}

/** What is not durable in time: it goes on by itself, and may still be kept. */
export interface Late {
  readonly kind: "late";
}

const LATE: Late = { kind: "late" };

/** The outcome of something the store has to keep, or `late`. */
export async function inTime<T>(
  keeping: Promise<T>,
  { patienceMs = INTAKE_BUDGETS_MS.after }: PatienceOptions,
): Promise<T | Late> {
  using patience = new Budget(patienceMs);
  return await patience.race(keeping, LATE);
}
