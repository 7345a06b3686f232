import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import type { Reconciler } from "../../reconcile/reconcile.ts";
import { getRun, listRuns } from "../../reconcile/phases/run.ts";
import type { Store } from "../../store/open.ts";
import { HttpError } from "../edge/errors.ts";
import { KEY_CURSOR, keyAt, keyCursor } from "../edge/page_cursor.ts";
import { DEFAULT_LIMIT, LIMIT } from "../edge/params.ts";
import { checkRunsConsumers } from "../edge/requires_lease.ts";
import { type Route, route } from "../edge/route.ts";
import {
  runJson,
  RunPageSchema,
  RunParamsSchema,
  RunRequestSchema,
  RunSchema,
} from "./schemas.ts";

/** The sources of the routes. */
export interface ReconcileRouteOptions {
  readonly store: Pick<Store, "reader" | "lease">;
  readonly reconciler: Pick<Reconciler, "start" | "apps">;
}

/** Comparisons with Tencent's own list of groups: start one, look at them. */
export function reconcileRoutes(
  options: ReconcileRouteOptions,
): readonly Route[] {
  return [startRoute(options), listRoute(options), getRoute(options)];
}

function startRoute({ store, reconciler }: ReconcileRouteOptions): Route {
  return route({
    method: "POST",
    pattern: "/v1/reconciliations",
    id: "startReconciliation",
    summary: "Compare an app's groups with Tencent's own list, and append " +
      "what callbacks never told",
    body: RunRequestSchema,
    answers: [{
      status: STATUS_CODE.Accepted,
      description: "It runs",
      schema: RunSchema,
      headers: { location: "Where the run is" },
    }],
    problems: [STATUS_CODE.Conflict],
    handle: async ({ body: { sdkAppId, ...asked } }) => {
      checkRunsConsumers(store);
      const app = sdkAppId ?? onlyApp(reconciler.apps);
      const started = await reconciler.start({
        app,
        hasMembers: asked.members,
        isDry: asked.dryRun,
        acceptsGone: asked.acceptGone,
      });
      if (started.kind === "no key") throw noKey(app);
      const { run } = started;
      if (started.kind === "busy") throw busy(run.id);
      return Response.json(runJson(run), {
        status: STATUS_CODE.Accepted,
        headers: { location: `/v1/reconciliations/${run.id}` },
      });
    },
  });
}

function listRoute({ store }: ReconcileRouteOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/reconciliations",
    id: "listReconciliations",
    summary: "List comparisons with Tencent's list of groups, newest first",
    query: v.strictObject({ limit: LIMIT, cursor: KEY_CURSOR }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "The last hundred are remembered",
      schema: RunPageSchema,
    }],
    handle: async ({ query: { limit = DEFAULT_LIMIT, cursor } }) => {
      const before = cursor && keyAt(cursor);
      const runs = await listRuns(store.reader, { limit: limit + 1, before });
      const items = runs.slice(0, limit);
      const last = runs.length > limit ? items.at(-1) : undefined;
      return Response.json({
        items: items.map(runJson),
        ...last !== undefined && { next: keyCursor(last.id) },
      });
    },
  });
}

function getRoute({ store }: ReconcileRouteOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/reconciliations/:id",
    id: "getReconciliation",
    summary: "Read one comparison with Tencent's list of groups",
    params: RunParamsSchema,
    answers: [{
      status: STATUS_CODE.OK,
      description: "How far it is, and what it has found",
      schema: RunSchema,
    }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { id } }) => {
      const run = await getRun(store.reader, id);
      if (run === null) {
        throw new HttpError(
          STATUS_CODE.NotFound,
          "There is no reconciliation with this id",
        );
      }
      return Response.json(runJson(run));
    },
  });
}

/**
 * The one app that can be compared.
 *
 * @throws {HttpError} 400 naming those there are, 409 where there is none
 */
function onlyApp(apps: readonly number[]): number {
  const [app] = apps;
  if (app === undefined) {
    throw new HttpError(
      STATUS_CODE.Conflict,
      "Reconcile: no app has a secret key: set IMHOOK_APP_<SdkAppid>_KEY and IMHOOK_APP_<SdkAppid>_REST, then restart",
    );
  }
  if (apps.length === 1) return app;
  const expected = `one of ${apps.join(", ")}`;
  throw new HttpError(
    STATUS_CODE.BadRequest,
    `sdkAppId: expected ${expected}`,
    { fields: { parameter: "sdkAppId", expected, apps } },
  );
}

function noKey(app: number): HttpError {
  return new HttpError(
    STATUS_CODE.Conflict,
    `sdkAppId: no secret key is set for app ${app}: set IMHOOK_APP_${app}_KEY and IMHOOK_APP_${app}_REST, then restart`,
  );
}

function busy(id: string): HttpError {
  return new HttpError(
    STATUS_CODE.Conflict,
    `Reconcile: another one is under way: ${id}`,
    { fields: { id } },
  );
}
