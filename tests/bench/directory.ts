import { join } from "@std/path";
import { Projection } from "../../src/projector/projection.ts";
import { openStore, type Store } from "../../src/store/open.ts";
import { Pace } from "../../src/store/pace.ts";
import { formatNumber, formatTable } from "./table.ts";

/** What folding one kind of event costs. */
export interface DirectoryFigures {
  readonly kind: string;
  readonly events: number;
  readonly eventsPerSec: number;
  /** Of the store's file, without the journal. */
  readonly bytesPerEvent: number;
}

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

/** Measures how fast a directory follows a journal that is already there, in a folder of its own. */
export async function measureDirectory(
  events: number,
): Promise<DirectoryFigures[]> {
  const figures: DirectoryFigures[] = [];
  for (const [kind, eventOf] of Object.entries(KINDS)) {
    const folder = await Deno.makeTempDir({ prefix: "imhook-bench-" });
    const path = join(folder, "imhook.kv");
    try {
      await using store = await openStore({ path, dedupeMax: 1_000 });
      await fill(store, { events, eventOf });
      const before = await bytesOf(path);
      const startMs = performance.now();
      await follow(store);
      const durationMs = performance.now() - startMs;
      figures.push({
        kind,
        events,
        eventsPerSec: events / durationMs * 1_000,
        bytesPerEvent: (await bytesOf(path) - before) / events,
      });
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }
  return figures;
}

/** One table. */
export function formatDirectory(figures: readonly DirectoryFigures[]): string {
  const rows = figures.map(({ kind, eventsPerSec, bytesPerEvent }) => [
    kind,
    formatNumber(eventsPerSec),
    formatNumber(bytesPerEvent),
  ]);
  const header = ["directory", "events/s", "bytes/event"];
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
