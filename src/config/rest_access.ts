// Access to an app's REST API at Tencent: `IMHOOK_APP_<SdkAppid>_KEY`, `_ADMIN` and `_REST`.

/** Host, administrator and key for calls of Tencent's REST API. */
export interface RestAccess {
  /** The app's secret key: whoever has it controls the app. */
  readonly key: string;
  /** An app administrator of Tencent's console. */
  readonly admin: string;
  /** Scheme, host and port, without a slash at the end. */
  readonly origin: string;
}

/** Hosts of the REST API by data centre: an app lives in exactly one (tencentcloud.com 1047/34620). */
export const DATA_CENTRES: Readonly<Record<string, string>> = {
  china: "https://console.tim.qq.com",
  singapore: "https://adminapisgp.im.qcloud.com",
  seoul: "https://adminapikr.im.qcloud.com",
  tokyo: "https://adminapijpn.im.qcloud.com",
  frankfurt: "https://adminapiger.im.qcloud.com",
  siliconvalley: "https://adminapiusa.im.qcloud.com",
  jakarta: "https://adminapiidn.im.qcloud.com",
};

/** The administrator that every app has. */
const DEFAULT_ADMIN = "administrator";
const LOOPBACK_REGEXP = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
/** Tencent's own limit of a UserID. */
const ADMIN_REGEXP = /^[\x21-\x7e]{1,32}$/;

/**
 * The access of an app as its texts say; undefined where no key is set, or something is wrong and
 * added to `problems`.
 */
export function readRestAccess(
  name: string,
  { key, admin, rest }: {
    readonly key: string;
    readonly admin: string;
    readonly rest: string;
  },
  problems: string[],
): RestAccess | undefined {
  if (key === "") {
    const [orphan] = [admin && "ADMIN", rest && "REST"].filter(Boolean);
    if (orphan) {
      problems.push(
        `${name}_${orphan}: needs ${name}_KEY, the app's secret key from Tencent's console`,
      );
    }
    return undefined;
  }
  const origin = originOf(rest);
  if (origin === undefined) {
    problems.push(
      `${name}_REST: expected the app's data centre (${
        Object.keys(DATA_CENTRES).join(", ")
      }) or a URL like https://adminapisgp.im.qcloud.com; http:// only for 127.0.0.1`,
    );
  }
  const identifier = admin || DEFAULT_ADMIN;
  const isAdmin = ADMIN_REGEXP.test(identifier);
  if (!isAdmin) {
    problems.push(
      `${name}_ADMIN: expected an administrator of Tencent's console, like ${DEFAULT_ADMIN}`,
    );
  }
  if (origin === undefined || !isAdmin) return undefined;
  return { key, admin: identifier, origin };
}

/** The origin that a data centre's name or a URL means; undefined for anything else. */
function originOf(text: string): string | undefined {
  const name = text.toLowerCase();
  if (Object.hasOwn(DATA_CENTRES, name)) return DATA_CENTRES[name];
  const url = URL.parse(text);
  if (url === null || !isBare(url)) return undefined;
  const isSafe = url.protocol === "https:" ||
    url.protocol === "http:" && LOOPBACK_REGEXP.test(url.hostname);
  return isSafe ? url.origin : undefined;
}

function isBare({ pathname, search, hash, username, password }: URL): boolean {
  return pathname === "/" && search + hash + username + password === "";
}
