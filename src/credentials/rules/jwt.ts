import { characters, isIn, runEnd } from "../characters.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const TOKEN = characters("A-Za-z0-9_.-");

function decoded(segment: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment.slice(0, 8192), "base64url").toString("utf8"));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** JSON Web Tokens with a signature (RFC 7519, compact form); those of a ServiceAccount are told by their claims. */
export const jwt: FormRule = {
  id: "jwt",
  find(text) {
    const found: Match[] = [];
    for (let at = text.indexOf("eyJ"); at >= 0;) {
      const isStart = at === 0 || !isIn(TOKEN, text, at - 1);
      const end = runEnd(TOKEN, text, at);
      if (isStart) {
        const token = text.slice(at, end).replace(/\.$/, "");
        const segments = token.split(".", 4);
        const [header = "", payload = "", signature = ""] = segments;
        if (segments.length === 3 && signature.length >= 16 && decoded(header)?.["alg"] !== undefined) {
          const claims = decoded(payload);
          const isAccount = typeof claims?.["sub"] === "string" && claims["sub"].startsWith("system:serviceaccount:");
          found.push(
            isAccount
              ? match(at, at + token.length, "serviceaccount-token", "certain", "is a signed token of a ServiceAccount")
              : match(at, at + token.length, "jwt", "certain", "is a signed JSON Web Token"),
          );
        }
      }
      at = text.indexOf("eyJ", Math.max(end, at + 3));
    }
    return found;
  },
};
