import type { Io } from "../../../src/cli/terminal/io.ts";
import { run } from "../../../src/cli/trigger/trigger.ts";
import { isFresh, verifySign } from "../../../src/protocol/sign.ts";

/** One request as the receiver got it. */
export interface Received {
  readonly method: string;
  readonly url: URL;
  readonly contentType: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A small receiver on a free port that judges the Sign and keeps what it got. */
export interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly Received[];
}

/** Starts a receiver that knows one token; `answer` replaces its usual answers. */
export function startReceiver(
  { token = "sandbox", answer }: {
    readonly token?: string;
    readonly answer?: (received: Received) => Response | Promise<Response>;
  } = {},
): Receiver {
  const requests: Received[] = [];
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    async (request) => {
      const received = {
        method: request.method,
        url: new URL(request.url),
        contentType: request.headers.get("content-type"),
        headers: Object.fromEntries(request.headers),
        body: await request.text(),
      };
      requests.push(received);
      return await (answer ?? judge)(received);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };

  function judge({ url }: Received): Response {
    const requestTime = url.searchParams.get("RequestTime") ?? "";
    const candidate = url.searchParams.get("Sign") ?? "";
    if (!verifySign({ candidate, requestTime, tokens: [token] })) {
      return ack("FAIL", { errorCode: 40101, status: 401 });
    }
    return isFresh(requestTime, Date.now())
      ? ack("OK")
      : ack("FAIL", { errorCode: 40102, status: 401 });
  }
}

/** An Ack packet as a response. */
export function ack(
  actionStatus: string,
  { errorCode = 0, status = 200 } = {},
): Response {
  return Response.json({
    ActionStatus: actionStatus,
    ErrorInfo: "",
    ErrorCode: errorCode,
  }, { status });
}

/** The address of a port on which nothing listens. */
export function deadUrl(): string {
  using listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  return `http://127.0.0.1:${listener.addr.port}/`;
}

/** Runs `imhook trigger` and gives back what it printed. */
export async function runTrigger(
  args: readonly string[],
  { env = {}, redraw }: Partial<Pick<Io, "env" | "redraw">> = {},
): Promise<{ code: number; out: string[]; talk: string[] }> {
  const out: string[] = [];
  const talk: string[] = [];
  const code = await run(args, {
    env,
    out: (line) => out.push(line),
    talk: (line) => talk.push(line),
    redraw,
  });
  return { code, out, talk };
}

/** One parameter of a request's query. */
export function queryOf(
  received: Received | undefined,
  name: string,
): string | null {
  return received?.url.searchParams.get(name) ?? null;
}
