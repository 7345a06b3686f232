// Types for what we use of the npm republication of @std, which ships without any.
// Each signature repeats the documented one; add what you use, nothing else.

declare module "@std/assert" {
  export class AssertionError extends Error {}
  export function assert(expr: unknown, msg?: string): asserts expr;
  export function assertEquals<T>(actual: T, expected: T, msg?: string): void;
  export function assertNotEquals<T>(
    actual: T,
    expected: T,
    msg?: string,
  ): void;
  export function assertStrictEquals<T>(
    actual: unknown,
    expected: T,
    msg?: string,
  ): asserts actual is T;
  export function assertNotStrictEquals<T>(
    actual: T,
    expected: T,
    msg?: string,
  ): void;
  export function assertExists<T>(
    actual: T,
    msg?: string,
  ): asserts actual is NonNullable<T>;
  export function assertStringIncludes(
    actual: string,
    expected: string,
    msg?: string,
  ): void;
  export function assertMatch(
    actual: string,
    expected: RegExp,
    msg?: string,
  ): void;
  export function assertNotMatch(
    actual: string,
    expected: RegExp,
    msg?: string,
  ): void;
  export function assertGreater(
    actual: number,
    expected: number,
    msg?: string,
  ): void;
  export function assertLessOrEqual(
    actual: number,
    expected: number,
    msg?: string,
  ): void;
  export function assertThrows<E extends Error = Error>(
    fn: () => unknown,
    errorClass?: new (...args: never[]) => E,
    msgIncludes?: string,
  ): E;
  export function assertRejects<E extends Error = Error>(
    fn: () => PromiseLike<unknown>,
    errorClass?: new (...args: never[]) => E,
    msgIncludes?: string,
  ): Promise<E>;
  export function fail(msg?: string): never;
}

declare module "@std/async/delay" {
  export function delay(
    ms: number,
    options?: { signal?: AbortSignal; persistent?: boolean },
  ): Promise<void>;
}

declare module "@std/async/deadline" {
  export function deadline<T>(
    p: Promise<T>,
    ms: number,
    options?: { signal?: AbortSignal },
  ): Promise<T>;
}

declare module "@std/http/status" {
  export const STATUS_CODE: {
    readonly OK: 200;
    readonly Created: 201;
    readonly Accepted: 202;
    readonly NoContent: 204;
    readonly NotModified: 304;
    readonly BadRequest: 400;
    readonly Unauthorized: 401;
    readonly Forbidden: 403;
    readonly NotFound: 404;
    readonly MethodNotAllowed: 405;
    readonly RequestTimeout: 408;
    readonly Conflict: 409;
    readonly Gone: 410;
    readonly ContentTooLarge: 413;
    readonly MisdirectedRequest: 421;
    readonly TooManyRequests: 429;
    readonly InternalServerError: 500;
    readonly NotImplemented: 501;
    readonly ServiceUnavailable: 503;
    readonly InsufficientStorage: 507;
  };
  export type StatusCode = typeof STATUS_CODE[keyof typeof STATUS_CODE];
  export const STATUS_TEXT: Readonly<Record<StatusCode, string>>;
}

declare module "@std/path" {
  export function basename(path: string): string;
  export function dirname(path: string): string;
  export function join(...paths: string[]): string;
  export function resolve(...paths: string[]): string;
  export function fromFileUrl(url: string | URL): string;
}

declare module "@std/testing/mock" {
  export interface Spy<Args extends unknown[], Return> {
    (...args: Args): Return;
    calls: { args: Args; returned?: Return; error?: Error }[];
  }
  export function spy<Args extends unknown[], Return>(
    func: (...args: Args) => Return,
  ): Spy<Args, Return>;
  export function assertSpyCalls<Args extends unknown[], Return>(
    spy: Spy<Args, Return>,
    expectedCalls: number,
  ): void;
  export function stub<Self>(
    self: Self,
    property: keyof Self,
    func: (...args: never[]) => unknown,
  ): Disposable;
}

declare module "tls-sig-api-v2" {
  export class Api {
    constructor(sdkAppId: number, key: string);
    genUserSig(identifier: string, expireSec: number): string;
  }
}

/** A reviver is given a number's own text as well; the compiler's library does not know it yet. */
interface JSON {
  parse(
    text: string,
    reviver: (
      key: string,
      value: unknown,
      context: { readonly source?: string },
    ) => unknown,
  ): unknown;
}
