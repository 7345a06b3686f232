// (b) What a team would write: one Deno KV commit for each callback, then the answer.
import { hostAndPort, OK_ACK } from "./baseline.ts";

const createHandler =
  (kv: Deno.Kv) => async (request: Request): Promise<Response> => {
    if (request.method === "POST") {
      await kv.set(["callbacks", crypto.randomUUID()], await request.json());
    }
    return Response.json(OK_ACK);
  };

if (import.meta.main) {
  using kv = await Deno.openKv(Deno.env.get("IMHOOK_KV"));
  const { hostname, port } = hostAndPort(Deno.env.get("IMHOOK_LISTEN"));
  const handler = createHandler(kv);
  const server = Deno.serve({ hostname, port, onListen() {}, handler });
  Deno.addSignalListener("SIGTERM", () => server.shutdown());
  await server.finished;
}
