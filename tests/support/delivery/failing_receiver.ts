/** The receiver's way with one request. */
export type Manner =
  | "take"
  | "error"
  | "later"
  | "gone"
  | "redirect"
  | "reset"
  | "hang"
  | "slow"
  | "huge"
  | "garbage";

/** A request as it arrived. */
export interface Received {
  readonly headers: Headers;
  readonly body: string;
}

/** A receiver of webhooks on a free port. */
export interface FailingReceiver extends AsyncDisposable {
  readonly url: string;
  /** Requests that it took, in order. */
  readonly taken: readonly Received[];
  /** Everything that came. */
  readonly received: readonly Received[];
}

const ANSWERS: Partial<Record<Manner, string>> = {
  take: "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n",
  error:
    "HTTP/1.1 500 Oops\r\nconnection: close\r\ncontent-length: 4\r\n\r\nbad!",
  later:
    "HTTP/1.1 429 Slow Down\r\nretry-after: 7\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
  gone: "HTTP/1.1 410 Gone\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
  redirect:
    "HTTP/1.1 302 Found\r\nlocation: /elsewhere\r\nconnection: close\r\ncontent-length: 0\r\n\r\n",
  garbage: "I am no web server\r\n\r\n",
  huge:
    `HTTP/1.1 500 Oops\r\nconnection: close\r\ncontent-length: 1000000\r\n\r\n${
      "x".repeat(1_000_000)
    }`,
  slow: "HTTP/1.1 200 OK\r\ncont",
};

/** Starts a receiver that treats its requests one after the other as it is told, and then takes all. */
export function startFailingReceiver(
  manners: readonly Manner[],
): FailingReceiver {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const taken: Received[] = [];
  const received: Received[] = [];
  const left = [...manners];
  const open = new Set<Deno.Conn>();
  const serve = async (connection: Deno.Conn) => {
    open.add(connection);
    try {
      const request = await readRequest(connection);
      if (request === undefined) return;
      received.push(request);
      const manner = left.shift() ?? "take";
      if (manner === "take") taken.push(request);
      // These keep the connection until the other side or the test ends it.
      if (manner === "hang" || manner === "slow") {
        await send(connection, ANSWERS[manner] ?? "");
        await readRequest(connection);
      } else await send(connection, ANSWERS[manner] ?? "");
    } catch {
      /* the other side has left */
    } finally {
      if (open.delete(connection)) connection.close();
    }
  };
  const connections: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const connection of listener) {
      connections.push(serve(connection));
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}/hook`,
    taken,
    received,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) {
        open.delete(connection);
        connection.close();
      }
      await accepting;
      await Promise.all(connections);
    },
  };
}

async function send(connection: Deno.Conn, text: string): Promise<void> {
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(text));
  writer.releaseLock();
}

/** A whole request; undefined when the other side ends before. */
async function readRequest(
  connection: Deno.Conn,
): Promise<Received | undefined> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const at = text.indexOf("\r\n\r\n");
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
    if (at >= 0 && text.length >= at + 4 + length) {
      return {
        headers: headersOf(text.slice(0, at)),
        body: text.slice(at + 4),
      };
    }
    const count = await connection.read(buffer);
    if (count === null) return undefined;
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

function headersOf(head: string): Headers {
  const lines = head.split("\r\n").slice(1);
  return new Headers(lines.map((line): [string, string] => {
    const [name = "", ...rest] = line.split(": ");
    return [name, rest.join(": ")];
  }));
}
