import { assertEquals, assertRejects } from "@std/assert";
import { delay } from "@std/async/delay";
import { Budget } from "../../src/base/budget.ts";

const NEVER = new Promise<never>(() => {});

Deno.test("Budget.race() gives the outcome of a promise that is in time", async () => {
  using budget = new Budget(10_000);

  assertEquals(
    await budget.race(Promise.resolve("in time"), "late"),
    "in time",
  );
});

Deno.test("Budget.race() passes on a rejection that is in time", async () => {
  using budget = new Budget(10_000);
  const failing = Promise.reject(new RangeError("Torn"));

  await assertRejects(() => budget.race(failing, "late"), RangeError, "Torn");
});

Deno.test("Budget.race() gives the late value when nothing happens in time", async () => {
  using budget = new Budget(1);

  assertEquals(await budget.race(NEVER, "late"), "late");
});

Deno.test("Budget.race() lets a promise that is late go on by itself", async () => {
  using budget = new Budget(1);
  const { promise, resolve } = Promise.withResolvers<string>();

  assertEquals(await budget.race(promise, "late"), "late");
  resolve("after all");
  assertEquals(await promise, "after all");
});

Deno.test("Budget.race() swallows a rejection that is late", async () => {
  using budget = new Budget(1);
  const { promise, reject } = Promise.withResolvers<string>();

  assertEquals(await budget.race(promise, "late"), "late");
  reject(new Error("Nobody waits for this"));
  await delay(0);
});

Deno.test("Budget.race() ends many in the order they began", async () => {
  using budget = new Budget(2);
  const order: number[] = [];
  const races = [...Array(100).keys()].map((index) =>
    budget.race(NEVER, index).then((late) => order.push(late))
  );

  await Promise.all(races);

  assertEquals(order, [...Array(100).keys()]);
});

Deno.test("Budget.race() gives each its whole time, though one timer serves them all", async () => {
  using budget = new Budget(20);
  const first = budget.race(NEVER, "late");
  await delay(10);
  const startMs = performance.now();
  const second = budget.race(NEVER, "late");
  const passedMs = second.then(() => performance.now() - startMs);

  assertEquals(await first, "late");
  // Timers may fire a fraction of a millisecond early, never by half the time.
  assertEquals(await passedMs > 19, true);
});

Deno.test("Budget.race() does not let one that settles end its neighbours", async () => {
  using budget = new Budget(10);
  const settling = Promise.withResolvers<string>();
  const first = budget.race(settling.promise, "late");
  const second = budget.race(NEVER, "late");

  settling.resolve("in time");

  assertEquals(await first, "in time");
  assertEquals(await second, "late");
});

Deno.test("Budget.race() works again after all have settled", async () => {
  using budget = new Budget(2);

  assertEquals(
    await budget.race(Promise.resolve("in time"), "late"),
    "in time",
  );
  assertEquals(await budget.race(NEVER, "late"), "late");
  assertEquals(
    await budget.race(Promise.resolve("in time"), "late"),
    "in time",
  );
  assertEquals(await budget.race(NEVER, "late"), "late");
});

Deno.test("Budget disposed leaves no timer", () => {
  using budget = new Budget(60_000);

  budget.race(NEVER, "late");
});

Deno.test("Budget disposed lets nothing expire", async () => {
  let outcome = "waiting";
  {
    using budget = new Budget(1);
    budget.race(NEVER, "late").then((late) => outcome = late);
  }
  await delay(5);

  assertEquals(outcome, "waiting");
});

Deno.test("Budget.once() passes on what is told first, and nothing after it", () => {
  const told: string[] = [];
  using budget = new Budget(10_000);
  const tell = budget.once<string>((outcome) => told.push(outcome), "late");
  tell("first");
  tell("second");
  assertEquals(told, ["first"]);
});

Deno.test("Budget.once() tells that it is late, and nothing after it", async () => {
  const told: string[] = [];
  using budget = new Budget(1);
  const { promise, resolve } = Promise.withResolvers<void>();
  const tell = budget.once<string>((outcome) => {
    told.push(outcome);
    resolve();
  }, "late");
  await promise;
  tell("first");
  assertEquals(told, ["late"]);
});

Deno.test("Budget.once() still passes on an outcome when it is disposed", () => {
  const told: string[] = [];
  const budget = new Budget(10_000);
  const tell = budget.once<string>((outcome) => told.push(outcome), "late");
  budget[Symbol.dispose]();
  tell("first");
  assertEquals(told, ["first"]);
});
