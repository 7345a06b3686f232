import { deadline } from "@std/async/deadline";

/** Far beyond any promise of the server: a hanging test fails instead. */
const PATIENCE_MS = 30_000;
const HEAD_END = "\r\n\r\n";
const CONTINUE = `HTTP/1.1 100 Continue${HEAD_END}`;

/** An answer read from a raw connection. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: () => Promise<string>;
}

/** Opens a connection on which a test says exactly what it means. */
export async function openRaw(port: number): Promise<RawConnection> {
  return new RawConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
}

/** One connection that speaks HTTP/1.1 by hand; header names in lower case. */
export class RawConnection implements Disposable {
  #conn: Deno.Conn;
  #buffer = "";
  #decoder = new TextDecoder();

  constructor(conn: Deno.Conn) {
    this.#conn = conn;
  }

  /** Sends a request's head, and of its body as much as is given. */
  async sendHead(
    target: string,
    { method = "POST", headers = {}, body = "" }: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string | number>>;
      readonly body?: string;
    } = {},
  ): Promise<void> {
    const lines = Object.entries({ host: "127.0.0.1", ...headers })
      .map(([name, value]) => `${name}: ${value}\r\n`);
    await this.send(
      `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n${body}`,
    );
  }

  /** Sends bytes. */
  async send(text: string): Promise<void> {
    let bytes = new TextEncoder().encode(text);
    while (bytes.length > 0) {
      bytes = bytes.subarray(await this.#conn.write(bytes));
    }
  }

  /** Waits until the server reads a body that was announced with `expect: 100-continue`. */
  async readContinue(): Promise<void> {
    while (!this.#buffer.startsWith(CONTINUE)) await this.#fill();
    this.#buffer = this.#buffer.slice(CONTINUE.length);
  }

  /** Reads one whole answer. */
  async readAnswer(): Promise<RawAnswer> {
    while (!this.#buffer.includes(HEAD_END)) await this.#fill();
    const bodyAt = this.#buffer.indexOf(HEAD_END) + HEAD_END.length;
    const [statusLine = "", ...lines] = this.#buffer.slice(0, bodyAt).trim()
      .split("\r\n");
    const headers = new Headers(
      lines.map((line): [string, string] => {
        const at = line.indexOf(":");
        return [line.slice(0, at), line.slice(at + 1).trim()];
      }),
    );
    const end = bodyAt + Number(headers.get("content-length") ?? 0);
    while (this.#buffer.length < end) await this.#fill();
    const body = this.#buffer.slice(bodyAt, end);
    this.#buffer = this.#buffer.slice(end);
    return {
      status: Number(statusLine.split(" ")[1]),
      headers,
      text: () => Promise.resolve(body),
    };
  }

  /** Waits for the server to close the connection. */
  async readEnd(): Promise<void> {
    const buffer = new Uint8Array(1_024);
    const read = this.#conn.read(buffer).catch(resetAsEnd);
    if (await deadline(read, PATIENCE_MS) !== null) await this.readEnd();
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }

  async #fill(): Promise<void> {
    const bytes = new Uint8Array(65_536);
    const count = await deadline(this.#conn.read(bytes), PATIENCE_MS);
    if (count === null) throw new Error("Connection closed without an answer");
    this.#buffer += this.#decoder.decode(bytes.subarray(0, count));
  }
}

/** A reset is the server's way of closing on bytes that it has not read. */
function resetAsEnd(error: unknown): null {
  if (error instanceof Deno.errors.ConnectionReset) return null;
  throw error;
}
