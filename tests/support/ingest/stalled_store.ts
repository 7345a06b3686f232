import { type Identity, openHead } from "../../../src/store/journal/head.ts";
import {
  type QuarantineIndex,
  recallQuarantineIndex,
} from "../../../src/store/quarantine/quarantine_index.ts";
import {
  createDigester,
  type Digester,
} from "../../../src/store/writer/digest.ts";
import type { Writer } from "../../../src/store/writer/writer.ts";
import { until } from "../until.ts";
import { type CommitFault, FaultyKv } from "../store/faulty_kv.ts";
import { event, NOW_MS, openWriter } from "../store/store_fixture.ts";

/** A store of which only the Writer's commits go wrong. */
export interface StalledStore extends AsyncDisposable {
  readonly identity: Identity;
  readonly reader: Deno.Kv;
  readonly side: Deno.Kv;
  readonly fenced: Deno.Kv;
  readonly writer: Writer;
  readonly journalWriter: Writer;
  readonly quarantineIndex: QuarantineIndex;
  readonly digest: Digester;
}

/** Longest silence of a commit, ms: short, for nobody waits here but a test. */
const SILENCE_MS = 5;

/** A store whose commits go wrong as told once `prepare` has filled it. */
export async function openStalled(
  commits: readonly CommitFault[],
  prepare: (writer: Writer) => Promise<unknown> = () => Promise.resolve(),
): Promise<StalledStore> {
  const kv = await Deno.openKv(":memory:");
  const { identity } = await openHead(kv, { nowMs: NOW_MS });
  {
    await using writer = await openWriter(kv);
    await prepare(writer);
  }
  const quarantineIndex = await recallQuarantineIndex(kv);
  const faulty = new FaultyKv(kv, { commits });
  const options = { silenceMs: SILENCE_MS, drainMs: 0 };
  const writer = await openWriter(kv, {
    kv: faulty,
    quarantineIndex,
    ...options,
  });
  return {
    identity,
    reader: kv,
    side: kv,
    fenced: kv,
    writer,
    journalWriter: writer,
    quarantineIndex,
    digest: await createDigester(identity.digestSeed),
    async [Symbol.asyncDispose]() {
      await writer[Symbol.asyncDispose]();
      kv.close();
    },
  };
}

/** Lets the Writer meet its first failure. */
export async function meetFailure({ writer }: StalledStore): Promise<string> {
  writer.append(event("whatever")).catch(() => {/* nobody asks */});
  return await until("the Writer fails", () => writer.failure);
}
