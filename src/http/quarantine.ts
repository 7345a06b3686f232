import type { QuarantineItem } from "../event.ts";
import type { Store } from "../store/open.ts";
import { listQuarantine } from "../store/quarantine.ts";
import { checkParams, numberParam } from "./params.ts";
import type { Route, RouteContext } from "./router.ts";

const MAX_LIMIT = 1_000;
const DEFAULT_LIMIT = 100;

/** What was authentic but could not be journaled. */
export function quarantineRoutes(
  store: Pick<Store, "reader">,
): readonly Route[] {
  return [{
    method: "GET",
    pattern: "/v1/quarantine",
    handle: (context) => list(store, context),
  }];
}

async function list(
  { reader }: Pick<Store, "reader">,
  { query }: RouteContext,
): Promise<Response> {
  checkParams(query, ["after", "limit"]);
  const max = Number.MAX_SAFE_INTEGER;
  const after = numberParam(query, "after", { min: 0, max }) ?? 0;
  const limit = numberParam(query, "limit", { min: 1, max: MAX_LIMIT });
  const page = await listQuarantine(reader, {
    after,
    limit: limit ?? DEFAULT_LIMIT,
  });
  return Response.json({
    items: page.items.map(itemJson),
    next: String(page.next),
  });
}

function itemJson(item: QuarantineItem): Record<string, unknown> {
  const { number, app, receivedAtMs, meta, body } = item;
  return {
    id: String(number),
    sdkappid: app,
    recordedtime: new Date(receivedAtMs).toISOString(),
    code: meta.code,
    reason: meta.reason,
    query: meta.query,
    size: body.length,
    raw: body.toBase64(),
  };
}
