import { Budget } from "../base/budget.ts";

/** Longest times of the steps of intake, ms. */
export interface BudgetsMs {
  /** For a body to arrive. */
  readonly body: number;
  /** For the store, once the body is there. */
  readonly after: number;
  /** For everything, where a user of the app waits for the answer. */
  readonly before: number;
}

/** The time limits of intake, running. */
export type Budgets =
  & { readonly [Step in keyof BudgetsMs]: Budget }
  & Disposable;

/** The time limits of design §3: Tencent waits 2 s. */
export const INTAKE_BUDGETS_MS: BudgetsMs = {
  body: 5_000,
  after: 1_500,
  before: 500,
};

/** Opens the time limits of intake. */
export function openBudgets(ms: BudgetsMs = INTAKE_BUDGETS_MS): Budgets {
  using stack = new DisposableStack();
  const body = stack.use(new Budget(ms.body));
  const after = stack.use(new Budget(ms.after));
  const before = stack.use(new Budget(ms.before));
  const owned = stack.move();
  return { body, after, before, [Symbol.dispose]: () => owned.dispose() };
}

/** Longest wait for the store to keep something. */
export interface PatienceOptions {
  /** @default {1500}, as long as a callback waits */
  readonly patienceMs?: number;
}

/** Something that is not durable in time: it goes on by itself, and may still be kept. */
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
