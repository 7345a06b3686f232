import { assertEquals, assertRejects } from "@std/assert";
import { Budget } from "../../src/base/budget.ts";
import { FakeTimers } from "../support/fake_timers.ts";

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
  using timers = new FakeTimers();
  using budget = new Budget(1);
  const racing = budget.race(NEVER, "late");

  await timers.advance(1);
  assertEquals(await racing, "late");
});

Deno.test("Budget.race() lets a promise that is late go on by itself", async () => {
  using timers = new FakeTimers();
  using budget = new Budget(1);
  const { promise, resolve } = Promise.withResolvers<string>();
  const racing = budget.race(promise, "late");

  await timers.advance(1);
  assertEquals(await racing, "late");
  resolve("after all");
  assertEquals(await promise, "after all");
});

Deno.test("Budget.race() swallows a rejection that is late", async () => {
  using timers = new FakeTimers();
  using budget = new Budget(1);
  const { promise, reject } = Promise.withResolvers<string>();
  const racing = budget.race(promise, "late");

  await timers.advance(1);
  assertEquals(await racing, "late");
  reject(new Error("Nobody waits for this"));
  await timers.advance(0);
});

Deno.test("Budget.race() ends many in the order they began", async () => {
  using timers = new FakeTimers();
  using budget = new Budget(2);
  const order: number[] = [];
  const races = [...Array(100).keys()].map((index) =>
    budget.race(NEVER, index).then((late) => order.push(late))
  );

  await timers.advance(2);
  await Promise.all(races);

  assertEquals(order, [...Array(100).keys()]);
});

Deno.test("Budget.race() gives each its whole time, though one timer serves them all", async () => {
  using timers = new FakeTimers();
  using budget = new Budget(20);
  const late: string[] = [];
  budget.race(NEVER, "first").then((one) => late.push(one));
  await timers.advance(10);
  budget.race(NEVER, "second").then((one) => late.push(one));
  assertEquals(timers.count, 1);

  await timers.advance(9);
  assertEquals(late, []);
  await timers.advance(1);
  assertEquals(late, ["first"]);
  await timers.advance(9);
  assertEquals(late, ["first"]);
  await timers.advance(1);
  assertEquals(late, ["first", "second"]);
});

Deno.test("Budget.race() does not let one that settles end its neighbours", async () => {
  using timers = new FakeTimers();
  using budget = new Budget(10);
  const settling = Promise.withResolvers<string>();
  const first = budget.race(settling.promise, "late");
  const second = budget.race(NEVER, "late");

  settling.resolve("in time");

  assertEquals(await first, "in time");
  await timers.advance(10);
  assertEquals(await second, "late");
});

Deno.test("Budget.race() works again after all have settled", async () => {
  using timers = new FakeTimers();
  using budget = new Budget(2);
  for (let round = 0; round < 2; round++) {
    const inTime = budget.race(Promise.resolve("in time"), "late");
    assertEquals(await inTime, "in time");
    const racing = budget.race(NEVER, "late");
    await timers.advance(2);
    assertEquals(await racing, "late");
  }
});

Deno.test("Budget disposed leaves no timer", () => {
  using budget = new Budget(60_000);

  budget.race(NEVER, "late");
});

Deno.test("Budget disposed lets nothing expire", async () => {
  using timers = new FakeTimers();
  let outcome = "waiting";
  {
    using budget = new Budget(1);
    budget.race(NEVER, "late").then((late) => outcome = late);
  }
  await timers.advance(5);

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
  using timers = new FakeTimers();
  const told: string[] = [];
  using budget = new Budget(1);
  const tell = budget.once<string>((outcome) => told.push(outcome), "late");
  await timers.advance(1);
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
