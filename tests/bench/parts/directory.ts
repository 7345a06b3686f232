import { join } from "@std/path";
import { Projection } from "../../../src/directory/projector/projection.ts";
import { listGroups } from "../../../src/directory/rows/groups.ts";
import { openStore, type Store } from "../../../src/store/open.ts";
import { Pace } from "../../../src/store/pace.ts";
import { formatNumber, formatTable } from "../table.ts";

/** What folding one kind of event costs. */
export interface DirectoryFigures {
  readonly kind: string;
  readonly events: number;
  readonly eventsPerSec: number;
  /** Of the store's file, without the journal. */
  readonly bytesPerEvent: number;
  /** A page of 100 groups from anywhere in the list. */
  readonly page: PageTimes;
}

/** How long pages took, ms. */
interface PageTimes {
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Pages that are timed. */
const PAGES = 300;

/** Kinds of events, each with what it is in a row of the report. */
const KINDS = {
  "create, with 3 members": (n: number) => ({
    word: "Group.CallbackAfterCreateGroup",
    body: {
      GroupId: `@TGS#${scattered(n)}`,
      Type: "Public",
      Name: `Group ${n}`,
      Owner_Account: `user_${scattered(7 * n)}`,
      Operator_Account: `user_${scattered(7 * n)}`,
      MemberList: [1, 2, 3].map((k) => ({
        Member_Account: `user_${scattered(7 * n + k)}`,
      })),
    },
  }),
  "join, 1,000 groups": (n: number) => joinOf(n, `g${n % 1_000}`),
  "join, one group": (n: number) => joinOf(n, "g"),
  "rename, 1,000 groups": (n: number) => ({
    word: "Group.CallbackAfterGroupInfoChanged",
    body: { GroupId: `g${n % 1_000}`, Type: "Public", Name: `Name ${n}` },
  }),
};

/** Measures how fast a directory follows a journal that is already there, and how fast it is read. */
export async function measureDirectory(
  counts: readonly number[],
): Promise<DirectoryFigures[]> {
  const figures: DirectoryFigures[] = [];
  const runs = Object.entries(KINDS).flatMap(([kind, eventOf]) =>
    counts.map((events) => ({ kind, eventOf, events }))
  );
  for (const { kind, eventOf, events } of runs) {
    const folder = await Deno.makeTempDir({ prefix: "imhook-bench-" });
    const path = join(folder, "imhook.kv");
    try {
      await using store = await openStore({ path, dedupeMax: 1_000 });
      await fill(store, { events, eventOf });
      const before = await bytesOf(path);
      const startMs = performance.now();
      await follow(store);
      const durationMs = performance.now() - startMs;
      const bytes = await bytesOf(path) - before;
      figures.push({
        kind,
        events,
        eventsPerSec: events / durationMs * 1_000,
        bytesPerEvent: bytes / events,
        page: await timePages(store, events),
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return figures;
}

/** One table. */
export function formatDirectory(figures: readonly DirectoryFigures[]): string {
  const rows = figures.map((figure) => [
    figure.kind,
    formatNumber(figure.events),
    formatNumber(figure.eventsPerSec),
    formatNumber(figure.bytesPerEvent),
    formatNumber(figure.page.p50Ms),
    formatNumber(figure.page.p99Ms),
  ]);
  const header = [
    "directory",
    "events",
    "events/s",
    "bytes/event",
    "page p50 ms",
    "p99 ms",
  ];
  return formatTable(header, rows);
}

async function fill(
  { writer }: Store,
  { events, eventOf }: {
    readonly events: number;
    readonly eventOf: (
      n: number,
    ) => { word: string; body: { GroupId: string } };
  },
): Promise<void> {
  const encoder = new TextEncoder();
  const startMs = Date.now();
  for (let n = 0; n < events; n += 1_000) {
    const many = Array.from(
      { length: Math.min(1_000, events - n) },
      (_, at) => {
        const { word, body } = eventOf(n + at);
        const timeMs = startMs + n + at;
        const meta = {
          command: word,
          group: body.GroupId,
          eventTimeMs: timeMs,
        };
        const item = {
          app: 1_400_000_000,
          receivedAtMs: timeMs,
          digest: crypto.getRandomValues(new Uint8Array(16)),
          isRecognisable: false,
          meta: JSON.stringify(meta),
          body: encoder.encode(JSON.stringify({ ...body, EventTime: timeMs })),
        };
        return writer.append({ sequence: "journal", item });
      },
    );
    await Promise.all(many);
  }
}

async function follow(store: Store): Promise<void> {
  const { signal } = new AbortController();
  const pace = new Pace(store);
  const options = { store, pace, generation: 1, signal };
  const projection = await Projection.open(options);
  while (await projection.advance());
}

async function timePages(
  { reader }: Store,
  events: number,
): Promise<PageTimes> {
  const times: number[] = [];
  const nowMs = Date.now();
  for (let page = 0; page < PAGES; page++) {
    const sinceMs = nowMs + Math.floor(Math.random() * events);
    const before = { sinceMs, app: 0, groupId: "" };
    const startMs = performance.now();
    await listGroups(reader, { before, limit: 100 });
    times.push(performance.now() - startMs);
  }
  times.sort((one, other) => one - other);
  return {
    p50Ms: times[Math.floor(PAGES / 2)] ?? NaN,
    p99Ms: times[Math.floor(PAGES * 0.99)] ?? NaN,
  };
}

async function bytesOf(path: string): Promise<number> {
  let bytes = 0;
  for (const file of [path, `${path}-wal`]) {
    bytes += (await Deno.stat(file).catch(() => ({ size: 0 }))).size;
  }
  return bytes;
}

function joinOf(n: number, groupId: string) {
  return {
    word: "Group.CallbackAfterNewMemberJoin",
    body: {
      GroupId: groupId,
      Type: "Public",
      JoinType: "Apply",
      Operator_Account: "admin",
      NewMemberList: [{ Member_Account: `user_${scattered(n)}` }],
    },
  };
}

/** A text that is another for each number, and sorts anywhere: as IDs do. */
function scattered(n: number): string {
  return (Math.imul(n, 0x9e3779b1) >>> 0).toString(36);
}
