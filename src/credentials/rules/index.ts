import { gitleaks } from "../gitleaks/engine.ts";
import type { FormRule } from "../rule.ts";
import { basicAuth } from "./basic-auth.ts";
import { code } from "./code.ts";
import { jwt } from "./jwt.ts";
import { keyValue } from "./key-value.ts";
import { loginLine } from "./login-line.ts";
import { markup } from "./markup.ts";
import { passwordFile } from "./password-file.ts";
import { privateKey } from "./private-key.ts";
import { providerTokens } from "./provider-tokens.ts";
import { sql } from "./sql.ts";
import { uri } from "./uri.ts";
import { webhookUrl } from "./webhook-url.ts";

/** One file, one family; a new one is added here. Of two that match the same characters the earlier one speaks. */
export const FORM_RULES: readonly FormRule[] = [
  privateKey,
  providerTokens,
  gitleaks,
  jwt,
  uri,
  keyValue,
  basicAuth,
  webhookUrl,
  loginLine,
  passwordFile,
  sql,
  markup,
  code,
];
