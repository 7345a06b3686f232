import { assertEquals } from "@std/assert";
import { INTAKE_BUDGETS_MS, openBudgets } from "../../src/ingest/budgets.ts";

const NEVER = new Promise<never>(() => {});

Deno.test("INTAKE_BUDGETS_MS are those of the contract", () => {
  assertEquals(INTAKE_BUDGETS_MS, { body: 5_000, after: 1_500, before: 500 });
});

Deno.test.each(["body", "after", "before"] as const)(
  "openBudgets() gives %s the time it is told",
  async (step) => {
    const long = { body: 60_000, after: 60_000, before: 60_000 };
    using budgets = openBudgets({ ...long, [step]: 1 });

    assertEquals(await budgets[step].race(NEVER, "late"), "late");
  },
);

Deno.test("openBudgets() stops every timer when it is disposed", () => {
  using budgets = openBudgets();
  for (const step of ["body", "after", "before"] as const) {
    budgets[step].race(NEVER, "late");
  }
});
