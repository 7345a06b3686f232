import { SANDBOX_APP } from "../../../src/config/config.ts";
import { Projector } from "../../../src/directory/projector/projector.ts";
import { type GroupView, groupView } from "../../../src/directory/fold/view.ts";
import { listGroups } from "../../../src/directory/rows/groups.ts";
import { listMembers } from "../../../src/directory/rows/parts.ts";
import { memberView } from "../../../src/directory/fold/view.ts";
import { journalItem } from "../../../src/ingest/parse.ts";
import {
  Reconciler,
  type RunRequest,
} from "../../../src/reconcile/reconcile.ts";
import { RECONCILED_COMMAND } from "../../../src/protocol/commands.ts";
import { getRun, type Run } from "../../../src/reconcile/phases/run.ts";
import type {
  StandInBody,
  StandInCallback,
} from "../../../src/reconcile/stand_in/groups.ts";
import { readPage } from "../../../src/store/journal/page.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { Pace } from "../../../src/store/pace.ts";
import { openStandIn, type StandInServer } from "./stand_in_fixture.ts";

/** Tencent and an imhook that hears of it, as far as callbacks are not lost. */
export interface World extends AsyncDisposable {
  readonly rest: StandInServer;
  readonly store: Store;
  readonly directory: Projector;
  readonly reconciler: Reconciler;
  /** Makes a call at Tencent; its callbacks come at once, or are lost. */
  readonly make: (
    word: string,
    body: StandInBody,
    options?: { readonly isLost?: boolean },
  ) => Promise<void>;
  /** Starts a run and waits for its end. */
  readonly run: (asked?: Partial<RunRequest>) => Promise<Run>;
  /** The groups of the directory, by ID. */
  readonly groups: () => Promise<ReadonlyMap<string, GroupView>>;
  /** User IDs and roles of a group's members in the directory. */
  readonly members: (groupId: string) => Promise<Record<string, string>>;
  /** The bodies that reconciling has appended. */
  readonly repairs: () => Promise<readonly RepairJson[]>;
}

/** The body of an event that reconciling appends. */
export interface RepairJson {
  readonly reason: string;
  readonly observedAt: string;
  readonly group: Readonly<Record<string, unknown>> & {
    readonly groupId: string;
  };
  readonly members?: readonly Readonly<Record<string, unknown>>[];
}

const { id: APP } = SANDBOX_APP;

/** Opens a world in memory, or around a store that is there already. */
export async function openWorld(
  { rest: given, store: kept, everyHours = 0 }: {
    readonly rest?: StandInServer;
    readonly store?: Store;
    readonly everyHours?: number;
  } = {},
): Promise<World> {
  await using stack = new AsyncDisposableStack();
  let isLost = false;
  const tell = async (callback: StandInCallback) => {
    if (!isLost) await keep(store, callback, rest.clock.now());
  };
  const rest = given ?? stack.use(openStandIn({ deliver: tell }));
  const { clock, access } = rest;
  const store = kept ?? stack.use(
    await openStore({ path: ":memory:", dedupeMax: 1_000, now: clock.now }),
  );
  const pace = new Pace(store);
  const directory = stack.use(new Projector({ store, pace }));
  const reconciler = stack.use(
    new Reconciler({
      store,
      pace,
      directory,
      apps: [{ id: APP, tokens: [], rest: access }],
      everyHours,
      rate: 20,
      now: clock.now,
      sleep: clock.sleep,
    }),
  );
  const owned = stack.move();
  return {
    rest,
    store,
    directory,
    reconciler,
    async make(word, body, options = {}) {
      clock.nowMs += 1;
      isLost = options.isLost ?? false;
      await rest.make(word, body);
      isLost = false;
    },
    run: (asked) => runToEnd({ store, reconciler }, asked),
    groups: () => groupsOf({ store, directory }),
    members: (groupId) => membersOf({ store, directory }, groupId),
    repairs: () => repairsIn(store),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function keep(
  store: Store,
  { command, body }: StandInCallback,
  receivedAtMs: number,
): Promise<void> {
  const meta = {
    command,
    group: String(body.GroupId),
    eventTimeMs: Number(body.EventTime),
  };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const item = journalItem(
    { app: APP, receivedAtMs, meta, body: bytes },
    store.digest,
  );
  await store.writer.append({ sequence: "journal", item });
}

async function runToEnd(
  { store, reconciler }: Pick<World, "store" | "reconciler">,
  asked: Partial<RunRequest> = {},
): Promise<Run> {
  const request = {
    app: APP,
    hasMembers: false,
    isDry: false,
    acceptsGone: false,
    ...asked,
  };
  const started = await reconciler.start(request);
  if (started.kind !== "started") throw new Error(started.kind);
  return await ended(store, started.run.id);
}

/** The run once it has ended. */
export async function ended(store: Store, id: string): Promise<Run> {
  for (;;) {
    const run = await getRun(store.reader, id);
    if (run !== null && run.state !== "running") return run;
    await turn();
  }
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1));
}

/** Settles when the directory has come to the journal's end. */
export async function caughtUp(
  { store, directory }: Pick<World, "store" | "directory">,
): Promise<void> {
  while (directory.status.through < store.tail.last) await turn();
}

async function groupsOf(
  world: Pick<World, "store" | "directory">,
): Promise<ReadonlyMap<string, GroupView>> {
  await caughtUp(world);
  const { groups } = await listGroups(world.store.reader, { limit: 1_000 });
  return new Map(
    groups.map((one) => [one.group.groupId, groupView(one.group, one)]),
  );
}

async function membersOf(
  world: Pick<World, "store" | "directory">,
  groupId: string,
): Promise<Record<string, string>> {
  await caughtUp(world);
  const query = { app: APP, groupId, limit: 10_000 };
  const page = await listMembers(world.store.reader, query);
  if (page === null) return {};
  const { items, group } = page;
  return Object.fromEntries(
    items.map(({ id, state }) => [id, memberView(id, state, group).role]),
  );
}

async function repairsIn(store: Store): Promise<RepairJson[]> {
  const filter = { command: RECONCILED_COMMAND };
  const page = await readPage(store.reader, { limit: 10_000, filter });
  if (page.kind !== "page") throw new Error(page.kind);
  return page.records.map(({ body }) =>
    JSON.parse(new TextDecoder().decode(body))
  );
}
