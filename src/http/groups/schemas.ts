import * as v from "valibot";
import { named } from "../edge/schemas.ts";
import { pageEntries } from "../edge/page_cursor.ts";
import {
  AppShown,
  CountShown,
  EventSchema,
  IdShown,
  LagSchema,
  TimeShown,
} from "../edge/schemas.ts";

const Fields = v.record(v.string(), v.string());
const Through = v.pipe(
  IdShown,
  v.description("The last number of the journal that is in it"),
);

/** States of a group: first heard of by a later event, active, disbanded. */
export const GROUP_STATES = ["partial", "active", "disbanded"] as const;

/** A group as callbacks told of it. */
export const GroupSchema = named(
  "Group",
  v.strictObject({
    sdkAppId: AppShown,
    groupId: v.pipe(v.string(), v.examples(["@TGS#1NVTZEAE4"])),
    type: v.optional(v.pipe(v.string(), v.examples(["Public"]))),
    name: v.optional(v.pipe(v.string(), v.examples(["Book club"]))),
    owner: v.optional(v.pipe(v.string(), v.examples(["alice"]))),
    creator: v.optional(v.string()),
    introduction: v.optional(v.string()),
    notification: v.optional(v.string()),
    faceUrl: v.optional(v.string()),
    customFields: Fields,
    attributes: Fields,
    hasMoreFields: v.optional(v.pipe(
      v.boolean(),
      v.description(
        "There are more custom fields or attributes than are shown: 256, or 64 kB of them",
      ),
    )),
    isFull: v.optional(v.boolean()),
    knownMembers: v.pipe(
      CountShown,
      v.description("Those whom callbacks told of"),
    ),
    membersComplete: v.pipe(
      v.boolean(),
      v.description(
        "Whether these are all: the creation was told, or a list of all, and nothing about members was left out",
      ),
    ),
    state: v.picklist(GROUP_STATES),
    createdAt: v.optional(TimeShown),
    changedAt: TimeShown,
    disbandedAt: v.optional(TimeShown),
    source: v.pipe(
      v.picklist(["callback", "reconcile"]),
      v.description("reconcile until a callback tells of the group"),
    ),
    life: v.pipe(
      v.number(),
      v.integer(),
      v.description("Counts how often the ID was used anew"),
    ),
  }),
);

/** A page of groups. */
export const GroupPageSchema = named(
  "GroupPage",
  v.strictObject({
    ...pageEntries(GroupSchema),
    reached: v.optional(
      v.pipe(
        TimeShown,
        v.description("How far back this page has looked; absent at the end"),
      ),
    ),
    through: Through,
  }),
);

/** Somebody in a group. */
const MemberSchema = named(
  "Member",
  v.looseObject({
    userId: v.pipe(v.string(), v.examples(["alice"])),
    role: v.pipe(v.string(), v.description("Owner, Admin, Member or another")),
    joinedAt: v.optional(TimeShown),
    joinType: v.optional(v.string()),
    by: v.optional(v.pipe(v.string(), v.description("Who brought them in"))),
    nameCard: v.optional(v.string()),
  }),
);

/** A page of members. */
export const MemberPageSchema = named(
  "MemberPage",
  v.strictObject(pageEntries(MemberSchema)),
);

/** A topic of a community. */
const TopicSchema = named(
  "Topic",
  v.looseObject({
    topicId: v.string(),
    name: v.optional(v.string()),
    introduction: v.optional(v.string()),
    notification: v.optional(v.string()),
    faceUrl: v.optional(v.string()),
    owner: v.optional(v.string()),
    createdAt: v.optional(TimeShown),
    customFields: Fields,
  }),
);

/** A page of topics. */
export const TopicPageSchema = named(
  "TopicPage",
  v.strictObject(pageEntries(TopicSchema)),
);

/** A page of a group's events. */
export const TimelineSchema = named(
  "GroupEventPage",
  v.strictObject({
    items: v.array(EventSchema),
    next: v.optional(
      v.pipe(
        IdShown,
        v.description("The `before` of the next page; absent at the end"),
      ),
    ),
  }),
);

/** State of the directory: its place in the journal, and why it does not go on. */
export const DirectoryStatusSchema = named(
  "DirectoryStatus",
  v.strictObject({
    generation: v.pipe(v.number(), v.integer()),
    through: Through,
    lag: LagSchema,
    building: v.optional(v.strictObject({
      through: Through,
      of: v.pipe(
        IdShown,
        v.description("Where it ends: the journal's last number"),
      ),
    })),
    failure: v.optional(v.pipe(
      v.string(),
      v.description("Why it does not go on; it tries again"),
    )),
    unfolded: v.pipe(
      v.strictObject({
        total: CountShown,
        newest: v.array(v.strictObject({
          seq: IdShown,
          reason: v.pipe(v.string(), v.description("What was expected")),
          isPart: v.pipe(
            v.boolean(),
            v.description("Whether the rest of the event is in the directory"),
          ),
        })),
      }),
      v.description(
        "Events of which the directory lacks something that makes no sense or cannot be kept",
      ),
    ),
  }),
);
