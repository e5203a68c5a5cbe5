import type { Attack } from "./attack.ts";
import { getAs } from "./impersonate.ts";
import { reader } from "./stage.ts";

export const attacks: Attack[] = [
  {
    edge: "users-impersonate",
    how: "a user that may read the Secret, named in the rule",
    rights: (stage) => [stage.everywhere("impersonate", "users", stage.unique)],
    arrange: (stage) => reader(stage, { kind: "User", name: stage.unique }),
    attack: (stage) => getAs(stage, stage.unique),
  },
];
