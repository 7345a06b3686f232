// Made from src/console by `deno task assets`; a test fails when it is stale.
import asset0 from "../../console/app.js" with { type: "text" };
import asset1 from "../../console/base.css" with { type: "text" };
import asset2 from "../../console/deciders/decider_body.js" with {
  type: "text",
};
import asset3 from "../../console/deciders/decider_drawer.js" with {
  type: "text",
};
import asset4 from "../../console/deciders/decider_form.js" with {
  type: "text",
};
import asset5 from "../../console/deciders/decider_words.js" with {
  type: "text",
};
import asset6 from "../../console/deciders/deciders_page.js" with {
  type: "text",
};
import asset7 from "../../console/endpoints/endpoint_actions.js" with {
  type: "text",
};
import asset8 from "../../console/endpoints/endpoint_body.js" with {
  type: "text",
};
import asset9 from "../../console/endpoints/endpoint_chart.js" with {
  type: "text",
};
import asset10 from "../../console/endpoints/endpoint_drawer.js" with {
  type: "text",
};
import asset11 from "../../console/endpoints/endpoint_facts.js" with {
  type: "text",
};
import asset12 from "../../console/endpoints/endpoint_fields.js" with {
  type: "text",
};
import asset13 from "../../console/endpoints/endpoint_form.js" with {
  type: "text",
};
import asset14 from "../../console/endpoints/endpoint_history.js" with {
  type: "text",
};
import asset15 from "../../console/endpoints/endpoint_letters.js" with {
  type: "text",
};
import asset16 from "../../console/endpoints/endpoint_resends.js" with {
  type: "text",
};
import asset17 from "../../console/endpoints/endpoint_words.js" with {
  type: "text",
};
import asset18 from "../../console/endpoints/endpoints_page.js" with {
  type: "text",
};
import asset19 from "../../console/events/event_deliveries.js" with {
  type: "text",
};
import asset20 from "../../console/events/event_details.js" with {
  type: "text",
};
import asset21 from "../../console/events/event_drawer.js" with {
  type: "text",
};
import asset22 from "../../console/events/event_row.js" with { type: "text" };
import asset23 from "../../console/events/event_words.js" with { type: "text" };
import asset24 from "../../console/events/events_feed.js" with { type: "text" };
import asset25 from "../../console/events/events_filters.js" with {
  type: "text",
};
import asset26 from "../../console/events/events_page.js" with { type: "text" };
import asset27 from "../../console/forms.css" with { type: "text" };
import asset28 from "../../console/groups/group_facts.js" with { type: "text" };
import asset29 from "../../console/groups/group_page.js" with { type: "text" };
import asset30 from "../../console/groups/group_row.js" with { type: "text" };
import asset31 from "../../console/groups/groups_feed.js" with { type: "text" };
import asset32 from "../../console/groups/groups_filters.js" with {
  type: "text",
};
import asset33 from "../../console/groups/groups_model.js" with {
  type: "text",
};
import asset34 from "../../console/groups/groups_page.js" with { type: "text" };
import asset35 from "../../console/groups/guide.js" with { type: "text" };
import asset36 from "../../console/groups/member_entry.js" with {
  type: "text",
};
import asset37 from "../../console/groups/overview.js" with { type: "text" };
import asset38 from "../../console/groups/user_page.js" with { type: "text" };
import asset39 from "../../console/health/alerts.js" with { type: "text" };
import asset40 from "../../console/health/checks.js" with { type: "text" };
import asset41 from "../../console/health/health_page.js" with { type: "text" };
import asset42 from "../../console/health/reconciliations.js" with {
  type: "text",
};
import asset43 from "../../console/icon.svg" with { type: "text" };
import asset44 from "../../console/layout.css" with { type: "text" };
import asset45 from "../../console/lists.css" with { type: "text" };
import asset46 from "../../console/pages.css" with { type: "text" };
import asset47 from "../../console/parts.css" with { type: "text" };
import asset48 from "../../console/parts/chart.js" with { type: "text" };
import asset49 from "../../console/parts/copy.js" with { type: "text" };
import asset50 from "../../console/parts/dom.js" with { type: "text" };
import asset51 from "../../console/parts/drawer.js" with { type: "text" };
import asset52 from "../../console/parts/exact_json.js" with { type: "text" };
import asset53 from "../../console/parts/format.js" with { type: "text" };
import asset54 from "../../console/parts/hex.js" with { type: "text" };
import asset55 from "../../console/parts/icons.js" with { type: "text" };
import asset56 from "../../console/parts/notice.js" with { type: "text" };
import asset57 from "../../console/parts/paged_list.js" with { type: "text" };
import asset58 from "../../console/parts/parts.js" with { type: "text" };
import asset59 from "../../console/parts/safe_text.js" with { type: "text" };
import asset60 from "../../console/parts/scroll.js" with { type: "text" };
import asset61 from "../../console/parts/secret_dialog.js" with {
  type: "text",
};
import asset62 from "../../console/parts/signing.js" with { type: "text" };
import asset63 from "../../console/parts/virtual_list.js" with { type: "text" };
import asset64 from "../../console/quarantine/quarantine_item.js" with {
  type: "text",
};
import asset65 from "../../console/quarantine/quarantine_page.js" with {
  type: "text",
};
import asset66 from "../../console/server/api.js" with { type: "text" };
import asset67 from "../../console/server/live.js" with { type: "text" };
import asset68 from "../../console/server/place.js" with { type: "text" };
import asset69 from "../../console/server/pulse.js" with { type: "text" };
import asset70 from "../../console/server/token.js" with { type: "text" };
import asset71 from "../../console/shell/language_choice.js" with {
  type: "text",
};
import asset72 from "../../console/shell/login.js" with { type: "text" };
import asset73 from "../../console/shell/offline_bar.js" with { type: "text" };
import asset74 from "../../console/shell/shell.js" with { type: "text" };
import asset75 from "../../console/shell/theme_choice.js" with { type: "text" };
import asset76 from "../../console/shell/unlock.js" with { type: "text" };
import asset77 from "../../console/texts/en.js" with { type: "text" };
import asset78 from "../../console/texts/en_deciders.js" with { type: "text" };
import asset79 from "../../console/texts/en_events.js" with { type: "text" };
import asset80 from "../../console/texts/i18n.js" with { type: "text" };
import asset81 from "../../console/texts/ja.js" with { type: "text" };
import asset82 from "../../console/texts/ja_deciders.js" with { type: "text" };
import asset83 from "../../console/texts/ja_events.js" with { type: "text" };
import asset84 from "../../console/texts/zh.js" with { type: "text" };
import asset85 from "../../console/texts/zh_deciders.js" with { type: "text" };
import asset86 from "../../console/texts/zh_events.js" with { type: "text" };
import page from "../../console/page.html" with { type: "text" };

/** The console's one page. */
export const PAGE: string = page;

/** The files that the page loads, by path. */
export const ASSETS: Readonly<Record<string, string>> = {
  "app.js": asset0,
  "base.css": asset1,
  "deciders/decider_body.js": asset2,
  "deciders/decider_drawer.js": asset3,
  "deciders/decider_form.js": asset4,
  "deciders/decider_words.js": asset5,
  "deciders/deciders_page.js": asset6,
  "endpoints/endpoint_actions.js": asset7,
  "endpoints/endpoint_body.js": asset8,
  "endpoints/endpoint_chart.js": asset9,
  "endpoints/endpoint_drawer.js": asset10,
  "endpoints/endpoint_facts.js": asset11,
  "endpoints/endpoint_fields.js": asset12,
  "endpoints/endpoint_form.js": asset13,
  "endpoints/endpoint_history.js": asset14,
  "endpoints/endpoint_letters.js": asset15,
  "endpoints/endpoint_resends.js": asset16,
  "endpoints/endpoint_words.js": asset17,
  "endpoints/endpoints_page.js": asset18,
  "events/event_deliveries.js": asset19,
  "events/event_details.js": asset20,
  "events/event_drawer.js": asset21,
  "events/event_row.js": asset22,
  "events/event_words.js": asset23,
  "events/events_feed.js": asset24,
  "events/events_filters.js": asset25,
  "events/events_page.js": asset26,
  "forms.css": asset27,
  "groups/group_facts.js": asset28,
  "groups/group_page.js": asset29,
  "groups/group_row.js": asset30,
  "groups/groups_feed.js": asset31,
  "groups/groups_filters.js": asset32,
  "groups/groups_model.js": asset33,
  "groups/groups_page.js": asset34,
  "groups/guide.js": asset35,
  "groups/member_entry.js": asset36,
  "groups/overview.js": asset37,
  "groups/user_page.js": asset38,
  "health/alerts.js": asset39,
  "health/checks.js": asset40,
  "health/health_page.js": asset41,
  "health/reconciliations.js": asset42,
  "icon.svg": asset43,
  "layout.css": asset44,
  "lists.css": asset45,
  "pages.css": asset46,
  "parts.css": asset47,
  "parts/chart.js": asset48,
  "parts/copy.js": asset49,
  "parts/dom.js": asset50,
  "parts/drawer.js": asset51,
  "parts/exact_json.js": asset52,
  "parts/format.js": asset53,
  "parts/hex.js": asset54,
  "parts/icons.js": asset55,
  "parts/notice.js": asset56,
  "parts/paged_list.js": asset57,
  "parts/parts.js": asset58,
  "parts/safe_text.js": asset59,
  "parts/scroll.js": asset60,
  "parts/secret_dialog.js": asset61,
  "parts/signing.js": asset62,
  "parts/virtual_list.js": asset63,
  "quarantine/quarantine_item.js": asset64,
  "quarantine/quarantine_page.js": asset65,
  "server/api.js": asset66,
  "server/live.js": asset67,
  "server/place.js": asset68,
  "server/pulse.js": asset69,
  "server/token.js": asset70,
  "shell/language_choice.js": asset71,
  "shell/login.js": asset72,
  "shell/offline_bar.js": asset73,
  "shell/shell.js": asset74,
  "shell/theme_choice.js": asset75,
  "shell/unlock.js": asset76,
  "texts/en.js": asset77,
  "texts/en_deciders.js": asset78,
  "texts/en_events.js": asset79,
  "texts/i18n.js": asset80,
  "texts/ja.js": asset81,
  "texts/ja_deciders.js": asset82,
  "texts/ja_events.js": asset83,
  "texts/zh.js": asset84,
  "texts/zh_deciders.js": asset85,
  "texts/zh_events.js": asset86,
};
