import { BASE64, characters, runEnd } from "../characters.ts";
import { isPlaceholder } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";
import { encodedPassword } from "../userinfo.ts";

const SPACE = characters(" \t");
const TOKEN = characters("A-Za-z0-9._~+/=-");
const SCHEMES = [/\bbasic[ \t]/gi, /\bbearer[ \t]/gi] as const;
/** Schemes that are common without being registered: GitHub, Elasticsearch, Splunk, Okta, Opsgenie. */
const OTHER =
  /\bauthorization["']?\s{0,4}[:=]\s{0,4}["']?(?:token|apikey|api-key|splunk|ssws|geniekey|bot)[ \t]{1,8}([A-Za-z0-9._~+/=:-]{16,512})/gi;

function ofOtherSchemes(text: string): Match[] {
  if (!/authorization/i.test(text)) return [];
  return Array.from(text.matchAll(OTHER), ({ index, 0: whole, 1: token = "" }) => {
    const end = index + whole.length;
    return match(end - token.length, end, "token", "likely", "is an Authorization header with a token");
  });
}

/** Credentials of an Authorization header: Basic (RFC 7617) and Bearer (RFC 6750). */
export const basicAuth: FormRule = {
  id: "basic-auth",
  find(text) {
    const found = ofOtherSchemes(text);
    if (!/(basic|bearer)[ \t]/i.test(text)) return found;
    for (const { index } of text.matchAll(SCHEMES[0])) {
      const start = runEnd(SPACE, text, index + 6, 8);
      const end = runEnd(BASE64, text, start, 4096);
      const secret = encodedPassword(text.slice(start, end));
      if (secret === null || isPlaceholder(secret)) continue;
      found.push({ ...match(start, end, "basic-auth", "certain", "is a Basic authorization with a password"), secret });
    }
    for (const { index } of text.matchAll(SCHEMES[1])) {
      const start = runEnd(SPACE, text, index + 7, 8);
      const end = runEnd(TOKEN, text, start, 8192);
      if (end - start < 16 || !/\d/.test(text.slice(start, end))) continue;
      found.push(match(start, end, "token", "likely", "is a Bearer authorization with a token"));
    }
    return found;
  },
};
