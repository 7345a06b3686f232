/** Behaviour of a receiver on one connection, which is closed when this returns. */
export type Script = (connection: RawConnection) => Promise<void>;

/** One connection of a raw receiver. */
export interface RawConnection {
  /** The next request with its body, as text; undefined when the sender is gone. */
  readonly request: () => Promise<string | undefined>;
  readonly send: (text: string) => Promise<void>;
  /** Settles when the sender closes. */
  readonly gone: () => Promise<void>;
}

/** A receiver that speaks HTTP by hand, and so can do everything wrong. */
export interface RawReceiver extends AsyncDisposable {
  readonly port: number;
  /** Number of connections made. */
  readonly connections: () => number;
}

/** A certificate and its key, in PEM. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

/** The certificate's files, for receivers that speak TLS as receiver.test. */
export const TLS_FILES = readTlsFiles("receiver");

/** The same name's, of the first day of 2020. */
export const EXPIRED_TLS_FILES = readTlsFiles("expired");

/** Starts a receiver on a free port of 127.0.0.1. */
export function startRawReceiver(
  script: Script,
  { tls }: { readonly tls?: TlsFiles } = {},
): RawReceiver {
  const where = { hostname: "127.0.0.1", port: 0 };
  const listener = tls === undefined
    ? Deno.listen(where)
    : Deno.listenTls({ ...where, ...tls });
  const open = new Set<Deno.Conn>();
  const running: Promise<void>[] = [];
  let count = 0;
  const accepting = (async () => {
    for (;;) {
      const conn = await listener.accept();
      count += 1;
      open.add(conn);
      running.push(serve(conn, script).finally(() => open.delete(conn)));
    }
  })().catch(() => {/* the listener is closed */});
  return {
    port: (listener.addr as Deno.NetAddr).port,
    connections: () => count,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const conn of open) tryClose(conn);
      await accepting;
      await Promise.all(running);
    },
  };
}

/** A script that answers every request of a connection with this text. */
export function always(answer: string): Script {
  return async ({ request, send }) => {
    while (await request() !== undefined) await send(answer);
  };
}

/** An answer with a length, so that the connection stays. */
export function answerOf(
  status: number,
  { body = "", headers = "" }: {
    readonly body?: string;
    readonly headers?: string;
  } = {},
): string {
  return `HTTP/1.1 ${status} X\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`;
}

function readTlsFiles(name: string): TlsFiles {
  const read = (file: string) =>
    Deno.readTextFileSync(
      new URL(`../../testdata/tls/${file}`, import.meta.url),
    );
  return { cert: read(`${name}.pem`), key: read(`${name}_key.pem`) };
}

async function serve(conn: Deno.Conn, script: Script): Promise<void> {
  const reader = conn.readable.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const more = async () => {
    const { value } = await reader.read();
    text += value ?? "";
    return value !== undefined;
  };
  const request = async () => {
    while (lengthOf(text) === undefined) if (!await more()) return undefined;
    const whole = text.slice(0, lengthOf(text));
    text = text.slice(whole.length);
    return whole;
  };
  const gone = async () => {
    while (await more());
  };
  const send = async (answer: string) => {
    const bytes = new TextEncoder().encode(answer);
    for (let at = 0; at < bytes.length;) {
      at += await conn.write(bytes.subarray(at));
    }
  };
  try {
    await script({ request, send, gone });
  } catch {
    /* the sender has left, or the test is over */
  } finally {
    tryClose(conn);
    await reader.cancel().catch(() => {});
  }
}

/** The length of a whole request, as nobody sends two at once; undefined while it is not whole. */
function lengthOf(text: string): number | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const length = /content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1];
  const body = text.slice(headEnd + 4);
  const isWhole = new TextEncoder().encode(body).length >= Number(length ?? 0);
  return isWhole ? text.length : undefined;
}

function tryClose(conn: Deno.Conn): void {
  try {
    conn.close();
  } catch { /* closed already */ }
}
