import { assertEquals } from "@std/assert";
import {
  type Attempt,
  listAttempts,
} from "../../../src/delivery/endpoint/attempts.ts";
import { listDeadLetters } from "../../../src/delivery/endpoint/dead_letters.ts";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import {
  createEndpoint,
  getEndpoint,
} from "../../../src/delivery/endpoint/endpoints.ts";
import { attemptsPrefix } from "../../../src/delivery/endpoint/keys.ts";
import {
  ATTEMPTS_MAX_AGE_MS,
  ATTEMPTS_MAX_PER_ENDPOINT,
} from "../../../src/delivery/endpoint/limits.ts";
import {
  commitProgress,
  type EndpointProgress,
} from "../../../src/delivery/endpoint/progress.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { keysBelow } from "../../support/store/store_fixture.ts";

const NOW_MS = ATTEMPTS_MAX_AGE_MS * 10;
const LETTER = { seq: 1, atMs: NOW_MS, cause: "timeout", failures: 3 };

function attemptAt(atMs: number): Attempt {
  const [seq, through, count, durationMs] = [1, 1, 1, 1];
  return { outcome: "failed", seq, through, count, atMs, durationMs };
}

/** A store with one endpoint in memory. */
async function openProgress(): Promise<
  Disposable & {
    readonly kv: Deno.Kv;
    readonly commit: (
      progress: Partial<EndpointProgress>,
      epoch?: number,
    ) => Promise<string>;
    /** Records so many attempts, one commit each. */
    readonly attempt: (count: number, atMs: number) => Promise<void>;
    readonly numbers: () => Promise<number[]>;
  }
> {
  const kv = await Deno.openKv(":memory:");
  await createEndpoint(kv, endpointOf());
  const commit = async (progress: Partial<EndpointProgress>, epoch = 0) => {
    const change = (endpoint: Endpoint) => ({ endpoint });
    const { kind } = await commitProgress(kv, {
      id: "e1",
      epoch,
      progress: { change, ...progress },
      nowMs: NOW_MS,
    });
    return kind;
  };
  return {
    kv,
    commit,
    attempt: async (count, atMs) => {
      for (let done = 0; done < count; done++) {
        await commit({ attempts: () => [attemptAt(atMs)] });
      }
    },
    numbers: async () =>
      (await keysBelow(kv, attemptsPrefix("e1"))).map((key) => Number(key[2])),
    [Symbol.dispose]: () => kv.close(),
  };
}

Deno.test("commitProgress() keeps the newest attempts, and no more of them", async () => {
  using run = await openProgress();
  await run.attempt(ATTEMPTS_MAX_PER_ENDPOINT + 3, NOW_MS);
  const numbers = await run.numbers();

  assertEquals(numbers.length, ATTEMPTS_MAX_PER_ENDPOINT);
  assertEquals(numbers[0], 4);
});

Deno.test("commitProgress() lets attempts leave that are too old, some at a time", async () => {
  using run = await openProgress();
  await run.attempt(25, NOW_MS - ATTEMPTS_MAX_AGE_MS);
  await run.attempt(1, NOW_MS);
  assertEquals((await run.numbers()).length, 26);
  const { kv } = run;
  const later = { id: "e1", epoch: 0, nowMs: NOW_MS + 1 };
  const counts = [];
  for (let round = 0; round < 2; round++) {
    const progress = {
      change: (endpoint: Endpoint) => ({ endpoint }),
      attempts: () => [attemptAt(NOW_MS + 1)],
    };
    await commitProgress(kv, { ...later, progress });
    counts.push((await run.numbers()).length);
  }

  assertEquals(counts, [7, 3]);
});

Deno.test("listAttempts() leaves out what is too old, though it is still kept", async () => {
  using run = await openProgress();
  await run.attempt(2, NOW_MS - ATTEMPTS_MAX_AGE_MS);
  await run.attempt(1, NOW_MS);
  const listed = async (nowMs: number) => {
    const which = { endpointId: "e1", limit: 9, nowMs };
    return (await listAttempts(run.kv, which)).map(({ n }) => n);
  };

  assertEquals(await listed(NOW_MS), [3, 2, 1]);
  assertEquals(await listed(NOW_MS + 1), [3]);
  assertEquals(await run.numbers(), [1, 2, 3]);
});

Deno.test("commitProgress() of another epoch records, and moves nothing", async () => {
  using run = await openProgress();
  const change = (endpoint: Endpoint) => ({
    endpoint: { ...endpoint, main: { after: 9 } },
    setsAside: LETTER,
  });
  const attempts = () => [attemptAt(NOW_MS)];
  const kind = await run.commit({ change, attempts }, 1);
  const endpoint = await getEndpoint(run.kv, "e1");
  const which = { endpointId: "e1", after: 0, limit: 9 };
  const { items } = await listDeadLetters(run.kv, which);

  assertEquals(kind, "moved");
  assertEquals([endpoint?.main.after, endpoint?.attempts], [0, 1]);
  assertEquals([await run.numbers(), items], [[1], []]);
});

Deno.test("commitProgress() moves the cursor and sets aside in one commit", async () => {
  using run = await openProgress();
  const change = (endpoint: Endpoint) => ({
    endpoint: { ...endpoint, main: { after: 9 } },
    setsAside: LETTER,
  });
  const kind = await run.commit({ change });
  const endpoint = await getEndpoint(run.kv, "e1");
  const which = { endpointId: "e1", after: 0, limit: 9 };
  const { items } = await listDeadLetters(run.kv, which);

  assertEquals([kind, endpoint?.main.after, items], ["kept", 9, [LETTER]]);
});

Deno.test("commitProgress() of an endpoint that is gone keeps nothing", async () => {
  using kv = await Deno.openKv(":memory:");
  const { kind } = await commitProgress(kv, {
    id: "e1",
    epoch: 0,
    progress: {
      change: (endpoint) => ({ endpoint }),
      attempts: () => [attemptAt(NOW_MS)],
    },
    nowMs: NOW_MS,
  });

  assertEquals(kind, "gone");
  assertEquals(await keysBelow(kv, []), []);
});
