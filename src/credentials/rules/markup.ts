import { judgeName } from "../name-rules.ts";
import { isNotACredential } from "../not-a-credential.ts";
import { isPlaceholder, isProbablyTemplate } from "../placeholder.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

const ELEMENT = /<([A-Za-z][\w.:-]{0,63})>([^<>\r\n]{1,512})<\/\1>/g;
/** `<name>password</name><value>X</value>`, as Hadoop and what is built on it have them. */
const PROPERTY = /<name>\s{0,8}([\w.:-]{1,128})\s{0,8}<\/name>\s{0,64}<value>([^<>\r\n]{1,512})<\/value>/gi;
const NAMED = /\b(?:name|key)\s{0,4}=\s{0,4}"([\w.:-]{1,128})"\s{1,16}value\s{0,4}=\s{0,4}"([^"\r\n]{1,512})"/gi;

/** `<password>X</password>`, `<name>password</name><value>X</value>` and `<… name="password" value="X"`, as settings of Java and .NET have them. */
export const markup: FormRule = {
  id: "markup",
  find(text) {
    if (!text.includes("</") && !text.includes("/>")) return [];
    const found: Match[] = [];
    for (const pattern of [ELEMENT, PROPERTY, NAMED]) {
      for (const { index, 0: whole, 1: name = "", 2: value = "" } of text.matchAll(pattern)) {
        const named = judgeName(name);
        if (named === null || named.strength === "weak") continue;
        const isPassword = named.kind === "password";
        if (isPlaceholder(value) || isNotACredential(value, isPassword) || (!isPassword && !/\d/.test(value))) continue;
        const start = index + whole.lastIndexOf(value);
        const confidence = isProbablyTemplate(value) ? "possible" : "likely";
        const because = `is in an element or attribute called "${named.noun}"`;
        found.push(match(start, start + value.length, named.kind, confidence, because));
      }
    }
    return found;
  },
};
