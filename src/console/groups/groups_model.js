/** Key of a group. */
export function keyOf(group) {
  return `${group.sdkAppId}/${group.groupId}`;
}

/**
 * Puts what is known of the newest groups before what was known already. An item that says the same
 * stays the same object, so that its row stays.
 *
 * @param {readonly object[]} known newest first
 * @param {readonly object[]} top the newest, as they are now
 * @returns {{ groups: object[], added: object[] }}
 */
export function merged(known, top) {
  const before = new Map(known.map((group) => [keyOf(group), group]));
  const seen = new Set(top.map(keyOf));
  const added = top.filter((group) => !before.has(keyOf(group)));
  const head = top.map((group) => sameOr(before.get(keyOf(group)), group));
  const tail = known.filter((group) => !seen.has(keyOf(group)));
  return { groups: [...head, ...tail], added };
}

/** Puts the next page behind what is known. */
export function appended(known, page) {
  const seen = new Set(known.map(keyOf));
  return [...known, ...page.filter((group) => !seen.has(keyOf(group)))];
}

/** Puts changed groups into their places; those that are not there stay away. */
export function updated(known, changed) {
  const now = new Map(changed.map((group) => [keyOf(group), group]));
  return known.map((group) => sameOr(group, now.get(keyOf(group)) ?? group));
}

function sameOr(before, now) {
  const isSame = before !== undefined &&
    JSON.stringify(before) === JSON.stringify(now);
  return isSame ? before : now;
}
