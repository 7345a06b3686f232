// Finds groups that Tencent no longer has, and ends those that two complete passes agree on.
import { type GroupView, groupView } from "../../directory/fold/view.ts";
import { listGroups } from "../../directory/rows/groups.ts";
import { IdSet } from "./id_set.ts";
import type { Pass } from "./pass.ts";
import { observedAtMs } from "../api/rest.ts";
import { getGroupFacts } from "../api/rest_calls.ts";
import { INFO_MAX_GROUPS } from "../api/rest_schemas.ts";
import { type AppRuns, listKey, partsOf, type RunFindings } from "./run.ts";

/** Groups that are no longer there, as this pass found them. */
interface AbsentGroups {
  /** Groups of the directory that were not disbanded. */
  known: number;
  /** IDs of those of them that Tencent does not have. */
  readonly absent: string[];
  /** As of when that is so at the least, Unix ms. */
  observedAtMs: number;
}

/** Groups of the directory in one read. */
const PAGE_GROUPS = 200;

/** So many groups may end in one pass without leave, and so large a share of all. */
const FREE_ENDS = 10;
const FREE_SHARE = 0.05;

/** Parts that one commit keeps. */
const PARTS_PER_COMMIT = 10;

/** Tencent's codes for a group that does not exist. */
const GONE_CODES: ReadonlySet<number> = new Set([10010, 10015]);

/**
 * Ends the groups that are on no list of this pass and of the one before, and that Tencent, asked for each by
 * itself, does not know. A wrong host or a list cut short must not be able to end a directory, so that more
 * than a few need a person's leave.
 */
export async function endAbsent(
  pass: Pass,
  seen: IdSet,
  before: AppRuns,
): Promise<void> {
  const groups = await findAbsent(pass, seen);
  const earlier = await readEarlier(pass, before);
  const gone = groups.absent.filter((groupId) => earlier.has(groupId));
  const others = groups.absent.filter((groupId) => !earlier.has(groupId));
  const isHeldBack = !pass.run.acceptsGone && gone.length > FREE_ENDS &&
    gone.length > groups.known * FREE_SHARE;
  if (!isHeldBack) await endGroups(pass, groups, gone);
  const ended = isHeldBack ? 0 : gone.length;
  const found: RunFindings = {
    ...pass.run.found,
    gone: ended,
    absent: groups.absent.length - ended,
    isHeldBack,
  };
  await keepAbsent(pass, isHeldBack ? groups.absent : others, found);
}

/** Walks through the directory, and asks Tencent about each group that it did not list. */
async function findAbsent(pass: Pass, seen: IdSet): Promise<AbsentGroups> {
  const { store: { reader } } = pass.options;
  const { app } = pass.run;
  const found: AbsentGroups = {
    known: 0,
    absent: [],
    observedAtMs: Infinity,
  };
  await pass.known([]);
  const unlisted: GroupView[] = [];
  let before: Awaited<ReturnType<typeof listGroups>>["next"];
  do {
    const query = { app, notState: "disbanded", before, limit: PAGE_GROUPS };
    const page = await listGroups(reader, query);
    found.known += page.groups.length;
    for (const one of page.groups) {
      if (!seen.has(one.group.groupId)) {
        unlisted.push(groupView(one.group, one));
      }
    }
    while (unlisted.length >= INFO_MAX_GROUPS) {
      await confirm(pass, unlisted.splice(0, INFO_MAX_GROUPS), found);
    }
    before = page.next;
  } while (before !== undefined);
  if (unlisted.length > 0) await confirm(pass, unlisted, found);
  return found;
}

async function confirm(
  pass: Pass,
  groups: readonly GroupView[],
  found: AbsentGroups,
): Promise<void> {
  const { client, signal } = pass.options;
  const ids = groups.map(({ groupId }) => groupId);
  const answer = await getGroupFacts(client, ids, signal);
  const atMs = observedAtMs(answer);
  const gone = new Set(
    answer.value.filter(({ code }) => GONE_CODES.has(code))
      .map(({ groupId }) => groupId),
  );
  for (const group of groups) {
    // Callbacks after the question are newer than the answer.
    const isOlder = Date.parse(group.changedAt) < atMs;
    if (gone.has(group.groupId) && isOlder) {
      found.absent.push(group.groupId);
      found.observedAtMs = Math.min(found.observedAtMs, atMs);
    }
  }
}

/** The groups that the complete pass before this one did not find. */
async function readEarlier(
  pass: Pass,
  { complete, absentParts = 0 }: AppRuns,
): Promise<IdSet> {
  const earlier = new IdSet();
  for (let part = 0; part < absentParts; part++) {
    for (const groupId of await pass.part("absent", part, complete)) {
      earlier.add(groupId);
    }
  }
  return earlier;
}

async function endGroups(
  pass: Pass,
  { observedAtMs: atMs }: AbsentGroups,
  gone: readonly string[],
): Promise<void> {
  for (let at = 0; at < gone.length; at += INFO_MAX_GROUPS) {
    const ids = gone.slice(at, at + INFO_MAX_GROUPS);
    const known = await pass.known(ids);
    const living = known.filter((group) => group !== undefined)
      .filter(({ state }) => state !== "disbanded");
    await Promise.all(living.map(({ groupId, type, name, owner }) => {
      const group = { groupId, ...type && { type }, name, owner };
      return pass.repair({ reason: "gone", observedAtMs: atMs, group });
    }));
  }
}

/** Keeps the groups that are not there, for the next pass. */
async function keepAbsent(
  pass: Pass,
  ids: readonly string[],
  found: RunFindings,
): Promise<void> {
  const { id } = pass.run;
  const kept = partsOf(ids).map((value, part) => ({
    key: listKey("absent", id, part),
    value,
  }));
  const absentParts = kept.length;
  while (kept.length > PARTS_PER_COMMIT) {
    await pass.save({}, kept.splice(0, PARTS_PER_COMMIT));
  }
  await pass.save({ phase: "end", found, done: 0, absentParts }, kept);
}
