import type { CheckTexts } from "./texts_en.ts";

/** The texts of the checks in Japanese. */
export const JA: CheckTexts = {
  serverOk: { says: "imhook は {url} で応答しています" },
  serverDown: {
    says: "imhook は {url} で応答しません: {reason}",
    remedy:
      "起動してください(systemctl status imhook)。--url と IMHOOK_API_TOKEN も確認してください",
  },
  configurationOk: {
    says: "{apps} 個のアプリが設定済みで、すべてトークンがあります",
  },
  configurationUnsigned: {
    says:
      "アプリ {apps} にトークンがありません。誰でもコールバックを偽造できます",
    remedy:
      "Tencent のコンソールと IMHOOK_APP_<SdkAppid> にトークンを設定してください",
  },
  storeOk: { says: "ストアは書き込めます。ジャーナルの末尾は {last} です" },
  storeFailing: {
    says: "コールバックを保存できません: {reason}",
    remedy:
      "ログを確認してください。多くはディスクの満杯か KV サーバーの停止です",
  },
  directoryStuck: {
    says: "イベントは保存されますが、グループ一覧が進みません: {reason}",
    remedy: "ログを確認してください。imhook rebuild で作り直せます",
  },
  diskOk: { says: "ストアのディスクの空きは {freeMiB} MiB です" },
  diskLow: {
    says: "ストアのディスクの空きが {freeMiB} MiB しかありません",
    remedy:
      "空きを作るか IMHOOK_RETENTION_DAYS を設定してください。満杯になるとコールバックを保存できません",
  },
  diskRemote: { says: "ストアはこのマシンのファイルではありません" },
  clockOk: {
    says: "このマシンの時計と Tencent の時計の差は {seconds} 秒以内です",
  },
  clockOff: {
    says:
      "このマシンの時計が Tencent の時計と {seconds} 秒ずれています。60 秒を超えるとすべて拒否されます",
    remedy: "時刻同期を有効にしてください: timedatectl set-ntp true",
  },
  clockRefused: {
    says:
      "直近 1 時間に {count} 件のコールバックを拒否しました。時刻が 60 秒以上ずれていました",
    remedy: "このマシンの時計を合わせてください: timedatectl set-ntp true",
  },
  clockUnknown: {
    says: "Tencent の時計を確認できませんでした",
    remedy: "IMHOOK_APP_<SdkAppid>_KEY と _REST を設定すると比較できます",
  },
  tokenOk: { says: "直近 1 時間に Sign が誤ったコールバックはありません" },
  tokenWrong: {
    says:
      "直近 1 時間に Sign が誤ったコールバックが {count} 件ありました。最後の送信元は {address} です",
    remedy:
      "Tencent のコンソールのトークンを IMHOOK_APP_<SdkAppid> に写し直し、再起動してください",
  },
  tokenUnsent: {
    says: "直近 1 時間に Sign のないコールバックが {count} 件ありました",
    remedy:
      "Tencent のコンソールで認証を有効にし、IMHOOK_APP_<SdkAppid> のトークンを設定してください",
  },
  callbacksOk: {
    says:
      "アプリ {app} の最後のコールバックは {minutes} 分前です。受信済み: {commands}",
  },
  callbacksSilent: {
    says: "アプリ {app} のコールバックが {hours} 時間届いていません",
    remedy:
      "Tencent のコンソールで URL とコールバックのチェックを確認してください",
  },
  callbacksNone: {
    says: "アプリ {app} のコールバックはまだ届いていません",
    remedy:
      "Tencent のコンソールで URL を設定しコールバックにチェックを入れ、2 分待ってグループを作ってください",
  },
  restOk: {
    says: "アプリ {app} の REST API は応答しています: グループ {groups} 個",
  },
  restNoKey: {
    says:
      "アプリ {app} の秘密鍵がありません。届かなかったグループを見つけられません",
    remedy: "IMHOOK_APP_{app}_KEY と IMHOOK_APP_{app}_REST を設定してください",
  },
  restFailed: {
    says: "Tencent の REST API がアプリ {app} を拒否しました: {reason}",
    remedy: "文の指示に従い、再起動してください",
  },
  restElsewhere: {
    says:
      "アプリ {app} はデータセンター {centre} にあり、IMHOOK_APP_{app}_REST と異なります",
    remedy: "IMHOOK_APP_{app}_REST={centre} と設定してください",
  },
  addressesOpen: {
    says:
      "IMHOOK_ALLOWED_SENDERS は未設定です。どこからのコールバックも受け付けます",
  },
  addressesOk: {
    says:
      "アプリ {app} の Tencent のアドレス {count} 個はすべて許可されています",
  },
  addressesBlocked: {
    says:
      "IMHOOK_ALLOWED_SENDERS に Tencent のアドレスが {count} 個足りません: {blocks}",
    remedy: "IMHOOK_ALLOWED_SENDERS とファイアウォールに追加してください",
  },
  addressesUnknown: {
    says: "アプリ {app} の Tencent のアドレスを取得できませんでした: {reason}",
    remedy: "Tencent のサポートに GetIPList の開放を依頼してください",
  },
  dnsOk: { says: "{host} のアドレスは {addresses} です" },
  dnsPrivate: {
    says: "{host} のアドレスは {addresses} で、Tencent から届きません",
    remedy: "公開 DNS のレコードに公開アドレスを設定してください",
  },
  dnsFailed: {
    says: "{host} のアドレスがありません: {reason}",
    remedy: "DNS レコードを追加してください",
  },
  certificateOk: { says: "{host} の証明書は有効です" },
  certificateExpired: {
    says: "{host} の証明書の期限が切れています",
    remedy: "更新し、自動更新されなかった理由を調べてください",
  },
  certificateOtherName: {
    says: "{host} の証明書は別の名前のものです",
    remedy: "プロキシに {host} の証明書を設定してください",
  },
  certificateUntrusted: {
    says: "{host} の証明書は信頼されません: {reason}",
    remedy:
      "公的な認証局の証明書を中間証明書も含めて設定してください。Tencent はそれ以外を受け付けません",
  },
  certificatePlain: {
    says: "{host} は TLS なしです",
    remedy: "有効な証明書と https:// を使ってください",
  },
  noPublic: {
    says: "公開 URL は確認していません",
    remedy:
      "--public https://im.example.com/tencent-chat のように指定してください",
  },
  publicOk: { says: "公開 URL は imhook として {ms} ms で応答しました" },
  publicSlow: {
    says:
      "公開 URL の応答に {ms} ms かかりました。Tencent は 2,000 ms しか待ちません",
    remedy: "ネットワーク、プロキシ、負荷を確認してください",
  },
  publicNotImhook: {
    says:
      "公開 URL はステータス {status} を返し、imhook のコールバックのパスではありません",
    remedy: "URL、プロキシのパス、IMHOOK_CALLBACK_PATH を一致させてください",
  },
  publicUnreachable: {
    says: "公開 URL が応答しません: {reason}",
    remedy: "プロキシ、ファイアウォール、ポートを確認してください",
  },
  closedOk: { says: "/v1、/metrics、/console は公開ホストで閉じています" },
  closedOpen: {
    says: "{path} が公開ホストで開いています(ステータス {status})",
    remedy:
      "プロキシはコールバックのパスだけを通してください: imhook help deploy",
  },
  closedUnknown: { says: "/v1 が閉じているか確認できませんでした" },
  showMeOk: { says: "{command} は {ms} ms 後に届きました" },
  showMeMissing: {
    says: "{command} は {seconds} 秒以内に届きませんでした",
    remedy: "Tencent のコンソールでチェックを入れ、URL を確認してください",
  },
  showMeFailed: {
    says: "試験用グループを作れませんでした: {reason}",
    remedy: "先に rest の項目を直してください",
  },
};
