import { API_TOKEN } from "./server_specs.ts";
import type { Server } from "./servers.ts";

/** Adds an endpoint that delivers from the first event kept, or from now on. */
export async function addEndpoint(
  { server, receiver }: { readonly server: Server; readonly receiver: Server },
  start: "first" | "now",
): Promise<void> {
  const response = await fetch(`${server.origin}/v1/endpoints`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${API_TOKEN}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ url: `${receiver.origin}/hook`, start }),
  });
  await response.body?.cancel();
  if (response.ok) return;
  throw server.failure(`answered ${response.status} to a new endpoint`);
}
