import type { AppConfig } from "../../config/secrets.ts";
import type { Store } from "../../store/open.ts";
import { VERSION } from "../../base/version.ts";
import type { Route } from "../edge/route.ts";
import type { Sessions } from "../edge/session.ts";
import type { Right } from "../edge/tokens.ts";

/** Facts about the server for the console's page. */
export interface ContextOptions {
  readonly apps: ReadonlyMap<string, AppConfig>;
  readonly callbackPath: string;
  readonly isSandbox: boolean;
  /** Command that runs `trigger` on the server's machine. */
  readonly triggerCommand: string;
  readonly store: { readonly identity: Pick<Store["identity"], "id"> };
  /** Says what who asks may do. */
  readonly judge: (request: Request) => Right | undefined;
  /** Sessions over plain http: whoever has one may change things with the token typed anew. */
  readonly plainSessions?: Pick<Sessions, "rightOf"> | undefined;
}

/** Shown to a reader in place of a path that may be secret: whoever knows it can try to forge callbacks. */
const SOME_PATH = "/…";

/** Tells the console's page about its server; guarded as the API is. */
export function contextRoute(options: ContextOptions): Route {
  const { apps, callbackPath, isSandbox, triggerCommand, store, judge } =
    options;
  return {
    method: "GET",
    pattern: "/console/context.json",
    handle: ({ request }) => {
      const canWrite = judge(request) === "all";
      const isPublic = canWrite || callbackPath === "/";
      return Response.json({
        version: VERSION,
        sandbox: isSandbox,
        callbackPath: isPublic ? callbackPath : SOME_PATH,
        triggerCommand,
        apps: Array.from(apps.values(), ({ id, tokens }) => ({
          sdkAppId: id,
          isSigned: tokens.length > 0,
        })),
        canWrite,
        canUnlock: !canWrite &&
          options.plainSessions?.rightOf(request) !== undefined,
        journalId: store.identity.id,
      });
    },
  };
}
