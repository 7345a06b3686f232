// Makes, renames and disbands a throw-away group, and tells which callbacks came of it, and how late.
import * as v from "valibot";
import type { RestAccess } from "../../../config/rest_access.ts";
import { RestError } from "../../../reconcile/api/rest_error.ts";
import { type RestCall, RestClient } from "../../../reconcile/api/rest.ts";
import { readPage } from "../../../store/journal/page.ts";
import type { Store } from "../../../store/open.ts";
import type { Verdict } from "./check.ts";

/** Options of showCallbacks(). */
export interface ShowMeOptions {
  readonly store: Pick<Store, "reader" | "tail">;
  /** SDKAppID. */
  readonly app: number;
  readonly access: RestAccess;
  readonly signal: AbortSignal;
  /** Longest wait for callbacks, ms. @default {10000} */
  readonly waitMs?: number;
  readonly now?: () => number;
}

/** One thing that is done to the group. */
interface Step {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The command that tells of it. */
  readonly command: string;
}

const SERVICE = "group_open_http_svc";
const WAIT_MS = 10_000;
const AnySchema = v.looseObject({});

/** Does it, and judges what came. */
export async function showCallbacks(
  options: ShowMeOptions,
): Promise<readonly Verdict[]> {
  const { app, access, now = Date.now, store } = options;
  const groupId = `imhook-doctor-${crypto.randomUUID().slice(0, 8)}`;
  const after = store.tail.last;
  const doneAtMs = new Map<string, number>();
  // A failed call is not tried again: a group that was made twice would be two.
  using client = new RestClient({ app, access, now, maxTries: 1 });
  try {
    for (const { path, body, command } of stepsOf(groupId)) {
      doneAtMs.set(command, now());
      const call: RestCall<unknown> = {
        path: `${SERVICE}/${path}`,
        schema: AnySchema,
      };
      await client.call(call, JSON.stringify(body), options.signal);
    }
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    const params = { reason: error.message };
    return [{
      name: "showMe",
      status: "fail",
      text: "showMeFailed",
      app,
      params,
    }];
  }
  const came = await waitForAll(options, { groupId, after, doneAtMs });
  return [...doneAtMs.keys()].map((command) =>
    verdictOf(options, command, came.get(command))
  );
}

function stepsOf(GroupId: string): Step[] {
  return [
    {
      path: "create_group",
      body: { GroupId, Type: "Public", Name: "imhook doctor" },
      command: "Group.CallbackAfterCreateGroup",
    },
    {
      path: "modify_group_base_info",
      body: { GroupId, Name: "imhook doctor, renamed" },
      command: "Group.CallbackAfterGroupInfoChanged",
    },
    {
      path: "destroy_group",
      body: { GroupId },
      command: "Group.CallbackAfterGroupDestroyed",
    },
  ];
}

/** Delays of the commands that came in time, ms. */
async function waitForAll(
  { store, app, signal, waitMs = WAIT_MS }: ShowMeOptions,
  { groupId, after, doneAtMs }: {
    readonly groupId: string;
    readonly after: number;
    readonly doneAtMs: ReadonlyMap<string, number>;
  },
): Promise<ReadonlyMap<string, number>> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(waitMs)]);
  const came = new Map<string, number>();
  const filter = { app, group: groupId };
  let next = after;
  while (came.size < doneAtMs.size && !stop.aborted) {
    const page = await readPage(store.reader, {
      after: next,
      limit: 100,
      filter,
    });
    if (page.kind !== "page") break;
    for (const { meta: { command }, receivedAtMs } of page.records) {
      came.set(
        command,
        Math.max(0, receivedAtMs - (doneAtMs.get(command) ?? 0)),
      );
    }
    next = page.next;
    if (came.size < doneAtMs.size) await store.tail.wait(next, stop);
  }
  return came;
}

function verdictOf(
  { app, waitMs = WAIT_MS }: ShowMeOptions,
  command: string,
  ms: number | undefined,
): Verdict {
  const name = "showMe";
  return ms === undefined
    ? {
      name,
      status: "fail",
      text: "showMeMissing",
      app,
      params: { command, seconds: waitMs / 1_000 },
    }
    : { name, status: "ok", text: "showMeOk", app, params: { command, ms } };
}
