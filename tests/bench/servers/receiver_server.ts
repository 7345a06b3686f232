// Takes whatever is delivered to it; GET tells how many deliveries came.
import { hostAndPort } from "./baseline.ts";

let count = 0;

const handler = async (request: Request): Promise<Response> => {
  if (request.method !== "POST") return new Response(String(count));
  await request.arrayBuffer();
  count++;
  return new Response(null, { status: 204 });
};

if (import.meta.main) {
  const { hostname, port } = hostAndPort(Deno.env.get("IMHOOK_LISTEN"));
  const server = Deno.serve({ hostname, port, onListen() {}, handler });
  Deno.addSignalListener("SIGTERM", () => server.shutdown());
  await server.finished;
}
