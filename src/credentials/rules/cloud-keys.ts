import { ALPHANUMERIC, characters, isIn, runEnd } from "../characters.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const UPPER = characters("A-Z0-9");
const ID_LENGTH = 16;

/**
 * AWS access key ids (IAM User Guide, unique identifiers: AKIA long-term, ASIA temporary).
 * An id names a key and is no secret by itself; the secret half has no form of its own and is recognised by its name.
 */
export const cloudKeys: FormRule = {
  id: "cloud-keys",
  find(text) {
    const found: Match[] = [];
    for (const prefix of ["AKIA", "ASIA"]) {
      for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + 4)) {
        if (at > 0 && isIn(ALPHANUMERIC, text, at - 1)) continue;
        const end = runEnd(UPPER, text, at + 4, ID_LENGTH + 1);
        if (end - at - 4 !== ID_LENGTH || isIn(ALPHANUMERIC, text, end)) continue;
        found.push(
          match(
            at,
            end,
            "cloud-key",
            "possible",
            "is an AWS access key id: it names a key, the secret half is elsewhere",
          ),
        );
      }
    }
    return found;
  },
};
