import type { ImportStore } from "../ingest/import.ts";
import type { Backup } from "../store/file/backup.ts";
import { backupRoute } from "./journal/backup.ts";
import type { EventsOptions } from "./feeds/events.ts";
import { exportRoute } from "./journal/export.ts";
import { importRoute } from "./journal/import.ts";
import { journalRoute } from "./journal/routes.ts";
import type { Route } from "./edge/route.ts";

/** What taking a journal out and in takes. */
export interface TransferOptions extends EventsOptions {
  readonly store: EventsOptions["store"] & ImportStore;
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
