// Words of the alerts in English.

/** The words of an alert: what is wrong, and what to do. */
export interface AlertWords {
  readonly message: string;
  readonly action: string;
}

/** The words of each kind of alert. */
export const EN = {
  storeFailing: {
    message: "Callbacks are being lost: they cannot be kept ({reason}).",
    action: "Look at imhook's log, and at the store's disk or KV server.",
  },
  diskFull: {
    message: "Callbacks are being lost: the disk is full ({reason}).",
    action:
      "Free space on the store's disk. imhook goes on by itself; nothing can be purged before there is some space.",
  },
  diskLow: {
    message: "Only {freeMiB} MiB are free where the store is.",
    action:
      "Make room, or remove old events with imhook purge --before TIME, before the disk is full.",
  },
  walHeld: {
    message:
      "The store's write-ahead log (…-wal) has {sizeMiB} MiB and grows: another program reads the store's file.",
    action: "End that program; imhook backup copies a store in use.",
  },
  silent: {
    message:
      "No callback of app {app} has come for {hours} {hours|hour|hours}.",
    action:
      "Run imhook doctor --app {app}. Is the callback URL still set and switched on in Tencent's console?",
  },
  neverHeard: {
    message:
      "No callback of app {app} has ever come; imhook waits for {hours} {hours|hour|hours}.",
    action:
      "Set the callback URL in Tencent's console and switch the callbacks on; imhook doctor --app {app} checks it.",
  },
  notDurable: {
    message:
      "{count} {count|callback|callbacks} could not be kept in time in the last hour.",
    action: "Look at imhook's log: the disk or the KV server is slow or away.",
  },
  queueFull: {
    message:
      "{count} {count|callback|callbacks} found no room in the last hour: the queue was full, or too many bodies came half-sent.",
    action:
      "More comes in than the disk can take: use a faster disk. imhook's log names who sends bodies that stop half-way.",
  },
  wrongSign: {
    message:
      "{count} {count|request|requests} had a wrong Sign in the last hour, the last one from {address}.",
    action:
      "Is the token here the one in Tencent's console? Put the other one into IMHOOK_APP_<SdkAppid>_PREVIOUS while it changes.",
  },
  lateSign: {
    message:
      "{count} {count|request|requests} had a RequestTime more than a minute off in the last hour, the last one from {address}.",
    action: "Is this machine's clock right? Keep NTP running.",
  },
  noSign: {
    message:
      "{count} {count|request|requests} had no Sign in the last hour, the last one from {address}.",
    action: "Switch authentication on in Tencent's console.",
  },
  senderRefused: {
    message:
      "{count} {count|request|requests} came from senders that IMHOOK_ALLOWED_SENDERS leaves out in the last hour, the last one from {address}.",
    action:
      "If that is Tencent, add its address: imhook doctor compares the list with Tencent's own.",
  },
  senderHidden: {
    message:
      "{count} {count|request|requests} were refused in the last hour as they seem to come from {address}, which is a proxy of your own.",
    action:
      "Set IMHOOK_TRUSTED_PROXIES to the proxy's address, so that the true sender counts.",
  },
  relayLoop: {
    message:
      "{count} relayed {count|callback|callbacks} came back in the last hour.",
    action: "Two imhooks relay to each other: remove one of the endpoints.",
  },
  slowBody: {
    message:
      "{count} {count|request|requests} did not send their body in time in the last hour, the last one from {address}.",
    action: "Is a proxy or the network slow?",
  },
  largeBody: {
    message:
      "{count} {count|request|requests} had a body that is too large in the last hour, the last one from {address}.",
    action: "Tencent sends none of that size: it is somebody else.",
  },
  unknownApp: {
    message:
      "{count} {count|request|requests} named no configured app in the last hour, the last one from {address}.",
    action: "Is IMHOOK_APP_<SdkAppid> missing for an app, or is it a scanner?",
  },
  wrongMethod: {
    message:
      "{count} {count|request|requests} used another method than POST in the last hour, the last one from {address}.",
    action:
      "It may be a scanner; a secret IMHOOK_CALLBACK_PATH keeps them out.",
  },
  endpointFailing: {
    message:
      'The endpoint "{name}" fails: event {event} has failed {attempts} {attempts|time|times} ({cause}).',
    action:
      "Mend the receiver; imhook endpoints attempts {endpoint} shows its answers. Everything is kept for it.",
  },
  endpointHeld: {
    message:
      'Nothing is sent to the endpoint "{name}": event {event} has failed {attempts} {attempts|time|times} ({cause}).',
    action:
      "Mend the receiver, then imhook endpoints resume {endpoint}. Everything is kept for it.",
  },
  endpointWaits: {
    message:
      'Nothing is sent to the endpoint "{name}": what was in its way has been skipped.',
    action: "Run imhook endpoints resume {endpoint}.",
  },
  endpointDisabled: {
    message:
      'Nothing is sent to the endpoint "{name}": it answered 410, which means that nobody wants anything there.',
    action:
      "Run imhook endpoints resume {endpoint} if that was a mistake, else imhook endpoints remove {endpoint}.",
  },
  endpointRestored: {
    message:
      'Nothing is sent to the endpoint "{name}" since the store was restored from a backup: what was delivered after that would be sent again.',
    action: "Run imhook endpoints resume {endpoint} if that is right.",
  },
  endpointAhead: {
    message:
      'Nothing is sent to the endpoint "{name}": its position lies beyond the journal\'s end.',
    action:
      "It belongs to another journal: imhook endpoints remove {endpoint}, and add it anew.",
  },
  deadLetters: {
    message:
      'The endpoint "{name}" has dead letters: events that it did not take.',
    action:
      "See why with imhook endpoints dead-letters {endpoint}; send them again, or discard them.",
  },
  deciderFailing: {
    message:
      'The decider "{name}" fails: {failures} answers in a row did not count, and its onFailure decides.',
    action: "Mend it; imhook deciders show {name} tells its last failures.",
  },
  directoryStuck: {
    message: "The group directory does not go on: {reason}.",
    action: "Look at imhook's log; imhook rebuild makes the directory anew.",
  },
  directoryBehind: {
    message:
      "The group directory is {events} {events|event|events} ({seconds}) behind the journal.",
    action: "Wait: it catches up. If it does not, look at imhook's log.",
  },
  laneBehind: {
    message:
      "{batches} {batches|batch of callbacks is|batches of callbacks are} kept but not in the journal yet, the oldest for {seconds}.",
    action:
      "Look at the log of the process that holds the lease, and at the store.",
  },
  retentionBehind: {
    message:
      "Events should leave after {days} {days|day|days}, and the oldest is {overdueDays} {overdueDays|day|days} overdue.",
    action: "imhook purge --before TIME tells who holds them back.",
  },
  quarantine: {
    message: "{items} {items|callback is|callbacks are} in quarantine.",
    action:
      "See why with imhook quarantine list, then revalidate or delete them.",
  },
  evicted: {
    message:
      "{items} {items|callback has|callbacks have} left the quarantine unseen, as more came than it holds.",
    action:
      "Look at the quarantine now, mend the cause, and delete what is junk.",
  },
  insecureConsole: {
    message:
      "The console can be used over plain http: whoever reads the network sees what it shows.",
    action:
      "Use https, or ssh -L; then remove IMHOOK_INSECURE_CONSOLE and restart.",
  },
  unsignedApp: {
    message:
      "App {app} has no callback token: anybody can forge its callbacks.",
    action: "Set a token in Tencent's console and in IMHOOK_APP_{app}.",
  },
  previousTokenUsed: {
    message: "Callbacks of app {app} are still signed with the previous token.",
    action: "Set the current token in Tencent's console.",
  },
  previousTokenUnused: {
    message: "The previous token of app {app} is no longer used.",
    action: "Remove IMHOOK_APP_{app}_PREVIOUS and restart.",
  },
  futureEvents: {
    message:
      "{count} {count|event|events} of the last day {count|has|have} an EventTime in the future, the last one from {address}.",
    action:
      "A clock is wrong, or somebody forges callbacks: imhook help operate tells how to see and stop it.",
  },
  guesses: {
    message:
      "{count} {count|request|requests} had no valid API token in the last hour, the last one from {address}.",
    action: "Somebody guesses, or a client has an old token.",
  },
  missedGroups: {
    message:
      "{groups} {groups|group|groups} of app {app} {groups|was|were} created and no callback told of them.",
    action:
      "They are repaired. Find out why callbacks are lost: imhook doctor --app {app}.",
  },
  reconcileFailed: {
    message:
      "Comparing the groups of app {app} with Tencent's list failed: {reason}.",
    action: "imhook doctor --app {app} checks key, host and address.",
  },
  reconcileHeldBack: {
    message:
      "So many groups of app {app} are gone at Tencent that none was ended here.",
    action: "If that is right, run imhook reconcile --app {app} --accept-gone.",
  },
} as const satisfies Record<string, AlertWords>;

/** The kinds of alerts. */
export type AlertKind = keyof typeof EN;
