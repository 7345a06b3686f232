import { assertEquals } from "@std/assert";
import { Tail } from "../../../src/store/journal/tail.ts";

const NEVER = new AbortController().signal;

/** True when a promise has settled by now. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  promise.then(() => settled = true);
  for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  return settled;
}

Deno.test("Tail.wait() settles at once where the journal holds more", async () => {
  const tail = new Tail(3);

  assertEquals(await isSettled(tail.wait(2, NEVER)), true);
  assertEquals(tail.waiting, 0);
});

Deno.test("Tail.wait() settles at once for a signal that has aborted", async () => {
  const tail = new Tail(3);

  assertEquals(await isSettled(tail.wait(3, AbortSignal.abort())), true);
  assertEquals(tail.waiting, 0);
});

Deno.test("Tail.advance() wakes everybody who waits", async () => {
  const tail = new Tail(3);
  const waits = [tail.wait(3, NEVER), tail.wait(3, NEVER)];
  assertEquals(tail.waiting, 2);
  tail.advance(4);

  await Promise.all(waits);
  assertEquals([tail.last, tail.waiting], [4, 0]);
});

Deno.test.each([3, 2, 0])(
  "Tail.advance(%d) changes nothing at 3",
  async (last) => {
    const tail = new Tail(3);
    const wait = tail.wait(3, NEVER);
    tail.advance(last);

    assertEquals(await isSettled(wait), false);
    assertEquals([tail.last, tail.waiting], [3, 1]);
  },
);

Deno.test("Tail.wait() ends with its own signal alone, and leaves nothing behind", async () => {
  const tail = new Tail(3);
  const [one, other] = [new AbortController(), new AbortController()];
  const ended = tail.wait(3, one.signal);
  const waiting = tail.wait(3, other.signal);
  one.abort();

  await ended;
  assertEquals(await isSettled(waiting), false);
  assertEquals(tail.waiting, 1);
});

Deno.test("Tail.wait() takes its listener from a signal that lives longer", async () => {
  const tail = new Tail(0);
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  const waits = [tail.wait(0, signal), tail.wait(0, signal)];
  assertEquals(listeners, 2);
  tail.advance(1);

  await Promise.all(waits);
  assertEquals(listeners, 0);
});
