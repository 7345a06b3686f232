import type { FlagSpecs } from "./terminal/flags.ts";

/** Flags that say which groups are wanted. */
export const GROUP_FILTER_SPECS = {
  app: { type: "string" },
  owner: { type: "string" },
  member: { type: "string" },
  type: { type: "string" },
  name: { type: "string" },
  state: { type: "string" },
  "created-after": { type: "string" },
  "created-before": { type: "string" },
  "changed-after": { type: "string" },
} as const satisfies FlagSpecs;

/** What the help says of them. */
export const GROUP_FILTER_HELP = `  --app N               Only this SDKAppID
  --owner USER          Only groups that this user owns
  --member USER         Only groups that this user is known to be in
  --type T              Only this type: Public, Private, ChatRoom, AVChatRoom …
  --name TEXT           Only names that begin so, in capitals or not
  --state S             Only active, disbanded or partial (its creation was not
                        seen)
  --created-after TIME  Only groups created then or later, as
                        2026-11-22T08:00:00Z
  --created-before TIME Only groups created before then
  --changed-after TIME  Only groups that changed then or later`;

/** The filter as the API's query says it. */
export function groupFilterQuery(
  flags: {
    readonly [Name in keyof typeof GROUP_FILTER_SPECS]?: string | undefined;
  },
): Record<string, string | undefined> {
  const { app: sdkAppId, owner, member, type, name, state } = flags;
  return {
    sdkAppId,
    owner,
    member,
    type,
    name,
    state,
    createdAfter: flags["created-after"],
    createdBefore: flags["created-before"],
    changedAfter: flags["changed-after"],
  };
}
