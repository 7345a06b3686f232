import { Buffer } from "node:buffer";
import type {
  Agent,
  ClientRequest,
  IncomingMessage,
  RequestOptions,
} from "node:http";
import { request as requestPlain } from "node:http";
import { request as requestTls } from "node:https";
import { RequestStoppedError } from "./failure.ts";
import type { EndpointUrl } from "./url.ts";

/** One request to send. */
export interface Exchange {
  readonly target: EndpointUrl;
  readonly agent: Agent;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
  /** Limit for DNS, connection and TLS together. */
  readonly connectTimeoutMs: number;
  /** Limit for the whole exchange. */
  readonly timeoutMs: number;
  readonly maxResponseBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/** A receiver's answer. */
export interface ReceivedAnswer {
  readonly status: number;
  /** Values by name in lower case; repeated ones are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  /** As much of the body as was read, undecodable bytes replaced. */
  readonly bodyStart: string;
}

/** A request that failed, and whether its connection had served before. */
export class ExchangeError extends Error {
  override readonly name = "ExchangeError";
  readonly wasReused: boolean;

  constructor(cause: unknown, wasReused: boolean) {
    super("Request failed", { cause });
    this.wasReused = wasReused;
  }
}

/**
 * Sends one POST. Redirects are not followed. The answer stands once its head is there; of the body
 * comes what arrives within bound and deadline.
 *
 * @throws {ExchangeError} when no answer came; the reason is its cause
 */
export async function exchange(asked: Exchange): Promise<ReceivedAnswer> {
  let wasReused = false;
  try {
    const request = open(asked);
    request.once("socket", () => {
      wasReused = request.reusedSocket;
      // Deno sends a request again by itself when a socket that served before closes, even if
      // destroy() closed it: a deadline would start the request anew instead of ending it.
      request.reusedSocket = false;
    });
    using _watch = watch(request, asked);
    const response = await send(request, asked.body);
    return {
      status: response.statusCode ?? 0,
      headers: flat(response.headers),
      bodyStart: await readStart(response, asked.maxResponseBytes),
    };
  } catch (cause) {
    throw new ExchangeError(cause, wasReused);
  }
}

function open({ target, agent, headers, body }: Exchange): ClientRequest {
  const options: RequestOptions = {
    method: "POST",
    agent,
    hostname: target.hostname,
    port: target.port,
    path: target.path,
    headers: {
      "user-agent": "imhook",
      ...headers,
      "content-length": String(byteLength(body)),
    },
  };
  return target.isTls ? requestTls(options) : requestPlain(options);
}

function byteLength(body: string | Uint8Array): number {
  return typeof body === "string" ? Buffer.byteLength(body) : body.length;
}

/** Ends the request at its deadlines and at the caller's signal. */
function watch(
  request: ClientRequest,
  { target, timeoutMs, connectTimeoutMs, signal }: Exchange,
): Disposable {
  const giveUp = (code: RequestStoppedError["code"]) => () =>
    request.destroy(new RequestStoppedError(code));
  const onAbort = giveUp("ERR_CALLER_ABORTED");
  const total = setTimeout(giveUp("ERR_TOTAL_DEADLINE"), timeoutMs);
  const connect = setTimeout(giveUp("ERR_CONNECT_DEADLINE"), connectTimeoutMs);
  request.once("socket", (socket) => {
    if (!socket.connecting) return clearTimeout(connect);
    const event = target.isTls ? "secureConnect" : "connect";
    socket.once(event, () => clearTimeout(connect));
  });
  if (signal?.aborted) onAbort();
  signal?.addEventListener("abort", onAbort);
  return {
    [Symbol.dispose]() {
      clearTimeout(total);
      clearTimeout(connect);
      signal?.removeEventListener("abort", onAbort);
    },
  };
}

function send(
  request: ClientRequest,
  body: string | Uint8Array,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once("response", resolve);
    // For good: an error after the answer must not end the process.
    request.on("error", reject);
    // An answer that switches protocols ends in nothing else.
    request.once("close", () => reject(closedError()));
    request.end(body);
  });
}

function closedError(): Error {
  return Object.assign(new Error("Closed"), { code: "ECONNRESET" });
}

/** Reads up to the bound; what is longer, late or broken is cut there and its connection closed. */
async function readStart(
  response: IncomingMessage,
  maxBytes: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) break;
    }
  } catch { /* the answer's head has come, and it counts */ }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString();
}

function flat(headers: IncomingMessage["headers"]): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, String(value)]),
  );
}
