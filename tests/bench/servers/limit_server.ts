// (a) The limit: parses the same JSON and answers. Nothing is verified, nothing is stored.
import { hostAndPort, OK_ACK } from "./baseline.ts";

const handler = async (request: Request): Promise<Response> => {
  if (request.method === "POST") await request.json();
  return Response.json(OK_ACK);
};

if (import.meta.main) {
  const { hostname, port } = hostAndPort(Deno.env.get("IMHOOK_LISTEN"));
  const server = Deno.serve({ hostname, port, onListen() {}, handler });
  Deno.addSignalListener("SIGTERM", () => server.shutdown());
  await server.finished;
}
