import type { Attack } from "./attack.ts";
import { accountUser, getAs } from "./impersonate.ts";
import { reader } from "./stage.ts";

/** A group can be taken on only together with a user or an account, be it oneself. */
export const attacks: Attack[] = [
  {
    edge: "groups-impersonate",
    how: "a group that may read the Secret, named in the rule, with its own account",
    rights: (stage) => [
      stage.here("impersonate", "serviceaccounts", stage.account),
      stage.everywhere("impersonate", "groups", stage.unique),
    ],
    arrange: (stage) => reader(stage, { kind: "Group", name: stage.unique }),
    attack: (stage) => getAs(stage, accountUser(stage, stage.account), { "impersonate-group": stage.unique }),
  },
  {
    edge: "groups-impersonate",
    how: "system:masters, with a user that has no rights",
    rights: (stage) => [
      stage.everywhere("impersonate", "users", stage.unique),
      stage.everywhere("impersonate", "groups", "system:masters"),
    ],
    attack: (stage) => getAs(stage, stage.unique, { "impersonate-group": "system:masters" }),
  },
];
