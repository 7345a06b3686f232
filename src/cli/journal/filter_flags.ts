import type { FlagSpecs } from "../terminal/flags.ts";

/** Flags that say which events are wanted. */
export const FILTER_SPECS = {
  command: { type: "string" },
  app: { type: "string" },
  group: { type: "string" },
  user: { type: "string" },
  text: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
} as const satisfies FlagSpecs;

/** The part of a help text that explains these flags. */
export const FILTER_HELP =
  `  --command C        Only this command, or a family: "Group.*"
  --app N            Only this SDKAppID
  --group ID         Only this group
  --user ID          Only what names this user: a text of the body is equal to it
  --text T           Only what holds this: a text of the body contains it
  --from TIME        Only what was received then or later, as
                     2026-11-22T08:00:00Z or 2026-11-22T17:00:00+09:00
  --to TIME          Only what was received before then`;

/** The filter as the API's query says it. */
export function filterQuery(
  flags: { readonly [Name in keyof typeof FILTER_SPECS]?: string | undefined },
): Record<string, string | undefined> {
  const { command, app: sdkAppId, group: groupId, user: userId } = flags;
  const { text, from, to } = flags;
  return { command, sdkAppId, groupId, userId, text, from, to };
}
