import type { Attack } from "./attack.ts";
import { accountUser, getAs } from "./impersonate.ts";
import { READER, reader } from "./stage.ts";

export const attacks: Attack[] = [
  { name: READER, how: "an account that may read the Secret" },
  { name: "ghost", how: "an account that does not exist, but is bound" },
].map(({ name, how }) => ({
  edge: "serviceaccounts-impersonate",
  how,
  rights: (stage) => [stage.here("impersonate", "serviceaccounts", name)],
  arrange: (stage) => reader(stage, { kind: "ServiceAccount", name }),
  attack: (stage) => getAs(stage, accountUser(stage, name)),
}));
