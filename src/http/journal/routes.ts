import { STATUS_CODE } from "@std/http/status";
import type { ImportStore } from "../../ingest/import.ts";
import type { Backup } from "../../store/file/backup.ts";
import { readExtent } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import { type Route, route } from "../edge/route.ts";
import { JournalSchema } from "./schemas.ts";
import type { EventsOptions } from "../feeds/events.ts";
import { backupRoute } from "./backup.ts";
import { exportRoute } from "./export.ts";
import { importRoute } from "./import.ts";

/** The journal's id, and its first and last number. */
export function journalRoute(
  { reader, identity }: Pick<Store, "reader" | "identity">,
): Route {
  return route({
    method: "GET",
    pattern: "/v1/journal",
    id: "getJournal",
    summary: "Read which journal this is and which numbers it holds",
    answers: [{
      status: STATUS_CODE.OK,
      description: "The journal; `first` is one beyond `last` when it is empty",
      schema: JournalSchema,
    }],
    handle: async () => {
      const { first, last } = await readExtent(reader);
      return Response.json({
        id: identity.id,
        first: String(first),
        last: String(last),
      });
    },
  });
}

/** Dependencies of export, import and backup. */
export interface TransferOptions extends EventsOptions {
  readonly store: EventsOptions["store"] & ImportStore & Pick<Store, "lease">;
  readonly backup: Backup;
}

/** A journal as a whole: what it is, out of here, into here. */
export function transferRoutes(options: TransferOptions): readonly Route[] {
  return [
    journalRoute(options.store),
    exportRoute(options),
    importRoute(options.store),
    backupRoute(options),
  ];
}
