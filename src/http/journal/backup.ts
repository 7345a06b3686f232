import { STATUS_CODE } from "@std/http/status";
import type { Backup, BackupResult } from "../../store/file/backup.ts";
import { HttpError } from "../edge/errors.ts";
import { type Route, route } from "../edge/route.ts";

const CONTENT_TYPE = "application/vnd.sqlite3";
const RETRY_AFTER_SEC = "10";
const MIB = 1_048_576;

/** Sends a copy of the store. */
export function backupRoute(
  { backup, now = Date.now }: {
    readonly backup: Backup;
    readonly now?: () => number;
  },
): Route {
  return route({
    method: "GET",
    pattern: "/v1/backup",
    id: "getBackup",
    summary: "Copy the whole store, as it is at one moment, while it is in " +
      "use. It holds endpoints' secrets: a token that may only read gets 403",
    isSecret: true,
    answers: [{
      status: STATUS_CODE.OK,
      description: "A file that `imhook restore` takes",
      contentType: CONTENT_TYPE,
      headers: {
        "Content-Disposition": "A name for the file",
        "Content-Length": "Its size",
      },
    }],
    problems: [
      STATUS_CODE.TooManyRequests,
      STATUS_CODE.NotImplemented,
      STATUS_CODE.InsufficientStorage,
    ],
    handle: async ({ request }) => {
      const day = new Date(now()).toISOString().slice(0, 10);
      const headers = {
        "content-type": CONTENT_TYPE,
        "content-disposition": `attachment; filename="imhook-${day}.backup"`,
      };
      // Nobody needs a copy to know what it would be called.
      if (request.method === "HEAD") return new Response(null, { headers });
      const result = await backup();
      if (result.kind !== "ready") throw refusal(result);
      const length = { "content-length": String(result.sizeBytes) };
      return new Response(result.stream, {
        headers: { ...headers, ...length },
      });
    },
  });
}

function refusal(
  result: Exclude<BackupResult, { kind: "ready" }>,
): HttpError {
  switch (result.kind) {
    case "busy":
      return new HttpError(
        STATUS_CODE.TooManyRequests,
        "Backup: one is being made or sent already",
        { headers: { "retry-after": RETRY_AFTER_SEC } },
      );
    case "remote":
      return new HttpError(
        STATUS_CODE.NotImplemented,
        "Backup: the store is not a file of this machine; use the means of " +
          "the KV Connect server, or export the journal",
      );
    case "no room": {
      const { freeBytes, neededBytes } = result;
      const [free, needed] = [freeBytes, neededBytes].map((bytes) =>
        Math.ceil(bytes / MIB)
      );
      return new HttpError(
        STATUS_CODE.InsufficientStorage,
        `Backup: the copy needs ${needed} MiB free beside the store, ` +
          `and ${free} MiB are; export the journal instead`,
        { fields: { freeBytes, neededBytes } },
      );
    }
  }
}
