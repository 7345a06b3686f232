import { canBeKept } from "./compare.ts";
import { IdSet } from "./id_set.ts";
import type { KeptPart, Pass } from "./pass.ts";
import { listGroupIds } from "../api/rest_calls.ts";
import { RestError } from "../api/rest_error.ts";
import { listKey, partsOf } from "./run.ts";

/** Pages that a list may have: 10,000,000 groups. More means that it does not end. */
const MAX_PAGES = 1_000;

/** Parts that one commit keeps: together they stay below what it takes. */
const PARTS_PER_COMMIT = 10;

/** A list that lacks more of Tencent's own count than this is not believed. */
const MIN_LISTED_SHARE = 0.95;

/**
 * Lists the IDs of all groups of the app into parts in the store, and gives them back as a set.
 *
 * @throws {RestError} where the list does not end, or is far from complete
 */
export async function listAllIds(pass: Pass): Promise<IdSet> {
  const seen = await readListed(pass);
  for (let page = 0; pass.run.phase === "list"; page++) {
    if (page === MAX_PAGES) throw listError("does not end");
    await listPage(pass, seen);
  }
  return seen;
}

/** The IDs that were listed so far, also by a process that was killed. */
export async function readListed(pass: Pass): Promise<IdSet> {
  const seen = new IdSet();
  const { phase, parts } = pass.run;
  if (phase === "end") return seen;
  for (let part = 0; part < parts; part++) {
    for (const groupId of await pass.part("ids", part)) seen.add(groupId);
  }
  return seen;
}

async function listPage(pass: Pass, seen: IdSet): Promise<void> {
  const { client, signal } = pass.options;
  const { id, next, listed, parts } = pass.run;
  const asked = { next, type: listed };
  const { value: page } = await listGroupIds(client, asked, signal);
  const isEnd = page.next === "0";
  if (!isEnd && page.next === next) throw listError("begins again");
  const fresh = page.groupIds.filter((groupId) =>
    canBeKept(groupId) && seen.add(groupId)
  );
  const lists = partsOf(fresh);
  const kept = lists.map((value, index): KeptPart => ({
    key: listKey("ids", id, parts + index),
    value,
  }));
  // All but the last batch lie behind what the run knows of: after a kill they are written again.
  while (kept.length > PARTS_PER_COMMIT) {
    await pass.save({}, kept.splice(0, PARTS_PER_COMMIT));
  }
  const total = listed === undefined
    ? Math.max(pass.run.total, page.total)
    : pass.run.total;
  const progress = {
    parts: parts + lists.length,
    total,
    found: { ...pass.run.found, groups: seen.size },
  };
  if (!isEnd) await pass.save({ ...progress, next: page.next }, kept);
  // "All types" is what the documentation says; where the count says otherwise, these are asked for.
  else if (listed === undefined && seen.size < total) {
    await pass.save({ ...progress, next: "0", listed: "Community" }, kept);
  } else if (seen.size < total * MIN_LISTED_SHARE) {
    throw listError(`names ${seen.size} of ${total} groups`);
  } else await pass.save({ ...progress, phase: "facts", done: 0 }, kept);
}

function listError(what: string): RestError {
  return new RestError(
    `Tencent's list of groups ${what}: nothing is compared with it; try again later`,
    { code: 0, reaction: "stop" },
  );
}
