import { STATUS_CODE } from "@std/http/status";
import { readExtent } from "../../store/journal/page.ts";
import type { Store } from "../../store/open.ts";
import { type Route, route } from "../edge/route.ts";
import { JournalSchema } from "../edge/schemas.ts";

/** Which journal this is, and which numbers it holds. */
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
