import { STATUS_CODE } from "@std/http/status";
import * as v from "valibot";
import { deleteDecider, listDeciders } from "../../delivery/decider/decider.ts";
import { pageOf } from "../edge/page_cursor.ts";
import { KEY_CURSOR } from "../edge/page_cursor.ts";
import { LIMIT } from "../edge/params.ts";
import { type Route, route } from "../edge/route.ts";
import {
  type DeciderRoutesOptions,
  missingDecider,
  ONE_DECIDER,
} from "./decider.ts";
import { deciderEditRoutes } from "./edit.ts";
import { DECIDER_NAME } from "./input.ts";
import { deciderJson } from "./json.ts";
import { DeciderPageSchema } from "./schemas.ts";
import { testRoute } from "./try.ts";

/** All routes of deciders. */
export function deciderRoutes(options: DeciderRoutesOptions): readonly Route[] {
  return [
    listRoute(options),
    getRoute(options),
    deleteRoute(options),
    ...deciderEditRoutes(options),
    testRoute(options),
  ];
}

function listRoute({ store, deciders }: DeciderRoutesOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/deciders",
    id: "listDeciders",
    summary: "List the deciders, with their state",
    query: v.strictObject({ cursor: KEY_CURSOR, limit: LIMIT }),
    answers: [{
      status: STATUS_CODE.OK,
      description: "Deciders by name",
      schema: DeciderPageSchema,
    }],
    handle: async ({ query }) => {
      const all = await listDeciders(store.side);
      const keyOf = ({ name }: { readonly name: string }) => name;
      const page = pageOf(all, { ...query, keyOf });
      const items = page.items.map((decider) =>
        deciderJson(decider, { status: deciders.statusOf(decider.name) })
      );
      return Response.json({ items, next: page.next });
    },
  });
}

function getRoute({ store, deciders }: DeciderRoutesOptions): Route {
  return route({
    method: "GET",
    pattern: "/v1/deciders/:name",
    id: "getDecider",
    summary: "Read a decider, its state and its last failures",
    params: DECIDER_NAME,
    answers: [ONE_DECIDER],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { name } }) => {
      const all = await listDeciders(store.side);
      const decider = all.find((one) => one.name === name);
      if (decider === undefined) throw missingDecider(name);
      const status = deciders.statusOf(name);
      return Response.json(deciderJson(decider, { status }));
    },
  });
}

function deleteRoute({ store, deciders }: DeciderRoutesOptions): Route {
  return route({
    method: "DELETE",
    pattern: "/v1/deciders/:name",
    id: "deleteDecider",
    summary: "Remove a decider: its commands are answered as without it",
    params: DECIDER_NAME,
    answers: [{ status: STATUS_CODE.NoContent, description: "It is gone" }],
    problems: [STATUS_CODE.NotFound],
    handle: async ({ params: { name } }) => {
      if (!await deleteDecider(store.side, name)) throw missingDecider(name);
      await deciders.refresh();
      return new Response(null, { status: STATUS_CODE.NoContent });
    },
  });
}
