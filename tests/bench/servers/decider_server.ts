// A controller that lets everything pass after DECIDER_MS; GET tells how often it was asked.
import { hostAndPort } from "./baseline.ts";

/** How long it thinks, ms. */
export const DECIDER_MS = 5;

const ANSWER = '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0}';
let count = 0;

const handler = async (request: Request): Promise<Response> => {
  if (request.method !== "POST") return new Response(String(count));
  await request.arrayBuffer();
  count++;
  await new Promise((resolve) => setTimeout(resolve, DECIDER_MS));
  return new Response(ANSWER, {
    headers: { "content-type": "application/json" },
  });
};

if (import.meta.main) {
  const { hostname, port } = hostAndPort(Deno.env.get("IMHOOK_LISTEN"));
  const server = Deno.serve({ hostname, port, onListen() {}, handler });
  Deno.addSignalListener("SIGTERM", () => server.shutdown());
  await server.finished;
}
