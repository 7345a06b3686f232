// Words of the alerts in Japanese.
import type { AlertKind, AlertWords } from "./texts_en.ts";

/** The words of each kind of alert. */
export const JA: Readonly<Record<AlertKind, AlertWords>> = {
  storeFailing: {
    message: "コールバックが失われています：保存できません（{reason}）。",
    action:
      "imhook のログと、ストアのディスクまたは KV サーバーを確認してください。",
  },
  diskFull: {
    message:
      "コールバックが失われています：ディスクがいっぱいです（{reason}）。",
    action:
      "ストアのディスクに空きを作ってください。空きができれば自動で再開します。空きがないうちは削除もできません。",
  },
  diskLow: {
    message: "ストアのあるディスクの空きは {freeMiB} MiB だけです。",
    action:
      "いっぱいになる前に空きを作るか、imhook purge --before 時刻 で古いイベントを削除してください。",
  },
  walHeld: {
    message:
      "ストアの先行書き込みログ（…-wal）が {sizeMiB} MiB に達し、増え続けています：別のプログラムがストアのファイルを読んでいます。",
    action:
      "そのプログラムを終了してください。使用中のストアは imhook backup でコピーできます。",
  },
  silent: {
    message: "アプリ {app} のコールバックが {hours} 時間届いていません。",
    action:
      "imhook doctor --app {app} を実行してください。Tencent コンソールのコールバック URL は設定され、有効ですか？",
  },
  neverHeard: {
    message:
      "アプリ {app} のコールバックは一度も届いていません（待機 {hours} 時間）。",
    action:
      "Tencent コンソールでコールバック URL を設定し、有効にしてください。imhook doctor --app {app} で確認できます。",
  },
  notDurable: {
    message:
      "直近 1 時間に {count} 件のコールバックを時間内に保存できませんでした。",
    action:
      "imhook のログを確認してください：ディスクか KV サーバーが遅いか停止しています。",
  },
  queueFull: {
    message:
      "直近 1 時間に {count} 件のコールバックを受け取る余裕がありませんでした：キューが満杯か、途中で止まったボディが多すぎます。",
    action:
      "ディスクの処理能力を超えています。より速いディスクを使ってください。途中で止まるボディの送信元は imhook のログで分かります。",
  },
  wrongSign: {
    message:
      "直近 1 時間に Sign の誤ったリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action:
      "トークンは Tencent コンソールのものと同じですか？ 変更中はもう一方を IMHOOK_APP_<SdkAppid>_PREVIOUS に設定してください。",
  },
  lateSign: {
    message:
      "直近 1 時間に RequestTime が 1 分以上ずれたリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action: "このマシンの時計は正しいですか？ NTP を動かしてください。",
  },
  noSign: {
    message:
      "直近 1 時間に Sign のないリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action: "Tencent コンソールで認証を有効にしてください。",
  },
  senderRefused: {
    message:
      "直近 1 時間に IMHOOK_ALLOWED_SENDERS にない送信元からのリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action:
      "Tencent のものなら追加してください。imhook doctor が Tencent の一覧と比べます。",
  },
  senderHidden: {
    message:
      "直近 1 時間に {count} 件のリクエストが拒否されました。送信元が自分のプロキシ {address} に見えています。",
    action: "IMHOOK_TRUSTED_PROXIES にプロキシのアドレスを設定してください。",
  },
  relayLoop: {
    message: "直近 1 時間に中継したコールバックが {count} 件戻ってきました。",
    action:
      "二つの imhook が互いに中継しています。どちらかのエンドポイントを削除してください。",
  },
  slowBody: {
    message:
      "直近 1 時間に本文が時間内に届かなかったリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action: "プロキシやネットワークが遅くありませんか？",
  },
  largeBody: {
    message:
      "直近 1 時間に本文が大きすぎるリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action: "Tencent はこの大きさを送りません。別の誰かです。",
  },
  unknownApp: {
    message:
      "直近 1 時間に設定のないアプリへのリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action: "IMHOOK_APP_<SdkAppid> の設定漏れか、スキャナーです。",
  },
  wrongMethod: {
    message:
      "直近 1 時間に POST 以外のリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action:
      "スキャナーかもしれません。IMHOOK_CALLBACK_PATH を秘密のパスにすると防げます。",
  },
  endpointFailing: {
    message:
      "エンドポイント「{name}」が失敗しています：イベント {event} が {attempts} 回失敗しました（{cause}）。",
    action:
      "受信側を直してください。imhook endpoints attempts {endpoint} で応答が見られます。イベントはすべて保管されています。",
  },
  endpointHeld: {
    message:
      "エンドポイント「{name}」への送信は止まっています：イベント {event} が {attempts} 回失敗しました（{cause}）。",
    action:
      "受信側を直してから imhook endpoints resume {endpoint} を実行してください。イベントはすべて保管されています。",
  },
  endpointWaits: {
    message:
      "エンドポイント「{name}」への送信は止まっています：妨げていたイベントは飛ばされました。",
    action: "imhook endpoints resume {endpoint} を実行してください。",
  },
  endpointDisabled: {
    message:
      "エンドポイント「{name}」への送信は止まっています：410 が返されました。受け取る相手がいないという意味です。",
    action:
      "誤りなら imhook endpoints resume {endpoint}、そうでなければ imhook endpoints remove {endpoint} を実行してください。",
  },
  endpointRestored: {
    message:
      "バックアップから復元されたため、エンドポイント「{name}」への送信は止まっています：その後に配信済みのものが再送されます。",
    action:
      "それでよければ imhook endpoints resume {endpoint} を実行してください。",
  },
  endpointAhead: {
    message:
      "エンドポイント「{name}」への送信は止まっています：位置がジャーナルの終わりより先です。",
    action:
      "別のジャーナルのものです。imhook endpoints remove {endpoint} で削除し、追加し直してください。",
  },
  deadLetters: {
    message: "エンドポイント「{name}」に配信不能イベントがあります。",
    action:
      "imhook endpoints dead-letters {endpoint} で理由を確認し、再送するか破棄してください。",
  },
  deciderFailing: {
    message:
      "デサイダー「{name}」が失敗しています：{failures} 回続けて有効な応答がなく、onFailure が適用されています。",
    action:
      "直してください。imhook deciders show {name} で最近の失敗が見られます。",
  },
  directoryStuck: {
    message: "グループ一覧の更新が止まっています：{reason}。",
    action: "imhook のログを確認してください。imhook rebuild で作り直せます。",
  },
  directoryBehind: {
    message:
      "グループ一覧がジャーナルより {events} 件（{seconds}）遅れています。",
    action:
      "追いつくのを待ってください。追いつかなければ imhook のログを確認してください。",
  },
  laneBehind: {
    message:
      "保管済みのコールバック {batches} バッチがまだジャーナルに入っていません（最も古いもの：{seconds}）。",
    action: "リースを持つプロセスのログと、ストアを確認してください。",
  },
  retentionBehind: {
    message:
      "イベントは {days} 日で削除されるはずですが、最も古いものは {overdueDays} 日超過しています。",
    action: "imhook purge --before 時刻 で何が妨げているか分かります。",
  },
  quarantine: {
    message: "{items} 件のコールバックが隔離されています。",
    action:
      "imhook quarantine list で理由を確認し、再検証するか削除してください。",
  },
  evicted: {
    message:
      "隔離の上限を超えたため、{items} 件のコールバックが見られないまま消えました。",
    action: "今すぐ隔離を確認し、原因を直し、不要なものを削除してください。",
  },
  insecureConsole: {
    message:
      "コンソールは暗号化されない http でも使えます：通信を見られる人には内容が見えます。",
    action:
      "https または ssh -L を使い、IMHOOK_INSECURE_CONSOLE を外して再起動してください。",
  },
  unsignedApp: {
    message:
      "アプリ {app} にはトークンがありません：誰でもコールバックを偽造できます。",
    action:
      "Tencent コンソールと IMHOOK_APP_{app} にトークンを設定してください。",
  },
  previousTokenUsed: {
    message:
      "アプリ {app} のコールバックはまだ以前のトークンで署名されています。",
    action: "Tencent コンソールに現在のトークンを設定してください。",
  },
  previousTokenUnused: {
    message: "アプリ {app} の以前のトークンはもう使われていません。",
    action: "IMHOOK_APP_{app}_PREVIOUS を削除して再起動してください。",
  },
  futureEvents: {
    message:
      "直近 1 日に EventTime が未来のイベントが {count} 件ありました（最後の送信元：{address}）。",
    action:
      "時計のずれか、コールバックの偽造です。確認と対処は imhook help operate にあります。",
  },
  guesses: {
    message:
      "直近 1 時間に有効な API トークンのないリクエストが {count} 件ありました（最後の送信元：{address}）。",
    action: "誰かが推測しているか、クライアントが古いトークンを使っています。",
  },
  missedGroups: {
    message:
      "アプリ {app} でコールバックのないまま作成されたグループが {groups} 件ありました。",
    action:
      "修復済みです。コールバックが失われる原因を調べてください：imhook doctor --app {app}。",
  },
  reconcileFailed: {
    message:
      "アプリ {app} のグループと Tencent の一覧との照合に失敗しました：{reason}。",
    action:
      "imhook doctor --app {app} でキー、ホスト、アドレスを確認できます。",
  },
  reconcileHeldBack: {
    message:
      "アプリ {app} では Tencent から消えたグループが多すぎるため、どれも終了していません。",
    action:
      "正しければ imhook reconcile --app {app} --accept-gone を実行してください。",
  },
};
