import { assertEquals, assertRejects } from "@std/assert";
import { HttpError } from "../../../src/http/edge/errors.ts";
import { Guesses } from "../../../src/http/edge/guesses.ts";
import { openLogLines } from "../../support/log_fixture.ts";

const TOKEN = { hasToken: true };

/** A guard whose clock stands still, and how long it held each answer back. */
function guard(options: { readonly maxSenders?: number } = {}) {
  const waits: number[] = [];
  let nowMs = 1_000_000;
  const guesses = new Guesses({
    ...options,
    now: () => nowMs,
    wait: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  });
  return { guesses, waits, pass: (ms: number) => nowMs += ms };
}

Deno.test("Guesses.wrong() holds back who goes on after ten wrong tokens", async () => {
  const { guesses, waits, pass } = guard();
  for (let count = 0; count < 11; count++) await guesses.wrong("a", TOKEN);
  await guesses.wrong("b", TOKEN);
  assertEquals(waits, [2_000]);
  pass(6_000);
  await guesses.wrong("a", TOKEN);

  assertEquals(waits, [2_000]);
});

Deno.test("Guesses.wrong() does not hold back who shows no token", async () => {
  const { guesses, waits } = guard();
  for (let count = 0; count < 50; count++) {
    await guesses.wrong("a", { hasToken: false });
  }

  assertEquals(waits, []);
});

Deno.test("Guesses.wrong() forgets who guessed longest ago when there are too many", async () => {
  const { guesses, waits } = guard({ maxSenders: 2 });
  for (let count = 0; count < 10; count++) await guesses.wrong("a", TOKEN);
  for (const address of ["b", "c", "a"]) await guesses.wrong(address, TOKEN);

  assertEquals(waits, []);
});

Deno.test("Guesses.wrong() answers 429 where too many are held back", async () => {
  const held = Promise.withResolvers<void>();
  const guesses = new Guesses({
    now: () => 0,
    wait: () => held.promise,
    maxHeld: 1,
  });
  for (let count = 0; count < 10; count++) await guesses.wrong("a", TOKEN);
  const first = guesses.wrong("a", TOKEN);
  const error = await assertRejects(() => guesses.wrong("a", TOKEN), HttpError);
  held.resolve();
  await first;

  assertEquals([error.status, error.headers["retry-after"]], [429, "2"]);
});

Deno.test("Guesses.wrong() logs a sender at once, and then every ten seconds", async () => {
  await using log = await openLogLines();
  const { guesses, pass } = guard();
  for (let count = 0; count < 5; count++) await guesses.wrong("a", TOKEN);
  pass(10_000);
  await guesses.wrong("a", TOKEN);
  const { lines } = log;
  const told = lines.filter(({ message }) =>
    message === "Request without a valid token"
  );

  assertEquals(
    told.map(({ clientIp, count }) => [clientIp, count]),
    [["a", 1], ["a", 5]],
  );
});
