// Answers of Tencent's REST API: what is checked of them before anything is believed.
import * as v from "valibot";

/** IDs that one page of the list holds at the most. */
export const LIST_MAX_IDS = 10_000;

/** Groups that one call tells of. */
export const INFO_MAX_GROUPS = 50;

const DIGITS_REGEXP = /^\d{1,20}$/;

/** Null, empty or of another type counts as absent: one odd field must not hide a group. */
const Text = v.fallback(v.optional(v.string()), undefined);
const Seconds = v.fallback(
  v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e11))),
  undefined,
);
const Digits = v.pipe(
  v.union([v.pipe(v.number(), v.safeInteger(), v.minValue(0)), v.string()]),
  v.transform(String),
  v.regex(DIGITS_REGEXP),
);

/** The answer of get_appid_group_list. */
export const IdListSchema = v.object({
  TotalCount: v.pipe(v.number(), v.integer(), v.minValue(0)),
  GroupIdList: v.optional(
    v.pipe(
      v.array(v.object({ GroupId: v.string() })),
      v.maxLength(LIST_MAX_IDS),
    ),
    [],
  ),
  // An old sample of the documentation lacks it.
  Next: v.optional(Digits, 0),
});

/** The answer of get_group_info, as far as it is used. */
export const GroupInfoSchema = v.object({
  GroupInfo: v.pipe(
    v.array(v.object({
      GroupId: v.string(),
      ErrorCode: v.optional(v.number(), 0),
      Type: v.fallback(v.string(), ""),
      Name: Text,
      Owner_Account: Text,
      Introduction: Text,
      Notification: Text,
      FaceUrl: Text,
      CreateTime: Seconds,
      MemberNum: Seconds,
      LastInfoTime: Seconds,
    })),
    v.maxLength(INFO_MAX_GROUPS),
  ),
});

/** The answer of get_group_member_info. */
export const MembersSchema = v.object({
  MemberNum: v.pipe(v.number(), v.integer(), v.minValue(0)),
  MemberList: v.optional(
    v.pipe(
      v.array(v.object({
        Member_Account: v.string(),
        Role: v.fallback(v.string(), ""),
        JoinTime: Seconds,
        NameCard: Text,
      })),
      v.maxLength(LIST_MAX_IDS),
    ),
    [],
  ),
  Next: v.fallback(v.string(), ""),
});

/** The answer of GetIPList. */
export const AddressesSchema = v.object({
  IPList: v.pipe(v.array(v.string()), v.maxLength(LIST_MAX_IDS)),
});
