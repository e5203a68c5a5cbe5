import type { FormRule } from "../rule.ts";
import { basicAuth } from "./basic-auth.ts";
import { cloudKeys } from "./cloud-keys.ts";
import { jwt } from "./jwt.ts";
import { keyValue } from "./key-value.ts";
import { loginLine } from "./login-line.ts";
import { privateKey } from "./private-key.ts";
import { providerTokens } from "./provider-tokens.ts";
import { uri } from "./uri.ts";
import { webhookUrl } from "./webhook-url.ts";

/** One file, one family; a new one is added here. */
export const FORM_RULES: readonly FormRule[] = [
  privateKey,
  providerTokens,
  cloudKeys,
  jwt,
  uri,
  keyValue,
  basicAuth,
  webhookUrl,
  loginLine,
];
