import { openHead } from "../../../src/store/journal/head.ts";
import type { WritableKv } from "../../../src/store/kv/kv.ts";
import { Lane, type LaneOptions } from "../../../src/store/lanes/lane.ts";
import { LaneUpkeep } from "../../../src/store/lanes/lane_upkeep.ts";
import { Sequencer } from "../../../src/store/lanes/sequencer.ts";
import { recallQuarantineIndex } from "../../../src/store/quarantine/quarantine_index.ts";
import { Committer } from "../../../src/store/writer/committer.ts";
import { Dedupe } from "../../../src/store/writer/dedupe.ts";
import { recallWindow } from "../../../src/store/writer/window.ts";
import { NOW_MS } from "./store_fixture.ts";

/** A process that shares its store with others. */
export interface LaneProcess extends AsyncDisposable {
  readonly lane: Lane;
  readonly sequencer: Sequencer;
  readonly upkeep: LaneUpkeep;
  readonly committer: Committer;
  readonly lease: { isHeld: boolean };
}

/** Overrides of a process's parts. */
export interface LaneProcessOptions extends Partial<LaneOptions> {
  /** True when it believes that it holds the lease. @default {false} */
  readonly isHeld?: boolean;
  /** The sequencer's clock. */
  readonly clock?: (() => number) | undefined;
}

/** Opens a process on a store; the head alone guards its commits to the journal. */
export async function openLaneProcess(
  kv: Deno.Kv,
  { isHeld = false, clock, ...options }: LaneProcessOptions = {},
): Promise<LaneProcess> {
  const { head } = await openHead(kv, { nowMs: NOW_MS, hasLanes: true });
  const window = await recallWindow(kv, { max: 1_000, nowMs: NOW_MS });
  const dedupe = new Dedupe(window);
  const quarantineIndex = await recallQuarantineIndex(kv);
  const handle: WritableKv = options.kv ?? kv;
  const silenceMs = options.silenceMs ?? 60_000;
  const parts = { kv: handle, head, dedupe, quarantineIndex, silenceMs };
  const committer = new Committer(parts);
  const lease = { isHeld };
  const lane: Lane = new Lane({
    journal: window,
    head: () => committer.head,
    dedupeMax: 1_000,
    now: () => NOW_MS,
    onLanded: () => sequencer.tick(),
    ...options,
    kv: handle,
    silenceMs,
  });
  const sequencer = new Sequencer({
    kv: handle,
    fenced: handle,
    lease,
    committer,
    quarantineIndex,
    lane,
    now: clock,
    patienceMs: silenceMs,
  });
  const upkeep = new LaneUpkeep({
    kv: handle,
    lane,
    name: "test",
    isSequencing: () => lease.isHeld,
    patienceMs: silenceMs,
  });
  return {
    lane,
    sequencer,
    upkeep,
    committer,
    lease,
    async [Symbol.asyncDispose]() {
      await upkeep[Symbol.asyncDispose]();
      await lane[Symbol.asyncDispose]();
      await sequencer[Symbol.asyncDispose]();
      committer[Symbol.dispose]();
    },
  };
}
