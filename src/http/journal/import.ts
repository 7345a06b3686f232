import { STATUS_CODE } from "@std/http/status";
import {
  createImporter,
  IMPORT_MAX_LINES,
  type ImportResult,
  type ImportStore,
} from "../../ingest/import.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { checkRunsConsumers } from "../edge/requires_lease.ts";
import { type Route, route } from "../edge/route.ts";
import { ImportSchema } from "./schemas.ts";

/** The largest body of an import: the largest event takes a quarter of it. */
export const IMPORT_MAX_BYTES = 8_388_608;

const RETRY_SOON = { headers: { "retry-after": "1" } };

/** Takes events of another journal. */
export function importRoute(
  store: ImportStore & Pick<Store, "lease">,
): Route {
  const importLines = createImporter(store);
  return route({
    method: "POST",
    pattern: "/v1/import",
    id: "importEvents",
    summary: "Append events of another journal, each once, with the time at " +
      "which they were received there",
    bytes: {
      contentType: "application/jsonl",
      description: `Lines of an export, at most ${IMPORT_MAX_LINES}, in the ` +
        "order of their numbers",
      maxBytes: IMPORT_MAX_BYTES,
    },
    answers: [{
      status: STATUS_CODE.OK,
      description: "All of them are here now; numbers are those of the other " +
        "journal where this one was empty",
      schema: ImportSchema,
    }],
    problems: [
      STATUS_CODE.BadRequest,
      STATUS_CODE.Conflict,
      STATUS_CODE.TooManyRequests,
      STATUS_CODE.ServiceUnavailable,
    ],
    handle: async ({ bytes }) => {
      checkRunsConsumers(store);
      return importResponse(await importLines(bytes));
    },
  });
}

function importResponse(result: ImportResult): Response {
  switch (result.kind) {
    case "done": {
      const { added, known, isRenumbered } = result;
      return Response.json({ added, known, renumbered: isRenumbered });
    }
    case "bad line": {
      const { line, reason } = result;
      throw new HttpError(
        STATUS_CODE.BadRequest,
        `Line ${line}: ${reason}`,
        { fields: { parameter: "Body", line, reason } },
      );
    }
    case "own":
      throw new HttpError(
        STATUS_CODE.Conflict,
        "Body: these events are this journal's own",
      );
    case "busy":
      throw new HttpError(
        STATUS_CODE.TooManyRequests,
        "Import: another one is at work",
        RETRY_SOON,
      );
    case "refused":
      throw new HttpError(
        STATUS_CODE.ServiceUnavailable,
        `Import: the store cannot take it now: ${result.reason}`,
        RETRY_SOON,
      );
    case "late":
      throw new HttpError(
        STATUS_CODE.ServiceUnavailable,
        "Import: the store has not kept all lines yet, and may still keep " +
          "them; send them again: none is added twice",
        RETRY_SOON,
      );
  }
}
