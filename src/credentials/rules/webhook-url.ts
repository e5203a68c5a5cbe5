import { ALPHANUMERIC, BASE64URL, characters, runEnd } from "../characters.ts";
import { match } from "../rule.ts";
import type { FormRule, Match } from "../rule.ts";

/** An address that lets whoever knows it post, so that the path is the credential. */
const HOOKS = [
  { issuer: "Slack", prefix: "https://hooks.slack.com/services/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Slack", prefix: "https://hooks.slack.com/workflows/", follows: characters("A-Za-z0-9/"), min: 24 },
  { issuer: "Discord", prefix: "https://discord.com/api/webhooks/", follows: characters("A-Za-z0-9_/-"), min: 40 },
  { issuer: "Discord", prefix: "https://discordapp.com/api/webhooks/", follows: characters("A-Za-z0-9_/-"), min: 40 },
  { issuer: "Telegram", prefix: "https://api.telegram.org/bot", follows: characters("A-Za-z0-9_:-"), min: 40 },
];

/** Parameters whose value signs or authorises a request to an otherwise public address. */
const SIGNED = [
  { parameter: "sig=", issuer: "Azure shared access signature", follows: characters("A-Za-z0-9%+/=_-"), min: 40 },
  { parameter: "X-Amz-Signature=", issuer: "AWS presigned", follows: ALPHANUMERIC, min: 64 },
  { parameter: "X-Goog-Signature=", issuer: "Google signed", follows: BASE64URL, min: 64 },
];

/** Webhook addresses, signed URLs, and the parameters that make one, which Azure hands out by themselves. */
export const webhookUrl: FormRule = {
  id: "webhook-url",
  find(text) {
    const found: Match[] = [];
    for (const { issuer, prefix, follows, min } of HOOKS) {
      for (let at = text.indexOf(prefix); at >= 0; at = text.indexOf(prefix, at + prefix.length)) {
        const end = runEnd(follows, text, at + prefix.length, 512);
        if (end - at - prefix.length < min) continue;
        found.push(match(at, end, "webhook-url", "certain", `is a ${issuer} webhook address`));
      }
    }
    for (const { parameter, issuer, follows, min } of SIGNED) {
      for (let at = text.indexOf(parameter); at >= 0; at = text.indexOf(parameter, at + parameter.length)) {
        if (at > 0 && !"?& ".includes(text[at - 1] ?? "")) continue;
        const start = at + parameter.length;
        const end = runEnd(follows, text, start, 2048);
        if (end - start >= min)
          found.push(match(start, end, "webhook-url", "likely", `is a signed address (${issuer})`));
      }
    }
    return found;
  },
};
