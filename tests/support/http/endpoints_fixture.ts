import { DeliveryRates } from "../../../src/delivery/endpoint/rates.ts";
import type { Resolve } from "../../../src/delivery/outbound/dns.ts";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { createTester } from "../../../src/delivery/outbound/trial_event.ts";
import { endpointRoutes } from "../../../src/http/endpoints/routes.ts";
import { CREATED_BODY, NOW_MS } from "../ingest/callback_fixture.ts";
import { type Api, openApi } from "./api_fixture.ts";

/** The API, and what it tells the workers. */
export interface EndpointApi extends Api {
  /** Ids of the endpoints whose workers were told of a change. */
  readonly changed: readonly string[];
  /** Sends JSON. */
  readonly send: (
    path: string,
    body?: unknown,
    method?: string,
  ) => Promise<Response>;
}

/** Names that begin with soon have no address yet, and the network's own are inside. */
function resolve(name: string): ReturnType<Resolve> {
  if (name.startsWith("soon.")) return Promise.resolve([]);
  const address = name.startsWith("inside.") ? "10.0.0.1" : "1.1.1.1";
  return Promise.resolve([{ address, family: 4 }]);
}

/** The API of endpoints over a journal of three events. */
export async function openEndpoints(): Promise<EndpointApi> {
  const changed: string[] = [];
  const api = await openApi({
    routes: ({ store }) =>
      endpointRoutes({
        store,
        deliveries: { changed: (id) => changed.push(id) },
        rates: new DeliveryRates(),
        checkUrl: openOutbound({ reach: "public", resolve }).checkUrl,
        test: createTester({
          journalId: "j",
          post: () =>
            Promise.resolve({
              kind: "failed",
              reason: "connect",
              message: "receiver.example: connection refused",
              durationMs: 1,
            }),
        }),
        now: () => NOW_MS,
      }),
  });
  await appendGroups(api, 3);
  return {
    ...api,
    changed,
    send: (path, body = {}, method = "POST") =>
      api.get(`/v1/endpoints${path}`, { method, body: JSON.stringify(body) }),
  };
}

/** Where the usual endpoint's events go. */
export const URL_OF_RECEIVER = "https://receiver.example/hook";

/** Lets so many groups be created. */
export async function appendGroups(api: Api, count: number): Promise<void> {
  for (let number = 0; number < count; number++) {
    const GroupId = crypto.randomUUID();
    await api.post({ ...CREATED_BODY, GroupId });
  }
}
