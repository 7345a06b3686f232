import type { FlagSpecs } from "../terminal/flags.ts";

/** Flags that say which events are wanted. */
export const FILTER_SPECS = {
  command: { type: "string" },
  app: { type: "string" },
  group: { type: "string" },
  from: { type: "string" },
  to: { type: "string" },
} as const satisfies FlagSpecs;

/** What the help says of them. */
export const FILTER_HELP =
  `  --command C        Only this command, or a family: "Group.*"
  --app N            Only this SDKAppID
  --group ID         Only this group
  --from TIME        Only what happened then or later, as 2026-11-22T08:00:00Z
  --to TIME          Only what happened before then`;

/** The filter as the API's query says it. */
export function filterQuery(
  flags: { readonly [Name in keyof typeof FILTER_SPECS]?: string | undefined },
): Record<string, string | undefined> {
  const { command, app: sdkAppId, group: groupId, from, to } = flags;
  return { command, sdkAppId, groupId, from, to };
}
