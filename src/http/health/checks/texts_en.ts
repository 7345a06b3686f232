/** The words of a text: what was found, and what to do about it. */
export interface CheckWords {
  readonly says: string;
  readonly remedy?: string;
}

/** The texts of the checks in English. */
export const EN = {
  serverOk: { says: "imhook answers at {url}" },
  serverDown: {
    says: "imhook does not answer at {url}: {reason}",
    remedy:
      "Start it (systemctl status imhook), and look at --url and IMHOOK_API_TOKEN",
  },
  configurationOk: { says: "{apps} app(s) are configured, each with a token" },
  configurationUnsigned: {
    says: "App(s) {apps} have no token: anybody can forge their callbacks",
    remedy: "Set a token in Tencent's console and in IMHOOK_APP_<SdkAppid>",
  },
  storeOk: { says: "The store takes events; the journal ends at {last}" },
  storeFailing: {
    says: "Callbacks cannot be kept: {reason}",
    remedy:
      "Look at the log; most often the disk is full or the KV server is away",
  },
  directoryStuck: {
    says: "Events are kept, but the group directory does not go on: {reason}",
    remedy: "Look at the log; imhook rebuild makes it anew",
  },
  diskOk: { says: "{freeMiB} MiB are free where the store is" },
  diskLow: {
    says: "Only {freeMiB} MiB are free where the store is",
    remedy:
      "Make room, or set IMHOOK_RETENTION_DAYS: with a full disk no callback can be kept",
  },
  diskRemote: { says: "The store is no file of this machine" },
  clockOk: { says: "This machine's clock is within {seconds} s of Tencent's" },
  clockOff: {
    says:
      "This machine's clock is {seconds} s away from Tencent's; at 60 s every callback is refused",
    remedy: "Switch time synchronisation on: timedatectl set-ntp true",
  },
  clockRefused: {
    says:
      "{count} callback(s) of the last hour were refused: their time was more than 60 s off",
    remedy: "Set this machine's clock: timedatectl set-ntp true",
  },
  clockUnknown: {
    says: "Tencent's clock was not seen",
    remedy: "Set IMHOOK_APP_<SdkAppid>_KEY and _REST to compare with it",
  },
  tokenOk: { says: "No callback of the last hour had a wrong Sign" },
  tokenWrong: {
    says:
      "{count} callback(s) of the last hour had a wrong Sign, the last one from {address}",
    remedy:
      "Copy the token again from Tencent's console into IMHOOK_APP_<SdkAppid>, and restart",
  },
  tokenUnsent: {
    says: "{count} callback(s) of the last hour had no Sign",
    remedy:
      "Switch authentication on in Tencent's console, with the token of IMHOOK_APP_<SdkAppid>",
  },
  callbacksOk: {
    says:
      "The last callback of app {app} came {minutes} min ago; seen: {commands}",
  },
  callbacksSilent: {
    says: "No callback of app {app} has come for {hours} h",
    remedy:
      "Look in Tencent's console whether the URL is set and the callbacks are ticked",
  },
  callbacksNone: {
    says: "No callback of app {app} has come yet",
    remedy:
      "Set the URL in Tencent's console, tick the callbacks, wait 2 minutes, make a group",
  },
  restOk: { says: "Tencent's REST API answers for app {app}: {groups} groups" },
  restNoKey: {
    says: "No secret key is set for app {app}: missed groups cannot be found",
    remedy: "Set IMHOOK_APP_{app}_KEY and IMHOOK_APP_{app}_REST",
  },
  restFailed: {
    says: "Tencent's REST API refuses app {app}: {reason}",
    remedy: "Do what the sentence says, and restart",
  },
  restElsewhere: {
    says:
      "App {app} is in the data centre {centre}, not where IMHOOK_APP_{app}_REST looks",
    remedy: "Set IMHOOK_APP_{app}_REST={centre}",
  },
  addressesOpen: {
    says: "IMHOOK_ALLOWED_SENDERS is not set: callbacks may come from anywhere",
  },
  addressesOk: {
    says: "All {count} of Tencent's addresses for app {app} are allowed",
  },
  addressesBlocked: {
    says:
      "IMHOOK_ALLOWED_SENDERS lacks {count} of Tencent's addresses: {blocks}",
    remedy: "Add them to IMHOOK_ALLOWED_SENDERS and to your firewall",
  },
  addressesUnknown: {
    says: "Tencent did not tell its addresses for app {app}: {reason}",
    remedy: "Ask Tencent's support to open GetIPList for this app",
  },
  dnsOk: { says: "{host} leads to {addresses}" },
  dnsPrivate: {
    says: "{host} leads to {addresses}, which Tencent cannot reach",
    remedy: "Let its public DNS record name a public address",
  },
  dnsFailed: {
    says: "{host} has no address: {reason}",
    remedy: "Add a DNS record for it",
  },
  certificateOk: { says: "The certificate of {host} is valid" },
  certificateExpired: {
    says: "The certificate of {host} has expired",
    remedy: "Renew it, and look why that did not happen by itself",
  },
  certificateOtherName: {
    says: "The certificate of {host} is for another name",
    remedy: "Let the proxy serve one for {host}",
  },
  certificateUntrusted: {
    says: "The certificate of {host} is not trusted: {reason}",
    remedy:
      "Serve the whole chain of a public authority: Tencent accepts no other",
  },
  certificatePlain: {
    says: "{host} is asked without TLS",
    remedy: "Use https:// with a valid certificate",
  },
  noPublic: {
    says: "The public URL was not tried",
    remedy: "Say it: --public https://im.example.com/tencent-chat",
  },
  publicOk: { says: "The public URL answers as imhook, in {ms} ms" },
  publicSlow: {
    says: "The public URL answers in {ms} ms; Tencent waits for 2,000",
    remedy: "Look at the network, the proxy and the load",
  },
  publicNotImhook: {
    says:
      "The public URL answers with status {status}, and not as imhook's callback path does",
    remedy: "Make the URL, the proxy's path and IMHOOK_CALLBACK_PATH the same",
  },
  publicUnreachable: {
    says: "The public URL does not answer: {reason}",
    remedy: "Look at the proxy, the firewall and the port",
  },
  closedOk: {
    says: "/v1, /metrics and /console are closed at the public host",
  },
  closedOpen: {
    says: "{path} is open at the public host (status {status})",
    remedy: "Let the proxy pass the callback path alone: imhook help deploy",
  },
  closedUnknown: { says: "Whether /v1 is closed could not be tried" },
  showMeOk: { says: "{command} came after {ms} ms" },
  showMeMissing: {
    says: "{command} did not come within {seconds} s",
    remedy: "Tick it in Tencent's console, and look at the URL there",
  },
  showMeFailed: {
    says: "The throw-away group could not be made: {reason}",
    remedy: 'Mend the check "rest" first',
  },
} as const satisfies Readonly<Record<string, CheckWords>>;

/** The name of a text: every language has it. */
export type TextKey = keyof typeof EN;

/** Every text of one language. */
export type CheckTexts = { readonly [Key in TextKey]: CheckWords };
