import { assertEquals, assertRejects } from "@std/assert";
import type { StampedHead } from "../../../src/store/journal/head.ts";
import { StoreSilentError } from "../../../src/store/kv/deadline.ts";
import type { ReadableKv } from "../../../src/store/kv/kv.ts";
import { OutcomeReader } from "../../../src/store/writer/commit_outcome.ts";
import {
  appendAll,
  event,
  names,
  openWriter,
} from "../../support/store/store_fixture.ts";

const NOBODY = new Uint8Array(16);
const PACKS = 6;

/** A handle that gives no answer any more after so many values of the journal. */
function falteringKv(kv: Deno.Kv, values: number): ReadableKv {
  let left = values;
  return {
    get: kv.get.bind(kv),
    getMany: kv.getMany.bind(kv),
    list(selector, options) {
      const entries = kv.list(selector, options);
      const next = entries.next.bind(entries);
      entries.next = () =>
        left-- > 0
          ? next()
          : Promise.reject(new StoreSilentError("Store: no answer"));
      return entries as never;
    },
  };
}

/** Commits packs of two events, and gives the head before them. */
async function filled(kv: Deno.Kv): Promise<StampedHead> {
  await using writer = await openWriter(kv);
  const { head } = writer;
  for (let pack = 0; pack < PACKS; pack++) {
    await appendAll(writer, names(`p${pack}-`, 2).map((one) => event(one)));
  }
  return head;
}

Deno.test("OutcomeReader.read() goes on where a silent store broke it off", async () => {
  using kv = await Deno.openKv(":memory:");
  const head = await filled(kv);
  const learned: number[] = [];
  const learner = {
    journal: ({ number }: { readonly number: number }) => {
      learned.push(number);
    },
    quarantine: () => {},
  };
  let kvNow: ReadableKv = falteringKv(kv, 3);
  using reader = new OutcomeReader({
    kv: {
      get: (...args) => kvNow.get(...args),
      getMany: (...args) => kvNow.getMany(...args),
      list: (...args) => kvNow.list(...args),
    },
    learner,
    patienceMs: 10_000,
  });
  const read = () => reader.read({ batchId: NOBODY, head });

  await assertRejects(read, StoreSilentError);
  const before = learned.length;
  assertEquals(before > 0 && before < 2 * PACKS, true, `${before}`);
  kvNow = kv;
  const outcome = await read();

  assertEquals(learned, Array.from({ length: 2 * PACKS }, (_, n) => n + 1));
  assertEquals(outcome.kind === "moved" && outcome.head.journal, 2 * PACKS);
  assertEquals(outcome.kind === "moved" && outcome.hasLanded, false);
  assertEquals(outcome.kind === "moved" && outcome.hasOthers, true);
});
